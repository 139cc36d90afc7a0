"""One database, its transactions and its faults, for all parts of the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.engine import WRITES, async_engine, shown
from core.store.faults import faults
from core.store.schema import revisions

T = TypeVar("T")

_DIALECTS: Final = {"sqlite": sqlite, "postgresql": postgresql}
_BATCH: Final = 1000
"""Rows or ids in one statement: the event loop breathes between two."""


class Database:
    """An engine, and the one lock that our own writers queue at."""

    def __init__(self, target: sa.URL) -> None:
        self.shown = shown(target)
        self._engine = async_engine(target)
        self.dialect: Any = _DIALECTS[target.get_backend_name()]
        # SQLite has one writer: our own tasks queue here, fairly, instead of polling its lock.
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        async with self._transaction() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self, *, alone: int = 0) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes. ``alone`` names a lock of PostgreSQL: of all nodes, one at a time writes under
        it (SQLite has one writer anyway)."""
        async with self._writing, self._transaction(**WRITES) as connection:
            if alone and self.dialect is postgresql:
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(alone)))
            yield connection

    async def put(self, table: sa.Table, row: dict[str, Any], *keys: str) -> None:
        """Insert or replace one row, in a transaction of its own."""
        async with self.writing() as connection:
            await connection.execute(self.upsert(table, *keys), row)

    async def execute_all(self, connection: AsyncConnection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """The statement for every row, in batches."""
        for batch in batches(rows):
            await connection.execute(statement, batch)

    def insert(self, table: sa.Table) -> Any:
        """INSERT, in this database's dialect."""
        return self.dialect.insert(table)

    def upsert(self, table: sa.Table, *keys: str) -> Any:
        """INSERT that replaces the row with the same keys."""
        insert = self.dialect.insert(table)
        changed = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
        return insert.on_conflict_do_update(index_elements=list(keys), set_=changed)

    async def count_up(self, connection: AsyncConnection, name: str) -> None:
        """Raise the revision of that name."""
        first = self.insert(revisions).values(name=name, number=1)
        one_more = {"number": revisions.c.number + 1}
        await connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=one_more))

    async def revision(self, connection: AsyncConnection, name: str) -> int:
        """The revision of that name, 0 before the first change."""
        query = sa.select(revisions.c.number).where(revisions.c.name == name)
        return (await connection.execute(query)).scalar() or 0

    async def tidy(self) -> bool:
        """SQLite: empty the write-ahead log, in which the pages of before still stand; False = somebody reads it just
        now. (PostgreSQL: its autovacuum overwrites what was deleted.)"""
        if self.dialect is not sqlite:
            return True
        with faults(self.shown):
            async with self._writing, self._engine.connect() as connection:
                raw = await connection.get_raw_connection()
                # Not within a transaction, and SQLAlchemy begins one whatever is said.
                cursor = await raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
                busy = await cursor.fetchone()
                await cursor.close()
        return not busy[0]

    async def close(self) -> None:
        """Release all connections. Idempotent."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _transaction(self, **options: Any) -> AsyncIterator[AsyncConnection]:
        with faults(self.shown):
            async with self._engine.connect() as connection:
                await connection.execution_options(**options)
                async with connection.begin():
                    yield connection


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in pieces that one statement takes."""
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
