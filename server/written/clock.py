"""The clock of written contacts: gives those that wait to free agents, takes back what is not answered, closes what has
fallen silent.

One task. It looks when something has changed (a contact, an agent's state) and every ``TICK_S``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Final

from channels.threads.deadlines import Deadlines
from channels.threads.distribution import DANGER, Seat, dealt
from core import metrics
from core.bus.contract import Bus, Overflow
from core.config import InboxConfig
from core.errors import MinwonError
from core.events import AgentStateChanged, Event, Written, now
from core.log import get_logger
from server.roster import Roster
from server.written.answering import Answering
from server.written.closed_answer import ClosedAnswer
from server.written.contact import Contact
from server.written.contacts import WrittenContacts

log = get_logger("server.written")

TICK_S: Final = 5.0
LEFT_S: Final = 60.0
"""An agent who is away for so long has left what she owes."""


class WrittenClock:
    """One for each node. ``run`` is its task."""

    def __init__(
        self,
        contacts: WrittenContacts,
        answering: Answering,
        closed_answer: ClosedAnswer,
        deadlines: Deadlines,
        roster: Roster,
        config: InboxConfig,
        bus: Bus,
        *,
        tick_s: float = TICK_S,
    ) -> None:
        self._contacts = contacts
        self._answering = answering
        self._closed_answer = closed_answer
        self._deadlines = deadlines
        self._roster = roster
        self._config = config
        self._bus = bus
        self._tick_s = tick_s

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hear_of_agents(), name="agents for written contacts")
            for contact in list(self._contacts.open):
                await self._closed_answer.give(contact)  # a node that was killed may not have got to it
            while True:
                self._contacts.changed.clear()
                await self.look()
                try:
                    async with asyncio.timeout(self._tick_s):
                        await self._contacts.changed.wait()
                except TimeoutError:
                    continue

    async def _hear_of_agents(self) -> None:
        changes = self._bus.subscribe(name="written", limit=64, overflow=Overflow.DROP_OLDEST, only=_of_agents)
        async with changes:
            async for _change in changes:
                self._contacts.changed.set()

    async def look(self) -> None:
        """Do what is due now."""
        for contact in list(self._contacts.open):
            await self._safely(contact.contact_id, self._look_at(contact))
        await self._deal()
        metrics.WRITTEN_OVERDUE.set(sum(self._deadlines.is_overdue(contact.now) for contact in self._contacts.open))

    async def _look_at(self, contact: Contact) -> None:
        written = contact.now
        if written.state == "assigned":
            if self._has_left(written.agent_id):
                await self._answering.back(contact, by="", reason="left")
            elif self._deadlines.goes_back(written):
                await self._answering.back(contact, by="", reason="not_answered")
        elif written.state == "answered" and self._is_silent(written, now()):
            await self._answering.over(contact, "answered", by="")

    def _has_left(self, agent_id: str) -> bool:
        agent = next((agent for agent in self._roster if agent.id == agent_id), None)
        # Who is no agent any more will never come back.
        return agent is None or (agent.state == "away" and (now() - agent.since).total_seconds() >= LEFT_S)

    def _is_silent(self, written: Written, moment: datetime) -> bool:
        return moment - written.last_at >= timedelta(hours=self._config.close_hours)

    async def _deal(self) -> None:
        """Those that wait to who is free."""
        waiting = [contact.now for contact in self._contacts.open if contact.now.state == "waiting"]
        if not waiting:
            return
        seats = [
            Seat(agent_id=agent.id, since=agent.since, queues=agent.queues)
            for agent in self._roster
            if agent.state == "ready"
        ]
        passed_over = {contact.contact_id: contact.passed_over for contact in self._contacts.open}
        urgent = {
            contact.contact_id
            for contact in self._contacts.open
            if any(alert.kind in DANGER for alert in contact.alerts)
        }
        most = self._config.per_agent
        owing = self._contacts.owing()
        for contact_id, agent_id in dealt(waiting, seats, owing, most=most, passed_over=passed_over, urgent=urgent):
            await self._safely(contact_id, self._give(contact_id, agent_id))

    async def _give(self, contact_id: str, agent_id: str) -> None:
        contact = self._contacts.require_open(contact_id)
        if contact.now.state == "waiting":  # else somebody took it while another was given
            await self._answering.give(contact, agent_id, by="", reason="")

    async def _safely(self, contact_id: str, deed: Awaitable[None]) -> None:
        """One contact's fault never touches another."""
        try:
            await deed
        except MinwonError as fault:
            log.error("written.clock", contact_id=contact_id, code=fault.code, why=str(fault))


def _of_agents(event: Event) -> bool:
    return isinstance(event, AgentStateChanged)
