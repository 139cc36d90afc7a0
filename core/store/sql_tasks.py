"""Tasks of owners, synonyms, gaps, and the documents that a city keeps for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.store.database import batches
from core.store.knowledge import Document, EditedMeanwhile, Gap, GapState, Synonym, Task, TaskState
from core.store.rows_knowledge import cleaned, to_row
from core.store.schema_knowledge import documents, gaps, synonyms, tasks
from core.store.sql_shelf import KNOWLEDGE_LOCK, KnowledgePart


class TasksPart(KnowledgePart):
    """See ``core.store.knowledge.KnowledgeStore``."""

    async def put_task(self, record: Task) -> None:
        """Insert or replace."""
        await self._database.put(tasks, to_row(record), "task_id")

    async def add_tasks(self, records: Sequence[Task]) -> int:
        """Insert those whose id is not there yet, whatever their state; how many were new."""
        insert = self._database.insert(tasks).on_conflict_do_nothing().returning(tasks.c.task_id)
        new = 0
        async with self._database.writing() as connection:
            for some in batches(records):
                new += len((await connection.execute(insert, [to_row(record) for record in some])).all())
        return new

    async def task(self, task_id: str) -> Task | None:
        """One task."""
        return await self._first(Task, sa.select(tasks).where(tasks.c.task_id == task_id))

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
        query = sa.select(tasks).order_by(tasks.c.at.desc(), tasks.c.task_id.desc()).limit(limit)
        if state is not None:
            query = query.where(tasks.c.state == state)
        if department_id is not None:
            query = query.where(tasks.c.department_id == department_id)
        if entry_id is not None:
            query = query.where(tasks.c.entry_id == entry_id)
        if before is not None:
            query = query.where(tasks.c.at < before)
        return await self._records(Task, query)

    async def put_synonym(self, record: Synonym) -> None:
        """Insert or replace by ``lay``."""
        async with self._database.writing() as connection:
            await connection.execute(self._database.upsert(synonyms, "lay"), to_row(record))
            await self._entries_changed(connection)

    async def drop_synonym(self, lay: str) -> None:
        """Forget it."""
        async with self._database.writing() as connection:
            if (await connection.execute(sa.delete(synonyms).where(synonyms.c.lay == lay))).rowcount:
                await self._entries_changed(connection)

    async def synonyms(self) -> list[Synonym]:
        """All, by ``lay``."""
        return await self._records(Synonym, sa.select(synonyms).order_by(synonyms.c.lay))

    async def put_gap(self, record: Gap) -> None:
        """Insert or replace."""
        await self._database.put(gaps, to_row(record), "gap_id")

    async def gaps(
        self, *, state: GapState | None = "open", since: datetime | None = None, limit: int = 2000
    ) -> list[Gap]:
        """Newest first."""
        query = sa.select(gaps).order_by(gaps.c.at.desc(), gaps.c.gap_id.desc()).limit(limit)
        if state is not None:
            query = query.where(gaps.c.state == state)
        if since is not None:
            query = query.where(gaps.c.at >= since)
        return await self._records(Gap, query)

    async def put_document(self, record: Document, *, based_on: int) -> None:
        """Add a version. ``EditedMeanwhile`` unless the newest one is ``based_on`` (0 = the first)."""
        record = cleaned(record)
        newest = sa.select(sa.func.max(documents.c.version)).where(documents.c.name == record.name)
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            there = (await connection.execute(newest)).scalar() or 0
            if there != based_on:
                raise EditedMeanwhile(
                    f"그 사이 다른 사람이 저장했습니다(현재 {there}판). "
                    f"/ Somebody else has saved this meanwhile (now version {there}).",
                    there,
                )
            await connection.execute(sa.insert(documents), to_row(record) | {"version": based_on + 1})
            await self._entries_changed(connection)

    async def document(self, name: str, version: int = 0) -> Document | None:
        """One version, 0 = the newest."""
        query = sa.select(documents).where(documents.c.name == name).order_by(documents.c.version.desc())
        if version:
            query = query.where(documents.c.version == version)
        return await self._first(Document, query)

    async def document_versions(self, name: str, limit: int = 50) -> list[Document]:
        """Newest first."""
        query = sa.select(documents).where(documents.c.name == name).order_by(documents.c.version.desc())
        return await self._records(Document, query.limit(limit))
