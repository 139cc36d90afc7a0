"""Departments, people and categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BadInput
from core.store.knowledge import Category, Department, InUse, Person
from core.store.resolving import closes_circle, inherited, lineage, parents
from core.store.rows_knowledge import cleaned, to_row
from core.store.schema_knowledge import categories, departments, entry_heads, entry_versions, people, tasks
from core.store.sql_shelf import KNOWLEDGE_LOCK, KnowledgePart, differs


class PeoplePart(KnowledgePart):
    """See ``core.store.knowledge.KnowledgeStore``."""

    async def add_records(self, records: Sequence[Department | Person | Category]) -> None:
        """Add many, whose ids are new, those that others name first; all or none."""
        if not records:
            return
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            for table, kind in ((departments, Department), (people, Person), (categories, Category)):
                rows = [to_row(record) for record in records if isinstance(record, kind)]
                await self._database.execute_all(connection, self._database.insert(table), rows)
            await self._records_changed(connection)

    async def departments(self) -> list[Department]:
        """All, by name."""
        async with self._database.reading() as connection:
            found = (await self.shelf(connection)).departments.values()
        return sorted(found, key=lambda record: (record.name, record.id))

    async def people(self) -> list[Person]:
        """All, by name."""
        async with self._database.reading() as connection:
            found = (await self.shelf(connection)).people.values()
        return sorted(found, key=lambda record: (record.name, record.id))

    async def categories(self) -> list[Category]:
        """All, parents before children, sisters by their place."""
        async with self._database.reading() as connection:
            known = (await self.shelf(connection)).categories
        above = parents(known.values())

        def way(record: Category) -> list[tuple[int, str, str]]:
            line = [known[category_id] for category_id in reversed(lineage(record.id, above))]
            return [(step.place, step.name, step.id) for step in line]

        return sorted(known.values(), key=way)

    async def put_department(self, record: Department) -> None:
        """Insert or replace. ``BadInput`` ('circle') when it would be above itself."""
        record = cleaned(record)
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            known = (await self.shelf(connection)).departments
            _no_circle(record.id, record.parent_id, parents(known.values()))
            await self._put(connection, departments, record, known)

    async def put_person(self, record: Person) -> None:
        """Insert or replace. ``BadInput`` ('circle') when the deputies lead back to her. Who moves to another
        department takes along the entries that she answered for in the old one."""
        record = cleaned(record)
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            known = (await self.shelf(connection)).people
            _no_circle(record.id, record.deputy_id, _deputy_of(known))
            before = known.get(record.id)
            if before is not None and before.department_id != record.department_id:
                await self._move(connection, before, record.department_id)
            await self._put(connection, people, record, known)

    async def put_category(self, record: Category) -> None:
        """Insert or replace. ``BadInput`` ('circle') when it would be below itself."""
        record = cleaned(record)
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            known = (await self.shelf(connection)).categories
            _no_circle(record.id, record.parent_id, parents(known.values()))
            await self._put(connection, categories, record, known)

    async def drop_department(self, department_id: str, *, heir_id: str = "") -> None:
        """Delete it; its entries, people, tasks and the departments below it go to ``heir_id``. ``InUse`` when there
        are some and no heir."""
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            shelf = await self.shelf(connection)
            known = shelf.departments
            if department_id not in known:
                return
            hers = [person for person in shelf.people.values() if person.department_id == department_id]
            below = [other for other in known.values() if other.parent_id == department_id]
            users = len(hers) + len(below) + await self._entries_naming(connection, "department_id", department_id)
            users += await self._open_tasks_of(connection, department_id)
            _has_heir(users, department_id, heir_id, known)
            if heir_id:
                await self._hand_over(connection, "department_id", department_id, heir_id)
                mine = sa.update(tasks).where(tasks.c.department_id == department_id)
                await connection.execute(mine.values(department_id=heir_id))
                theirs = sa.update(people).where(people.c.department_id == department_id)
                await connection.execute(theirs.values(department_id=heir_id))
                await self._rehang(
                    connection, departments, "parent_id", department_id, heir_id, parents(known.values())
                )
            await self._drop(connection, departments, department_id)

    async def drop_person(self, person_id: str, *, heir_id: str = "") -> None:
        """Delete; ``InUse`` when entries name her and there is no heir. Who had her as deputy gets the heir."""
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            known = (await self.shelf(connection)).people
            if person_id not in known:
                return
            users = await self._entries_naming(connection, "person_id", person_id)
            users += await self._entries_naming(connection, "deputy_id", person_id)
            _has_heir(users, person_id, heir_id, known)
            if heir_id:
                await self._hand_over(connection, "person_id", person_id, heir_id)
                await self._hand_over(connection, "deputy_id", person_id, heir_id)
            await self._rehang(connection, people, "deputy_id", person_id, heir_id, _deputy_of(known))
            await self._drop(connection, people, person_id)

    async def drop_category(self, category_id: str, *, heir_id: str = "") -> None:
        """Delete; its entries and children go to ``heir_id`` ('' = ``InUse`` when there are some)."""
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            known = (await self.shelf(connection)).categories
            if category_id not in known:
                return
            users = sum(other.parent_id == category_id for other in known.values())
            users += await self._entries_naming(connection, "category_id", category_id)
            _has_heir(users, category_id, heir_id, known)
            if heir_id:
                await self._hand_over(connection, "category_id", category_id, heir_id)
                await self._rehang(connection, categories, "parent_id", category_id, heir_id, parents(known.values()))
            await self._drop(connection, categories, category_id)

    async def _put(
        self, connection: AsyncConnection, table: sa.Table, record: Any, known: Mapping[str, msgspec.Struct]
    ) -> None:
        if known.get(record.id) == record:
            return
        await connection.execute(self._database.upsert(table, "id"), to_row(record))
        await self._records_changed(connection)
        if differs(record, known, record.id):
            await self._entries_changed(connection)

    async def _drop(self, connection: AsyncConnection, table: sa.Table, record_id: str) -> None:
        await connection.execute(sa.delete(table).where(table.c.id == record_id))
        await self._records_changed(connection)
        await self._entries_changed(connection)

    async def _rehang(
        self, connection: AsyncConnection, table: sa.Table, column: str, gone: str, heir: str, above: Mapping[str, str]
    ) -> None:
        for record_id, new in inherited(gone, heir, above).items():
            await connection.execute(sa.update(table).where(table.c.id == record_id).values({column: new}))

    async def _entries_naming(self, connection: AsyncConnection, column: str, record_id: str) -> int:
        query = (
            sa.select(sa.func.count(sa.distinct(entry_versions.c.entry_id)))
            .join(entry_heads, entry_heads.c.entry_id == entry_versions.c.entry_id)
            .where(_in_force(), entry_heads.c.state != "deleted", entry_versions.c[column] == record_id)
        )
        return (await connection.execute(query)).scalar() or 0

    async def _open_tasks_of(self, connection: AsyncConnection, department_id: str) -> int:
        query = sa.select(sa.func.count()).where(tasks.c.department_id == department_id, tasks.c.state == "open")
        return (await connection.execute(query)).scalar() or 0

    async def _hand_over(self, connection: AsyncConnection, column: str, gone_id: str, heir_id: str) -> None:
        # History follows as well: an old version that is restored must not name what is no longer there.
        for table in (entry_versions, entry_heads):
            if column in table.c:
                await connection.execute(sa.update(table).where(table.c[column] == gone_id).values({column: heir_id}))

    async def _move(self, connection: AsyncConnection, person: Person, department_id: str) -> None:
        if not person.department_id:
            return
        for table in (entry_versions, entry_heads):
            hers = sa.and_(table.c.person_id == person.id, table.c.department_id == person.department_id)
            await connection.execute(sa.update(table).where(hers).values(department_id=department_id))


def _in_force() -> sa.ColumnElement[bool]:
    return entry_versions.c.version.in_([entry_heads.c.version, entry_heads.c.published])


def _deputy_of(known: Mapping[str, Person]) -> dict[str, str]:
    return {person.id: person.deputy_id for person in known.values()}


def _no_circle(record_id: str, above_id: str, above: Mapping[str, str]) -> None:
    if above_id and closes_circle(record_id, above_id, above):
        raise BadInput(
            "자기 자신으로 되돌아옵니다. 다른 것을 고르세요. / It would lead back to itself: choose another.",
            code="circle",
        )


def _has_heir(users: int, gone_id: str, heir_id: str, known: Mapping[str, msgspec.Struct]) -> None:
    if heir_id and (heir_id == gone_id or heir_id not in known):
        raise BadInput("넘겨받을 곳이 없습니다. / There is nobody to take it over.", code="unknown")
    if users and not heir_id:
        raise InUse(
            f"{users}곳에서 쓰고 있습니다. 넘겨받을 곳을 고르세요. "
            f"/ It is used in {users} places: choose who takes over.",
            users,
        )
