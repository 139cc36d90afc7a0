"""Values of dimensions and their numbers, known to this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

import sqlalchemy as sa

from core.store import schema_statistics as schema
from core.store.database import Database
from core.store.statistics import DIMENSIONS, ContactFacts, Dimension
from core.store.statistics_cells import values_of

Name = tuple[Dimension, str]
_LOOK_BACK: Final = 1000


class Names:
    """Numbers are never given back, so what was read once stays true."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: dict[Name, int] = {}
        self._names: dict[int, Name] = {}

    def id(self, dimension: Dimension, value: str) -> int:
        """Its number. It was asked for with ``know`` before."""
        return self._ids[dimension, value]

    def value(self, number: int) -> str:
        """What a number means. ``read`` was called since it was given."""
        return self._names[number][1]

    async def know(self, facts: Iterable[ContactFacts]) -> None:
        """Give a number to each value of these facts that has none, in a transaction of its own: an unused one does no
        harm."""
        wanted = {
            (dimension, value) for each in facts for dimension in DIMENSIONS for value in values_of(each, dimension)
        }
        if missing := sorted(wanted - self._ids.keys()):
            async with self._database.writing() as connection:
                insert = self._database.insert(schema.names).on_conflict_do_nothing()
                rows = [{"dimension": dimension, "value": value} for dimension, value in missing]
                await self._database.execute_all(connection, insert, rows)
            await self.read()

    async def read(self) -> None:
        """Learn what other processes have added."""
        newest = max(self._names, default=0)
        async with self._database.reading() as connection:
            # Two that add at once may commit in another order than that of their numbers: look back a little.
            query = sa.select(schema.names).where(schema.names.c.id > newest - _LOOK_BACK)
            for row in await connection.execute(query):
                name = cast("Name", (row.dimension, row.value))
                self._ids[name] = row.id
                self._names[row.id] = name

    async def ids(self, dimension: Dimension, values: Iterable[str]) -> list[int]:
        """Numbers of these values; those that never were are left out."""
        await self.read()
        return [self._ids[name] for value in values if (name := (dimension, value)) in self._ids]

    def all(self, dimension: Dimension) -> dict[str, int]:
        """Every value of a dimension that ``read`` has seen, with its number."""
        return {value: number for (of, value), number in self._ids.items() if of == dimension}
