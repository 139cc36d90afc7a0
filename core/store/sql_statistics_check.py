"""Cells made anew from the facts, and compared with them: a second way to the same sums, by GROUP BY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store import schema_statistics as schema
from core.store.database import Database
from core.store.rows_statistics import CELL_KEYS, cell_row, summed
from core.store.sql_statistics_count import LOCK
from core.store.sql_statistics_names import Names
from core.store.statistics import FIELDS, Difference, Dimension
from core.store.statistics_cells import ALL, CUBES, DAILY, DAY, HOUR, HOURLY, MONTH, MONTHLY, Key, hour_of, levels

Cells = Mapping[Key, Sequence[int]]


class Checking:
    """One day or one month at a time, so that nobody waits long for the database."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    async def check_day(self, day: int) -> list[Difference]:
        """See ``StatisticsStore``."""
        await self._names.read()
        async with self._database.reading() as connection:
            cells = list(self._unequal(await self._kept_of_day(connection, day), await self._of_day(connection, day)))
            kept, computed = await self._kept_words(connection, day), await self._words(connection, day)
        return cells + [
            Difference(
                what=f"day {day} word '{word}'",
                field="contacts",
                kept=str(kept.get(word, 0)),
                computed=str(computed.get(word, 0)),
            )
            for word in sorted(kept.keys() | computed.keys())
            if kept.get(word, 0) != computed.get(word, 0)
        ]

    async def check_month(self, month: int) -> list[Difference]:
        """See ``StatisticsStore``."""
        await self._names.read()
        async with self._database.reading() as connection:
            kept = await self._cells(connection, _months(month))
            return list(self._unequal(kept, await self._of_month(connection, month)))

    async def rebuild_day(self, day: int) -> None:
        """See ``StatisticsStore``."""
        await self._names.read()
        async with self._database.writing(alone=LOCK) as connection:
            computed = await self._of_day(connection, day)
            for condition in _days(day):
                await connection.execute(sa.delete(schema.cells).where(condition))
            await self._insert(connection, computed)
            await connection.execute(sa.delete(schema.words).where(schema.words.c.day == day))
            words = await self._words(connection, day)
            rows = [{"day": day, "word": word, "contacts": count} for word, count in words.items()]
            await self._database.execute_all(connection, sa.insert(schema.words), rows)

    async def rebuild_month(self, month: int) -> None:
        """See ``StatisticsStore``."""
        await self._names.read()
        async with self._database.writing(alone=LOCK) as connection:
            computed = await self._of_month(connection, month)
            await connection.execute(sa.delete(schema.cells).where(_months(month)))
            await self._insert(connection, computed)

    async def _of_day(self, connection: AsyncConnection, day: int) -> Cells:
        """What the facts of a day add up to."""
        cells: dict[Key, list[int]] = defaultdict(lambda: [0] * len(FIELDS))
        facts = schema.facts.c
        for cube in DAILY:
            crossed = CUBES[cube]
            columns: list[Any] = [facts[dimension] for dimension in crossed]
            slot = facts.slot if cube in HOURLY else sa.literal(0)
            group = [slot, *columns]
            sums = [summed(facts[name]) for name in FIELDS]
            query = (
                sa.select(*(column.label(f"k{at}") for at, column in enumerate(group)), *sums)
                .where(facts.day == day)
                .group_by(*(sa.text(str(at + 1)) for at in range(len(group))))
            )
            for row in await connection.execute(query):
                total = row[len(group) :]
                for a, b in self._of_tree(crossed, row[1 : len(group)]):
                    _add(cells[Key(DAY, cube, day, a, b)], total)
                    if cube in HOURLY:
                        _add(cells[Key(HOUR, cube, hour_of(day, row[0]), a, b)], total)
        return cells

    def _of_tree(self, crossed: Sequence[Dimension], ids: Sequence[int]) -> Iterator[tuple[int, int]]:
        """A leaf counts for all nodes above it."""
        numbers = [
            [self._names.id("category", name) for name in levels(self._names.value(number))]
            if dimension == "category"
            else [number]
            for dimension, number in zip(crossed, ids, strict=True)
        ]
        first, second = [*numbers, [0], [0]][:2]
        yield from product(first, second)

    async def _of_month(self, connection: AsyncConnection, month: int) -> Cells:
        cells = schema.cells.c
        query = (
            sa.select(cells.cube, cells.a, cells.b, *(summed(cells[name]) for name in FIELDS))
            .where(cells.grain == DAY, cells.bucket.between(month * 100, month * 100 + 99))
            .group_by(cells.cube, cells.a, cells.b)
        )
        rows = await connection.execute(query)
        made: dict[Key, Sequence[int]] = {Key(MONTH, row[0], month, row[1], row[2]): row[3:] for row in rows}
        made.update(await self._by_month_alone(connection, month))
        return made

    async def _by_month_alone(self, connection: AsyncConnection, month: int) -> Cells:
        """Cells that no days make up: what the facts of the month add up to; as they are kept where some are gone."""
        cells, facts = schema.cells.c, schema.facts.c
        its_days = facts.day.between(month * 100, month * 100 + 99)
        if not await self._is_whole(connection, month):
            return await self._cells(connection, sa.and_(_months(month), cells.cube.in_(MONTHLY)))
        made: dict[Key, list[int]] = defaultdict(lambda: [0] * len(FIELDS))
        sums = [summed(facts[name]) for name in FIELDS]
        for cube in MONTHLY:
            crossed = CUBES[cube]
            columns: list[Any] = [facts[dimension] for dimension in crossed]
            for row in await connection.execute(sa.select(*columns, *sums).where(its_days).group_by(*columns)):
                for a, b in self._of_tree(crossed, row[: len(columns)]):
                    _add(made[Key(MONTH, cube, month, a, b)], row[len(columns) :])
        return made

    async def _is_whole(self, connection: AsyncConnection, month: int) -> bool:
        """Whether the facts of all days are there still (retention)."""
        cells, facts = schema.cells.c, schema.facts.c
        span = month * 100, month * 100 + 99
        count = sa.func.coalesce(sa.func.sum(facts.contacts + facts.calls_back), 0)
        there = (await connection.execute(sa.select(count).where(facts.day.between(*span)))).scalar_one()
        count = sa.func.coalesce(sa.func.sum(cells.contacts + cells.calls_back), 0)
        days = sa.select(count).where(cells.grain == DAY, cells.cube == ALL, cells.bucket.between(*span))
        return int(there) == int((await connection.execute(days)).scalar_one())

    async def _kept_of_day(self, connection: AsyncConnection, day: int) -> Cells:
        kept: dict[Key, Sequence[int]] = {}
        for condition in _days(day):
            kept |= await self._cells(connection, condition)
        return kept

    async def _cells(self, connection: AsyncConnection, condition: Any) -> Cells:
        rows = await connection.execute(sa.select(schema.cells).where(condition))
        return {Key(*row[: len(CELL_KEYS)]): row[len(CELL_KEYS) :] for row in rows}

    async def _words(self, connection: AsyncConnection, day: int) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        query = sa.select(schema.facts.c.words).where(schema.facts.c.day == day, schema.facts.c.words != "")
        for (words,) in await connection.execute(query):
            for word in words.split():
                counts[word] += 1
        return counts

    async def _kept_words(self, connection: AsyncConnection, day: int) -> dict[str, int]:
        query = sa.select(schema.words.c.word, schema.words.c.contacts).where(schema.words.c.day == day)
        return {row.word: row.contacts for row in await connection.execute(query)}

    async def _insert(self, connection: AsyncConnection, cells: Cells) -> None:
        rows = [cell_row(key, total) for key, total in sorted(cells.items()) if any(total)]
        await self._database.execute_all(connection, sa.insert(schema.cells), rows)

    def _unequal(self, kept: Cells, computed: Cells) -> Iterator[Difference]:
        nothing = (0,) * len(FIELDS)
        for key in sorted(kept.keys() | computed.keys()):
            pairs = zip(FIELDS, kept.get(key, nothing), computed.get(key, nothing), strict=True)
            for name, is_kept, is_computed in pairs:
                if is_kept != is_computed:
                    yield Difference(what=self._shown(key), field=name, kept=str(is_kept), computed=str(is_computed))

    def _shown(self, key: Key) -> str:
        grain = {HOUR: "hour", DAY: "day", MONTH: "month"}[key.grain]
        crossed = zip(CUBES[key.cube], (key.a, key.b), strict=False)
        return " ".join([f"{grain} {key.bucket}", *(f"{name}={self._names.value(a)}" for name, a in crossed)])


def _days(day: int) -> tuple[Any, Any]:
    """Cells of a day and of its hours, each a range of the primary key."""
    cells = schema.cells.c
    return (
        sa.and_(cells.grain == DAY, cells.cube.in_(list(CUBES)), cells.bucket == day),
        sa.and_(
            cells.grain == HOUR, cells.cube.in_(list(HOURLY)), cells.bucket.between(hour_of(day, 0), hour_of(day, 99))
        ),
    )


def _months(month: int) -> Any:
    cells = schema.cells.c
    return sa.and_(cells.grain == MONTH, cells.cube.in_(list(CUBES)), cells.bucket == month)


def _add(cell: list[int], total: Sequence[int]) -> None:
    for at, value in enumerate(total):
        cell[at] += value
