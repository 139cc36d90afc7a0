"""What a bench and its process of parties say to each other, in lines of JSON."""

from __future__ import annotations

import msgspec


class Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag=True):
    """Anything."""


class Grow(Said, frozen=True, kw_only=True):
    """Call until so many calls run; ``Done`` when they do, or after 30 s."""

    calls: int
    per_s: float = 50.0


class Shrink(Said, frozen=True, kw_only=True):
    """Hang up the newest until so many are left."""

    calls: int


class PassBy(Said, frozen=True, kw_only=True):
    """So many calls one after the other, each hung up after ``talk_s``; ``Done`` when all are over."""

    calls: int
    per_s: float
    talk_s: float


class Listen(Said, frozen=True, kw_only=True):
    """Measure for so long; ``Heard`` follows."""

    seconds: float


Order = Grow | Shrink | PassBy | Listen


class Ready(Said, frozen=True, kw_only=True):
    """First words."""

    agent: str
    """SIP address at which every call is answered at once."""


class Done(Said, frozen=True, kw_only=True):
    """How it stands after an order."""

    running: int
    refused: int
    """Since the process began."""
    setup_s: list[float]
    """INVITE to 200 of the calls since the last ``Done``."""


class Heard(Said, frozen=True, kw_only=True):
    """What the timed calls heard."""

    delays_s: list[float]
    """From one party's packet to the other's."""
    gaps_s: list[float]
    """Between packets that came one after the other."""
    own_lateness_s: float
    """p99 of the parties' own timer: what it did badly is not the worker's."""


Answer = Ready | Done | Heard
