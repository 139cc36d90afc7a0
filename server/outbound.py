"""Which numbers we may call, and how: the door against toll fraud. Pure."""

from __future__ import annotations

import re

from core.config import SipConfig
from core.errors import Refused


def outbound_uri(sip: SipConfig, number: str) -> str:
    """The SIP address by which the exchange calls the number (digits, blanks and dashes).

    Raises ``Refused``: 'no_outbound' when no way out is set, 'not_callable' for a number outside the allowed pattern.
    """
    digits = plain(number)
    if not sip.outbound:
        raise Refused("sip.outbound is not set: nobody but agents is called", code="no_outbound")
    if not callable_number(sip, digits):
        raise Refused("this number may not be called: see sip.outbound_numbers", code="not_callable")
    return sip.outbound.replace("{number}", digits)


def callable_number(sip: SipConfig, number: str) -> bool:
    """Whether the number is of the allowed pattern, whoever calls it in the end."""
    return re.fullmatch(sip.outbound_numbers, plain(number)) is not None


def plain(number: str) -> str:
    """Digits alone; '+82' is a leading 0."""
    digits = re.sub(r"[\s().-]", "", number)
    return "0" + digits[3:].removeprefix("0") if digits.startswith("+82") else digits
