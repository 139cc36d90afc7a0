"""The number under which a citizen finds a contact again (접수번호): eleven digits, said in threes. Pure.

'26-482-173-053': the year, eight digits that tell nothing (neither how many contacts there are nor when this one was),
and a check digit (Luhn, ISO/IEC 7812-1), so that one misheard digit finds nothing instead of somebody else's contact.
Digits alone: letters are what a bad line mixes up. The eight follow from the contact's id; where another contact has
them already, the next try's. No number of a telephone: none of those begins like a year of this century.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta, timezone
from typing import Final

from core.check_digits import luhn

_SEOUL: Final = timezone(timedelta(hours=9))
"""The year turns with the citizen's calendar, wherever the machine stands."""
_TYPED: Final = re.compile(r"[1-9]\d[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}")


def receipt_number(contact_id: str, at: datetime, attempt: int = 0) -> str:
    """Eleven digits for the contact that began then; ``attempt`` grows while they are another's."""
    code = int.from_bytes(hashlib.sha256(f"{contact_id} {attempt}".encode()).digest()[:8]) % 10**8
    body = f"{at.astimezone(_SEOUL):%y}{code:08d}"
    return next(number for digit in range(10) if luhn(number := f"{body}{digit}"))


def spoken_apart(number: str) -> str:
    """As it is shown and read aloud; '' stays ''."""
    return f"{number[:2]}-{number[2:5]}-{number[5:8]}-{number[8:]}" if number else ""


def receipt_shaped(text: str) -> bool:
    """Whether somebody has typed such a number, rightly or not."""
    return _TYPED.fullmatch(text.strip()) is not None


def receipt_typed(text: str) -> str:
    """Its digits, '' = it is none, or one of them is wrong."""
    digits = re.sub(r"\D", "", text)
    return digits if receipt_shaped(text) and luhn(digits) else ""
