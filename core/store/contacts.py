"""The counselling record: one per contact, whatever the channel, and the index that finds it.

The contract; ``sql_contacts`` keeps it in SQLite or PostgreSQL. A record has two halves: its course, which follows from
the contact's events and is written anew whenever they go on, and what people write (``Wording``), of which every
version is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

import msgspec

from core.events import Channel, FormValue, HeardValue, Speaker, TextState, TransferKind, TransferState
from core.store.knowledge import EditedMeanwhile

RecordState = Literal["draft", "unasked", "confirmed", "alone"]
"""'draft' = she has not looked yet; 'unasked' = the wrap-up is over, it waits on her list; 'alone' = nobody of ours
took part, and nobody is asked."""
FollowUpState = Literal["open", "done", "cancelled"]
LessonKind = Literal["category", "department", "result"]


class Guess(msgspec.Struct, frozen=True):
    """What a field may be."""

    value: str
    """As it would stand in the record."""
    sure: float
    """0..1."""


class CardKept(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the consultation database that was used."""

    entry_id: str
    """Which."""
    title: str
    """As it was called then."""
    version: int = 0
    """Which version of it, 0 = not known."""


class TextKept(msgspec.Struct, frozen=True, kw_only=True):
    """A text message that went to the person."""

    message_id: str
    """Which."""
    state: TextState
    """How far it has come."""
    by: str = ""
    """Which agent sent it, '' = the menu, 'rule:...' = a rule."""
    entry_id: str = ""
    """The card that it carries, '' = none."""


