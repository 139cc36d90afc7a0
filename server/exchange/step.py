"""What ``minwon exchange test`` says: one step, one verdict, what to change."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

State = Literal["ok", "note", "fault", "skipped"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was tried."""

    name: str
    """'names', 'options udp', 'register', 'call', 'audio' ..."""
    state: State
    """A note works but wants a look; a fault must be mended."""
    says: str
    """The verdict, in one sentence."""
    change: str = ""
    """What to change, and where; '' = nothing."""
    facts: dict[str, Any] = {}
    """Figures, for ``--json``."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    works: bool
    """No step is a fault."""
    exchange: str
    """host:port that was asked; '' = none is known."""
    steps: tuple[Step, ...]


def report_of(exchange: str, steps: list[Step]) -> Report:
    """The verdict on all steps."""
    return Report(works=all(step.state != "fault" for step in steps), exchange=exchange, steps=tuple(steps))
