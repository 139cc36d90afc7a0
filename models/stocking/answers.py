"""What a server's answer to a request for (the rest of) an archive means (RFC 9110 sections 13 to 15). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

_RANGE: Final = re.compile(r"^bytes (?:(\d+)-\d+|\*)/(\d+|\*)$")
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_MEANS: Final = {
    401: "it wants a sign-in",
    403: "it refuses; a proxy may forbid it",
    404: "it is not there (any more)",
    407: "the proxy wants a sign-in: set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT",
    410: "it is not there any more",
}


class Have(msgspec.Struct, frozen=True, kw_only=True):
    """What came in earlier tries."""

    size: int = 0
    """Bytes."""
    validator: str = ""
    """Strong ETag or Last-Modified of what we have; '' = the server gave none."""
    proven: bool = False
    """A checksum will tell whether the pieces belong together."""


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """The body is to be written from here on."""

    offset: int
    total: int
    """Bytes of the whole archive; 0 = not told."""
    validator: str


class Done(msgspec.Struct, frozen=True):
    """We have all of it."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """No body that is of use."""

    says: str
    passing: bool
    """It may help to ask again."""
    after_s: float = 0.0
    """The server asks for so much patience."""
    anew: bool = False
    """What came before is of no use."""


def asked(have: Have) -> dict[str, str]:
    """Headers of the request: the rest, where that is safe, else all of it."""
    headers = {"Accept-Encoding": "identity"}
    if have.size and (have.validator or have.proven):
        headers["Range"] = f"bytes={have.size}-"
        if have.validator:
            headers["If-Range"] = have.validator
    return headers


def answer(status: int, headers: Mapping[str, str], have: Have) -> Start | Done | Trouble:
    """What to do with it. ``headers`` has lower-case names."""
    if status in (200, 203):
        return Start(offset=0, total=_number(headers.get("content-length")), validator=_validator(headers))
    if status in (206, 416):
        found = _RANGE.match(headers.get("content-range", ""))
        first, total = (found[1], _number(found[2])) if found else (None, 0)
        if status == 206 and first is not None and int(first) == have.size:
            return Start(offset=have.size, total=total, validator=_validator(headers) or have.validator)
        if status == 416 and total == have.size > 0:
            return Done()
        return Trouble(says="its answer does not fit what came before; beginning anew", passing=True, anew=True)
    if status in _AGAIN:
        says = f"it answers {status} (busy or broken)"
        return Trouble(says=says, passing=True, after_s=min(60, _number(headers.get("retry-after"))))
    return Trouble(says=f"it answers {status}: {_MEANS.get(status, 'not what was asked for')}", passing=False)


def _validator(headers: Mapping[str, str]) -> str:
    tag = headers.get("etag", "")
    return tag if tag and not tag.startswith("W/") else headers.get("last-modified", "")


def _number(text: str | None) -> int:
    return int(text) if text and len(text) < 19 and text.isascii() and text.isdigit() else 0
