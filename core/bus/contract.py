"""The bus's contract. ``memory_bus`` serves one node; NATS will serve several. One suite tests both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from enum import Enum
from typing import Protocol

from core.events import Event


class Overflow(Enum):
    """What a full subscription does."""

    DROP_OLDEST = "drop_oldest"
    """For those who need only the newest; counted."""
    WAIT = "wait"
    """The publisher waits: for those who must not miss one."""
    CLOSE = "close"
    """The subscription ends with ``lagged`` set: for browsers, which come back with their last seq."""


class Subscription(Protocol):
    """An open subscription: ``async for event in subscription``. ``async with`` closes it."""

    dropped: int
    lagged: bool

    def __aiter__(self) -> AsyncIterator[Event]: ...
    async def __aenter__(self) -> Subscription: ...
    async def __aexit__(self, *exc: object) -> None: ...
    def close(self) -> None: ...


class Bus(Protocol):
    """Publish and subscribe. Events published after ``subscribe`` returned are seen, in order."""

    async def publish(self, event: Event) -> None:
        """Hand the event to every matching subscription. Waits only for WAIT subscriptions that are full."""

    def subscribe(
        self, *, name: str, limit: int, overflow: Overflow, only: Callable[[Event], bool] | None = None
    ) -> Subscription:
        """A new subscription, live when this returns. ``name`` is for metrics."""

    async def close(self) -> None:
        """End every subscription after its queued events were read."""
