"""How far a piece of work is, told by whoever does it to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of a piece of work."""

    what: str
    """'fetching vosk-model-small-ko-0.22': the same as long as it is the same work."""
    done: int = 0
    """Bytes."""
    total: int = 0
    """Bytes; 0 = not known."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be said once: that somebody else is at work, that a try failed and is repeated."""

    says: str


Tell = Callable[[Progress | Notice], None]


def nobody(_: Progress | Notice) -> None:
    """Nobody listens."""
