"""Who calls: From (RFC 3261), P-Asserted-Identity (RFC 3325) and Privacy (RFC 3323) made into one ``Party``."""

from __future__ import annotations

import re

from core.events import Party
from telephony.request import Request, user_part

LONGEST_NAME = 80
"""Characters of a display name that are kept."""
_NAME_ADDR = re.compile(r'^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_WITHHELD = frozenset({"anonymous", "unavailable", "restricted", "unknown"})
_PRIVATE = frozenset({"id", "user", "header", "session"})


def party_from(request: Request) -> Party:
    """The caller of an INVITE. A caller who asked for privacy has neither number nor name."""
    name, uri = name_and_uri(request.first("from"))
    privacy = {word.strip().lower() for value in request.all("privacy") for word in re.split("[;,]", value)}
    if _PRIVATE & privacy or ("none" not in privacy and _is_withheld(uri)):
        return Party(anonymous=True)
    for asserted in _listed(request.all("p-asserted-identity")):
        asserted_name, asserted_uri = name_and_uri(asserted)
        if _number(asserted_uri):
            return Party(number=_number(asserted_uri), name=asserted_name or name)
    return Party(number=_number(uri), name=name)


def party_at(uri: str) -> Party:
    """The citizen behind a SIP address that we call."""
    return Party(number=_number(uri))


def name_and_uri(value: str) -> tuple[str, str]:
    """Display name (unquoted, without control characters) and URI of a name-addr or addr-spec."""
    found = _NAME_ADDR.match(value)
    if not found:
        return "", value.strip().partition(";")[0]
    name = re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
    return _CONTROL.sub("", name).strip()[:LONGEST_NAME], found[3].strip()


def tidy_name(name: str) -> str:
    """A display name as it can be shown: without quotes around it, control characters, too much length."""
    return _CONTROL.sub("", name).strip().strip('"').strip()[:LONGEST_NAME]


def is_withheld(party: Party) -> bool:
    """Whether what stands for the number says that there is none."""
    return party.number.lower() in _WITHHELD


def _number(uri: str) -> str:
    user = _CONTROL.sub("", user_part(uri))
    return re.sub(r"[-.()\s]", "", user) if re.fullmatch(r"\+?[-.()\s0-9*#]+", user) else user[:LONGEST_NAME]


def _is_withheld(uri: str) -> bool:
    return user_part(uri).lower() in _WITHHELD or uri.lower().partition("@")[2].startswith("anonymous.invalid")


def _listed(values: list[str]) -> list[str]:
    """Header values split at the commas that separate addresses, not at those in quotes or brackets."""
    parts: list[str] = []
    for value in values:
        parts += re.findall(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+', value)
    return [part.strip() for part in parts if part.strip()]
