"""Facts of each contact, and the cells that statistics are summed from.

In SQLite or PostgreSQL. Counting, summing and checking have a file each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store import schema_statistics as schema
from core.store.database import Database
from core.store.rows_statistics import fact_row, facts_of_row, summed
from core.store.schema import events as event_table
from core.store.schema import revisions
from core.store.sql_statistics_check import Checking
from core.store.sql_statistics_count import FORGOTTEN, LOCK, Counting, changes_of, note
from core.store.sql_statistics_names import Names
from core.store.sql_statistics_sums import Summing
from core.store.statistics import ContactFacts, Counted, Difference, Dimension, Grain, Read, Sums, Where, day_number


class SqlStatistics:
    """See ``core.store.statistics.StatisticsStore``; ``SqlStore.statistics`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._names = Names(database)
        self._counting = Counting(database, self._names)
        self._summing = Summing(database, self._names)
        self._checking = Checking(database, self._names)

    async def note(self, connection: AsyncConnection, lines: Iterable[str]) -> None:
        """For ``SqlStore.append``: these lines have ended or changed."""
        await note(self._database, connection, lines)

    async def count(self, read: Read, kinds: Sequence[str], *, limit: int = 200) -> Counted:
        """Count lines that ended or changed since, by difference."""
        return await self._count(read, kinds, await self._counting.due(limit))

    async def recount(self, read: Read, kinds: Sequence[str], lines: Sequence[str]) -> Counted:
        """The same for these lines, noted or not."""
        async with self._database.writing() as connection:
            await note(self._database, connection, lines)
        return await self._count(read, kinds, await self._counting.due(len(lines), lines))

    async def _count(self, read: Read, kinds: Sequence[str], marks: dict[str, int]) -> Counted:
        if not marks:
            return Counted()
        return await self._counting.write(marks, await self._counting.read(read, kinds, marks))

    async def told(self, read: Read, kinds: Sequence[str], lines: Sequence[str]) -> dict[str, ContactFacts | None]:
        """What the stored events say of these lines, whatever was counted."""
        return await self._counting.read(read, kinds, lines)

    async def lines(self, *, after: str = "", limit: int = 500) -> list[str]:
        """Ids of lines that have events, in their order."""
        query = (
            sa.select(event_table.c.call_id)
            .where(event_table.c.call_id > after)
            .group_by(event_table.c.call_id)
            .order_by(event_table.c.call_id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def differences(self, read: Read, kinds: Sequence[str], lines: Sequence[str]) -> list[Difference]:
        """Where kept facts are not what the events say."""
        told = await self.told(read, kinds, lines)
        news = {line: facts for line, facts in told.items() if facts is not None}
        kept = await self._counting.facts(lines)
        before = kept | await self._counting.around([*news.values(), *kept.values()])
        changed = changes_of(before, news)
        return [
            difference
            for line, facts in sorted(changed.items())
            for difference in _differences(line, before.get(line), facts)
        ]

    async def days(self) -> list[int]:
        """Local days that have facts, all of them, in their order."""
        async with self._database.reading() as connection:
            forgotten = await self._database.revision(connection, FORGOTTEN)
            query = sa.select(schema.facts.c.day).where(schema.facts.c.day >= forgotten)
            query = query.distinct().order_by(schema.facts.c.day)
            return list((await connection.execute(query)).scalars())

    async def check_day(self, day: int) -> list[Difference]:
        """Where the cells of a day and its hours are not the sums of its facts."""
        return await self._checking.check_day(day)

    async def check_month(self, month: int) -> list[Difference]:
        """Where the cells of a month are not the sums of its days."""
        return await self._checking.check_month(month)

    async def rebuild_day(self, day: int) -> None:
        """Make cells and words of a day and its hours anew from its facts."""
        await self._checking.rebuild_day(day)

    async def rebuild_month(self, month: int) -> None:
        """Make the cells of a month anew from those of its days."""
        await self._checking.rebuild_month(month)

    async def sums(
        self,
        fields: Sequence[str],
        *,
        first: date,
        last: date,
        grain: Grain = "",
        by: Dimension | None = None,
        under: str | None = "",
        where: Where | None = None,
        plain: bool = False,
    ) -> list[Sums]:
        """Sums of these fields, in the order of bucket and value."""
        return await self._summing.sums(
            fields, first=first, last=last, grain=grain, by=by, under=under, where=where or {}, plain=plain
        )

    async def contacts(
        self,
        *,
        first: date,
        last: date,
        having: Sequence[str],
        where: Where | None = None,
        days: Sequence[int] = (),
        slots: Sequence[int] = (),
        after: tuple[int, datetime, str] | None = None,
        limit: int = 50,
    ) -> list[ContactFacts]:
        """Contacts for which the sum of these fields is above 0, newest first."""
        await self._names.read()
        facts = schema.facts.c
        order = facts.day, facts.started, facts.contact_id
        query = (
            sa.select(schema.facts)
            .where(facts.day.between(day_number(first), day_number(last)), *await self._summing.conditions(where or {}))
            .where(_signed(having) > 0)
            .order_by(*(column.desc() for column in order))
            .limit(limit)
        )
        if days:
            query = query.where(facts.day.in_(days))
        if slots:
            query = query.where(facts.slot.in_(slots))
        if after is not None:
            query = query.where(
                sa.tuple_(*order) < sa.tuple_(*(sa.literal(v, c.type) for v, c in zip(after, order, strict=True)))
            )
        return await self._facts(query)

    async def values(self, dimension: Dimension) -> list[str]:
        """All values that were ever counted."""
        await self._names.read()
        return sorted(self._names.all(dimension))

    async def words(self, *, first: date, last: date, least: int) -> dict[str, int]:
        """How many contacts of these days spoke of each word, of words with at least so many."""
        words = schema.words.c
        query = (
            sa.select(words.word, summed(words.contacts))
            .where(words.day.between(day_number(first), day_number(last)))
            .group_by(words.word)
            .having(sa.func.sum(words.contacts) >= least)
        )
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def began_since(self, moment: datetime) -> list[ContactFacts]:
        """Facts of contacts that began then or later, oldest first."""
        await self._names.read()
        # The local day may begin up to 14 hours before or behind: what the index needs, and no contact is missed.
        day = day_number(moment.date()) - 1
        query = sa.select(schema.facts).where(schema.facts.c.day >= day, schema.facts.c.started >= moment)
        return await self._facts(query.order_by(schema.facts.c.started, schema.facts.c.contact_id))

    async def load(self, facts: Sequence[ContactFacts]) -> None:
        """Put facts there in bulk, without events and cells."""
        await self._names.know(facts)
        async with self._database.writing(alone=LOCK) as connection:
            rows = [fact_row(each, self._names.id) for each in facts]
            await self._database.execute_all(connection, sa.insert(schema.facts), rows)

    async def tidy(self) -> None:
        """Let the database learn how much of what it has."""
        async with self._database.writing() as connection:
            for table in (schema.facts, schema.cells, schema.words):
                await connection.execute(sa.text(f"ANALYZE {table.name}"))

    async def cells(self) -> int:
        """How many cells are kept."""
        async with self._database.reading() as connection:
            return (await connection.execute(sa.select(sa.func.count()).select_from(schema.cells))).scalar_one()

    async def forget(self, *, before: date, keeping: Sequence[str] = (), people: Sequence[str] = ()) -> int:
        """Drop the facts of earlier days; the cells stay, and what is held."""
        number = day_number(before)
        async with self._database.writing(alone=LOCK) as connection:
            first = self._database.insert(revisions).values(name=FORGOTTEN, number=number)
            later = {"number": sa.case((revisions.c.number > number, revisions.c.number), else_=number)}
            await connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=later))
            old = sa.delete(schema.facts).where(schema.facts.c.day < number)
            free = schema.facts.c.contact_id.not_in(keeping), schema.facts.c.person.not_in(people)
            return (await connection.execute(old.where(*free))).rowcount

    async def forget_person(self, person: str) -> int:
        """Take the person out of all facts."""
        async with self._database.writing(alone=LOCK) as connection:
            update = sa.update(schema.facts).where(schema.facts.c.person == person).values(person="")
            return (await connection.execute(update)).rowcount

    async def _facts(self, query: Any) -> list[ContactFacts]:
        async with self._database.reading() as connection:
            return [facts_of_row(row, self._names.value) for row in await connection.execute(query)]


def _signed(fields: Sequence[str]) -> Any:
    """Their sum in one row, those with '-' in front taken away."""
    facts = schema.facts.c
    return sum((-facts[name[1:]] if name.startswith("-") else facts[name] for name in fields), start=sa.literal(0))


def _differences(line: str, kept: ContactFacts | None, computed: ContactFacts) -> list[Difference]:
    if kept is None:
        return [Difference(what=line, field="fact", kept="none", computed="is over, and counts")]
    return [
        Difference(what=line, field=name, kept=str(getattr(kept, name)), computed=str(value))
        for name, value in msgspec.structs.asdict(computed).items()
        if getattr(kept, name) != value
    ]
