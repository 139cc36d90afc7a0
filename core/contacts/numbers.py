"""A number in an address: '23', '이십삼', '이십 삼', '일공일'; as long as it is one, and no longer."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from core.digit_runs import TWO
from core.numerals import sino, spoken_digits

_UNIT: Final = rf"(?:[공영일삼사오육륙칠팔구십백천]|{TWO})"
_SAID: Final = re.compile(rf"{_UNIT}(?:\s?{_UNIT}){{0,8}}")
_WRITTEN: Final = re.compile(r"\d{1,5}(?!\d)")
_BLANK: Final = re.compile(r"\s{0,2}")


class Number(msgspec.Struct, frozen=True):
    """A number and where it ends."""

    value: str
    """In digits."""
    start: int
    end: int


def number_at(text: str, at: int) -> Number | None:
    """The longest number that begins here, blanks apart; None when there is none."""
    blank = _BLANK.match(text, at)
    start = blank.end() if blank else at
    if written := _WRITTEN.match(text, start):
        return Number(str(int(written[0])), start, written.end())
    said = _SAID.match(text, start)
    if said is None:
        return None
    for end in range(said.end(), start, -1):
        if not text[end - 1].isspace() and (value := _value("".join(text[start:end].split()))) is not None:
            return Number(value, start, end)
    return None


def shorter(text: str, number: Number) -> Number | None:
    """The next shorter reading of a spoken number; None when there is none."""
    for end in range(number.end - 1, number.start, -1):
        if not text[end - 1].isspace() and (value := _value("".join(text[number.start : end].split()))) is not None:
            return Number(value, number.start, end)
    return None


def _value(said: str) -> str | None:
    """'백이십삼' -> '123', '일공일' -> '101'; None for what is no number of up to four digits."""
    number = sino(said)
    if number is not None and 0 < number < 10_000:
        return str(number)
    digits = spoken_digits(said)
    return digits if 3 <= len(digits) <= 4 and digits[0] != "0" else None
