"""The counselling records of ``FakeHouse``: drafted as the node drafts them, kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from agent_assist.desk_record import PersonSeen, RecordForm, Somebody
from core.agent import Agent
from core.bus.memory_bus import MemoryBus
from core.config.records import RecordsConfig
from core.dispositions import dispositions
from core.errors import Refused
from core.events import Event, RecordsToConfirm, now
from core.record_forms import KeepRecord, UndoRecord
from core.store.contacts import ContactRecord, FollowUp, Wording
from core.store.knowledge import EditedMeanwhile
from records.learning.lessons import Lessons
from records.record.assembled import assembled
from records.record.forms import follow_ups_of, promised, wording_of

RESULTS = dispositions(RecordsConfig().results)
TODAY = date(2026, 3, 2)


class FakeRecords:
    """A part of ``FakeHouse``."""

    lines: Mapping[str, list[Event]]
    bus: MemoryBus

    def __init__(self) -> None:
        self.records: dict[str, ContactRecord] = {}
        self.follow_ups: list[FollowUp] = []
        self.kept: list[KeepRecord] = []
        """What she has confirmed, in order."""
        self.people: dict[str, str] = {"kim": "김하늘", "lee": "이바다", "boss": "정감독"}
        self.seen = PersonSeen(count=0, days=183, contacts=(), follow_ups=(), results=RESULTS)
        """Who calls."""
        self.categories: Sequence[str] = ("교통>주차", "생활>환경", "생활>소음", "민원>여권")
        self.unasked = 0

    async def record_form(self, contact_id: str, agent: Agent) -> RecordForm:
        record = self._record(contact_id)
        return RecordForm(
            record=record,
            results=RESULTS,
            categories=self.categories,
            departments=("청소행정과", "교통과"),
            districts=("중앙동", "평화동"),
            follow_up=promised(record, owner=agent.id, today=TODAY, days=1),
            follow_ups=[one for one in self.follow_ups if one.contact_id == contact_id],
            owners=[Somebody(who, name) for who, name in self.people.items()],
        )

    async def keep_record(self, contact_id: str, agent: Agent, what: KeepRecord) -> ContactRecord:
        record = self._record(contact_id)
        if record.version != what.based_on:
            raise EditedMeanwhile("그 사이 확정되었습니다 / kept meanwhile", record.version)
        written = wording_of(what, record, {each.code for each in RESULTS})
        self.follow_ups += follow_ups_of(what.follow_ups, record, by=agent.id, at=now(), known=self.people)
        self.kept.append(what)
        return self.other_keeps(contact_id, written, agent.id)

    async def record_later(self, contact_id: str, agent: Agent) -> int:
        return self.unasked

    async def undo_record(self, contact_id: str, agent: Agent, what: UndoRecord) -> ContactRecord:
        record = self.records[contact_id]
        if record.by != agent.id or record.version != what.based_on:
            raise Refused("되돌릴 수 없습니다 / cannot be undone", code="not_yours")
        self.unasked += 1
        self.records[contact_id] = replace(record, state="unasked", version=record.version + 1)
        await self.bus.publish(RecordsToConfirm(agent_id=agent.id, count=self.unasked))
        return self.records[contact_id]

    async def records_waiting(self, _agent: Agent) -> int:
        return self.unasked

    async def person_seen(self, _contact_id: str, _agent: Agent) -> PersonSeen:
        return self.seen

    def other_keeps(self, contact_id: str, written: Wording, by: str) -> ContactRecord:
        """Somebody confirms it."""
        record = self._record(contact_id)
        state = "unasked" if by == "minwon" else "confirmed"
        kept = replace(record, written=written, state=state, version=record.version + 1, by=by, changed=now())
        self.records[contact_id] = kept
        return kept

    def _record(self, contact_id: str) -> ContactRecord:
        record = self.records.get(contact_id)
        if record is None or not record.version:
            record = assembled(
                self.lines[contact_id],
                person="k" * 32,
                known=RESULTS,
                lessons=Lessons(),
                words=str.split,
                district=lambda text: "중앙동" if "중앙동" in text else "",
            )
        return record
