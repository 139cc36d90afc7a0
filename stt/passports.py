"""Passport numbers: a letter and eight digits (M12345678), since 2020 a letter within (M123A4567). Written or spoken.

Spoken letters are words too ('지', '이'), so those count only where 여권 was said, or between digits that fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from core.digit_runs import GAP, Run, may_end_with_two
from stt.number_kinds import Part

_WINDOW: Final = 14
"""Characters before or between digits in which a letter stands."""
_FIRST: Final = re.compile(
    rf"(?:(?P<clear>(?<![A-Za-z\d])[MSRGD]|(?<![A-Za-z가-힣\d])[ms]|(?<![가-힣])(?:엠|앰|에스))"
    rf"|(?P<vague>(?<![A-Za-z가-힣\d])[rgd]|(?<![가-힣])(?:알|지|쥐|디)))(?:{GAP})*$"
)
_NAMES: Final = (
    "[A-Za-z]|에이치|에이취|에이|비|씨|시|디|에프|지|쥐|에치|아이|제이|케이|엘|엠|앰|엔|피|큐|알|에스|티|유|브이|더블유|"
    "엑스|와이|제트|지트"
)
_WITHIN: Final = re.compile(rf"(?:{GAP})*(?:{_NAMES})?(?:{GAP})*")
_ENDING: Final = re.compile(rf"{_WITHIN.pattern}(?:이고요?|이요|요|이에요|예요|입니다)?\s*")
_LEADING: Final = re.compile(rf"(?:{GAP})*(?:{_NAMES})(?:{GAP})*")


class Letter(msgspec.Struct, frozen=True):
    """The letter that stands before digits."""

    start: int
    clear: bool
    """It is hardly anything else than a passport's."""


def letter_before(text: str, at: int) -> Letter | None:
    """The letter of a passport right before this place."""
    begin = max(0, at - _WINDOW)
    found = _FIRST.search(text[begin:at])
    return Letter(begin + found.start(), found["clear"] is not None) if found else None


def _are_halves(text: str, first: Run, second: Run) -> bool:
    """Whether two runs are the digits before and behind a passport's inner letter."""
    if (
        second.start - first.end > _WINDOW
        or len(first.digits) > 4
        or not _WITHIN.fullmatch(text, first.end, second.start)
    ):
        return False
    whole = len(first.digits) + len(second.digits) + may_end_with_two(text, second)
    # A recogniser drops a digit now and then; the inner letter was heard.
    return len(second.digits) <= 5 and whole in (6, 7, 8) and bool(text[first.end : second.start].strip(" -"))


def ends_with_letter(text: str, at: int) -> bool:
    """Whether behind this place only a passport's inner letter and an ending follow."""
    return len(text) - at <= 2 * _WINDOW and _ENDING.fullmatch(text, at) is not None


def is_letter(text: str) -> bool:
    """Whether a text is one letter's name and nothing else."""
    return len(text) <= _WINDOW and _LEADING.fullmatch(text) is not None


def passports(text: str, found: Sequence[Run], before: str, *, lettered: Run | None = None) -> list[Part]:
    """Every passport number, with its letter; ``before`` is what was said before this text.

    ``lettered`` is a run whose letter the last utterance ended with.
    """
    parts: list[Part] = []
    for at, run in enumerate(found):
        letter = Letter(run.start, True) if run == lettered else None
        if letter is None and 2 <= len(run.digits) <= 9:
            letter = letter_before(text, run.start)
        if letter is None or run.sort != "digits":  # 'A/S 1588-0000'
            continue
        named = "여권" in before or "여권" in text
        following = found[at + 1] if at + 1 < len(found) else None
        if len(run.digits) in (7, 8, 9):  # eight; but a recogniser drops and doubles
            end = run.end
        elif following is not None and _are_halves(text, run, following):
            end = following.end
        else:
            continue
        if named or letter.clear:
            parts.append(Part(letter.start, end, "passport"))
    return parts
