"""What a REFER asks for, and which dialog a Replaces names: read tolerantly, from header values alone.

RFC 3515 (Refer-To), RFC 3891 (Replaces), RFC 3261 section 19.1.1 (headers in a SIP URI, escaped).
"""

from __future__ import annotations

from urllib.parse import unquote

import msgspec

from telephony.party import name_and_uri
from telephony.request import is_sip_address


class Referral(msgspec.Struct, frozen=True):
    """Who shall be called."""

    uri: str
    """Without headers and parameters of the header itself; '' where there is nothing to call."""
    replaces: str = ""
    """Value of the Replaces header in it, unescaped."""


def referral_in(refer_to: str) -> Referral:
    """Read the value of a Refer-To header."""
    uri = name_and_uri(refer_to)[1]
    target, _, headers = uri.partition("?")
    if not is_sip_address(target):
        return Referral("")
    replaces = ""
    for header in headers.split("&"):
        name, _, value = header.partition("=")
        if name.strip().lower() == "replaces":
            replaces = unquote(value)
    return Referral(target, replaces if is_one_line(replaces) else "")


def replaced_call_id(replaces: str) -> str:
    """The SIP Call-ID in the value of a Replaces header; '' if there is none."""
    return replaces.partition(";")[0].strip()


def is_one_line(value: str) -> bool:
    """Whether a value can stand in a header without beginning another."""
    return not any(character in value for character in "\r\n\0")
