"""Where digits stand in a text: written, or spoken one by one ('팔오공삼일이 다시 이이...', '하나 둘', '팔십오 공삼').

A run is a stretch of them with hyphens, blanks, '다시' (how a dash is read out), '에' or a filler between. What it
means is for others: a telephone number, a resident number, a plate. Amounts, dates and telephone numbers that are
written as such are runs of their own sort, so that '11월 26일 010-1234-5678' is not one long number.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from core.numerals import NATIVE, SINO, ZERO

RunSort = Literal["digits", "money", "date", "phone"]

_COUNTED: Final = {"하나": 1, "둘": 2, "셋": 3, "넷": 4} | {word: n for word, n in NATIVE.items() if 5 <= n <= 9}
_TENS: Final = "[일이삼사오육칠팔구]?십[일이삼사오육칠팔구]?"
# '이' is the copula before an ending ('...칠이에요'), 'this' in '이게', part of a letter's name in '케이', '에이'.
TWO: Final = (
    r"(?<![제케와브])(?<!\s[에아])(?<!^[에아])이"
    "(?!에요|예요|요|고|라|구요|네요|거든|었|며|죠|지요|ㅂ|십니|[게거건것걸렇런래치취픈])"
)
"""The syllable 이 where it can be a two."""
UNIT: Final = rf"(?:\d|{'|'.join(_COUNTED)}|{_TENS}|[{ZERO}일삼사오육륙칠팔구]|{TWO}|제로)"
"""One digit, or two of them said as a number ('이십삼')."""
_ALONE: Final = "음|어|그|에|저|네|예|응|또|의|요|점|그리고|다음|다음에|그다음|그다음에|이고|이고요|하고|쉬고|띄고|뒤에"
_DASHES: Final = "다시|하이픈|대시|빼기|작대기|짝대기"
GAP: Final = (
    r"(?:[\s\-–—−‐‑.,·/_~()\u200b-\u200d\u2060\ufeff\u00ad]"
    rf"|{_DASHES}|(?<!\S)(?:{_ALONE})(?!\S)|(?<=[\d가-힣])(?:에|의|요|이요|이고|이고요)(?=[\s,]))"
)
"""One thing that may stand between two digits of a run."""
_MONEY: Final = r"(?<![\d,])\d{1,3}(?:,\d{3}){1,4}(?=[가-힣]|\s원)"
_MONTH: Final = r"(?:\d{1,2}|[일이삼사오육유시칠팔구십]{1,2})\s?월"
_DAY: Final = r"(?:\d{1,2}|[일이삼사오육칠팔구십]{1,3}(?:\s[일이삼사오육칠팔구])?)\s?일"
_DATE: Final = (
    rf"{_MONTH}\s?{_DAY}(?![\d{ZERO}일이삼사오육칠팔구])"
    r"|(?<!\d)(?:19|20)\d\d[-./]\s?(?:0?[1-9]|1[0-2])[-./]\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)(?!\s?[-./]\s?\d)"
)
_PREFIX: Final = r"(?:01[016-9]|02|0[3-6][1-5]|050\d|0[78]0)"
_PHONE: Final = rf"(?<![\d\-.])(?:{_PREFIX}[-.]\d{{3,4}}[-.]\d{{4}}|1[568]\d\d-\d{{4}})(?!-?\d)"
_KNOWN: Final = f"(?P<money>{_MONEY})|(?P<date>{_DATE})|(?P<phone>{_PHONE})"
_NOT_KNOWN: Final = f"(?!{_MONEY}|{_DATE}|{_PHONE})"
_RUN: Final = re.compile(f"{_KNOWN}|{UNIT}(?:{GAP}*+{_NOT_KNOWN}{UNIT})*")
_ONE: Final = re.compile(UNIT)
_NO_DIGITS: Final = re.compile(f"{_DASHES}|제(?!로)")
_APART: Final = re.compile(r"십\s+([일이삼사오육칠팔구])(?![일이삼사오육칠팔구십])")
_COPULA: Final = re.compile(r"\s?이(?:요|에요|예요|고|라|구요|네요|거든|죠|지요|ㅂ)")
_WIDE: Final = re.compile(r"[\s,]")


class Run(msgspec.Struct, frozen=True):
    """A run of digits in a text."""

    start: int
    end: int
    digits: str
    sort: RunSort = "digits"
    """What it is by its shape alone; 'digits' = nobody can say yet."""


class Group(msgspec.Struct, frozen=True):
    """Digits of a run without a blank or comma between."""

    start: int
    end: int
    digits: str


def runs(text: str) -> list[Run]:
    """Every run of digits, however written or spoken, but for amounts of money and dates."""
    return [run for run in all_runs(text) if run.sort in ("digits", "phone")]


def all_runs(text: str) -> list[Run]:
    """Every run of digits with its sort, in order."""
    return [_run(found) for found in _RUN.finditer(text)]


def _run(found: re.Match[str]) -> Run:
    sort: RunSort = "digits"
    for known in ("money", "date", "phone"):
        if found[known] is not None:
            sort = known
    return Run(found.start(), found.end(), digits_of(found[0]), sort)


def digits_of(run: str) -> str:
    """The digits of a run's text: '팔십오 공삼 다시 12' -> '850312'."""
    return "".join(_value(unit[0]) for unit in _ONE.finditer(_NO_DIGITS.sub(" ", run)))


def other_digits_of(run: str) -> str:
    """Another way to read them: '팔십 오' as 85, not as 80 and 5; the same where there is no other way."""
    return digits_of(_APART.sub(r"십\1", run)) if "십" in run else digits_of(run)


def may_end_with_two(text: str, run: Run) -> bool:
    """Whether the run may have one more digit: '...육이요' is six, or six and two."""
    return _COPULA.match(text, run.end) is not None


def groups(text: str, run: Run) -> list[Group]:
    """The run in pieces, cut at blanks and commas."""
    pieces: list[Group] = []
    last = run.start
    for unit in _ONE.finditer(text, run.start, run.end):
        value = _value(unit[0])
        if pieces and not _WIDE.search(text, last, unit.start()):
            piece = pieces[-1]
            pieces[-1] = Group(piece.start, unit.end(), piece.digits + value)
        else:
            pieces.append(Group(unit.start(), unit.end(), value))
        last = unit.end()
    return pieces


def _value(unit: str) -> str:
    if unit in _COUNTED:
        return str(_COUNTED[unit])
    if "십" in unit:
        tens, _, ones = unit.partition("십")
        return f"{SINO[tens] if tens else 1}{SINO[ones] if ones else 0}"
    if unit in SINO:
        return str(SINO[unit])
    return "0" if unit in ZERO or unit == "제로" else str(int(unit))
