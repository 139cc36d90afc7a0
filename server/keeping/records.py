"""Counselling records: drafted when a contact is over, confirmed by one key, kept as drafted when nobody is asked.

Follows the bus. A contact that ends gets its draft before the desk asks for it; who asks earlier (a caller was passed
on, and the call goes on without her) gets one of what was said until then. When an agent's wrap-up is over and she has
not confirmed, or has left the record of a written contact that she closed, the draft is kept 'unasked' and waits on her
list; it follows the line as long as nobody has touched it. Whatever is kept is told on the contact's line
(``RecordKept``), and from there taught.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from agent_assist.draft.written import as_spoken
from core import metrics
from core.bus.contract import Bus, Overflow
from core.dispositions import Disposition
from core.errors import MinwonError, Refused
from core.events import (
    AgentStateChanged,
    CallbackBooked,
    CallEnded,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    MessageSent,
    RecordDraft,
    RecordDrafted,
    RecordKept,
    RecordsToConfirm,
    now,
    standing,
)
from core.log import get_logger
from core.person_key import PersonKeys
from core.receipt import spoken_apart
from core.store.contacts import ContactRecord, ContactsStore, FollowUp, RecordState, Wording
from core.store.knowledge import EditedMeanwhile
from records.record.assembled import assembled
from records.record.course import course, is_over, number
from server.keeping.teaching import Teaching
from server.keeping.wrap_ups import WrapUps

log = get_logger("server.keeping")

QUEUE: Final = 1000
"""Events that may wait; whoever publishes more waits."""
CLOCK: Final = "minwon"
"""Who kept what nobody confirmed."""
TIDY_S: Final = 10.0
"""So often it is looked for records of written contacts that lie before nobody any more."""
_CONCERN: Final = (
    AgentStateChanged,
    CallEnded,
    CallbackBooked,
    ContactClosed,
    FormSent,
    MessageSent,
    RecordDrafted,
)


class KeepingRecords:
    """One for the node. ``run`` is its task."""

    def __init__(
        self,
        store: ContactsStore,
        bus: Bus,
        *,
        history: Callable[[str], Awaitable[Sequence[Event]]],
        say: Callable[[str, Event], Awaitable[bool]],
        draft: Callable[[Sequence[Event]], RecordDraft],
        words: Callable[[str], Sequence[str]],
        district: Callable[[str], str],
        person_keys: PersonKeys,
        results: Sequence[Disposition],
        teaching: Teaching,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``history``: all lasting events of a contact; ``say``: one more, also when it is over. ``draft``: what words
        and cards say; ``words``, ``district``: what a text is about, and where."""
        self.store = store
        self.results = tuple(results)
        self.teaching = teaching
        self._bus = bus
        self._history = history
        self._say = say
        self._draft_of = draft
        self._words = words
        self._district = district
        self._person_keys = person_keys
        self._clock = clock
        self._wrap_ups = WrapUps()
        self._to_teach: asyncio.Queue[ContactRecord] = asyncio.Queue(QUEUE)
        """Kept records that are still to be learnt from; beyond the limit one is not learnt from, counted."""

    async def open(self) -> None:
        """What was learnt; and drafts that a node before us left wait on their lists now."""
        await self.teaching.refresh()
        for record in await self.store.drafts():
            await self._unasked(record.contact_id)

    async def run(self) -> None:
        """Until cancelled. One contact's fault never touches another."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(), name="records")
            tasks.create_task(self._teach(), name="lessons of records")
            tasks.create_task(self._tidy(), name="records left lying")

    async def _follow(self) -> None:
        async with self._bus.subscribe(name="records", limit=QUEUE, overflow=Overflow.WAIT, only=_concerns) as events:
            async for event in events:
                await self._safely(self._take(event), event.call_id)

    async def _teach(self) -> None:
        """In the order in which records were kept: a lesson is taken back only after it was given."""
        while True:
            record = await self._to_teach.get()
            await self._safely(self._taught(record), record.contact_id)

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(TIDY_S)
            for contact_id in self._wrap_ups.lying(self._clock()):
                await self._safely(self._unasked(contact_id), contact_id)

    async def _taught(self, record: ContactRecord) -> None:
        await self.teaching.kept(record, standing(await self._history(record.contact_id)))

    async def _safely(self, work: Awaitable[None], contact_id: str) -> None:
        try:
            await work
        except MinwonError as fault:
            log.error("record.failed", call_id=contact_id, code=fault.code, reason=str(fault))
        except Exception as fault:
            log.exception("record.failed", call_id=contact_id, error=type(fault).__name__)

    async def _take(self, event: Event) -> None:
        match event:
            case CallEnded() | ContactClosed():
                record = await self.draft(event.call_id)
                if record is None:
                    return
                if isinstance(event, ContactClosed) and event.agent_id and event.agent_id == record.agent_id:
                    before = self._wrap_ups.closed(event.agent_id, event.call_id, self._clock())
                    if before:
                        await self._unasked(before)
                if not self._wrap_ups.has(record.agent_id, record.contact_id):
                    await self._unasked(record.contact_id)
            case AgentStateChanged():
                begins, left = self._wrap_ups.take(event)
                if begins:
                    await self.draft(begins)
                for contact_id in left:
                    await self._unasked(contact_id)
            case MessageSent() | RecordDrafted() | FormSent() if await self.store.record(event.call_id) is not None:
                record = await self.draft(event.call_id)
                if record is not None and isinstance(event, MessageSent):
                    await self._failed_answer(record, event)
            case CallbackBooked():
                await self._called_back(event)
            case _:
                pass

    async def draft(self, contact_id: str) -> ContactRecord | None:
        """The record of a contact that is over or in wrap-up, drawn anew; None when there is no such contact. What the
        clock has kept, and nobody has touched, is kept anew with what is known now."""
        events = list(await self._history(contact_id))
        if not events:
            return None
        if not any(isinstance(event, RecordDrafted) for event in events):
            line = standing(events)
            written = any(isinstance(event, ContactOpened) for event in line)
            made = self._draft_of(as_spoken(line) if written else line)
            events.append(RecordDrafted(draft=made, call_id=contact_id))
        await self.teaching.refresh()
        record = assembled(
            events,
            person=self._person_keys.key(number(events)),
            known=self.results,
            lessons=self.teaching.lessons,
            words=self._words,
            district=self._district,
        )
        stands = await self.store.draft(record)
        if stands.version and stands.by == CLOCK and stands.written != record.written:
            with suppress(EditedMeanwhile):  # somebody has touched it this moment
                return await self.keep(
                    contact_id, record.written, by=CLOCK, based_on=stands.version, state=stands.state
                )
        return stands

    async def record(self, contact_id: str) -> ContactRecord:
        """The record, drafted now if it is not there yet. ``Refused`` ('no_record')."""
        found = await self.store.record(contact_id) or await self.draft(contact_id)
        if found is None:
            raise Refused("상담 기록이 없습니다 / there is no such record", code="no_record")
        return found

    async def receipt(self, contact_id: str) -> str:
        """The number under which its citizen finds it again, as it is shown; '' = there is no such contact."""
        found = await self.store.record(contact_id) or await self.draft(contact_id)
        return spoken_apart(found.number) if found is not None else ""

    def person_key(self, number: str) -> str:
        """The key of whoever has that number, '' = it is none."""
        return self._person_keys.key(number)

    async def who(self, contact_id: str) -> tuple[str, str]:
        """Person key and agent of a contact, over or not; '' = withheld, nobody, or there is no such contact."""
        events = await self._history(contact_id)
        agent_id = course(events).get("agent_id", "") if events else ""
        return self._person_keys.key(number(events)), agent_id

    async def keep(
        self,
        contact_id: str,
        written: Wording,
        *,
        by: str,
        based_on: int,
        state: RecordState = "confirmed",
        reason: str = "",
        follow_ups: Sequence[FollowUp] = (),
    ) -> ContactRecord:
        """A person confirms or changes it. ``EditedMeanwhile`` when somebody else has kept it since."""
        kept = await self.store.keep(
            contact_id,
            written,
            based_on=based_on,
            by=by,
            at=self._clock(),
            state=state,
            reason=reason,
            follow_ups=follow_ups,
        )
        metrics.RECORDS_KEPT.labels(state=state).inc()
        log.info("record.kept", agent=by, call_id=contact_id, version=kept.version, state=state)
        await self._say(
            contact_id,
            RecordKept(
                version=kept.version,
                by=by,
                category=kept.written.category,
                department=kept.written.department,
                result=kept.written.result,
                district=kept.written.district,
                unasked=state != "confirmed",
            ),
        )
        self._wrap_ups.leave(contact_id)
        await self._safely(self._tell_waiting(kept.agent_id), contact_id)
        if by != CLOCK:
            try:
                self._to_teach.put_nowait(kept)
            except asyncio.QueueFull:
                metrics.LESSONS_DROPPED.inc()
        return kept

    async def later(self, contact_id: str) -> None:
        """Whoever closed that written contact does not confirm its record now: it waits on her list."""
        self._wrap_ups.leave(contact_id)
        record = await self.record(contact_id)
        if not self._wrap_ups.has(record.agent_id, contact_id):  # of a call the wrap-up decides
            await self._unasked(contact_id)

    async def undo(self, contact_id: str, *, by: str, based_on: int) -> ContactRecord:
        """She takes her confirmation back: what she wrote stays, and waits on her list. ``Refused`` ('not_yours')."""
        record = await self.record(contact_id)
        if record.by != by or record.state != "confirmed":
            raise Refused("자신이 확정한 기록만 되돌립니다 / you undo only what you have confirmed", code="not_yours")
        return await self.keep(contact_id, record.written, by=by, based_on=based_on, state="unasked", reason="undo")

    async def _tell_waiting(self, agent_id: str) -> None:
        if agent_id:
            waiting = await self.store.unasked(agent_id)
            await self._bus.publish(RecordsToConfirm(agent_id=agent_id, count=waiting))

    async def _unasked(self, contact_id: str) -> None:
        record = await self.store.record(contact_id)
        if record is None or record.version or not is_over(await self._history(contact_id)):
            return
        state: RecordState = "unasked" if record.agent_id else "alone"
        with suppress(EditedMeanwhile):  # she was quicker
            await self.keep(contact_id, record.written, by=CLOCK, based_on=0, state=state)

    async def _failed_answer(self, record: ContactRecord, sent: MessageSent) -> None:
        """An answer to a written contact that failed after its end, when nobody has it open any more: still to be done.
        While it is open the answer is owed again (``core.written``)."""
        is_answer = record.channel != "call" and sent.by and not sent.by.startswith("rule:")
        if sent.state != "failed" or not is_answer or record.ended is None or sent.at <= record.ended:
            return
        follow_up_id = f"failed-{sent.message_id}"
        if await self.store.follow_up(follow_up_id) is None:
            await self.store.put_follow_up(
                FollowUp(
                    follow_up_id=follow_up_id,
                    contact_id=record.contact_id,
                    person=record.person,
                    text="답 문자가 가지 않았습니다. 다시 보내거나 전화해야 합니다.",
                    owner=record.agent_id,
                    due=self._clock().astimezone().date(),
                    by=CLOCK,
                    at=sent.at,
                )
            )

    async def _called_back(self, event: CallbackBooked) -> None:
        """A callback is something that is still to be done, until it is done."""
        there = await self.store.follow_up(event.callback_id)
        if there is None and event.state == "booked" and event.call_id:
            await self.store.put_follow_up(
                FollowUp(
                    follow_up_id=event.callback_id,
                    contact_id=event.call_id,
                    person=self._person_keys.key(event.number),
                    text="콜백",
                    owner="",
                    due=self._clock().astimezone().date(),
                    callback_id=event.callback_id,
                    by=CLOCK,
                    at=event.at,
                )
            )
        elif there is not None and there.state == "open" and event.state in ("done", "failed", "cancelled"):
            state = "done" if event.state == "done" else "cancelled"
            await self.store.put_follow_up(
                replace(there, state=state, note=event.state, done_by=CLOCK, done_at=event.at)
            )


def _concerns(event: Event) -> bool:
    return isinstance(event, _CONCERN)
