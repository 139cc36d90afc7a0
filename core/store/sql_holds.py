"""Legal holds, and what they hold. Whatever purges asks :func:`held_lines` in its own transaction, under ``LOCK``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.database import Database, batches
from core.store.rights import LegalHold, Subject
from core.store.schema import calls
from core.store.schema_contacts import contacts
from core.store.schema_rights import holds
from core.store.schema_statistics import facts
from core.store.schema_threads import written_contacts

LOCK: Final = 0x6D77_0011
"""Lock of PostgreSQL: holds are put, and anything is purged, by one node at a time."""
Key = Callable[[str], str]
"""The person key of a number."""


class HoldsPart:
    """Of ``SqlRights``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_hold(self, hold: LegalHold) -> None:
        """See ``RightsStore``."""
        row = msgspec.structs.asdict(hold) | {"subjects": msgspec.json.encode(hold.subjects).decode()}
        async with self._database.writing(alone=LOCK) as connection:
            await connection.execute(self._database.upsert(holds, "hold_id"), row)

    async def holds(self) -> list[LegalHold]:
        """See ``RightsStore``."""
        async with self._database.reading() as connection:
            return await all_holds(connection)

    async def held(self, contact_ids: Sequence[str], key: Key, today: date) -> set[str]:
        """See ``RightsStore``."""
        async with self._database.reading() as connection:
            return await held_lines(connection, contact_ids, key, today)


async def all_holds(connection: AsyncConnection) -> list[LegalHold]:
    """All that ever were, newest first."""
    found = await connection.execute(sa.select(holds).order_by(holds.c.at.desc(), holds.c.hold_id))
    return [_hold(row) for row in found]


async def held_subjects(connection: AsyncConnection, today: date) -> tuple[set[str], set[str]]:
    """Contacts and people under a hold on that day."""
    subjects = [each for hold in await all_holds(connection) if hold.holds(today) for each in hold.subjects]
    return (
        {each.id for each in subjects if each.kind == "contact"},
        {each.id for each in subjects if each.kind == "person"},
    )


async def held_lines(connection: AsyncConnection, lines: Sequence[str], key: Key, today: date) -> set[str]:
    """Which of these contacts are held: themselves, or the person whose they are."""
    by_id, people = await held_subjects(connection, today)
    held = by_id.intersection(lines)
    if people:
        whose = await people_of(connection, lines, key)
        held |= {line for line, keys in whose.items() if keys & people}
    return held


async def people_of(connection: AsyncConnection, lines: Sequence[str], key: Key) -> dict[str, set[str]]:
    """Person keys by contact, from whatever still knows the person: record, fact, or the number itself."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in batches(lines):
        for table in (contacts, facts):
            query = sa.select(table.c.contact_id, table.c.person).where(table.c.contact_id.in_(some))
            _add(found, await connection.execute(query), str)
        query = sa.select(calls.c.call_id, calls.c.caller_number).where(calls.c.call_id.in_(some))
        _add(found, await connection.execute(query), key)
        query = sa.select(written_contacts.c.contact_id, written_contacts.c.number)
        _add(found, await connection.execute(query.where(written_contacts.c.contact_id.in_(some))), key)
    return found


def _add(found: dict[str, set[str]], rows: Iterable[Any], key: Callable[[str], str]) -> None:
    for line, whose in rows:
        if whose and (person := key(whose)):
            found[line].add(person)


def _hold(row: Any) -> LegalHold:
    values = dict(row._mapping)
    subjects = msgspec.json.decode(values.pop("subjects"), type=tuple[Subject, ...])
    return LegalHold(**values, subjects=subjects)
