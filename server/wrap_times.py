"""How long an agent wrote after a talk: told on the line of the contact that she wrote for.

States of agents are events of the house and are not stored. What statistics need of them is said on a line: when she
leaves wrap-up, the contact's line gets ``WrapUpEnded``. More time that she asks for counts in; so does wrap-up that she
asks for later, for her last contact.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

import msgspec

from core.bus.contract import Bus, Overflow
from core.errors import StoreFault
from core.events import AgentStateChanged, Event, WrapUpEnded
from core.log import get_logger

log = get_logger("server.wrap_times")

QUEUE: Final = 1000
"""Changes that may wait; whoever publishes more waits."""


class Writing(msgspec.Struct, frozen=True):
    """An agent in wrap-up."""

    contact_id: str
    """For which contact."""
    since: datetime
    """Since the talk ended, or since she asked for it."""


class WrapTimes:
    """Rules only: who writes for what."""

    def __init__(self) -> None:
        self._writing: dict[str, Writing] = {}
        self._last: dict[str, str] = {}
        """Each agent's last contact; as many as there are agents."""

    @property
    def writing(self) -> Mapping[str, Writing]:
        """Who writes now, by agent."""
        return self._writing

    def take(self, change: AgentStateChanged) -> tuple[str, WrapUpEnded] | None:
        """Her wrap-up is over: of which contact, and what is to be said on its line."""
        agent = change.agent_id
        if change.state == "talking" and change.busy_call:
            self._last[agent] = change.busy_call
        contact = change.busy_call or self._last.get(agent, "")
        before = self._writing.get(agent)
        if change.state == "wrap_up" and contact:
            self._last[agent] = contact
            if before is not None and before.contact_id == contact:
                return None  # more time
            self._writing[agent] = Writing(contact, change.since)
        else:
            self._writing.pop(agent, None)
        if before is None:
            return None
        seconds = max(0.0, (change.since - before.since).total_seconds())
        return before.contact_id, WrapUpEnded(agent_id=agent, wrap_s=round(seconds, 3))


class Keeping(Protocol):
    """What outlives the node (``server.open_wrap_ups``)."""

    async def keep(self, writing: Mapping[str, Writing]) -> None:
        """These write now."""

    async def over(self, agent_id: str) -> None:
        """She writes no more."""


async def follow(bus: Bus, say: Callable[[str, Event], Awaitable[bool]], kept: Keeping, *, every_s: float) -> None:
    """Tell wrap-up times on lines, until the bus is closed. ``say``: ``LateLines.say``. ``kept``: told who writes, and
    again after every ``every_s``."""
    times = WrapTimes()
    async with asyncio.TaskGroup() as tasks:
        ticking = tasks.create_task(_tick(times, kept, every_s), name="open wrap-ups")
        await _follow(bus, say, times, kept)
        ticking.cancel()


async def _tick(times: WrapTimes, kept: Keeping, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await kept.keep(times.writing)


async def _follow(bus: Bus, say: Callable[[str, Event], Awaitable[bool]], times: WrapTimes, kept: Keeping) -> None:
    subscription = bus.subscribe(
        name="wrap times", limit=QUEUE, overflow=Overflow.WAIT, only=lambda event: isinstance(event, AgentStateChanged)
    )
    async with subscription as changes:
        async for change in changes:
            if not isinstance(change, AgentStateChanged):
                continue
            over = times.take(change)
            if over is not None:
                try:
                    await say(*over)
                except StoreFault as fault:
                    log.warning("wrap_up.not_kept", call_id=over[0], agent=change.agent_id, why=str(fault))
            if (new := times.writing.get(change.agent_id)) is not None:
                await kept.keep({change.agent_id: new})
            elif over is not None:
                await kept.over(change.agent_id)
