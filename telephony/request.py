"""The few facts of a SIP request that are needed before (or beside) a full stack, read tolerantly and never raising.

The stack has parsed the message already; this reads header values from its text (RFC 3261 section 7.3), folded
lines and compact names included.
"""

from __future__ import annotations

import re

import msgspec

_COMPACT = {"i": "call-id", "f": "from", "t": "to", "c": "content-type", "v": "via", "m": "contact"}
_FOLD = re.compile(r"\r?\n[ \t]+")
_TAG = re.compile(r";\s*tag\s*=", re.IGNORECASE)
_USER = re.compile(r"^(?:sips?:([^@>]*)@|tel:([^;>]*))", re.IGNORECASE)
_ADDRESS = re.compile(r"^sips?:[^\s<>\"@,\x00-\x20\x7f]+@[^\s<>\"@,\x00-\x20\x7f]+\Z", re.IGNORECASE)
_LONGEST_URI = 256
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


class Request(msgspec.Struct, frozen=True):
    """A request's start line, headers (lower-case long names, in order) and body."""

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def all(self, name: str) -> list[str]:
        """Every value of a header, '' never among them."""
        return [value for key, value in self.headers if key == name and value]

    def first(self, name: str) -> str:
        """The first value of a header, or ''."""
        return next(iter(self.all(name)), "")

    @property
    def in_dialog(self) -> bool:
        """Whether To has a tag (RFC 3261 section 12.2)."""
        return _TAG.search(_outside_quotes(self.first("to"))) is not None


def request_from(message: bytes) -> Request:
    """Read a request. Whatever is broken comes out empty."""
    head, _, body = decoded(message).replace("\r\n", "\n").partition("\n\n")
    start, _, rest = _FOLD.sub(" ", head.lstrip("\n")).partition("\n")
    method, _, tail = start.partition(" ")
    headers: list[tuple[str, str]] = []
    for line in rest.split("\n"):
        name, colon, value = line.partition(":")
        key = name.strip().lower()
        if colon and key:
            headers.append((_COMPACT.get(key, key), value.strip()))
    return Request(method.upper(), tail.partition(" ")[0], tuple(headers), body)


def decoded(message: bytes) -> str:
    """UTF-8 (RFC 3261 section 7), else CP949 as older Korean exchanges send it, else with replacement marks."""
    for encoding in ("utf-8", "cp949"):
        try:
            return message.decode(encoding)
        except UnicodeDecodeError:
            continue
    return message.decode("utf-8", "replace")


def is_sip_address(uri: str) -> bool:
    """Whether a SIP URI has a user and a host and nothing that could end it early in a header."""
    return len(uri) <= _LONGEST_URI and _ADDRESS.match(uri) is not None


def user_part(uri: str) -> str:
    """The user of a SIP URI or the number of a tel URI, unescaped, without its parameters; '' if there is none."""
    found = _USER.match(uri.strip().lstrip("<"))
    if not found:
        return ""
    user = (found[1] or found[2] or "").partition(":")[0].partition(";")[0]
    raw = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), user)
    try:
        return raw.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return raw


def _outside_quotes(value: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', value)
