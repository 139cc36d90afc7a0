"""A table comes into the database while calls go on: batch after batch, each in one transaction with its progress.

An import that is broken off goes on where it was when the same file is given again with the same mapping: its rows up
to there are only read (numbers and copies have to be known), not written. What a row does not change gets no new
version. Parsing happens in a thread, so that the loop stays free.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from agent_assist.knowledge.columns import Field, Mapping
from agent_assist.knowledge.csv_table import protected
from agent_assist.knowledge.duplicates import Duplicate, Duplicates
from agent_assist.knowledge.entry_rows import EntryRows, Taken
from agent_assist.knowledge.notes import RowNote
from agent_assist.knowledge.table import Row, Table
from core.events import now as clock
from core.store.entry import Entry
from core.store.entry_names import Resolver, same_content
from core.store.ids import new_id
from core.store.knowledge import (
    EntryState,
    EntryVersion,
    ImportJob,
    ImportState,
    KnowledgeStore,
)

DuplicatePolicy = Literal["keep", "skip", "report"]
"""``report``: all are taken, copies are told; ``skip``: word for word copies are left out; ``keep``: nobody looks."""

BY_IMPORT: Final = "import"
_BATCH: Final = 500
_NOTES_LIMIT: Final = 100_000
"""Of each kind (rejected, remarks, copies) that are kept with their words; more are only counted."""
_HEADS_AT_ONCE: Final = 1000
_ALSO: Final[tuple[EntryState, ...]] = ("deleted",)
"""States that ``heads`` only gives when asked for."""
_NOT_READ: Final = frozenset[Field]({"id", "form"})
_REASON_LIMIT: Final = 100
_KINDS: Final = ("제외", "확인", "중복")


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to import."""

    source: str
    """Name of the file."""
    digest: str
    """See :func:`digest_of`."""
    duplicates: DuplicatePolicy = "report"
    batch: int = _BATCH
    """Rows of one transaction."""
    dry_run: bool = False
    """Only say what would be."""
    by: str = BY_IMPORT
    """Agent id of who imports."""


class ImportProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is."""

    rows: int
    """Of the file."""
    done: int = 0
    """Dealt with, and safe."""
    taken: int = 0
    """Of them in the database now, ``unchanged`` among them."""
    unchanged: int = 0
    """Said what the database said already."""
    rejected: int = 0
    remarks: int = 0
    resumed_at: int = 0
    """Rows that an earlier run had dealt with, 0 = none."""
    state: ImportState = "running"


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it so far."""

    progress: ImportProgress
    mapping: Mapping
    rejected: tuple[RowNote, ...] = ()
    """Rows left out."""
    remarks: tuple[RowNote, ...] = ()
    """Rows taken, with something that a person should look at."""
    duplicates: tuple[Duplicate, ...] = ()
    """Entries that say the same, word for word or nearly."""
    ignored_columns: tuple[str, ...] = ()
    """Columns that no field takes."""
    table_remarks: tuple[str, ...] = ()
    """About the file as a whole."""


def digest_of(
    data: bytes, mapping: Mapping, *, sheet: str = "", encoding: str = "", duplicates: DuplicatePolicy = "report"
) -> str:
    """Hash of the file and of how it is read: what has the same one is the same job."""
    how = msgspec.msgpack.encode(([each.field for each in mapping.columns], sheet, encoding, duplicates))
    return hashlib.blake2b(data, digest_size=16, key=hashlib.blake2b(how, digest_size=32).digest()).hexdigest()


class _Draft(msgspec.Struct, frozen=True):
    entry: Entry
    line: int


class _Batch(msgspec.Struct, frozen=True):
    """Some rows, read."""

    rows: int
    drafts: tuple[_Draft, ...]
    rejected: tuple[RowNote, ...]
    remarks: tuple[RowNote, ...]
    duplicates: tuple[Duplicate, ...]


class _Known(msgspec.Struct, frozen=True):
    """An entry of the database: its newest version, and the published one (0 = none)."""

    version: int
    published: int
    state: EntryState


