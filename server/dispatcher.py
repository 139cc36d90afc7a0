"""Callers and agents find each other: first come, first served; the agent who has waited longest is called first.

The roster holds the rules; this file adds the waiting. The list of waiting callers needs no bound of its own: it is
never longer than the number of calls that the bridge carries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec

from ars.view import whole_minutes
from core.bus.contract import Bus
from core.config import AgentConfig
from core.errors import Refused
from core.events import AgentState, AgentStateChanged, MissReason, QueueChanged, now
from server.roster import Agent, Roster
from server.waiting import HandlingTime, expected_s

Spawn = Callable[[Coroutine[Any, Any, None], str], object]
LOOK_S: Final = 10.0
"""How often one who waits is told anew, if the expected minutes have changed."""


class Place(msgspec.Struct, frozen=True):
    """Where somebody stands in the queue."""

    position: int
    """1 = next."""
    expect_s: float
    """How long it will take, 0 = nobody can say."""

    @property
    def minutes(self) -> int:
        """As it is told: whole minutes, rounded up."""
        return whole_minutes(self.expect_s)


OnWait = Callable[[Place], Awaitable[None]]


class _Waiter(msgspec.Struct, kw_only=True):
    call_id: str
    since: datetime
    queue: str
    turn: asyncio.Future[Agent]
    moved: asyncio.Event


async def _nobody_waits(_agent_id: str) -> None:
    return None


class Dispatcher:
    """Gives waiting calls to ready agents and tells the house about both."""

    def __init__(self, agents: Iterable[AgentConfig], bus: Bus, *, wrap_up_s: float, spawn: Spawn) -> None:
        self.roster = Roster(agents, now())
        self._bus = bus
        self._wrap_up_s = wrap_up_s
        self._spawn = spawn
        self._waiting: list[_Waiter] = []
        self._handling = HandlingTime()
        self._talking_since: dict[str, datetime] = {}
        self._moved_at = now()
        self.on_phone_free: Callable[[str], Awaitable[None]] = _nobody_waits
        """Told the agent whose telephone no call needs any more, before she may get the next: ``server.hot_desk``."""

    async def next_agent(self, call_id: str, since: datetime, on_wait: OnWait, *, queue: str = "") -> Agent:
        """Wait for this call's turn; the agent returned is 'offered' to it.

        ``since`` (when the call began) is its place in the queue, also after an agent has missed it, and for a caller
        who is called back. ``on_wait`` is told the place if nobody is free at once, and whenever place or minutes have
        changed. ``queue``: only agents who serve it. Cancelling gives an agent just offered back.
        """
        loop = asyncio.get_running_loop()
        waiter = _Waiter(call_id=call_id, since=since, queue=queue, turn=loop.create_future(), moved=asyncio.Event())
        self._waiting.append(waiter)
        self._waiting.sort(key=lambda w: w.since)
        try:
            await self._match()
            if not waiter.turn.done():
                self._moved()
                await self._bus.publish(self.queue())
                await self._tell_place(waiter, on_wait)
            return await waiter.turn
        except BaseException:  # cancelled, or whoever is told could not be
            if waiter.turn.done() and not waiter.turn.cancelled():
                await self.withdraw(waiter.turn.result().id)
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                self._moved()
                await self._bus.publish(self.queue())

    async def _tell_place(self, waiter: _Waiter, on_wait: OnWait) -> None:
        """Until the turn comes."""
        told: tuple[int, int] | None = None
        while not waiter.turn.done():
            waiter.moved.clear()
            place = self.place(waiter.call_id)
            if place is not None and (place.position, place.minutes) != told:
                told = place.position, place.minutes
                await on_wait(place)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await waiter.moved.wait()

    def place(self, call_id: str) -> Place | None:
        """Where that call stands now, None if it does not wait."""
        waiter = next((w for w in self._waiting if w.call_id == call_id), None)
        if waiter is None:
            return None
        rivals = [w for w in self._waiting if w.queue == waiter.queue or not w.queue or not waiter.queue]
        position = rivals.index(waiter) + 1
        moved_s = (now() - self._moved_at).total_seconds()
        agents = self.roster.on_duty(waiter.queue)
        return Place(position, round(expected_s(position, agents, self._handling.mean_s, moved_s), 1))

    def _moved(self) -> None:
        self._moved_at = now()
        self._look_again()

    def _look_again(self) -> None:
        for waiter in self._waiting:
            waiter.moved.set()

    def anyone_to_come(self, queue: str = "") -> bool:
        """Whether waiting makes sense: somebody of that queue is ready, or busy and will be free."""
        return self.roster.longest_ready(queue) is not None or self.roster.anyone_busy(queue)

    def queue(self) -> QueueChanged:
        """How many wait, as an event."""
        last = self.place(self._waiting[-1].call_id) if self._waiting else None
        return QueueChanged(
            waiting=len(self._waiting),
            longest_since=min((w.since for w in self._waiting), default=None),
            expect_s=last.expect_s if last else 0.0,
        )

    async def wish(self, agent_id: str, state: AgentState, *, reason: str = "", by: str = "") -> AgentStateChanged:
        """The agent asks to be ready or away, or a supervisor (``by``) for her; ``Refused`` while a call needs her. Who
        ends her wrap-up is away where a supervisor has wanted that."""
        agent = self.roster.agent(agent_id)
        if state == "ready" and not by and agent.state == "wrap_up" and agent.leaving_by:
            state, reason, by = "away", agent.leaving, agent.leaving_by
        change = self.roster.wish(agent_id, state, now(), reason=reason, by=by)
        if change.state == "ready":
            agent.leaving = agent.leaving_by = ""
        await self._tell(change)
        if change.state == "wrap_up":
            await self._rests(change)
        return change

    def knows(self, agent_id: str) -> bool:
        """Whether an agent of that id is configured."""
        return any(agent.id == agent_id for agent in self.roster)

    async def offered_call(self, agent_id: str, call_id: str) -> None:
        """She was offered to a callback, whose call is there now: her desk shows it."""
        await self._tell(self.roster.step(agent_id, "offer", now(), call_id=call_id))

    async def give_back(self, agent_id: str, call_id: str) -> None:
        """The call is over; if she is still offered to it, she is free again."""
        agent = self.roster.agent(agent_id)
        if agent.state == "offered" and agent.call_id == call_id:
            await self.withdraw(agent_id)

    async def joined(self, agent_id: str, call_id: str) -> None:
        """Her phone answered."""
        self._talking_since[agent_id] = now()
        await self._tell(self.roster.step(agent_id, "join", now(), call_id=call_id))

    async def missed(self, agent_id: str, reason: MissReason) -> None:
        """Her phone was not answered: she is away until she says otherwise, or every caller would ring in vain."""
        await self._tell(self.roster.step(agent_id, "miss", now(), reason=reason))

    async def withdraw(self, agent_id: str) -> None:
        """The caller is gone before she answered: she is ready again, or away where that was wanted."""
        agent = self.roster.agent(agent_id)
        change = self.roster.step(agent_id, "withdraw", now())
        if agent.leaving:
            await self.send_away(agent_id, agent.leaving, by=agent.leaving_by)
        else:
            await self._tell(change)

    async def released(self, agent_id: str, *, reason: str = "", by: str = "") -> None:
        """Her call is over, or a supervisor has it now (``by``): wrap-up, which ends by itself."""
        self._note_talk(agent_id)
        call_id = self.roster.agent(agent_id).call_id
        change = self.roster.step(agent_id, "release", now(), call_id=call_id, reason=reason, by=by)
        await self._tell(change)
        await self._rests(change)

    async def passed_on(self, agent_id: str) -> None:
        """She has passed her caller on and is out of the call: wrap-up that does not end by itself until ``rests``."""
        self._note_talk(agent_id)
        call_id = self.roster.agent(agent_id).call_id
        await self._tell(self.roster.step(agent_id, "pass_on", now(), call_id=call_id, reason="passing_on"))

    async def rests(self, agent_id: str, call_id: str) -> None:
        """The caller whom she passed on will not come back: her wrap-up runs from now on, if she is still in it."""
        agent = self.roster.agent(agent_id)
        if agent.state == "wrap_up" and agent.call_id == call_id:
            await self.wish(agent_id, "wrap_up")

    async def recall(self, agent_id: str, call_id: str) -> Agent | None:
        """Offer her the caller whom she passed on; None when she has gone, or has another call."""
        agent = self.roster.agent(agent_id)
        free = agent.state == "ready" or (agent.state == "wrap_up" and agent.call_id == call_id)
        if not free or not agent.uri:
            return None
        await self._tell(self.roster.step(agent_id, "recall", now(), call_id=call_id, reason="returned"))
        return agent

    async def offer(self, agent_id: str, call_id: str) -> Agent:
        """Offer her a call that a colleague passes on. ``Refused`` ('colleague_busy') unless she is ready."""
        agent = self.roster.agent(agent_id)
        if agent.state != "ready" or not agent.uri:
            raise Refused("this colleague is not free now", code="colleague_busy")
        await self._tell(self.roster.step(agent_id, "offer", now(), call_id=call_id))
        return agent

    async def sit(self, agent_id: str, extension: str, uri: str) -> None:
        """She sits at that telephone from now on ('' = at none), and her desk is told."""
        await self._tell(self.roster.sit(agent_id, extension, uri))

    async def send_away(self, agent_id: str, reason: str, *, by: str = "") -> None:
        """She is set away, and her desk says why. Not possible while a call has her."""
        await self._tell(self.roster.step(agent_id, "go_away", now(), reason=reason, by=by))

    async def leaves(self, agent_id: str, reason: str, *, by: str = "") -> None:
        """She gets no more calls: away now, or once the call that she has, with its wrap-up, is over. ``by``: the
        supervisor who wants it; what her account or her telephone wants goes before."""
        agent = self.roster.agent(agent_id)
        if agent.state == "ready" or (agent.state == "away" and agent.reason != reason):
            await self.send_away(agent_id, reason, by=by)
        elif agent.state != "away" and not (by and agent.leaving and not agent.leaving_by):
            agent.leaving, agent.leaving_by = reason, by
            await self._bus.publish(self.roster.seen(agent_id))

    async def stays(self, agent_id: str) -> None:
        """A supervisor takes back that she is away after this call. ``Refused`` ('no_step') where none has wanted it,
        or it has come to pass."""
        agent = self.roster.agent(agent_id)
        if not agent.leaving_by:
            raise Refused("nothing is to be taken back", code="no_step")
        agent.leaving = agent.leaving_by = ""
        await self._bus.publish(self.roster.seen(agent_id))

    async def hire(self, agent: AgentConfig) -> None:
        """Somebody new who may get calls from now on, or her account as it is now."""
        self.roster.put(agent, now())
        await self._tell(self.roster.seen(agent.id))

    async def retire(self, agent_id: str) -> None:
        """Her account is disabled: no more calls. The one that she has goes on, with its wrap-up."""
        self.roster.agent(agent_id).retired = True
        await self.leaves(agent_id, "account_disabled")

    def _note_talk(self, agent_id: str) -> None:
        if (since := self._talking_since.pop(agent_id, None)) is not None:
            self._handling.note((now() - since).total_seconds() + self._wrap_up_s)

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
            if agent.leaving:
                await self.send_away(agent_id, agent.leaving, by=agent.leaving_by)
            else:
                await self._tell(self.roster.step(agent_id, "rest_over", now()))

    async def _tell(self, change: AgentStateChanged) -> None:
        await self._bus.publish(change)
        if change.state not in ("offered", "talking"):
            await self.on_phone_free(change.agent_id)
        if change.state == "away":
            agent = self.roster.agent(change.agent_id)
            agent.leaving = agent.leaving_by = ""
        if change.state in ("away", "ready"):  # one more or one less on duty: all expectations change
            self._look_again()
        if change.state == "ready":
            await self._match()

    async def _match(self) -> None:
        changes: list[AgentStateChanged] = []
        for waiter in list(self._waiting):
            agent = self.roster.longest_ready(waiter.queue)
            if agent is None:
                continue
            self._waiting.remove(waiter)
            if waiter.turn.done():  # its call was cancelled in this very moment
                continue
            changes.append(self.roster.step(agent.id, "offer", now(), call_id=waiter.call_id))
            waiter.turn.set_result(agent)
            waiter.moved.set()
        for change in changes:
            await self._bus.publish(change)
        if changes:
            self._moved()
            await self._bus.publish(self.queue())
