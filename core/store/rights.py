"""Time and rights: legal holds, the purge and its reports, one person's data.

The contract; ``sql_rights`` keeps it in SQLite or PostgreSQL. A line is what was said of one contact (its events).
What is purged of it goes in steps, each by its own term: its words, its texts, its person, at last the line itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, Protocol

import msgspec

from core.store.callbacks import CallbackRecord
from core.store.messages import MessageRecord

SubjectKind = Literal["contact", "person"]
Step = Literal["words", "texts", "records", "facts"]
"""What is taken from a line. 'records': the person and the counselling record. 'facts': the line and its fact."""
Kind = Literal["audio", "words", "texts", "records", "facts", "visits", "pictures", "audit"]
"""Kinds of data that have a term."""
KINDS: Final[tuple[Kind, ...]] = ("audio", "words", "texts", "records", "facts", "visits", "pictures", "audit")
RunState = Literal["running", "done", "stopped", "broken_off"]


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a hold is on."""

    kind: SubjectKind
    """A contact, or all contacts of a person."""
    id: str
    """Contact id, or person key."""


class LegalHold(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody must keep something: a case with the contacts and people that belong to it."""

    hold_id: str
    """Its own id."""
    title: str
    """The case in words: '2026구합123 손해배상'."""
    subjects: tuple[Subject, ...]
    """What it is on."""
    reason: str
    """Why, in words."""
    by: str
    """Who put it."""
    at: datetime
    """When."""
    until: date | None = None
    """The last day on which it holds, None = until somebody ends it."""
    ended_by: str = ""
    """Who ended it, '' = nobody."""
    ended_at: datetime | None = None
    """When."""
    ended_why: str = ""
    """Why."""

    def holds(self, today: date) -> bool:
        """Whether it is in force on that day."""
        return self.ended_at is None and (self.until is None or today <= self.until)


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """What a purge did with one kind."""

    kind: Kind
    """Which."""
    before: datetime
    """What is older went."""
    gone: int = 0
    """Contacts, recordings, links, lines of the log: how many."""
    held: int = 0
    """How many stayed because of a legal hold."""
    left: int = 0
    """How many could not be purged (a file that does not go, a contact that is not over) and are tried again."""
    freed: int = 0
    """Bytes of files that this gave back."""


class PurgeReport(msgspec.Struct, frozen=True, kw_only=True):
    """Proof of what was destroyed, when, by whom. Kept for good: it holds figures only."""

    report_id: str
    """Its own id."""
    begun: datetime
    """When the purge began."""
    beat: datetime
    """When it last said that it goes on; the end, once it is over."""
    state: RunState
    """'broken_off': its node died in it; the next one goes on where it was."""
    by: str
    """'minwon' = by itself; else who asked for it."""
    dry: bool = False
    """Only counted."""
    kinds: tuple[Purged, ...] = ()
    """What it did."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one small step of a purge did."""

    seen: int
    """Lines that were looked at; 0 = there are no more."""
    gone: int = 0
    held: int = 0
    left: int = 0
    at: datetime | None = None
    """Beginning of the last line that was seen: how far it is."""
    line: str = ""
    """Its id."""


class PersonFound(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of one person."""

    person: str
    """Person key."""
    contacts: tuple[str, ...]
    """Contact ids, oldest first: calls, written contacts, records, whichever know the person."""
    texts: int
    """Texts to her number, also those that belong to no contact."""
    callbacks: int
    """Callbacks to her number."""
    follow_ups: int
    """Promises to her."""
    recordings: int
    """Recordings of those contacts."""
    facts: int
    """Rows of statistics that know her key."""
    opted_out: bool
    """Whether she wants no texts."""
    held: tuple[str, ...]
    """Of these contacts: under a legal hold."""
    held_by: tuple[str, ...] = ()
    """Titles of the holds."""


class RightsStore(Protocol):
    """Raises ``StoreFault`` when the database can't be used."""

    async def put_hold(self, hold: LegalHold) -> None:
        """Insert or replace. From its return on nothing of it is purged, whatever runs."""

    async def holds(self) -> list[LegalHold]:
        """All that ever were, newest first."""

    async def held(self, contact_ids: Sequence[str], key: Callable[[str], str], today: date) -> set[str]:
        """Which of these contacts are under a hold: themselves, or their person."""

    async def begin_run(self, report: PurgeReport, patience_s: float) -> bool:
        """False when another one runs that said something within ``patience_s``; an older one is 'broken_off'."""

    async def tell_run(self, report: PurgeReport) -> None:
        """How far it is."""

    async def reports(self, *, limit: int = 100) -> list[PurgeReport]:
        """Newest first."""

    async def purge_lines(
        self, step: Step, *, before: datetime, key: Callable[[str], str], today: date, limit: int, dry: bool,
        after: tuple[datetime, str] | None = None,
    ) -> Batch:  # fmt: skip
        """Take that from the next lines that began earlier. Dry: nothing changes, ``after`` pages on."""

    async def purge_again(
        self, step: Step, *, key: Callable[[str], str], today: date, limit: int, after: str = ""
    ) -> Batch:
        """Look again at lines that were passed over."""

    async def sweep_again(self, step: Step) -> None:
        """Begin from the oldest line again: what was said late of old contacts is found."""

    async def kept_facts(self, today: date) -> tuple[list[str], list[str]]:
        """Contacts whose facts outlive their term, and people whose facts do, when the step 'facts' is done."""

    async def tidy(self) -> bool:
        """Leave nothing of what was deleted in the database's own files; False = not all, somebody reads it."""

    async def purge_loose(self, *, before: Mapping[Kind, datetime], today: date, key: Callable[[str], str]) -> Purged:
        """Links, ended sessions, texts and callbacks that belong to no line, gaps, quotes."""

    async def drop_recording(self, recording_id: str, key: Callable[[str], str], today: date) -> bool:
        """Its row with its key, unless its contact is held."""

    async def person(self, number: str, key: Callable[[str], str], today: date) -> PersonFound:
        """What there is of whoever has that number."""

    async def forget_person(
        self, contact_ids: Sequence[str], *, key: Callable[[str], str], today: date
    ) -> tuple[str, ...]:
        """Take words, texts, person and record from these lines; those that went. Those that are held, or not over,
        stay."""

    async def forget_number(self, number: str, person: str, *, keeping: Sequence[str]) -> int:
        """Take the number out of texts, callbacks and promises, but those of the contacts ``keeping``. How many."""

    async def contacts_of(self, person: str) -> list[str]:
        """Contacts whose record or fact has that person key."""

    async def texts_to(self, number: str) -> list[MessageRecord]:
        """All texts to a number, oldest first."""

    async def callbacks_to(self, number: str) -> list[CallbackRecord]:
        """All callbacks to a number, oldest first."""
