"""What confirmed records taught (``records.learning``): counts, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from core.store.contacts import LessonKind, RecordLesson
from core.store.database import Database
from core.store.rows_knowledge import to_record
from core.store.schema_contacts import record_lessons

REVISION = "record_lessons"


class LessonsPart:
    """See ``core.store.contacts.ContactsStore``."""

    _database: Database

    async def add_lessons(self, lessons: Sequence[RecordLesson]) -> int:
        """Add these to the counts; the revision that has them."""
        sums: Counter[tuple[LessonKind, str, str]] = Counter()
        for lesson in lessons:
            sums[lesson.kind, lesson.label, lesson.feature] += lesson.times
        rows = [
            {"kind": kind, "label": label, "feature": feature, "times": times}
            for (kind, label, feature), times in sorted(sums.items())
            if times
        ]
        if not rows:
            return await self.lessons_revision()
        insert = self._database.insert(record_lessons)
        more = {"times": record_lessons.c.times + insert.excluded.times}
        add = insert.on_conflict_do_update(index_elements=["kind", "label", "feature"], set_=more)
        async with self._database.writing() as connection:
            await self._database.execute_all(connection, add, rows)
            await connection.execute(sa.delete(record_lessons).where(record_lessons.c.times <= 0))
            await self._database.count_up(connection, REVISION)
            return await self._database.revision(connection, REVISION)

    async def lessons(self) -> list[RecordLesson]:
        """All counts."""
        order = (record_lessons.c.kind, record_lessons.c.label, record_lessons.c.feature)
        async with self._database.reading() as connection:
            found = await connection.execute(sa.select(record_lessons).order_by(*order))
            return [to_record(RecordLesson, row) for row in found]

    async def lessons_revision(self) -> int:
        """Grows with every change of the counts, by whichever process."""
        async with self._database.reading() as connection:
            return await self._database.revision(connection, REVISION)

    async def drop_lessons(self, kind: LessonKind | None = None, label: str = "") -> int:
        """Forget what was learnt: of one label, of a field, of all (None); how many counts there were."""
        forget = sa.delete(record_lessons)
        if kind is not None:
            forget = forget.where(record_lessons.c.kind == kind)
        if label:
            forget = forget.where(record_lessons.c.label == label)
        async with self._database.writing() as connection:
            gone = (await connection.execute(forget)).rowcount
            if gone:
                await self._database.count_up(connection, REVISION)
            return gone
