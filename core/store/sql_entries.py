"""Entries and their versions."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, get_args

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.database import batches
from core.store.entry import Entry
from core.store.knowledge import EditedMeanwhile, EntryHead, EntryState, EntryVersion, ImportJob
from core.store.resolving import Shelf
from core.store.rows_knowledge import cleaned, cleaned_row, to_record, to_row
from core.store.schema_knowledge import entry_heads, entry_versions, import_jobs
from core.store.sql_shelf import KNOWLEDGE_LOCK, KnowledgePart

_AT_ONCE: Final = 250
"""Versions read before other tasks have a turn."""
_TEXT_LIMIT: Final = 100
"""Characters of a search in titles that count."""
_HEAD_COLUMNS: Final = tuple(column.name for column in entry_heads.c if column.name in entry_versions.c)
_ENDS: Final[frozenset[EntryState]] = frozenset({"withdrawn", "deleted"})


class Head(msgspec.Struct, frozen=True):
    """Which version of an entry is the newest, and which one agents see."""

    version: int = 0
    published: int = 0


class EntriesPart(KnowledgePart):
    """See ``core.store.knowledge.KnowledgeStore``."""

    async def add_version(self, version: EntryVersion, *, based_on: int) -> None:
        """Add a version. ``EditedMeanwhile`` unless the newest one is ``based_on`` (0 = a new entry)."""
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            head = (await self._heads_of(connection, [version.entry_id])).get(version.entry_id, Head())
            if head.version != based_on:
                raise EditedMeanwhile(
                    f"그 사이 다른 사람이 저장했습니다(현재 {head.version}판). "
                    f"/ Somebody else has saved this meanwhile (now version {head.version}).",
                    head.version,
                )
            await self._add(connection, [cleaned(version)], {version.entry_id: head})

    async def add_versions(self, versions: Sequence[EntryVersion], *, job: ImportJob | None = None) -> None:
        """Add many, numbered after what there is, with the import's progress in the same transaction."""
        clean = await _clean(versions)
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            await self._add(connection, clean, await self._heads_of(connection, [each.entry_id for each in clean]))
            if job is not None:
                await connection.execute(self._database.upsert(import_jobs, "job_id"), to_row(job))

    async def versions(self, entry_id: str) -> list[EntryVersion]:
        """All versions, newest first; none for an unknown entry."""
        query = sa.select(entry_versions).where(entry_versions.c.entry_id == entry_id)
        return await self._records(EntryVersion, query.order_by(entry_versions.c.version.desc()))

    async def version(self, entry_id: str, number: int = 0) -> EntryVersion | None:
        """One version; 0 = the newest."""
        query = sa.select(entry_versions).where(entry_versions.c.entry_id == entry_id)
        if number:
            query = query.where(entry_versions.c.version == number)
        return await self._first(EntryVersion, query.order_by(entry_versions.c.version.desc()))

    async def chosen_versions(self, wanted: Mapping[str, int]) -> dict[str, EntryVersion]:
        """Of each entry the version of that number, where it has it; at most some hundred at a time."""
        if not wanted:
            return {}
        key = sa.tuple_(entry_versions.c.entry_id, entry_versions.c.version)
        found = await self._records(EntryVersion, sa.select(entry_versions).where(key.in_(list(wanted.items()))))
        return {version.entry_id: version for version in found}

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
        """Entries by id after ``after``, as people count (2 before 10); deleted ones only when asked for."""
        head = entry_heads.c
        query = sa.select(entry_heads).order_by(head.sort_key).limit(limit)
        query = query.where(head.state == state) if state else query.where(head.state != "deleted")
        if after:
            query = query.where(head.sort_key > sort_key(after))
        if text:
            wanted = unicodedata.normalize("NFC", text.replace("\0", ""))[:_TEXT_LIMIT]
            found = (column.icontains(wanted, autoescape=True) for column in (head.title, head.entry_id))
            query = query.where(sa.or_(*found))
        if due_before is not None:
            query = query.where(sa.or_(head.expires < due_before, head.review_by < due_before))
        async with self._database.reading() as connection:
            shelf = await self.shelf(connection)
            if category_id is not None:
                query = query.where(head.category_id.in_(shelf.below(category_id) or {category_id}))
            if department_id is not None:
                hers = [person.id for person in shelf.people.values() if person.department_id == department_id]
                through_person = sa.and_(head.department_id == "", head.person_id.in_(hers))
                query = query.where(sa.or_(head.department_id == department_id, through_person))
            return [_entry_head(row, shelf) for row in await connection.execute(query)]

    async def count_entries(self) -> dict[EntryState, int]:
        """How many entries stand in which state (of their newest version)."""
        counts: dict[EntryState, int] = dict.fromkeys(get_args(EntryState), 0)
        query = sa.select(entry_heads.c.state, sa.func.count().label("number")).group_by(entry_heads.c.state)
        async with self._database.reading() as connection:
            return counts | {row.state: row.number for row in await connection.execute(query)}

    async def resolved(self, version: EntryVersion, today: date) -> Entry:
        """That version as agents would read it."""
        async with self._database.reading() as connection:
            return (await self.shelf(connection)).entry(version, today)

    async def published(self, today: date) -> list[Entry]:
        """What agents read on that day, by id as people count."""
        async with self._database.reading() as connection:
            shelf = await self.shelf(connection)
            found = [shelf.entry(version, today) async for version in self._published(connection)]
        return await asyncio.to_thread(_in_order, found)

    async def _published(self, connection: AsyncConnection) -> AsyncIterator[EntryVersion]:
        query = sa.select(entry_versions).join(entry_heads, _is_published())
        result = await connection.stream(query.execution_options(yield_per=_AT_ONCE))
        async for row in result:
            yield to_record(EntryVersion, row)

    async def _published_of(self, connection: AsyncConnection, entry_ids: Sequence[str]) -> dict[str, EntryVersion]:
        found: dict[str, EntryVersion] = {}
        for some in batches(entry_ids):
            query = sa.select(entry_versions).join(entry_heads, _is_published())
            of_these = query.where(entry_versions.c.entry_id.in_(some))
            found |= {known.entry_id: known for known in await self._read(connection, EntryVersion, of_these)}
        return found

    async def _heads_of(self, connection: AsyncConnection, entry_ids: Iterable[str]) -> dict[str, Head]:
        head = entry_heads.c
        found: dict[str, Head] = {}
        for some in batches(list(dict.fromkeys(entry_ids))):
            query = sa.select(head.entry_id, head.version, head.published).where(head.entry_id.in_(some))
            found |= {row.entry_id: Head(row.version, row.published) for row in await connection.execute(query)}
        return found

    async def _add(
        self, connection: AsyncConnection, versions: Sequence[EntryVersion], heads: Mapping[str, Head]
    ) -> None:
        """Add versions that are clean; ``heads`` are their entries' heads as they are."""
        before, now = heads, dict(heads)
        numbered: list[dict[str, Any]] = []
        lines: dict[str, dict[str, Any]] = {}
        for version in versions:
            entry_id = version.entry_id
            row = cleaned_row(version) | {"version": now.get(entry_id, Head()).version + 1}
            now[entry_id] = head_after(now.get(entry_id, Head()), row["version"], version.state)
            numbered.append(row)
            lines[entry_id] = _head_row(row, now[entry_id])
        await self._database.execute_all(connection, sa.insert(entry_versions), numbered)
        heads_now = self._database.upsert(entry_heads, "entry_id")
        await self._database.execute_all(connection, heads_now, list(lines.values()))
        if any(now[known].published != before.get(known, Head()).published for known in lines):
            await self._entries_changed(connection)


