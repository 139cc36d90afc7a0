"""A wrap-up that is open when a node dies ends with the last moment at which it was known: statistics are not left
without it.

Who writes for what is in the store while she writes, with a moment that moves on every ``TICK_S``. A node that starts
tells the end of each whose moment stands still: of those of a node that lives beside it, it moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from core.errors import StoreFault
from core.events import Event, WrapUpEnded, now
from core.log import get_logger
from core.store.contract import Store
from core.store.floor import OpenWrapUp
from server.wrap_times import Writing

log = get_logger("server.open_wrap_ups")

TICK_S: Final = 10.0
STILL: Final = timedelta(seconds=3 * TICK_S)
"""A moment that has stood still for so long is a dead node's."""


class OpenWrapUps:
    """One for the node."""

    def __init__(
        self, store: Store, say: Callable[[str, Event], Awaitable[bool]], *, clock: Callable[[], datetime] = now
    ) -> None:
        """``say``: ``LateLines.say``."""
        self._store = store
        self._say = say
        self._clock = clock

    async def keep(self, writing: Mapping[str, Writing]) -> None:
        """These write now. A store that is away is asked again at the next tick."""
        seen = self._clock()
        try:
            await self._store.floor.put_wrap_ups(
                [
                    OpenWrapUp(agent_id=agent, contact_id=one.contact_id, since=one.since, seen=seen)
                    for agent, one in sorted(writing.items())
                ]
            )
        except StoreFault as fault:
            log.warning("wrap_ups.not_kept", why=str(fault))

    async def over(self, agent_id: str) -> None:
        """She writes no more, and it is told."""
        try:
            await self._store.floor.drop_wrap_up(agent_id)
        except StoreFault as fault:
            log.warning("wrap_ups.not_dropped", agent=agent_id, why=str(fault))

    async def end_left(self, *, rest: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Tell the end of what a dead node has left. Waits until it is sure."""
        try:
            left = await self._store.floor.wrap_ups()
            if any(self._clock() - one.seen < STILL for one in left):
                await rest(STILL.total_seconds())
            known = {one.agent_id: one for one in await self._store.floor.wrap_ups()}
            for one in left:
                if known.get(one.agent_id) == one:
                    await self._end(one)
        except StoreFault as fault:
            log.error("wrap_ups.not_ended", why=str(fault))

    async def _end(self, one: OpenWrapUp) -> None:
        events = await self._store.events(one.contact_id)
        later = [event for event in events if isinstance(event, WrapUpEnded) and event.at >= one.since]
        if all(event.agent_id != one.agent_id for event in later):
            seconds = max(0.0, (one.seen - one.since).total_seconds())
            await self._say(one.contact_id, WrapUpEnded(agent_id=one.agent_id, wrap_s=round(seconds, 3)))
            log.info("wrap_ups.ended", agent=one.agent_id, call_id=one.contact_id)
        await self._store.floor.drop_wrap_up(one.agent_id)
