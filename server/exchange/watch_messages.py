"""What a watcher and the node say to each other over the home's Unix socket: JSON lines."""

from __future__ import annotations

from typing import Final

import msgspec

from server.exchange.ladder import Seen

WATCH_SOCKET: Final = "watch.sock"
"""In the home's run folder, 0600."""

NEXT: Final = "next"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """The watcher's one line."""

    call: str = ""
    """Only this call; ``NEXT``: the next one that comes; '' = everything."""
    voices: bool = False
    """The call's voices too, as minwon hears them."""
    for_file: str = ""
    """'svg' or 'pcap', for the node's log."""


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """A line of the node."""


class Welcome(Told, frozen=True, kw_only=True):
    """First."""

    workers: dict[str, str]
    """Name and host:port of each."""
    calls: tuple[str, ...]
    """Ids of the calls that run."""


class Sip(Told, frozen=True, kw_only=True):
    """A SIP message."""

    seen: Seen


class Voice(Told, frozen=True, kw_only=True):
    """20 ms that a party said."""

    call: str
    dial: int
    """0 = the caller, else the leg that was dialled so."""
    ms: int
    """Since the call began."""
    pcm: bytes
    """8 kHz, 16 bits; b'' = nothing came."""


class Gap(Told, frozen=True, kw_only=True):
    """So many lines were dropped: the watcher, or the way to it, was too slow."""

    dropped: int


class Sorry(Told, frozen=True, kw_only=True):
    """The node does not let this watcher watch."""

    why: str


AnyTold = Welcome | Sip | Voice | Gap | Sorry

_encoder = msgspec.json.Encoder()
_ask: msgspec.json.Decoder[Ask] = msgspec.json.Decoder(Ask)
_told: msgspec.json.Decoder[AnyTold] = msgspec.json.Decoder(AnyTold)


def to_line(message: Ask | Told) -> bytes:
    """The message with its line's end."""
    return _encoder.encode(message) + b"\n"


def ask_from(line: bytes) -> Ask:
    """Raises ``msgspec.MsgspecError``."""
    return _ask.decode(line)


def told_from(line: bytes) -> AnyTold:
    """Raises ``msgspec.MsgspecError``."""
    return _told.decode(line)
