"""What people do with records, at the desk and in the office: rights first, then the audit's note, then the deed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from msgspec.structs import replace

from core.agent import Agent
from core.audit import Audit, Deed, Note, Thing
from core.config.records import RecordsConfig
from core.dispositions import Disposition
from core.errors import BadInput, Refused
from core.events import Event, TranscriptFinal, now, standing
from core.record_forms import KeepRecord, UndoRecord
from core.store.contacts import ContactQuery, ContactRecord, Correction, FollowUp, LessonKind, edited_meanwhile
from core.store.knowledge import EditedMeanwhile
from records.learning.lessons import Lessons
from records.record.course import number
from records.record.forms import follow_ups_of, wording_of
from records.record.rights import may_read, may_write
from server.keeping.records import CLOCK, KeepingRecords

LONGEST: Final = 1000
"""Characters of a corrected utterance."""


class DeskOfRecords:
    """One for the node."""

    def __init__(
        self,
        keeping: KeepingRecords,
        config: RecordsConfig,
        audit: Audit,
        *,
        names: Callable[[], Mapping[str, str]],
        busy_with: Callable[[str], str],
        shelves: Callable[[], tuple[Sequence[str], Sequence[str], Sequence[str]]],
        titles: Callable[[], Mapping[str, str]],
        history: Callable[[str], Awaitable[Sequence[Event]]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``names``: of all who sign in; ``busy_with``: the contact that an agent has now or writes up, '' = none;
        ``shelves``: categories, departments and districts; ``titles``: of all entries, by id."""
        self.keeping = keeping
        self.config = config
        self.store = keeping.store
        self.shelves = shelves
        self.names = names
        self.busy_with = busy_with
        self.titles = titles
        self.clock = clock
        self.history = history
        self._audit = audit
        self._codes = {each.code for each in keeping.results}

    @property
    def results(self) -> tuple[Disposition, ...]:
        """What a record's result may be."""
        return self.keeping.results

    @property
    def lessons(self) -> Lessons:
        """What confirmed records have taught."""
        return self.keeping.teaching.lessons

    def may_write(self, record: ContactRecord, agent: Agent) -> bool:
        """Whether she may change it."""
        return may_write(agent, record, busy_with=self.busy_with(agent.id))

    def person_key(self, number: str) -> str:
        """Of a whole number that somebody typed, '' = it is none."""
        return self.keeping.person_key(number)

    def number_of(self, events: Sequence[Event]) -> str:
        """The person's number, '' = withheld."""
        return number(events)

    async def note(self, agent: Agent, deed: Deed, thing: Thing, *, address: str = "", **more: str) -> None:
        """Before the answer is given."""
        await self._audit.note(Note(who=agent.id, deed=deed, thing=thing, address=address, **more))

    async def read(self, contact_id: str, agent: Agent, *, address: str = "") -> ContactRecord:
        """A record that she may read. ``Refused``: 'no_record', 'not_yours'."""
        record = await self.keeping.record(contact_id)
        busy = self.busy_with(agent.id)
        if not may_write(agent, record, busy_with=busy):
            front = await self.store.record(busy) if busy else None
            if not may_read(agent, record, busy_with=busy, in_front=front.person if front else ""):
                raise _not_yours()
        await self.note(agent, "saw", "contact", subject=contact_id, person=record.person, address=address)
        return record

    async def writable(self, contact_id: str, agent: Agent) -> ContactRecord:
        """A record that she may change. ``Refused``: 'no_record', 'not_yours'."""
        record = await self.keeping.record(contact_id)
        if not may_write(agent, record, busy_with=self.busy_with(agent.id)):
            raise _not_yours()
        return record

    async def keep(self, contact_id: str, agent: Agent, what: KeepRecord, *, address: str = "") -> ContactRecord:
        """She confirms it, or changes it afterwards with a reason."""
        record = await self.writable(contact_id, agent)
        based_on = await self._follows(record, what.based_on)
        written = wording_of(what, record, self._codes)
        follow_ups = follow_ups_of(what.follow_ups, record, by=agent.id, at=self.clock(), known=self.names().keys())
        changed = [
            name for name in written.__struct_fields__ if getattr(written, name) != getattr(record.written, name)
        ]
        await self.note(
            agent,
            "changed",
            "record",
            subject=contact_id,
            person=record.person,
            reason=what.reason,
            detail=", ".join(changed),
            address=address,
        )
        keep = partial(
            self.keeping.keep, contact_id, written, by=agent.id, reason=what.reason.strip(), follow_ups=follow_ups
        )
        try:
            return await keep(based_on=based_on)
        except EditedMeanwhile:  # if by the clock: her wrap-up ended while she pressed the key
            return await keep(based_on=await self._follows(await self.keeping.record(contact_id), what.based_on))

    async def _follows(self, record: ContactRecord, based_on: int) -> int:
        """The version that hers is to follow: what the clock alone has kept since is nobody's word against hers.
        ``EditedMeanwhile`` when a person has kept it."""
        if record.version != based_on:
            since = [version for version in await self.store.versions(record.contact_id) if version.version > based_on]
            if not since or any(version.by != CLOCK for version in since):
                raise edited_meanwhile(record)
        return record.version

    async def later(self, contact_id: str, agent: Agent) -> int:
        """She confirms it another time; how many wait on her list."""
        await self.writable(contact_id, agent)
        await self.keeping.later(contact_id)
        return await self.store.unasked(agent.id)

    async def undo(self, contact_id: str, agent: Agent, what: UndoRecord, *, address: str = "") -> ContactRecord:
        """Her confirmation is taken back."""
        record = await self.writable(contact_id, agent)
        await self.note(
            agent, "changed", "record", subject=contact_id, person=record.person, detail="undo", address=address
        )
        return await self.keeping.undo(contact_id, by=agent.id, based_on=what.based_on)

    async def find(self, query: ContactQuery, agent: Agent, *, address: str = "") -> list[ContactRecord]:
        """Hers, or those of whom a supervisor oversees. The note tells which filters were asked, never the words."""
        query = self.within_sight(query, agent)
        unset = ContactQuery()
        asked = [name for name in query.__struct_fields__ if getattr(query, name) != getattr(unset, name)]
        asked = [name for name in asked if name not in ("before", "limit")]
        await self.note(agent, "searched", "contact", person=query.person, detail=", ".join(asked), address=address)
        return await self.store.find(query)

    def within_sight(self, query: ContactQuery, agent: Agent) -> ContactQuery:
        """The same query among what she may find."""
        if not agent.may("supervisor"):
            return replace(query, agent_id=agent.id)
        return query if agent.people is None else replace(query, agents=(*agent.people, ""))

    async def follow_up_done(
        self, follow_up_id: str, agent: Agent, *, note: str, cancelled: bool = False, address: str = ""
    ) -> FollowUp:
        """It is done, or not to be done. ``Refused``: 'no_follow_up', 'not_yours', 'taken' (it is closed already)."""
        one = await self._follow_up(follow_up_id, agent)
        await self.note(agent, "changed", "record", subject=one.contact_id, person=one.person, address=address)
        state = "cancelled" if cancelled else "done"
        closed = replace(one, state=state, note=note.strip(), done_by=agent.id, done_at=self.clock())
        await self.store.put_follow_up(closed)
        return closed

    async def follow_up_reopened(self, follow_up_id: str, agent: Agent, *, address: str = "") -> FollowUp:
        """It is still to be done after all."""
        one = await self._follow_up(follow_up_id, agent, is_open=False)
        await self.note(agent, "changed", "record", subject=one.contact_id, person=one.person, address=address)
        again = replace(one, state="open", note="", done_by="", done_at=None)
        await self.store.put_follow_up(again)
        return again

    async def correct(
        self, contact_id: str, agent: Agent, utterance: str, text: str, *, address: str = ""
    ) -> list[Correction]:
        """What was really said; '' or what was heard = the recogniser was right. All corrections of the contact."""
        record = await self.writable(contact_id, agent)
        text = text.strip()
        if len(text) > LONGEST:
            raise BadInput(f"{LONGEST}자까지입니다 / at most {LONGEST} characters", code="too_long")
        line = standing(await self.history(contact_id))
        heard = next((e for e in line if isinstance(e, TranscriptFinal) and e.utterance == utterance), None)
        if heard is None:
            raise Refused("그런 말이 없습니다 / there is no such utterance", code="no_utterance")
        await self.note(
            agent, "changed", "contact", subject=contact_id, person=record.person, detail="correction", address=address
        )
        if text in ("", heard.text):
            await self.store.drop_correction(contact_id, utterance)
        else:
            await self.store.put_correction(
                Correction(
                    contact_id=contact_id,
                    utterance=utterance,
                    speaker=heard.speaker,
                    start=heard.start,
                    end=heard.end,
                    original=heard.text,
                    text=text,
                    by=agent.id,
                    at=self.clock(),
                )
            )
        return await self.store.corrections(contact_id=contact_id)

    async def reviewed(self, contact_id: str, agent: Agent, utterance: str, *, address: str = "") -> list[Correction]:
        """A supervisor has looked at a correction; all of the contact. ``Refused`` ('no_utterance')."""
        there = await self.store.corrections(contact_id=contact_id)
        one = next((each for each in there if each.utterance == utterance), None)
        if one is None:
            raise Refused("그런 교정이 없습니다 / there is no such correction", code="no_utterance")
        await self.note(agent, "changed", "contact", subject=contact_id, detail="correction reviewed", address=address)
        await self.store.put_correction(replace(one, reviewed_by=agent.id))
        return await self.store.corrections(contact_id=contact_id)

    async def forget(self, kind: LessonKind | None, label: str, agent: Agent, *, address: str = "") -> int:
        """What was learnt is forgotten; how many counts there were."""
        detail = f"{kind or 'all'} {label}".strip()
        await self.note(agent, "deleted", "settings", subject="record lessons", detail=detail, address=address)
        return await self.keeping.teaching.forget(kind, label)

    async def _follow_up(self, follow_up_id: str, agent: Agent, *, is_open: bool = True) -> FollowUp:
        one = await self.store.follow_up(follow_up_id)
        if one is None:
            raise Refused("그런 후속 조치가 없습니다 / there is no such follow-up", code="no_follow_up")
        if not (agent.oversees(one.owner) or one.owner in ("", agent.id) or one.by == agent.id):
            raise _not_yours()
        if is_open is not (one.state == "open"):
            raise Refused("이미 바뀌었습니다 / it is changed already", code="taken")
        return one


def _not_yours() -> Refused:
    return Refused("이 상담 기록을 볼 권한이 없습니다 / this record is not yours", code="not_yours")