class Importing:
    """One import. Iterate over it once: it gives its progress after each batch; the last one is 'done' or 'stopped'.

    Raises ``StoreFault`` when the database can't be used: batches before it are safe. ``BadInput`` where the file can't
    be read on, or has no title column. ``existing`` is what agents read now (``Store.entries``): copies of it are told,
    and what a row does not change is seen at once.
    """

    def __init__(
        self,
        table: Table,
        mapping: Mapping,
        store: KnowledgeStore,
        options: ImportOptions,
        *,
        existing: Sequence[Entry] = (),
        now: Callable[[], datetime] = clock,
    ) -> None:
        mapping.needs_title()
        self._table = table
        self._mapping = mapping
        self._store = store
        self._options = options
        self._existing = {entry.id: entry for entry in existing}
        self._now = now
        self._reading = EntryRows(mapping)
        self._copies = Duplicates(near=False)
        self._resolver = Resolver((), (), ())
        self._known: dict[str, _Known] = {}
        self._progress = ImportProgress(rows=0)
        self._rejected: list[RowNote] = []
        self._remarks: list[RowNote] = []
        self._duplicates: list[Duplicate] = []
        self._stopping = False

    def stop(self) -> None:
        """After the batch in hand."""
        self._stopping = True

    @property
    def report(self) -> ImportReport:
        """What came of it so far."""
        return ImportReport(
            progress=self._progress,
            mapping=self._mapping,
            rejected=tuple(self._rejected),
            remarks=tuple(self._remarks),
            duplicates=tuple(self._duplicates),
            ignored_columns=self._mapping.ignored(),
            table_remarks=self._table.remarks,
        )

    def __aiter__(self) -> AsyncIterator[ImportProgress]:
        return self._run()

    async def _run(self) -> AsyncIterator[ImportProgress]:
        job = await self._begin()
        yield self._progress
        rows = self._table.rows()
        while not self._stopping and (batch := await asyncio.to_thread(self._read, rows)).rows:
            job = await self._commit(batch, job)
            yield self._progress
        await self._end(job, "stopped" if self._stopping else "done")
        yield self._progress

    async def _begin(self) -> ImportJob:
        """What the database knows, and how far an earlier run came."""
        store, options = self._store, self._options
        total = await asyncio.to_thread(self._table.count)
        near = options.duplicates != "keep"
        existing = tuple(self._existing.values()) if near else ()
        self._copies = await asyncio.to_thread(lambda: Duplicates(existing, near=near))
        self._resolver = Resolver(await store.departments(), await store.people(), await store.categories())
        await self._know()
        earlier = None if options.dry_run else await store.job(options.digest)
        if earlier is not None and earlier.state != "done":
            self._progress = ImportProgress(rows=total, resumed_at=earlier.done)
            return msgspec.structs.replace(earlier, rows=total, state="running")
        self._progress = ImportProgress(rows=total)
        return ImportJob(
            job_id=new_id(),
            source=options.source,
            digest=options.digest,
            rows=total,
            by=options.by,
            at=self._now(),
        )

    async def _know(self) -> None:
        for state in (None, *_ALSO):
            after = ""
            while heads := await self._store.heads(state=state, after=after, limit=_HEADS_AT_ONCE):
                self._known |= {head.entry_id: _Known(head.version, head.published, head.state) for head in heads}
                after = heads[-1].entry_id

    def _read(self, rows: Iterator[Row]) -> _Batch:
        """The next rows. Runs in a thread; never two at a time."""
        left = self._progress.resumed_at - self._progress.done
        limit = min(self._options.batch, left) if left > 0 else self._options.batch
        drafts: list[_Draft] = []
        rejected: list[RowNote] = []
        remarks: list[RowNote] = []
        duplicates: list[Duplicate] = []
        count = 0
        for row in rows:
            count += 1
            taken = self._reading.take(row)
            remarks += [RowNote(line=row.line, reason=remark) for remark in taken.remarks]
            if (reason := self._left_out(taken, duplicates)) or taken.entry is None:
                rejected.append(RowNote(line=row.line, reason=reason))
            else:
                drafts.append(_Draft(taken.entry, row.line))
            if count >= limit:
                break
        return _Batch(count, tuple(drafts), tuple(rejected), tuple(remarks), tuple(duplicates))

    def _left_out(self, taken: Taken, duplicates: list[Duplicate]) -> str:
        """Why the row does not come in; '' when it does. Copies are noted."""
        if taken.entry is None or self._options.duplicates == "keep":
            return taken.rejected
        pairs = self._copies.find(taken.entry, taken.line)
        duplicates += pairs
        exact = next((pair for pair in pairs if pair.alike == 1.0), None)
        if self._options.duplicates != "skip" or exact is None or taken.entry.id in self._known:
            return ""
        self._copies.forget(taken.entry.id)
        where = f"{exact.other_line}행" if exact.other_line else f"이미 있는 항목 {exact.other_id}"
        return f"{where}과(와) 내용이 같아 뺍니다(중복) / a copy of {exact.other_line or exact.other_id}: left out"

    async def _commit(self, batch: _Batch, job: ImportJob) -> ImportJob:
        """The batch and the progress that it makes, safe or not at all."""
        progress = self._progress
        done = progress.done + batch.rows
        is_new = done > progress.resumed_at
        versions, unchanged, superseded = await self._versions(batch.drafts if is_new else ())
        after = msgspec.structs.replace(
            progress,
            done=done,
            taken=progress.taken + len(batch.drafts),
            unchanged=progress.unchanged + unchanged,
            rejected=progress.rejected + len(batch.rejected),
            remarks=progress.remarks + len(batch.remarks) + len(superseded),
        )
        job = msgspec.structs.replace(job, done=done, taken=after.taken, rejected=after.rejected)
        if is_new and not self._options.dry_run:
            await self._store.add_records(self._resolver.fresh())
            await self._store.add_versions(versions, job=job)
        self._progress = after
        self._note(self._rejected, batch.rejected)
        self._note(self._remarks, (*batch.remarks, *superseded))
        self._duplicates += batch.duplicates[: max(0, _NOTES_LIMIT - len(self._duplicates))]
        return job

    async def _versions(self, drafts: Sequence[_Draft]) -> tuple[list[EntryVersion], int, list[RowNote]]:
        """New versions, how many entries stay as they are, and a note for each draft that goes below."""
        at = self._now()
        why = f"{self._options.source[:_REASON_LIMIT]} 가져오기"
        versions: list[EntryVersion] = []
        superseded: list[RowNote] = []
        changed = [draft for draft in drafts if not self._stays(draft.entry)]
        there = await self._store.chosen_versions(
            {
                draft.entry.id: known.published or known.version
                for draft in changed
                if (known := self._known.get(draft.entry.id)) is not None
            }
        )
        for draft in changed:
            known, before = self._known.get(draft.entry.id), there.get(draft.entry.id)
            version = self._resolver.version(
                draft.entry, self._reading.fields, before, by=self._options.by, why=why, at=at
            )
            if known and known.published and same_content(version, before):
                continue
            versions.append(version)
            if known and (reason := _superseded(known)):
                superseded.append(RowNote(line=draft.line, reason=reason))
        return versions, len(drafts) - len(versions), superseded

    def _stays(self, entry: Entry) -> bool:
        known = self._known.get(entry.id)
        return known is not None and known.published > 0 and self._reads_the_same(entry)

    def _reads_the_same(self, entry: Entry) -> bool:
        """Whether agents read all that the row says already: spares asking for the version. Not knowing is no harm."""
        present = self._existing.get(entry.id)
        return present is not None and all(
            getattr(present, field) == getattr(entry, field) for field in self._reading.fields - _NOT_READ
        )

    async def _end(self, job: ImportJob, state: ImportState) -> None:
        rows = self._progress.rows if state == "stopped" else self._progress.done
        self._progress = msgspec.structs.replace(self._progress, state=state, rows=rows)
        if not self._options.dry_run:
            done = max(self._progress.done, job.done)
            await self._store.put_job(msgspec.structs.replace(job, state=state, rows=rows, done=done))

    def _note(self, notes: list[RowNote], more: Sequence[RowNote]) -> None:
        notes += more[: max(0, _NOTES_LIMIT - len(notes))]


