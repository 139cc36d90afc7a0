"""The desk's view of counselling records: ``agent_assist.desk_record.DeskRecords`` over ``server.keeping``."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from agent_assist.desk_record import Earlier, PersonSeen, RecordForm, Somebody
from core.agent import Agent
from core.errors import Refused
from core.record_forms import KeepRecord, UndoRecord
from core.store.contacts import ContactQuery, ContactRecord
from records.record.forms import promised
from server.dispatcher import Dispatcher
from server.keeping.desk_of_records import DeskOfRecords

SEEN: Final = 5
"""Contacts of before that the desk shows."""


class HouseRecord:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        records: DeskOfRecords,
        dispatcher: Dispatcher,
    ) -> None:
        self._records = records
        self._wrapping = dispatcher

    async def record_form(self, contact_id: str, agent: Agent) -> RecordForm:
        """See ``DeskRecords``."""
        records = self._records
        record = await records.read(contact_id, agent)
        if not record.version:  # its contact may have ended this moment: what she sees is of now
            record = await records.keeping.draft(contact_id) or record
        categories, departments, districts = records.shelves()
        names = records.names()
        today = records.clock().astimezone().date()
        owners = sorted(names, key=lambda who: (who != agent.id, names[who]))
        return RecordForm(
            record=record,
            results=records.keeping.results,
            categories=categories,
            departments=departments,
            districts=districts,
            follow_up=promised(record, owner=agent.id, today=today, days=records.config.follow_up_days),
            follow_ups=await records.store.follow_ups(contact_id=contact_id, state=None),
            owners=[Somebody(who, names[who]) for who in owners],
        )

    async def keep_record(self, contact_id: str, agent: Agent, what: KeepRecord) -> ContactRecord:
        """See ``DeskRecords``."""
        kept = await self._records.keep(contact_id, agent, what)
        now = self._wrapping.roster.seen(agent.id)
        if now.state == "wrap_up" and now.busy_call == contact_id:
            with suppress(Refused):  # the clock was quicker
                await self._wrapping.wish(agent.id, "ready")
        return kept

    async def record_later(self, contact_id: str, agent: Agent) -> int:
        """See ``DeskRecords``."""
        return await self._records.later(contact_id, agent)

    async def undo_record(self, contact_id: str, agent: Agent, what: UndoRecord) -> ContactRecord:
        """See ``DeskRecords``."""
        return await self._records.undo(contact_id, agent, what)

    async def records_waiting(self, agent: Agent) -> int:
        """See ``DeskRecords``."""
        return await self._records.store.unasked(agent.id)

    async def person_seen(self, contact_id: str, agent: Agent) -> PersonSeen:
        """See ``DeskRecords``. What is there of a running call is its number; it may have no record yet."""
        records = self._records
        person, agent_id = await records.keeping.who(contact_id)
        hers = contact_id == records.busy_with(agent.id) or agent_id == agent.id
        if not (hers or agent.oversees(agent_id)):
            raise Refused("이 상담을 볼 권한이 없습니다 / this contact is not yours", code="not_yours")
        days = records.config.recent_days
        if not person:
            return PersonSeen(count=0, days=days, contacts=(), follow_ups=(), results=records.keeping.results)
        await records.note(agent, "saw", "person", subject=contact_id, person=person)
        since = records.clock() - timedelta(days=days)
        found = await records.store.find(ContactQuery(person=person, limit=SEEN + 1))
        earlier = [one for one in found if one.contact_id != contact_id]
        own = len(found) - len(earlier)
        return PersonSeen(
            count=max(0, await records.store.count(person=person, since=since) - own),
            days=days,
            contacts=[_in_short(one) for one in earlier[:SEEN]],
            follow_ups=await records.store.follow_ups(person=person),
            results=records.keeping.results,
        )


def _in_short(record: ContactRecord) -> Earlier:
    written = record.written
    return Earlier(
        contact_id=record.contact_id,
        channel=record.channel,
        at=record.at,
        agent_name=record.agent_name,
        category=written.category,
        result=written.result,
        need=written.need,
    )
