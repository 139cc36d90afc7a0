"""The consultation database as those who write it see it: versions, departments, people, tasks, what use taught.

Everybody else reads :class:`core.store.contract.Entry`, which is drawn from these records: an entry names its
department, category and people by id, so one change there shows in all entries. ``sql_knowledge`` keeps it in the same
database as everything else; one suite tests it on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

import msgspec

from core.errors import Refused
from core.events import IssueState
from core.store.entry import Attachment, Entry, Reference

EntryState = Literal["draft", "reviewed", "published", "withdrawn", "deleted"]
"""Agents see the newest published version, unless a withdrawn or deleted one came after it."""
TaskKind = Literal["correction", "review", "expiry", "owner_gone"]
TaskState = Literal["open", "done", "refused"]
SynonymState = Literal["proposed", "in_force", "off"]
GapState = Literal["open", "covered", "ignored"]
ImportState = Literal["running", "stopped", "done"]


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """A department of the city."""

    id: str
    name: str
    phone: str = ""
    """Given where an entry and its person have none."""
    hours: str = ""
    """Opening hours, in words."""
    parent_id: str = ""
    """The department above it, '' = none. Never in a circle."""
    closed: bool = False
    """No longer there: kept for old entries, not offered for new ones."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who answers for entries."""

    id: str
    name: str
    department_id: str = ""
    phone: str = ""
    duty: str = ""
    """What she does, in words."""
    deputy_id: str = ""
    """Who answers while she is absent, where the entry names nobody."""
    absent_from: date | None = None
    absent_until: date | None = None
    """The last day of absence; None with ``absent_from`` set = until further notice."""
    left: bool = False
    """No longer there."""


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the category tree."""

    id: str
    name: str
    parent_id: str = ""
    """'' = at the top. Never in a circle."""
    place: int = 0
    """Order among its sisters."""


class EntryVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one entry. Versions are only ever added; the newest published one is what agents see."""

    entry_id: str
    version: int
    """From 1, without a gap."""
    state: EntryState = "draft"
    title: str
    category_id: str = ""
    department_id: str = ""
    person_id: str = ""
    deputy_id: str = ""
    phone: str = ""
    """'' = the person's, else the department's."""
    hours: str = ""
    procedure: tuple[str, ...] = ()
    body: str = ""
    """Markdown."""
    keywords: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    links: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    message: str = ""
    expires: date | None = None
    review_by: date | None = None
    updated: date | None = None
    """When its content was last found right."""
    by: str = ""
    """Agent id of who wrote this version; 'import' for an import."""
    why: str = ""
    """What was changed and why, in words."""
    at: datetime