def _superseded(known: _Known) -> str:
    if known.state in ("deleted", "withdrawn"):
        return "지웠거나 내렸던 항목을 되살립니다 / an entry that was deleted or withdrawn comes back"
    if known.version > known.published:
        return (
            f"편집 중이던 {known.version}판 위에 올립니다. 그 판은 이력에 남습니다 "
            "/ put above a draft, which stays in the history"
        )
    return ""


def report_csv(report: ImportReport) -> bytes:
    """Every row that was left out, is to be looked at, or is a copy: line, kind and reason.

    With a mark, so that a spreadsheet reads the Korean.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("행", "구분", "이유"))
    left_out, to_look_at, copies = _KINDS
    lines = [(note.line, left_out, note.reason) for note in report.rejected]
    lines += [(note.line, to_look_at, note.reason) for note in report.remarks]
    lines += [(pair.line, copies, copy_in_words(pair)) for pair in report.duplicates]
    table.writerows((line, kind, protected(reason)) for line, kind, reason in sorted(lines))
    return text.getvalue().encode("utf-8-sig", "replace")


def copy_in_words(pair: Duplicate) -> str:
    """'3행(번호 12)과 97 % 같습니다'."""
    where = f"{pair.other_line}행(번호 {pair.other_id})" if pair.other_line else f"이미 있는 항목 {pair.other_id}"
    other = f"line {pair.other_line}" if pair.other_line else f"entry {pair.other_id}"
    how = "내용이 같습니다" if pair.alike == 1.0 else f"{pair.alike:.0%} 비슷합니다"
    return f"{where}과(와) {how} / {'same as' if pair.alike == 1.0 else 'much like'} {other}"
