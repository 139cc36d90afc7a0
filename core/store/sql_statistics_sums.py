"""Sums for an answer: from the cells that are kept, else from the facts themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Refused
from core.store import schema_statistics as schema
from core.store.database import Database
from core.store.rows_statistics import summed
from core.store.sql_statistics_names import Names
from core.store.statistics import (
    FACT_DAYS,
    SEPARATOR,
    Dimension,
    Grain,
    Sums,
    Where,
    day_number,
    day_of,
    month_end,
)
from core.store.statistics_cells import CUBES, DAILY, DAY, HOUR, HOURLY, MONTH, MONTHLY, cube_of, levels, month_of

Totals = dict[tuple[int, int], list[int]]
"""Bucket and number of a value to sums."""
_DAY: Final = timedelta(days=1)


def pieces(first: date, last: date, grain: Grain) -> Iterator[tuple[int, int, int]]:
    """Which cells add up to these days: (grain of the cells, first bucket, last bucket). Whole months come as such,
    unless days are asked for."""
    if grain in ("hour", "clock"):
        yield HOUR, day_number(first) * 100, day_number(last) * 100 + 99
        return
    if grain == "day":
        yield DAY, day_number(first), day_number(last)
        return
    at = first
    while at <= last:
        end = month_end(at)
        if at.day == 1 and end <= last:
            while (further := month_end(end + _DAY)) <= last:
                end = further
            yield MONTH, month_of(day_number(at)), month_of(day_number(end))
        else:
            end = min(end, last)
            yield DAY, day_number(at), day_number(end)
        at = end + _DAY


class Summing:
    """Reads only."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    async def sums(
        self,
        fields: Sequence[str],
        *,
        first: date,
        last: date,
        grain: Grain,
        by: Dimension | None,
        under: str | None,
        where: Where,
        plain: bool,
    ) -> list[Sums]:
        """See ``StatisticsStore.sums``."""
        await self._names.read()
        ids = {dimension: await self._ids(dimension, values) for dimension, values in where.items()}
        cube = cube_of({*where, *([by] if by else [])})
        if by == "category" and "category" in where:
            cube = None  # a cell of the tree cannot be asked whose child it is
        hourly = grain in ("hour", "clock")
        async with self._database.reading() as connection:
            if cube in MONTHLY and not plain and grain in ("", "month"):
                found = await self._of_months(connection, fields, cube, first, last, grain, by, where, ids)
                told = self._tree(found, under) if by == "category" else found
            elif cube in DAILY and not plain and (not hourly or cube in HOURLY):
                cut = tuple(pieces(first, last, grain))
                found = await self._of_cells(connection, fields, cube, cut, grain, by, ids)
                told = self._tree(found, under) if by == "category" else found
            else:
                if (last - first).days >= FACT_DAYS and "agent" not in where and not plain:
                    raise Refused(
                        f"이 조합은 한 번에 {FACT_DAYS}일까지 볼 수 있습니다. 기간을 줄이거나 조건을 하나 빼세요 / "
                        f"this crossing can be asked for {FACT_DAYS} days at once: fewer days, or one condition less",
                        code="too_wide",
                    )
                found = await self._of_facts(connection, fields, first, last, grain, by, where)
                told = self._tree(self._up(found), under) if by == "category" else found
        lines = [
            Sums(bucket, self._names.value(number) if number else "", tuple(total))
            for (bucket, number), total in told.items()
            if any(total)
        ]
        return sorted(lines, key=lambda line: (line.bucket, line.value))

    async def _ids(self, dimension: Dimension, values: Sequence[str]) -> list[int]:
        if dimension == "category":  # what lies under another one that is asked for is in it already
            values = [v for v in values if not any(v != other and _lies_under(v, other) for other in values)]
        return await self._names.ids(dimension, dict.fromkeys(values))

    async def _of_cells(
        self,
        connection: AsyncConnection,
        fields: Sequence[str],
        cube: int,
        cut: Sequence[tuple[int, int, int]],
        grain: Grain,
        by: Dimension | None,
        ids: Mapping[Dimension, Sequence[int]],
    ) -> Totals:
        cells = schema.cells.c
        column = dict(zip(CUBES[cube], (cells.a, cells.b), strict=False))
        totals: Totals = defaultdict(lambda: [0] * len(fields))
        for size, start, end in cut:
            bucket: Any = _bucket(grain, size, cells.bucket)
            value: Any = column[by] if by else sa.literal(0)
            query = (
                sa.select(bucket.label("at"), value.label("value"), *(summed(cells[name]) for name in fields))
                .where(cells.grain == size, cells.cube == cube, cells.bucket.between(start, end))
                .where(*(column[dimension].in_(numbers) for dimension, numbers in ids.items()))
                .group_by(sa.text("1"), sa.text("2"))
            )
            _add(totals, await connection.execute(query))
        return totals

    async def _of_months(
        self,
        connection: AsyncConnection,
        fields: Sequence[str],
        cube: int,
        first: date,
        last: date,
        grain: Grain,
        by: Dimension | None,
        where: Where,
        ids: Mapping[Dimension, Sequence[int]],
    ) -> Totals:
        """Whole months from cells, the days before and behind them from the facts."""
        cut = list(pieces(first, last, grain))
        months = [piece for piece in cut if piece[0] == MONTH]
        totals = await self._of_cells(connection, fields, cube, months, grain, by, ids)
        for _size, start, end in (piece for piece in cut if piece[0] == DAY):
            found = await self._of_facts(connection, fields, day_of(start), day_of(end), grain, by, where)
            _add(totals, ((*key, *total) for key, total in (self._up(found) if by == "category" else found).items()))
        return totals

    async def _of_facts(
        self,
        connection: AsyncConnection,
        fields: Sequence[str],
        first: date,
        last: date,
        grain: Grain,
        by: Dimension | None,
        where: Where,
    ) -> Totals:
        facts = schema.facts.c
        cut: dict[Grain, Any] = {
            "": sa.literal(0),
            "hour": facts.day * 100 + facts.slot,
            "clock": _halved(facts.slot),
            "day": facts.day,
            "month": _month(facts.day),
        }
        value: Any = facts[by] if by else sa.literal(0)
        query = (
            sa.select(cut[grain].label("at"), value.label("value"), *(summed(facts[name]) for name in fields))
            .where(facts.day.between(day_number(first), day_number(last)), *await self.conditions(where))
            .group_by(sa.text("1"), sa.text("2"))
        )
        totals: Totals = defaultdict(lambda: [0] * len(fields))
        _add(totals, await connection.execute(query))
        return totals

    async def conditions(self, where: Where) -> list[Any]:
        """What a fact must fulfil."""
        wanted = []
        for dimension, values in where.items():
            if dimension == "category":
                values = [name for name in self._names.all("category") if any(_lies_under(name, v) for v in values)]
            wanted.append(schema.facts.c[dimension].in_(await self._names.ids(dimension, values)))
        return wanted

    def _up(self, found: Totals) -> Totals:
        """Sums of the leaves as sums of all nodes."""
        told: Totals = {}
        numbers = self._names.all("category")
        for (bucket, number), total in found.items():
            for name in levels(self._names.value(number)):
                at = bucket, numbers[name]
                told[at] = [a + b for a, b in zip(told.get(at, [0] * len(total)), total, strict=True)]
        return told

    def _tree(self, found: Totals, under: str | None) -> Totals:
        """Of all nodes those right under one, and what lies on that one itself."""
        if under is None:
            return found
        depth = under.count(SEPARATOR) + 1 if under else 0
        told: Totals = {}
        rest: dict[int, list[int]] = {}
        for (bucket, number), total in found.items():
            name = self._names.value(number)
            if under and name == under:
                rest[bucket] = [a + b for a, b in zip(rest.get(bucket, [0] * len(total)), total, strict=True)]
            elif name.count(SEPARATOR) == depth and (not under or _lies_under(name, under)):
                told[bucket, number] = total
                if under:
                    rest[bucket] = [a - b for a, b in zip(rest.get(bucket, [0] * len(total)), total, strict=True)]
        own = self._names.all("category").get(under, 0) if under else 0
        return told | {(bucket, own): total for bucket, total in rest.items()}


def _lies_under(name: str, other: str) -> bool:
    return name == other or name.startswith(other + SEPARATOR)


def _bucket(grain: Grain, size: int, bucket: Any) -> Any:
    match grain:
        case "":
            return sa.literal(0)
        case "clock":
            return _halved(bucket % 100)
        case "month":
            return bucket if size == MONTH else _month(bucket)
        case _:
            return bucket


def _halved(slot: Any) -> Any:
    return slot.op("/")(sa.literal_column("2"))  # both databases divide whole numbers into whole numbers


def _month(day: Any) -> Any:
    return day.op("/")(sa.literal_column("100"))


def _add(totals: Totals, rows: Any) -> None:
    for at, value, *sums in rows:
        total = totals[at, value]
        for place, number in enumerate(sums):
            total[place] += number