def head_after(head: Head, number: int, state: EntryState) -> Head:
    """Which version is the newest and which one agents see, once that one was added."""
    if state == "published":
        return Head(number, number)
    return Head(number, 0 if state in _ENDS else head.published)


def sort_key(entry_id: str) -> str:
    """Orders ids as people count: 2 before 10."""
    return f"{len(entry_id):04d} {entry_id}"


def _in_order(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (len(entry.id), entry.id))


def _is_published() -> sa.ColumnElement[bool]:
    same_entry = entry_versions.c.entry_id == entry_heads.c.entry_id
    return sa.and_(same_entry, entry_versions.c.version == entry_heads.c.published)


def _head_row(row: Mapping[str, Any], head: Head) -> dict[str, Any]:
    more = {"sort_key": sort_key(row["entry_id"]), "published": head.published}
    return {name: row[name] for name in _HEAD_COLUMNS} | more


async def _clean(versions: Sequence[EntryVersion]) -> list[EntryVersion]:
    clean: list[EntryVersion] = []
    for some in batches(versions):
        clean += [cleaned(version) for version in some]
        await asyncio.sleep(0)  # others have a turn
    return clean


def _entry_head(row: sa.Row[Any], shelf: Shelf) -> EntryHead:
    values = {name: value for name, value in row._mapping.items() if name in EntryHead.__struct_fields__}
    person = shelf.people.get(row.person_id)
    own = row.department_id or (person.department_id if person else "")
    department = shelf.departments.get(own)
    return EntryHead(
        **(values | {"department_id": own}),
        category=shelf.path(row.category_id),
        department=department.name if department else "",
        person=person.name if person else "",
    )
