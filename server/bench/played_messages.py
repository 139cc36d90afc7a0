"""What is said to a played node's process and what it says back: one JSON object a line."""

from __future__ import annotations

from pathlib import Path

import msgspec

from server.bench.talk import Talk


class Plan(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The first line: what kind of node."""

    home: str
    talks: str
    """File of the talks."""
    agents: int
    model: str
    """Folder of the speech model."""


class Carry(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """From now on let there be so many calls."""

    calls: int


class Look(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Say how it stands; answered by ``Seen``."""


class Up(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The node is ready."""

    desk: str


class Began(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A call's audio begins."""

    call_id: str
    talk: int
    """Which of the talks."""
    phase_s: float
    """Place in the talk that is played first."""
    begins_at: float
    """That moment on the call's own clock, in seconds since it was started."""
    began: float
    """The same on this machine's monotonic clock."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How it stands."""

    calls: int
    dropped: int
    """Frames lost so far."""


Order = Carry | Look
Answer = Up | Began | Seen


def save(talks: list[Talk], file: Path) -> Path:
    """Write talks for another process."""
    file.write_bytes(msgspec.msgpack.encode(talks))
    return file


def load(file: Path) -> list[Talk]:
    """Read them again."""
    return msgspec.msgpack.decode(file.read_bytes(), type=list[Talk])
