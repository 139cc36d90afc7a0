"""Telephone numbers in a text, written or spoken: '공일공 일이삼사 오육칠팔' is 010-1234-5678."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from core.contacts.contact import Contact
from core.digit_runs import Group, Run, all_runs, groups
from core.numerals import phone

PIECES: Final = 40
"""A run of digits in more pieces is no telephone number."""
SHORTEST: Final = 8
"""Digits: '1588-0000'."""
_ABROAD: Final = "82"
_COMPANY: Final = re.compile("15(?:22|33|44|66|77|88|99)|1(?:6|8)(?:00|11|22|33|44|55|61|66|68|70|77|80|88|99)")
_NOT_A_PHONE: Final = re.compile(r"\s?(?:원|명|개|건|년|만|천)")


def phones(text: str) -> list[Contact]:
    """Every telephone number, in order."""
    return [contact for run in all_runs(text) if len(run.digits) >= SHORTEST for contact in _in_run(text, run)]


def _in_run(text: str, run: Run) -> Iterator[Contact]:
    if run.sort in ("money", "date"):
        return
    number = phone(run.digits) or _from_abroad(text, run)
    if number is not None:
        if number.startswith("0") or not (_NOT_A_PHONE.match(text, run.end) or _may_be_anything(text, run)):
            yield Contact(run.start, run.end, number)
        return
    pieces = groups(text, run)
    at = 0
    while len(pieces) <= PIECES and at < len(pieces):
        count, number = _longest(pieces[at:])
        if number is not None and not (number[0] == "1" and _NOT_A_PHONE.match(text, pieces[at + count - 1].end)):
            yield Contact(pieces[at].start, pieces[at + count - 1].end, number)
        at += count


def _may_be_anything(text: str, run: Run) -> bool:
    """Eight digits in a row, without a mark, that begin like no number of a company ('15470518')."""
    return text[run.start : run.end].isdecimal() and not _COMPANY.match(run.digits)


def _longest(pieces: Sequence[Group]) -> tuple[int, str | None]:
    """How many pieces from the first on are a telephone number, and which; (1, None) if none is."""
    digits, best = "", (1, None)
    found: tuple[int, str | None] = best
    for count, piece in enumerate(pieces, 1):
        digits += piece.digits
        if len(digits) > 12:
            break
        if number := phone(digits):
            found = (count, number)
    return found


def _from_abroad(text: str, run: Run) -> str | None:
    """'+82 10-1234-5678'."""
    if not run.digits.startswith(_ABROAD) or text[run.start - 1 : run.start] != "+":
        return None
    return phone("0" + run.digits.removeprefix(_ABROAD).removeprefix("0"))
