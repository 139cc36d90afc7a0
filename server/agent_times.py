"""Agents' states are kept as time: who was ready, in a call, writing or away, and why, added up by day.

What is lived is written every ``TICK_S``, so a killed node loses that much at most; while it is down nobody is staffed.
Nodes that share a database add to the same sums.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, tzinfo
from typing import Final

from core.bus.contract import Bus, Overflow, Subscription
from core.errors import StoreFault
from core.events import AgentStateChanged, now
from core.log import get_logger
from core.store.floor import FloorStore
from records.statistics.agent_clock import AgentClock

log = get_logger("server.agent_times")

QUEUE: Final = 1000
"""Changes that may wait; whoever publishes more waits."""
TICK_S: Final = 15.0


class AgentTimes:
    """One for the node. ``run`` is its task."""

    def __init__(
        self,
        floor: FloorStore,
        bus: Bus,
        *,
        zone: tzinfo,
        present: Callable[[], Collection[str]],
        states: Callable[[], Iterable[AgentStateChanged]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``present``: who is signed in; ``states``: what everybody is now."""
        self._floor = floor
        self._bus = bus
        self._present = present
        self._states = states
        self._clock = clock
        self._times = AgentClock(zone)

    async def run(self, *, every_s: float = TICK_S) -> None:
        """Until cancelled, or the bus is closed; then what is left is written."""
        following = self._bus.subscribe(
            name="agent times",
            limit=QUEUE,
            overflow=Overflow.WAIT,
            only=lambda event: isinstance(event, AgentStateChanged),
        )
        try:
            await self._follow(following, every_s)
        finally:
            await asyncio.shield(self.write())

    async def _follow(self, following: Subscription, every_s: float) -> None:
        async with following as changes:
            for state in self._states():
                self._times.take(state, self._present())
            async with asyncio.TaskGroup() as tasks:
                ticking = tasks.create_task(self._tick(every_s), name="write agent times")
                async for change in changes:
                    if isinstance(change, AgentStateChanged):
                        self._times.take(change, self._present())
                ticking.cancel()

    async def write(self) -> None:
        """What was lived up to now. A store that is away is asked again, with all that has come meanwhile."""
        times = self._times.told(self._clock(), self._present())
        try:
            await self._floor.add_times(times)
        except StoreFault as fault:
            self._times.untold(times)
            log.warning("agent_times.not_kept", why=str(fault))

    async def _tick(self, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            await asyncio.shield(self.write())
