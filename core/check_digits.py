"""Check digits of personal numbers. Evidence, never proof: one number in ten has a fitting one by chance."""

from __future__ import annotations

import re
from typing import Final

_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RESIDENT: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-8]\d{6}")
_ISSUERS: Final = re.compile("[3-69]")


def resident_shaped(digits: str) -> bool:
    """Whether these 13 digits begin with a birthday and go on with a sex and century: a resident or alien number."""
    return _RESIDENT.fullmatch(digits) is not None


def resident_checks(digits: str) -> bool:
    """Whether the last digit of a resident or alien registration number is the right one.

    Numbers given out since October 2020 end with a digit of chance: a wrong one says nothing about those.
    """
    if len(digits) != 13 or not digits.isdecimal():
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    last = int(digits[-1])
    resident, alien = (11 - rest) % 10, (13 - rest) % 10
    return last == (alien if digits[6] in "5678" else resident)


def luhn(digits: str) -> bool:
    """Whether the digits pass the check of payment cards (ISO/IEC 7812-1)."""
    if not digits.isdecimal():
        return False
    doubled = (int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits)))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def card_shaped(digits: str) -> bool:
    """Whether these are 15 or 16 digits of a payment card that is used in Korea, check digit included."""
    return len(digits) in (15, 16) and _ISSUERS.match(digits) is not None and luhn(digits)
