"""Departments, people and categories as they are now: read once, again only after somebody changed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.database import Database
from core.store.knowledge import Category, Department, Person
from core.store.resolving import Shelf
from core.store.rows_knowledge import to_record
from core.store.schema_knowledge import categories, departments, people

R = TypeVar("R", bound=msgspec.Struct)

RECORDS: Final = "records"
"""The revision that counts changes of departments, people and categories."""
ENTRIES: Final = "entries"
"""The revision that counts changes of what agents read."""
KNOWLEDGE_LOCK: Final = 0x6B6E6F77  # 'know': circles and version numbers are decided by one writer at a time


class KnowledgePart:
    """What all parts of ``SqlKnowledge`` share."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = Shelf()
        self._shelf_revision = -1

    async def shelf(self, connection: AsyncConnection) -> Shelf:
        """All records. In a writing transaction ask before anything is changed: what is not committed is no one's."""
        revision = await self._database.revision(connection, RECORDS)
        if revision != self._shelf_revision:
            self._shelf = Shelf(
                await self._read(connection, Department, sa.select(departments)),
                await self._read(connection, Person, sa.select(people)),
                await self._read(connection, Category, sa.select(categories)),
            )
            self._shelf_revision = revision
        return self._shelf

    async def revision(self) -> int:
        """The revision of what agents read."""
        async with self._database.reading() as connection:
            return await self._database.revision(connection, ENTRIES)

    async def _records_changed(self, connection: AsyncConnection) -> None:
        await self._database.count_up(connection, RECORDS)

    async def _entries_changed(self, connection: AsyncConnection) -> None:
        await self._database.count_up(connection, ENTRIES)

    async def _read(self, connection: AsyncConnection, kind: type[R], query: sa.Select[Any]) -> list[R]:
        return [to_record(kind, row) for row in await connection.execute(query)]

    async def _records(self, kind: type[R], query: sa.Select[Any]) -> list[R]:
        async with self._database.reading() as connection:
            return await self._read(connection, kind, query)

    async def _first(self, kind: type[R], query: sa.Select[Any]) -> R | None:
        found = await self._records(kind, query.limit(1))
        return found[0] if found else None


def differs(record: msgspec.Struct, before: Mapping[str, msgspec.Struct], key: str) -> bool:
    """Whether a record that was there is another one now; a new one differs from nothing."""
    return key in before and before[key] != record
