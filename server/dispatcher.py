"""Callers and agents find each other: first come, first served; the agent who has waited longest is called first.

The roster holds the rules; this file adds the waiting. The list of waiting callers needs no bound of its own: it is
never longer than the number of calls that the bridge carries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

import msgspec

from core.bus.contract import Bus
from core.config import AgentConfig
from core.events import AgentState, AgentStateChanged, MissReason, QueueChanged, now
from server.roster import Agent, Roster

Spawn = Callable[[Coroutine[Any, Any, None], str], object]


class _Waiter(msgspec.Struct, kw_only=True):
    call_id: str
    since: datetime
    turn: asyncio.Future[Agent]


class Dispatcher:
    """Gives waiting calls to ready agents and tells the house about both."""

    def __init__(self, agents: Iterable[AgentConfig], bus: Bus, *, wrap_up_s: float, spawn: Spawn) -> None:
        self.roster = Roster(agents, now())
        self._bus = bus
        self._wrap_up_s = wrap_up_s
        self._spawn = spawn
        self._waiting: list[_Waiter] = []

    async def next_agent(self, call_id: str, since: datetime, on_wait: Callable[[int], Awaitable[None]]) -> Agent:
        """Wait for this call's turn; the agent returned is 'offered' to it.

        ``since`` (when the call began) is its place in the queue, also after an agent has missed it. ``on_wait`` is
        told the place, 1 = next, if nobody is free at once. Cancelling gives an agent just offered back.
        """
        waiter = _Waiter(call_id=call_id, since=since, turn=asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._waiting.sort(key=lambda w: w.since)
        try:
            await self._match()
            if not waiter.turn.done():
                await self._bus.publish(self.queue())
                await on_wait(self._waiting.index(waiter) + 1)
            return await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled():
                await self.withdraw(waiter.turn.result().id)
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                await self._bus.publish(self.queue())

    def anyone_to_come(self) -> bool:
        """Whether waiting makes sense: somebody is ready, or busy and will be free."""
        return self.roster.longest_ready() is not None or self.roster.anyone_busy()

    def queue(self) -> QueueChanged:
        """How many wait, as an event."""
        return QueueChanged(
            waiting=len(self._waiting), longest_since=min((w.since for w in self._waiting), default=None)
        )

    async def wish(self, agent_id: str, state: AgentState) -> AgentStateChanged:
        """The agent asks to be ready or away; ``Refused`` while a call needs her."""
        change = self.roster.wish(agent_id, state, now())
        await self._tell(change)
        if change.state == "wrap_up":
            await self._rests(change)
        return change

    async def joined(self, agent_id: str, call_id: str) -> None:
        """Her phone answered."""
        await self._tell(self.roster.step(agent_id, "join", now(), call_id=call_id))

    async def missed(self, agent_id: str, reason: MissReason) -> None:
        """Her phone was not answered: she is away until she says otherwise, or every caller would ring in vain."""
        await self._tell(self.roster.step(agent_id, "miss", now(), reason=reason))

    async def withdraw(self, agent_id: str) -> None:
        """The caller is gone before she answered."""
        await self._tell(self.roster.step(agent_id, "withdraw", now()))

    async def released(self, agent_id: str) -> None:
        """Her call is over: wrap-up, which ends by itself."""
        call_id = self.roster.agent(agent_id).call_id
        change = self.roster.step(agent_id, "release", now(), call_id=call_id)
        await self._tell(change)
        await self._rests(change)

    async def _rests(self, change: AgentStateChanged) -> None:
        if self._wrap_up_s <= 0:
            await self._rest_over(change.agent_id, change.since)
        else:
            self._spawn(self._rest(change.agent_id, change.since), f"wrap-up {change.agent_id}")

    async def _rest(self, agent_id: str, since: datetime) -> None:
        await asyncio.sleep(self._wrap_up_s)
        await self._rest_over(agent_id, since)

    async def _rest_over(self, agent_id: str, since: datetime) -> None:
        agent = self.roster.agent(agent_id)
        if agent.state == "wrap_up" and agent.since == since:
            await self._tell(self.roster.step(agent_id, "rest_over", now()))

    async def _tell(self, change: AgentStateChanged) -> None:
        await self._bus.publish(change)
        if change.state == "ready":
            await self._match()

    async def _match(self) -> None:
        changes: list[AgentStateChanged] = []
        while self._waiting and (agent := self.roster.longest_ready()):
            waiter = self._waiting.pop(0)
            if waiter.turn.done():  # its call was cancelled in this very moment
                continue
            changes.append(self.roster.step(agent.id, "offer", now(), call_id=waiter.call_id))
            waiter.turn.set_result(agent)
        for change in changes:
            await self._bus.publish(change)
        if changes:
            await self._bus.publish(self.queue())