class PassedOn(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer and how it ended."""

    name: str
    """To whom: a department, a colleague; the number where no name is known."""
    kind: TransferKind
    """At once, or after a word with the other."""
    state: TransferState
    """How far it has come."""


class FormKept(msgspec.Struct, frozen=True, kw_only=True):
    """A form that the person filled in."""

    title: str
    """Its title in Korean."""
    values: tuple[FormValue, ...] = ()
    """Secret fields without their value."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """The half that people write."""

    category: str = ""
    """Path in the category tree, '>' between levels."""
    department: str = ""
    """Which department it concerns, by name."""
    district: str = ""
    """Part of the city that it concerns."""
    result: str = ""
    """The disposition's code (``records.results``)."""
    need: str = ""
    """What the person wanted, two sentences."""
    answer: str = ""
    """What was answered, two sentences."""


class ContactRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one contact."""

    contact_id: str
    """The contact's id, a call's or a written contact's."""
    place: int = 0
    """Its place among all, by which they are ordered: milliseconds since 1970 of its beginning, a little more where two
    began together. Given by the store."""
    number: str = ""
    """Under which the citizen finds it again (``core.receipt``), of no other contact. Given by the store."""
    channel: Channel = "call"
    """How it came."""
    at: datetime
    """When it began."""
    ended: datetime | None = None
    """When it was over, None = it goes on."""
    agent_id: str = ""
    """Who talked or wrote last, '' = nobody of ours."""
    agent_name: str = ""
    """Her name then."""
    person: str = ""
    """Person key (``core.person_key``), '' = the number was withheld."""
    last4: str = ""
    """Last four digits of the person's number."""
    language: str = "ko"
    """What was spoken, BCP 47."""
    wait_s: float = 0.0
    """Until a person answered, or until the end."""
    talk_s: float = 0.0
    """With a person of ours."""
    duration_s: float = 0.0
    """From beginning to end."""
    path: tuple[str, ...] = ()
    """Titles of the visual ARS's screens, in order."""
    forms: tuple[FormKept, ...] = ()
    """Forms that came in."""
    values: tuple[HeardValue, ...] = ()
    """What was said that fits into fields."""
    cards: tuple[CardKept, ...] = ()
    """Entries that were used, the most used first."""
    texts: tuple[TextKept, ...] = ()
    """Text messages to the person."""
    transfers: tuple[PassedOn, ...] = ()
    """To whom the caller was passed on."""
    promises: tuple[str, ...] = ()
    """What was promised, a sentence each: what a follow-up may be about."""
    categories: tuple[Guess, ...] = ()
    """What the category may be, the surest first."""
    departments: tuple[Guess, ...] = ()
    """What the department may be, the surest first."""
    results: tuple[Guess, ...] = ()
    """What the result may be, the surest first."""
    written: Wording = Wording()
    """What people write; in a draft, what they would."""
    state: RecordState = "draft"
    """How far the record is."""
    version: int = 0
    """How often it was kept, 0 = it is a draft."""
    by: str = ""
    """Who kept it last."""
    changed: datetime | None = None
    """When."""
    open_follow_ups: int = 0
    """How many are still to be done."""


def edited_meanwhile(record: ContactRecord) -> EditedMeanwhile:
    """What whoever comes second is told."""
    return EditedMeanwhile(
        f"그 사이 {record.by}이(가) 기록을 확정했습니다(현재 {record.version}판). "
        f"/ Meanwhile {record.by} has kept the record (now version {record.version}).",
        record.version,
    )


class RecordVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What a record said once."""

    contact_id: str
    """The contact."""
    version: int
    """From 1."""
    at: datetime
    """When it was kept."""
    by: str
    """Who, 'minwon' = the clock."""
    state: RecordState
    """What the record was from then on."""
    reason: str = ""
    """Why it was changed afterwards."""
    written: Wording
    """What it said."""


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is still to be done for a person."""

    follow_up_id: str
    """Its own id."""
    contact_id: str
    """The contact in which it was promised."""
    person: str = ""
    """For whom: the person key."""
    text: str
    """What."""
    owner: str
    """Sign-in name of who does it."""
    due: date
    """Until when."""
    callback_id: str = ""
    """The callback that it is, '' = it is none."""
    by: str = ""
    """Who wrote it down."""
    at: datetime
    """When."""
    state: FollowUpState = "open"
    """How far it is."""
    note: str = ""
    """What came of it."""
    done_by: str = ""
    """Who did it or took it back."""
    done_at: datetime | None = None
    """When."""


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance as a person heard it, beside what the recogniser had heard."""

    contact_id: str
    """The contact."""
    utterance: str
    """The utterance's id within the contact."""
    speaker: Speaker
    """Who spoke."""
    start: float
    """Seconds since the call began."""
    end: float
    """Seconds since the call began."""
    original: str
    """What the recogniser had heard."""
    text: str
    """What was said."""
    by: str
    """Who corrected it."""
    at: datetime
    """When."""
    reviewed_by: str = ""
    """The supervisor who looked at it, '' = nobody yet."""


class RecordLesson(msgspec.Struct, frozen=True, kw_only=True):
    """How often something went with what was confirmed (``records.learning``)."""

    kind: LessonKind
    """Of which field."""
    label: str
    """What the field was."""
    feature: str
    """What it went with: 'w:' a word, 'c:' a card, 'g:' what the draft had guessed; '' = all."""
    times: int
    """How often."""


class ContactQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. All of it must hold; what is empty is not asked."""

    words: tuple[str, ...] = ()
    """Each stands somewhere in the record, within a word too; at least two letters or digits each."""
    last4: str = ""
    """Last four digits of the number."""
    person: str = ""
    """Person key."""
    number: str = ""
    """The number that the citizen quotes, its digits."""
    since: datetime | None = None
    """Began then or later."""
    until: datetime | None = None
    """Began before."""
    channel: Channel | None = None
    agent_id: str = ""
    agents: tuple[str, ...] | None = None
    """One of these had it ('' = nobody of ours), None = that does not matter."""
    department: str = ""
    category: str = ""
    """With what is below it."""
    district: str = ""
    result: str = ""
    state: RecordState | None = None
    open_follow_up: bool = False
    before: int = 0
    """Page on: the place of the last one, 0 = from the newest."""
    limit: int = 50


class ContactsStore(Protocol):
    """The counselling record: one per contact, whatever the channel, and the index that finds it.

    Personal numbers in words are masked. Raises ``StoreFault`` when the database can't be used.
    """

    async def draft(self, record: ContactRecord) -> ContactRecord:
        """Keep what the contact's events say. What people have written stays: only the course follows. As it stands."""

    async def load(self, records: Iterable[ContactRecord]) -> int:
        """Insert many, in the order of their beginning, each batch whole; how many there were. ``BadInput`` where one
        is there already."""

    async def keep(
        self,
        contact_id: str,
        written: Wording,
        *,
        based_on: int,
        by: str,
        at: datetime,
        state: RecordState = "confirmed",
        reason: str = "",
        follow_ups: Sequence[FollowUp] = (),
    ) -> ContactRecord:
        """Add a version, with follow-ups that belong to it. ``EditedMeanwhile`` unless the newest one is ``based_on``
        (0 = the draft); ``Refused`` ('no_record')."""

    async def record(self, contact_id: str) -> ContactRecord | None:
        """One record."""

    async def records(self, contact_ids: Sequence[str]) -> dict[str, ContactRecord]:
        """Those that there are of these few hundred, by contact id."""

    async def versions(self, contact_id: str) -> list[RecordVersion]:
        """All versions, newest first."""

    async def find(self, query: ContactQuery) -> list[ContactRecord]:
        """Newest first."""

    async def count(self, *, person: str = "", since: datetime | None = None) -> int:
        """How many contacts of a person there were since then."""

    async def unasked(self, agent_id: str) -> int:
        """How many records wait on her list."""

    async def drafts(self) -> list[ContactRecord]:
        """Records of contacts that are over and whose draft nobody has looked at: after a restart."""

    async def put_follow_up(self, follow_up: FollowUp) -> None:
        """Insert or replace by ``follow_up_id``."""

    async def follow_up(self, follow_up_id: str) -> FollowUp | None:
        """One follow-up."""

    async def follow_ups(
        self,
        *,
        owner: str = "",
        owners: Collection[str] | None = None,
        person: str = "",
        contact_id: str = "",
        state: FollowUpState | None = "open",
        after: tuple[date, str] | None = None,
        limit: int = 100,
    ) -> list[FollowUp]:
        """The most urgent first; ``after`` pages on by (due, id). ``owners``: of these alone, None = of all."""

    async def put_correction(self, correction: Correction) -> None:
        """Insert or replace by contact and utterance; the original stays as it was first."""

    async def drop_correction(self, contact_id: str, utterance: str) -> None:
        """The recogniser was right."""

    async def corrections(
        self, *, contact_id: str = "", reviewed: bool | None = None, before: datetime | None = None, limit: int = 500
    ) -> list[Correction]:
        """Of one contact in the order of speech; of all, newest first."""

    async def add_lessons(self, lessons: Sequence[RecordLesson]) -> int:
        """Add these to the counts; the revision that has them."""

    async def lessons(self) -> list[RecordLesson]:
        """All counts."""

    async def lessons_revision(self) -> int:
        """Grows with every change of the counts, by whichever process."""

    async def drop_lessons(self, kind: LessonKind | None = None, label: str = "") -> int:
        """Forget what was learnt: of one label, of a field, of all (None); how many counts there were."""

    async def forget(self, contact_ids: Sequence[str]) -> int:
        """Delete these records with all that belongs to them; how many there were."""