class EntryHead(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in a list: what its newest version is, and which one is published."""

    entry_id: str
    title: str
    category: str
    """Path of names, '>' between levels."""
    department_id: str
    department: str
    person: str
    state: EntryState
    """Of the newest version."""
    version: int
    """Of the newest version."""
    published: int
    """Number of the published version, 0 = none."""
    expires: date | None
    review_by: date | None
    updated: date | None
    at: datetime
    """When the newest version was written."""
    by: str
    person_id: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a department's owner has to do about an entry."""

    task_id: str
    kind: TaskKind
    entry_id: str
    version: int = 0
    """The version that was complained about."""
    department_id: str = ""
    note: str = ""
    """What is wrong, in words; personal numbers masked."""
    call_id: str = ""
    by: str = ""
    at: datetime
    state: TaskState = "open"
    answer: str = ""
    """What was done about it."""
    done_by: str = ""
    done_at: datetime | None = None


class Synonym(msgspec.Struct, frozen=True, kw_only=True):
    """A word of citizens and what offices call it."""

    lay: str
    """A noun, or a verb in its dictionary form ('떼다')."""
    office: tuple[str, ...]
    state: SynonymState = "in_force"
    seen: int = 0
    """How often use has shown it; for proposals."""
    by: str = ""
    """Agent id, '' = learnt."""
    at: datetime


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Something a caller said that found no good card. Personal numbers, telephones and addresses masked."""

    gap_id: str
    call_id: str
    text: str
    at: datetime
    state: GapState = "open"
    entry_id: str = ""
    """The entry that covers it now, '' = none."""


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """What use taught about one entry and one term; ``term`` '' is the entry by itself."""

    entry_id: str
    term: str
    gain: float
    """Accepted minus dismissed, decayed, as of ``at``."""
    times: int
    """Deeds that made it."""
    at: datetime
    """When ``gain`` was brought up to date."""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """How often an entry was used on one day."""

    entry_id: str
    day: date
    shown: int = 0
    opened: int = 0
    accepted: int = 0
    dismissed: int = 0
    sent: int = 0


class IssueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the issue radar saw; see ``core.events.IssueChanged``."""

    issue_id: str
    terms: tuple[str, ...]
    district: str = ""
    calls: int = 0
    usual: float = 0.0
    since: datetime
    quotes: tuple[str, ...] = ()
    entry_id: str = ""
    entry_title: str = ""
    state: IssueState = "rising"
    by: str = ""


class TermRate(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls speak of a term in one hour of the week, as a running mean."""

    term: str
    district: str
    slot: int
    """Hour of the week, 0 = Monday 00:00 to 01:00, local time."""
    mean: float
    weeks: float
    """How many weeks it rests on."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A list that a city keeps for itself as a whole (word lists of alerts, rules of what is to be said), in JSON.
    Every version is kept."""

    name: str
    version: int
    body: str
    by: str = ""
    why: str = ""
    at: datetime


class ImportJob(msgspec.Struct, frozen=True, kw_only=True):
    """An import, so that one that was broken off goes on where it was."""

    job_id: str
    source: str
    """Name of the file."""
    digest: str
    """Hash of file and mapping: the same file with the same mapping is the same job."""
    rows: int
    """Rows of the source."""
    done: int = 0
    """Rows dealt with; committed in the same transaction as their entries."""
    taken: int = 0
    rejected: int = 0
    state: ImportState = "running"
    by: str = ""
    at: datetime


class EditedMeanwhile(Refused):
    """Somebody else has saved this since it was opened; ``newest`` says which version there is now."""

    code = "edited_meanwhile"

    def __init__(self, message: str, newest: int) -> None:
        super().__init__(message)
        self.newest = newest


class InUse(Refused):
    """It cannot go while others name it; ``users`` says how many."""

    code = "in_use"

    def __init__(self, message: str, users: int) -> None:
        super().__init__(message)
        self.users = users


class KnowledgeStore(Protocol):
    """What editors, owners and the assistant's memory keep. Raises ``StoreFault`` when the database can't be used.

    Whatever changes what agents read raises ``Store.entries_revision`` in the same transaction.
    """

    # Entries.

    async def add_version(self, version: EntryVersion, *, based_on: int) -> None:
        """Add a version. ``EditedMeanwhile`` unless the newest one is ``based_on`` (0 = a new entry)."""

    async def add_versions(self, versions: Sequence[EntryVersion], *, job: ImportJob | None = None) -> None:
        """Add many, numbered by the store after what there is (``version`` is ignored), all or none, with the import's
        progress in the same transaction."""

    async def versions(self, entry_id: str) -> list[EntryVersion]:
        """All versions, newest first; none for an unknown entry."""

    async def version(self, entry_id: str, number: int = 0) -> EntryVersion | None:
        """One version; 0 = the newest."""

    async def chosen_versions(self, wanted: Mapping[str, int]) -> dict[str, EntryVersion]:
        """Of each entry the version of that number, where it has it; at most some hundred at a time."""

    async def heads(
        self,
        *,
        state: EntryState | None = None,
        category_id: str | None = None,
        department_id: str | None = None,
        text: str = "",
        due_before: date | None = None,
        after: str = "",
        limit: int = 50,
    ) -> list[EntryHead]:
        """Entries by id after ``after``; ``text`` is looked for in titles and ids, ``due_before`` finds what expires or
        is to be reviewed before that day, ``category_id`` takes what is below it along. Deleted ones only when asked
        for."""

    async def count_entries(self) -> dict[EntryState, int]:
        """How many entries stand in which state (of their newest version)."""

    async def resolved(self, version: EntryVersion, today: date) -> Entry:
        """That version as agents would read it."""

    # The records around them.

    async def add_records(self, records: Sequence[Department | Person | Category]) -> None:
        """Add many, whose ids are new, those that others name first; all or none."""

    async def departments(self) -> list[Department]:
        """All, by name."""

    async def put_department(self, record: Department) -> None:
        """Insert or replace. ``BadInput`` ('circle') when it would be above itself."""

    async def drop_department(self, department_id: str, *, heir_id: str = "") -> None:
        """Delete it; its entries, people and tasks go to ``heir_id``. ``InUse`` when there are some and no heir."""

    async def people(self) -> list[Person]:
        """All, by name."""

    async def put_person(self, record: Person) -> None:
        """Insert or replace. ``BadInput`` ('circle') when the deputies lead back to her."""

    async def drop_person(self, person_id: str, *, heir_id: str = "") -> None:
        """Delete; ``InUse`` when entries name her and there is no heir."""

    async def categories(self) -> list[Category]:
        """All, parents before children."""

    async def put_category(self, record: Category) -> None:
        """Insert or replace. ``BadInput`` ('circle') when it would be below itself."""

    async def drop_category(self, category_id: str, *, heir_id: str = "") -> None:
        """Delete; its entries and children go to ``heir_id`` ('' = ``InUse`` when there are some)."""

    # Tasks, synonyms, gaps, documents.

    async def put_task(self, record: Task) -> None:
        """Insert or replace."""

    async def add_tasks(self, records: Sequence[Task]) -> int:
        """Insert those whose id is not there yet, whatever their state; how many were new."""

    async def task(self, task_id: str) -> Task | None:
        """One task."""

    async def tasks(
        self,
        *,
        state: TaskState | None = None,
        department_id: str | None = None,
        entry_id: str | None = None,
        limit: int = 100,
        before: datetime | None = None,
    ) -> list[Task]:
        """Newest first; ``before`` pages on by ``at``."""

    async def put_synonym(self, record: Synonym) -> None:
        """Insert or replace by ``lay``. Raises the revision."""

    async def drop_synonym(self, lay: str) -> None:
        """Forget it. Raises the revision."""

    async def synonyms(self) -> list[Synonym]:
        """All, by ``lay``."""

    async def put_gap(self, record: Gap) -> None:
        """Insert or replace."""

    async def gaps(
        self, *, state: GapState | None = "open", since: datetime | None = None, limit: int = 2000
    ) -> list[Gap]:
        """Newest first."""

    async def put_document(self, record: Document, *, based_on: int) -> None:
        """Add a version. ``EditedMeanwhile`` unless the newest one is ``based_on`` (0 = the first). Raises the
        revision."""

    async def document(self, name: str, version: int = 0) -> Document | None:
        """One version, 0 = the newest."""

    async def document_versions(self, name: str, limit: int = 50) -> list[Document]:
        """Newest first."""

    # What use taught.

    async def put_lessons(self, lessons: Sequence[Lesson]) -> None:
        """Insert or replace by (entry, term); a ``gain`` of 0 deletes."""

    async def lessons(self) -> list[Lesson]:
        """All."""

    async def drop_lessons(self, entry_id: str | None = None) -> int:
        """Forget what was learnt, of one entry or of all (None)."""

    async def count_usage(self, usages: Sequence[Usage]) -> None:
        """Add these to what is there."""

    async def usage(self, *, since: date) -> list[Usage]:
        """Summed by entry from that day on (``day`` = since)."""

    # The radar and imports.

    async def put_issue(self, record: IssueRecord) -> None:
        """Insert or replace."""

    async def issues(self, *, limit: int = 50, before: datetime | None = None) -> list[IssueRecord]:
        """Newest first by ``since``."""

    async def put_rates(self, rates: Sequence[TermRate]) -> None:
        """Insert or replace by (term, district, slot)."""

    async def rates(self) -> list[TermRate]:
        """All."""

    async def put_job(self, record: ImportJob) -> None:
        """Insert or replace."""

    async def job(self, digest: str) -> ImportJob | None:
        """The newest one with that digest."""

    async def jobs(self, limit: int = 20) -> list[ImportJob]:
        """Newest first."""
