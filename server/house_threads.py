"""The desk's view of written contacts: ``agent_assist.desk_threads.DeskThreads`` over ``server.written``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, cast

from agent_assist.desk_threads import ClosedBy, Colleague, Said, WrittenFile, WrittenList, WrittenPage
from agent_assist.written_sight import may_read, seen
from core.agent import Agent
from core.audit import Audit, Deed, Note, Thing
from core.events import AnyEvent, Event, MessageSent, TextReceived, Written, WrittenBy, now
from core.phone_numbers import is_mobile, normalised
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.texting import by_person
from server.dispatcher import Dispatcher
from server.readings import Readings
from server.written_parts import WrittenParts

CONTACTS: Final = 5
"""Written contacts of a person that are shown as one conversation."""
_OPEN: Final = "open"
"""What the list is called among the things that are read; contacts have ids of another form."""
TEXTS: Final = 100
"""Texts to that person's number that are looked through for those of calls."""


class HouseThreads:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        written: WrittenParts,
        store: Store,
        dispatcher: Dispatcher,
        audit: Audit,
        person_key: Callable[[str], str],
    ) -> None:
        """``person_key``: of a number, '' = withheld."""
        self._written = written
        self._audit = audit
        self._person_key = person_key
        self._readings = Readings()
        self._threads_store = store
        self._desks = dispatcher

    async def written_open(self, agent: Agent, *, address: str = "") -> WrittenList:
        """See ``DeskThreads``. A desk asks again with every change: that is one reading."""
        at = now()
        if self._readings.is_new(agent.id, _OPEN, at):
            await self._note(agent, "saw", "text", detail="open threads", address=address)
            self._readings.noted(agent.id, _OPEN, at)
        contacts = self._written.contacts
        all_open = (contact.now for contact in contacts.open)
        shown = sorted(
            (one for one in all_open if one.agent_id == "" or may_read(agent, one)), key=lambda one: one.opened
        )
        return WrittenList(
            written=[seen(agent, contacts.with_moments(one)) for one in shown], is_open=self._written.is_open()
        )

    async def written_closed(
        self, agent: Agent, *, limit: int, before: datetime | None, mine: bool, address: str = ""
    ) -> WrittenPage:
        """See ``DeskThreads``."""
        agent_id = agent.id if mine else None
        await self._note(agent, "searched", "text", detail="closed" + (", mine" if mine else ""), address=address)
        found: list[Written] = []
        while len(found) <= limit:  # whoever supervises a team alone reads on behind those of others
            page = await self._threads_store.threads.closed_written(limit=limit + 1, before=before, agent_id=agent_id)
            found += [one for one in page if may_read(agent, one)]
            if len(page) <= limit:
                break
            before = page[-1].last_at
        return WrittenPage(written=found[:limit], more=len(found) > limit)

    async def written_file(self, contact_id: str, agent: Agent, *, address: str = "") -> WrittenFile | None:
        """See ``DeskThreads``. A desk asks again with every word that comes: that is one reading."""
        contacts = self._written.contacts
        written = await contacts.find(contact_id)
        if written is None:
            return None
        changed = contacts.with_moments(written)
        if not may_read(agent, written):
            return WrittenFile(changed=seen(agent, changed), said=(), events=(), may_read=False)
        await self._note_reading(agent, written, address)
        events = await contacts.history(contact_id, 0)
        reply_to = await self._threads_store.call(written.reply_to) if written.reply_to else None
        return WrittenFile(
            changed=changed,
            said=await self._conversation(written, events),
            events=cast("list[AnyEvent]", events),
            reply_to=reply_to,
            may_answer=written.channel == "text" and is_mobile(written.party.number),
        )

    async def note_picture(self, photo_id: str, agent: Agent, *, address: str = "") -> None:
        """See ``DeskHouse``."""
        await self._note(agent, "saw", "text", subject=photo_id, detail="picture", address=address)

    async def _note_reading(self, agent: Agent, written: Written, address: str) -> None:
        at = now()
        if self._readings.is_new(agent.id, written.contact_id, at):
            person = "" if written.party.anonymous else self._person_key(normalised(written.party.number))
            await self._note(
                agent, "saw", "text", subject=written.contact_id, person=person, detail="thread", address=address
            )
            self._readings.noted(agent.id, written.contact_id, at)

    async def _note(self, agent: Agent, deed: Deed, thing: Thing, *, address: str, **more: str) -> None:
        await self._audit.note(Note(who=agent.id, deed=deed, thing=thing, address=address, **more))

    async def written_take(self, contact_id: str, agent_id: str) -> None:
        """See ``DeskThreads``."""
        await self._written.answering.take(contact_id, agent_id)

    async def written_hand(self, contact_id: str, agent_id: str, to: str) -> None:
        """See ``DeskThreads``."""
        await self._written.answering.hand(contact_id, agent_id, to)

    async def written_back(self, contact_id: str, agent_id: str) -> None:
        """See ``DeskThreads``."""
        await self._written.answering.give_back(contact_id, agent_id)

    async def written_close(self, contact_id: str, agent_id: str, reason: ClosedBy) -> None:
        """See ``DeskThreads``."""
        await self._written.answering.close(contact_id, agent_id, reason)

    def colleagues(self, agent_id: str) -> Sequence[Colleague]:
        """See ``DeskThreads``."""
        owing = self._written.contacts.owing()
        there = [agent for agent in self._desks.roster if agent.state != "away" and agent.id != agent_id]
        return sorted(
            (Colleague(id=one.id, name=one.name, state=one.state, owes=owing[one.id]) for one in there),
            key=lambda one: (one.owes, one.state != "ready", one.name),
        )

    async def _conversation(self, now: Written, events: Sequence[Event]) -> list[Said]:
        """All that was written with this person lately, oldest first."""
        said = self._bubbles(now.contact_id, events)
        if now.party.number:
            earlier = await self._threads_store.threads.thread(now.channel, now.party.number, limit=CONTACTS)
            for other in earlier:
                if other.contact_id != now.contact_id:
                    said += self._bubbles(other.contact_id, await self._written.contacts.history(other.contact_id, 0))
            there = {one.id for one in said}
            records = await self._threads_store.messages(to=now.party.number, limit=TEXTS)
            said += [self._bubble(record) for record in records if record.message_id not in there]
        return sorted(said, key=lambda one: one.at)

    def _bubbles(self, contact_id: str, events: Sequence[Event]) -> list[Said]:
        """The bubbles of one contact's line, each message of ours in its newest state at its first moment."""
        bubbles: dict[str, Said] = {}
        for event in events:
            if isinstance(event, TextReceived):
                bubbles[event.text_id] = Said(
                    id=event.text_id,
                    contact_id=contact_id,
                    at=event.at,
                    by="them",
                    text=event.text,
                    photos=event.photos,
                    refused=event.refused,
                )
            elif isinstance(event, MessageSent):
                known = bubbles.get(event.message_id)
                bubbles[event.message_id] = Said(
                    id=event.message_id,
                    contact_id=contact_id,
                    at=known.at if known is not None else event.at,
                    by=_by(event.by),
                    name=self._name_of_writer(event.by),
                    text=event.text,
                    state=event.state,
                    reason=event.reason,
                    due=event.due,
                )
        return list(bubbles.values())

    def _bubble(self, record: MessageRecord) -> Said:
        return Said(
            id=record.message_id,
            contact_id=record.call_id,
            at=record.at,
            by=_by(record.by),
            name=self._name_of_writer(record.by),
            text=record.text,
            state=record.state,
            reason=record.reason,
        )

    def _name_of_writer(self, by: str) -> str:
        return self._desks.roster.agent(by).name if self._desks.knows(by) else ""


def _by(by: str) -> WrittenBy:
    return "agent" if by_person(by) else "house"
