"""What use taught, and how much was used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa

from core.store.knowledge import Lesson, Usage
from core.store.rows_knowledge import to_row
from core.store.schema_knowledge import entry_usage
from core.store.schema_knowledge import lessons as lesson_table
from core.store.sql_shelf import KnowledgePart

_COUNTS: Final = ("shown", "opened", "accepted", "dismissed", "sent")


class LearningPart(KnowledgePart):
    """See ``core.store.knowledge.KnowledgeStore``."""

    async def put_lessons(self, lessons: Sequence[Lesson]) -> None:
        """Insert or replace by (entry, term); a ``gain`` of 0 deletes."""
        latest = {(lesson.entry_id, lesson.term): lesson for lesson in lessons}
        kept = [to_row(lesson) for lesson in latest.values() if lesson.gain]
        gone = [{"entry": lesson.entry_id, "word": lesson.term} for lesson in latest.values() if not lesson.gain]
        forget = sa.delete(lesson_table).where(
            lesson_table.c.entry_id == sa.bindparam("entry"), lesson_table.c.term == sa.bindparam("word")
        )
        if not latest:
            return
        async with self._database.writing() as connection:
            await self._database.execute_all(connection, self._database.upsert(lesson_table, "entry_id", "term"), kept)
            await self._database.execute_all(connection, forget, gone)

    async def lessons(self) -> list[Lesson]:
        """All."""
        return await self._records(
            Lesson, sa.select(lesson_table).order_by(lesson_table.c.entry_id, lesson_table.c.term)
        )

    async def drop_lessons(self, entry_id: str | None = None) -> int:
        """Forget what was learnt, of one entry or of all (None)."""
        forget = sa.delete(lesson_table)
        if entry_id is not None:
            forget = forget.where(lesson_table.c.entry_id == entry_id)
        async with self._database.writing() as connection:
            return (await connection.execute(forget)).rowcount

    async def count_usage(self, usages: Sequence[Usage]) -> None:
        """Add these to what is there."""
        if not usages:
            return
        insert = self._database.insert(entry_usage)
        more = {name: entry_usage.c[name] + insert.excluded[name] for name in _COUNTS}
        add = insert.on_conflict_do_update(index_elements=["entry_id", "day"], set_=more)
        async with self._database.writing() as connection:
            await self._database.execute_all(connection, add, [to_row(usage) for usage in usages])

    async def usage(self, *, since: date) -> list[Usage]:
        """Summed by entry from that day on (``day`` = since)."""
        sums = [sa.func.sum(entry_usage.c[name]).label(name) for name in _COUNTS]
        query = (
            sa.select(entry_usage.c.entry_id, *sums)
            .where(entry_usage.c.day >= since)
            .group_by(entry_usage.c.entry_id)
            .order_by(entry_usage.c.entry_id)
        )
        async with self._database.reading() as connection:
            found = await connection.execute(query)
            return [
                Usage(entry_id=row.entry_id, day=since, **{name: int(row._mapping[name]) for name in _COUNTS})
                for row in found
            ]
