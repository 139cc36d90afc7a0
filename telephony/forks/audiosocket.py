"""AudioSocket, Asterisk's voice over TCP: one byte of kind, two of length, and so many of payload.

https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/ (kinds 0x11 to 0x18 since 2025; DTMF by
https://github.com/asterisk/asterisk/pull/1138). The first message is the UUID that the dialplan gave
(``AudioSocket(uuid,host:port)``, ``Dial(AudioSocket/host:port/uuid)``), and that is all it tells of the call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.errors import BadInput
from core.events import Speaker
from telephony.forks.said import Ended, Pressed, Said, Voice, is_key
from telephony.forks.telling_uuid import opened_by

HANG_UP: Final = 0x00
UUID: Final = 0x01
DTMF: Final = 0x03
ERROR: Final = 0xFF
RATES: Final = {
    0x10: 8000,
    0x11: 12000,
    0x12: 16000,
    0x13: 24000,
    0x14: 32000,
    0x15: 44100,
    0x16: 48000,
    0x17: 96000,
    0x18: 192000,
}
"""Samples a second of each kind of sound: signed, 16 bits, little-endian."""
HEADER: Final = 3
CALLER_HUNG_UP: Final = b"\x01"
"""Asterisk's error code for it; the others are faults."""


class AudioSocketReader:
    """Bytes in, as they come off the socket; what they say out."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._speakers: tuple[Speaker, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[Said]:
        """What the messages that ``data`` completes say, one for each. ``BadInput`` for what is no AudioSocket."""
        buffer = self._buffer
        buffer += data
        at = 0
        try:
            while len(buffer) - at >= HEADER:
                kind, length = buffer[at], buffer[at + 1] << 8 | buffer[at + 2]
                if not self._speakers and (kind != UUID or length != 16):
                    raise BadInput("a stream that does not begin with a UUID is no AudioSocket", code="uuid")
                if len(buffer) - at < HEADER + length:
                    return
                payload = bytes(buffer[at + HEADER : at + HEADER + length])
                at += HEADER + length
                yield self._message(kind, payload)
        finally:
            del buffer[:at]

    def _message(self, kind: int, payload: bytes) -> Said:
        if kind in RATES:
            return Voice(data=payload, speakers=self._speakers, coding="slin", rate=RATES[kind])
        if kind == UUID and not self._speakers:
            opened = opened_by(payload)
            self._speakers = opened.speakers
            return opened
        if kind == DTMF:
            digit = payload.decode("latin-1").upper()
            return Pressed(speaker=self._speakers[0], digit=digit) if is_key(digit) else Said()
        if kind == HANG_UP:
            return Ended()
        if kind == ERROR:
            return Ended(broken=payload[:1] != CALLER_HUNG_UP)
        return Said()  # of a newer Asterisk


def message(kind: int, payload: bytes = b"") -> bytes:
    """A message of ours."""
    return bytes((kind, len(payload) >> 8, len(payload) & 0xFF)) + payload


HUNG_UP: Final = message(HANG_UP)
