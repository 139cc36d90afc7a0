"""The few facts of an SDP that an engineer looks for (RFC 8866), read tolerantly. Pure."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
_STATIC = {"0": "PCMU", "8": "PCMA", "9": "G722", "18": "G729", "4": "G723", "3": "GSM", "13": "CN"}
_RTPMAP = re.compile(r"a=rtpmap:([0-9]{1,3}) ([A-Za-z0-9._-]+)/([0-9]+)")
_MEDIA = re.compile(r"m=audio ([0-9]{1,5})(?:/[0-9]+)? (\S+)((?: [0-9]{1,3})*)")


class Audio(msgspec.Struct, frozen=True, kw_only=True):
    """The first audio stream of an SDP."""

    host: str
    port: int
    """0 = refused."""
    codecs: tuple[str, ...]
    """Voice codecs, best first: 'PCMA', 'G729'."""
    keys: bool
    """telephone-event (RFC 4733) is among its formats."""
    direction: Direction
    ptime_ms: int
    """0 = not said: 20."""
    secured: bool
    """SRTP."""

    def in_words(self) -> str:
        """'PCMA,PCMU 10.0.0.5:16000 sendrecv'."""
        extra = f"{' SRTP' if self.secured else ''}{f' {self.ptime_ms} ms' if self.ptime_ms not in (0, 20) else ''}"
        return f"{','.join(self.codecs[:3]) or '-'} {self.host}:{self.port} {self.direction}{extra}"


def audio_of(body: str) -> Audio | None:
    """The first audio stream of a body; None if there is none. Of a multipart body the SDP part is found by itself."""
    lines = body.replace("\r\n", "\n").split("\n")
    at = next((place for place, line in enumerate(lines) if line.startswith("m=audio ")), None)
    if at is None:
        return None
    media = _MEDIA.match(lines[at])
    if media is None:
        return None
    after = next((place for place in range(at + 1, len(lines)) if lines[place].startswith("m=")), len(lines))
    own, session = lines[at + 1 : after], lines[:at]
    names = {**_STATIC, **{found[1]: found[2] for line in own if (found := _RTPMAP.match(line))}}
    formats = [names.get(number, number) for number in media[3].split()]
    host = _value(own, "c=IN IP4 ", "c=IN IP6 ") or _value(session, "c=IN IP4 ", "c=IN IP6 ")
    ptime = _value(own, "a=ptime:")
    return Audio(
        host=host.partition("/")[0],
        port=min(int(media[1]), 65535),
        codecs=tuple(name for name in formats if name.lower() not in ("telephone-event", "cn")),
        keys=any(name.lower() == "telephone-event" for name in formats),
        direction=_direction(own) or _direction(session) or "sendrecv",
        ptime_ms=int(ptime) if ptime.isdigit() and len(ptime) < 4 else 0,
        secured="SAVP" in media[2],
    )


def _value(lines: list[str], *starts: str) -> str:
    return next((line[len(start) :].strip() for line in lines for start in starts if line.startswith(start)), "")


def _direction(lines: list[str]) -> Direction | None:
    known: tuple[Direction, ...] = ("sendrecv", "sendonly", "recvonly", "inactive")
    return next((word for line in lines for word in known if line.strip() == f"a={word}"), None)
