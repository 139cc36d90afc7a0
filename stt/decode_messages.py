"""What node and decode worker say to each other: msgpack behind a length of four bytes, over a socket pair.

The worker answers every ``Audio`` with one ``Heeded`` (several chunks may share one), so the node knows how far
behind it is, and every ``Finish`` with one ``Finished``. Ids are the node's and never used twice.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from stt.contract import Hypothesis

LENGTH: Final = struct.Struct("<I")
LARGEST: Final = 1 << 20
"""Bytes; a longer message means that the two sides no longer understand each other."""


class _Message(msgspec.Struct, frozen=True, tag_field="t", tag=True, array_like=True):
    """Never sent itself."""


class Begin(_Message, frozen=True):
    """An utterance that is bound to a grammar, before its first audio. Without one it needs no such message."""

    id: int
    grammar: tuple[str, ...]
    """The only sentences that may be said."""


class Audio(_Message, frozen=True):
    """More audio of an utterance; the first of an id begins it."""

    id: int
    pcm: bytes


class Finish(_Message, frozen=True):
    """No more audio of that utterance."""

    id: int


class Forget(_Message, frozen=True):
    """Nobody waits for that utterance any more."""

    id: int


class Ready(_Message, frozen=True):
    """The model is loaded."""

    load_s: float


class Failed(_Message, frozen=True):
    """The model can't be loaded; the worker ends."""

    reason: str


class Heeded(_Message, frozen=True):
    """So much audio of the utterance is decoded."""

    id: int
    size: int
    """Bytes, since the last ``Heeded``."""
    text: str | None
    """The partial where it changed."""


class Refused(_Message, frozen=True):
    """The utterance can't be decoded as it was asked for; its audio is not."""

    id: int
    reason: str


class Finished(_Message, frozen=True):
    """The utterance's final."""

    id: int
    hypothesis: Hypothesis
    resident_mb: int
    """The worker's resident memory."""


ToWorker = Begin | Audio | Finish | Forget
FromWorker = Ready | Failed | Heeded | Refused | Finished

_encoder = msgspec.msgpack.Encoder()


def packed(message: ToWorker | FromWorker) -> bytes:
    """The message as it goes over the wire."""
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


def bodies(buffer: bytearray) -> list[bytes]:
    """Take the complete messages out of what was received. Raises ``ValueError`` for an impossible length."""
    found: list[bytes] = []
    at = 0
    while len(buffer) - at >= LENGTH.size:
        (size,) = LENGTH.unpack_from(buffer, at)
        if size > LARGEST:
            raise ValueError(f"a message of {size} bytes")
        if len(buffer) - at < LENGTH.size + size:
            break
        found.append(bytes(buffer[at + LENGTH.size : at + LENGTH.size + size]))
        at += LENGTH.size + size
    del buffer[:at]
    return found
