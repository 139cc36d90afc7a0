"""Counting lines that have ended or changed: new facts minus old ones, in one transaction with the facts' rows."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Event, from_json
from core.store import schema_statistics as schema
from core.store.database import Database, batches
from core.store.rows_statistics import CELL_KEYS, cell_row, fact_row, facts_of_row
from core.store.schema import events as event_table
from core.store.sql_statistics_names import Names
from core.store.statistics import FIELDS, ContactFacts, Counted, Read
from core.store.statistics_cells import Changes
from core.store.statistics_chain import AGAIN, as_counted, with_again

LOCK: Final = 0x6D696E7374  # 'minst': of all nodes one counts at a time
FORGOTTEN: Final = "statistics_forgotten"
"""Revision whose number is the first day that still has facts; 0 = all."""


async def note(database: Database, connection: AsyncConnection, lines: Iterable[str]) -> None:
    """These lines have ended or changed; in the transaction that stores their events."""
    insert = database.insert(schema.due)
    statement = insert.on_conflict_do_update(index_elements=["contact_id"], set_={"mark": insert.excluded.mark})
    rows = [{"contact_id": line, "mark": secrets.randbits(62)} for line in sorted(lines)]
    if rows:
        await connection.execute(statement, rows)


def changes_of(before: Mapping[str, ContactFacts], news: Mapping[str, ContactFacts]) -> dict[str, ContactFacts]:
    """New facts, and those of before that they change: who came again. ``before``: old facts of ``news``, and all
    of the same people from ``AGAIN`` before to ``AGAIN`` behind."""
    touched = [*news.values(), *(before[line] for line in news if line in before)]
    last = max((facts.started for facts in touched), default=None)
    known = {line: as_counted(before.get(line), facts) for line, facts in news.items()}
    told = with_again((dict(before) | known).values())
    return {
        line: facts
        for line, facts in told.items()
        # Whoever began later than all of them has its followers outside of what we know, and is not changed by them.
        if before.get(line) != facts and (line in news or (last is not None and facts.started <= last))
    }


def _told(read: Read, lines: Iterable[str], rows: Sequence[Any]) -> dict[str, ContactFacts | None]:
    events: dict[str, list[Event]] = defaultdict(list)
    for call_id, body in rows:
        events[call_id].append(from_json(body))
    return {line: read(events[line]) if line in events else None for line in lines}


class Counting:
    """Reads lines outside the transaction that writes: what has changed meanwhile is left for the next time."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    async def due(self, limit: int, only: Collection[str] | None = None) -> dict[str, int]:
        """Lines that wait to be counted, with their marks."""
        query = sa.select(schema.due).order_by(schema.due.c.contact_id).limit(limit)
        if only is not None:
            query = query.where(schema.due.c.contact_id.in_(only))
        async with self._database.reading() as connection:
            return {row.contact_id: row.mark for row in await connection.execute(query)}

    async def read(self, read: Read, kinds: Sequence[str], lines: Iterable[str]) -> dict[str, ContactFacts | None]:
        """What the stored events say of these lines."""
        told: dict[str, ContactFacts | None] = {}
        for some in batches(list(lines)):
            query = (
                sa.select(event_table.c.call_id, event_table.c.body)
                .where(event_table.c.call_id.in_(some), event_table.c.type.in_(kinds))
                .order_by(event_table.c.call_id, event_table.c.seq)
            )
            async with self._database.reading() as connection:
                rows = (await connection.execute(query)).all()
            # Reading takes a millisecond a line, most of it for Korean words: calls go on meanwhile.
            told |= await asyncio.to_thread(_told, read, some, rows)
        return told

    async def write(self, marks: Mapping[str, int], told: Mapping[str, ContactFacts | None]) -> Counted:
        """Count them, except those that were noted anew since their mark was read."""
        await self._names.know(facts for facts in told.values() if facts is not None)
        async with self._database.writing(alone=LOCK) as connection:
            lines = await self._unchanged(connection, marks)
            forgotten = await self._database.revision(connection, FORGOTTEN)
            olds = await self._facts(connection, schema.facts.c.contact_id.in_(lines))
            late = {
                line
                for line in lines
                if line not in olds and (facts := told[line]) is not None and facts.day < forgotten
            }
            # A line that nothing is left of (its events are gone by age) keeps the facts that it had.
            news = {line: facts for line in lines if line not in late and (facts := told[line]) is not None}
            touched = [*news.values(), *(olds[line] for line in news if line in olds)]
            before = await self._around(connection, touched) | olds
            changed = changes_of(before, news)
            changes = Changes()
            for line, facts in changed.items():
                changes.replace(before.get(line), facts, self._names.id)
            await self._keep(connection, changed.values(), changes)
            await self._done(connection, {line: marks[line] for line in lines})
        days = {facts.day for line in changed for facts in (before.get(line), changed[line]) if facts is not None}
        return Counted(lines=tuple(lines), over=tuple(news), changed=len(changed), days=frozenset(days), late=len(late))

    async def facts(self, lines: Iterable[str]) -> dict[str, ContactFacts]:
        """Kept facts of these lines."""
        await self._names.read()
        found: dict[str, ContactFacts] = {}
        for some in batches(list(lines)):
            async with self._database.reading() as connection:
                found |= await self._facts(connection, schema.facts.c.contact_id.in_(some))
        return found

    async def around(self, facts: Sequence[ContactFacts]) -> dict[str, ContactFacts]:
        """Kept facts of the same people within the days that matter to these."""
        async with self._database.reading() as connection:
            return await self._around(connection, facts)

    async def _unchanged(self, connection: AsyncConnection, marks: Mapping[str, int]) -> list[str]:
        query = sa.select(schema.due).where(schema.due.c.contact_id.in_(list(marks)))
        return [row.contact_id for row in await connection.execute(query) if marks[row.contact_id] == row.mark]

    async def _facts(self, connection: AsyncConnection, condition: Any) -> dict[str, ContactFacts]:
        rows = await connection.execute(sa.select(schema.facts).where(condition))
        return {row.contact_id: facts_of_row(row, self._names.value) for row in rows}

    async def _around(self, connection: AsyncConnection, facts: Sequence[ContactFacts]) -> dict[str, ContactFacts]:
        settled = [each for each in facts if each.settled]
        found: dict[str, ContactFacts] = {}
        if not settled:
            return found
        first, last = min(each.started for each in settled), max(each.started for each in settled)
        column = schema.facts.c
        for people in batches(sorted({each.person for each in settled})):
            in_reach = column.started.between(first - AGAIN, last + AGAIN)
            condition = sa.and_(column.person.in_(people), in_reach, column.settled == 1)
            found |= await self._facts(connection, condition)
        return found

    async def _keep(self, connection: AsyncConnection, facts: Collection[ContactFacts], changes: Changes) -> None:
        upsert = self._database.upsert(schema.facts, "contact_id")
        await self._database.execute_all(connection, upsert, [fact_row(each, self._names.id) for each in facts])
        await self._add(connection, changes)

    async def _add(self, connection: AsyncConnection, changes: Changes) -> None:
        """Add to cells and words."""
        insert = self._database.insert(schema.cells)
        more = {name: schema.cells.c[name] + insert.excluded[name] for name in FIELDS}
        statement = insert.on_conflict_do_update(index_elements=CELL_KEYS, set_=more)
        rows = [cell_row(key, cell) for key, cell in changes.kept()]
        await self._database.execute_all(connection, statement, rows)
        insert = self._database.insert(schema.words)
        more = {"contacts": schema.words.c.contacts + insert.excluded.contacts}
        statement = insert.on_conflict_do_update(index_elements=["day", "word"], set_=more)
        words = [
            {"day": day, "word": word, "contacts": count}
            for (day, word), count in sorted(changes.words.items())
            if count
        ]
        await self._database.execute_all(connection, statement, words)

    async def _done(self, connection: AsyncConnection, marks: Mapping[str, int]) -> None:
        column = schema.due.c
        # PostgreSQL: a note that came while we wrote has another mark now, and stays.
        statement = sa.delete(schema.due).where(
            column.contact_id == sa.bindparam("line"), column.mark == sa.bindparam("read")
        )
        rows = [{"line": line, "read": mark} for line, mark in marks.items()]
        await self._database.execute_all(connection, statement, rows)
