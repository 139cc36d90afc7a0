"""What kills the stack although it can be read: found by hand and by fuzzing, kept away from it by the door. Pure."""

from __future__ import annotations

import re

from telephony.request import Request

_ENDLESS_HOST = re.compile(r"^[a-z]=.*\S{254}", re.MULTILINE)
"""A host name has at most 253 characters (RFC 1035); in an SDP a longer one makes pjsua2's wheel abort."""
_WAY_BACK = ("record-route", "route", "contact")
"""pjsua takes what stands there for SIP addresses without looking: one of another kind makes 2.15 and 2.17 read through
a number as if it were a pointer."""
_MEDIUM = re.compile(r"^m=", re.MULTILINE)
_ANSWER = "SIP/"
_MOST_OFFERED = 2
_BRACKETED = re.compile(r"<([^<>]*)>")
_SIP = re.compile(r"\s*sips?:", re.IGNORECASE)


def is_unbelievable(message: Request) -> bool:
    """Whether a request, or an answer that was read as one, must not reach the stack."""
    return (
        _ENDLESS_HOST.search(message.body) is not None
        or _answers_more_than_asked(message)
        or any(_leads_elsewhere(message, name) for name in _WAY_BACK)
    )


def _answers_more_than_asked(message: Request) -> bool:
    """We offer one voice, in recording sessions two, and an answer has as many media as its offer (RFC 3264
    section 6); of more the wheel aborts."""
    return message.method.startswith(_ANSWER) and len(_MEDIUM.findall(message.body)) > _MOST_OFFERED


def _leads_elsewhere(message: Request, name: str) -> bool:
    """Whether an address in those headers is none of SIP."""
    for value in message.all(name):
        addresses = _BRACKETED.findall(value) or [value]
        if value != "*" and not all(_SIP.match(address) for address in addresses):
            return True
    return False
