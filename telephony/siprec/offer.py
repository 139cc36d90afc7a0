"""The audio streams that an SDP offers to a recorder: label (RFC 4574), port and direction (RFC 3264, RFC 4566)."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
MOST_STREAMS = 32
_MEDIA = re.compile(r"^m=(\S+) +(\d{1,5})(?:/\d+)? ")
_DIRECTIONS: dict[str, Direction] = {
    "a=sendrecv": "sendrecv",
    "a=sendonly": "sendonly",
    "a=recvonly": "recvonly",
    "a=inactive": "inactive",
}
_NOWHERE = re.compile(r"^c=IN +IP4 +0\.0\.0\.0$")
"""How hold was said before RFC 3264."""


class OfferedStream(msgspec.Struct, frozen=True):
    """One audio line of an SDP, as the offerer sees it."""

    index: int
    """Place among all media lines, from 0."""
    label: str = ""
    port: int = 0
    direction: Direction = "sendrecv"

    @property
    def there(self) -> bool:
        """The stream exists: a port of 0 takes it away (RFC 3264 section 8.2)."""
        return self.port > 0

    @property
    def speaks(self) -> bool:
        """Its voice is sent at present."""
        return self.there and self.direction in ("sendonly", "sendrecv")


def streams(sdp: str) -> tuple[OfferedStream, ...]:
    """The audio lines, in order. Whatever is broken is left out."""
    session: list[str] = []
    sections: list[tuple[int, list[str]]] = []
    lines = session
    count = 0
    for raw in sdp.split("\n"):
        line = raw.strip()
        if line.startswith("m="):
            lines = [line]
            if count < MOST_STREAMS:
                sections.append((count, lines))
            count += 1
        else:
            lines.append(line)
    default = _direction(session, "sendrecv")
    return tuple(stream for index, section in sections if (stream := _stream(index, section, default)) is not None)


def _stream(index: int, section: list[str], default: Direction) -> OfferedStream | None:
    found = _MEDIA.match(section[0] + " ")
    if found is None or found[1].lower() != "audio" or int(found[2]) > 65_535:
        return None
    label = next((line[8:].strip() for line in section if line.startswith("a=label:")), "")
    return OfferedStream(index, label, int(found[2]), _direction(section, default))


def _direction(lines: list[str], default: Direction) -> Direction:
    said = next((_DIRECTIONS[line] for line in lines if line in _DIRECTIONS), default)
    return "inactive" if any(_NOWHERE.match(line) for line in lines) else said
