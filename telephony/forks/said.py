"""What a fork's messages say, whatever dialect they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol, TypeGuard

import msgspec

from core.events import Party, Speaker

Coding = Literal["slin", "ulaw", "alaw"]
"""'slin': 16 bits, little-endian."""
Dialect = Literal["audiosocket", "asterisk", "jambonz", "twilio"]
_KEYS: Final = frozenset("0123456789*#ABCD")
BOTH: Final[tuple[Speaker, ...]] = ("caller", "agent")
RATES: Final = frozenset({8000, 12000, 16000, 24000, 32000, 44100, 48000, 64000, 96000, 192000})
"""Samples a second that some dialect can name."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a message says; by itself, nothing that is ours to know."""


class Opened(Said, frozen=True, kw_only=True):
    """Whose voices come on this stream. The first thing that a reader tells; again when one more voice comes."""

    call: str
    """Joins streams of one call, within its dialect; '' = this one is a call by itself."""
    speakers: tuple[Speaker, ...]
    """Who is to be heard here."""
    caller: Party = Party()
    agent: Party = Party()
    called: str = ""
    """The number that the caller dialled, '' = not told."""


class Voice(Said, frozen=True, kw_only=True):
    """A piece of sound."""

    data: bytes
    speakers: tuple[Speaker, ...]
    """One for each channel, in the order in which samples alternate."""
    coding: Coding
    rate: int
    """Samples a second."""
    stamp_ms: int | None = None
    """Where it belongs, since the stream began; None where the dialect has no clock."""


class Pressed(Said, frozen=True, kw_only=True):
    """A key."""

    speaker: Speaker
    digit: str


class Ended(Said, frozen=True, kw_only=True):
    """The stream's goodbye: its call is over. Nothing comes after it."""

    broken: bool = False
    """The exchange says that it could not go on."""


def is_key(told: object) -> TypeGuard[str]:
    """Whether something that a message tells is a key of a telephone."""
    return isinstance(told, str) and told in _KEYS


class Reader(Protocol):
    """Reads the messages of one WebSocket stream."""

    dialect: Dialect

    def read(self, message: str | bytes) -> Sequence[Said]:
        """What the message says; nothing for what is not ours to know. ``BadInput`` for what cannot be true."""
