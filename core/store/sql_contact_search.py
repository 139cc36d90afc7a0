"""Records found again: by words, by filters, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.contact_index import ContactIndex
from core.store.contact_terms import wanted
from core.store.contacts import ContactQuery, ContactRecord
from core.store.database import Database
from core.store.rows_contacts import contact_record, first_place
from core.store.schema_contacts import contacts

_COLUMNS = ("last4", "person", "number", "agent_id", "department", "district", "result")


class SearchPart:
    """See ``core.store.contacts.ContactsStore``."""

    def __init__(self, database: Database, index: ContactIndex) -> None:
        self._database = database
        self._index = index

    async def find(self, query: ContactQuery) -> list[ContactRecord]:
        """Newest first."""
        async with self._database.reading() as connection:
            if not (terms := wanted(query)):
                return await self._without_index(connection, query)
            joined = sa.select(contacts).join_from(self._index.table, contacts, contacts.c.place == self._index.place)
            chosen = joined.where(self._index.has(terms))
            found: list[Any] = []
            ceiling = query.before
            for floor in await self._floors(connection, query):
                missing = query.limit - len(found)
                found += await self._some(connection, chosen, self._index.place, query, floor, missing, ceiling)
                if len(found) == query.limit:
                    break
                ceiling = floor
            return [contact_record(row) for row in found]

    async def find_plainly(self, query: ContactQuery) -> list[ContactRecord]:
        """The same without the index: what it is measured against."""
        async with self._database.reading() as connection:
            return await self._without_index(connection, query)

    async def tidy(self) -> None:
        """After many records were loaded: let the database look at what it has, for better plans."""
        async with self._database.writing() as connection:
            for statement in self._index.tidy:
                await connection.execute(sa.text(statement))

    async def count(self, *, person: str = "", since: datetime | None = None) -> int:
        """How many contacts of a person there were since then."""
        query = sa.select(sa.func.count()).select_from(contacts).where(contacts.c.person == person)
        if since is not None:
            query = query.where(contacts.c.place >= first_place(since))
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def unasked(self, agent_id: str) -> int:
        """How many records wait on her list."""
        query = sa.select(sa.func.count()).select_from(contacts)
        query = query.where(contacts.c.state == "unasked", contacts.c.agent_id == agent_id)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def _without_index(self, connection: AsyncConnection, query: ContactQuery) -> list[ContactRecord]:
        rows = await self._some(connection, sa.select(contacts), contacts.c.place, query, 0, query.limit)
        return [contact_record(row) for row in rows]

    async def _floors(self, connection: AsyncConnection, query: ContactQuery) -> list[int]:
        """Down to which places is looked, one after the other; the last is the bottom."""
        newest = sa.select(sa.func.max(contacts.c.place))
        if query.before:
            newest = newest.where(contacts.c.place < query.before)
        if query.until is not None:
            newest = newest.where(contacts.c.place < first_place(query.until))
        bottom = first_place(query.since) if query.since is not None else 0
        if not self._index.windows or (top := (await connection.execute(newest)).scalar()) is None:
            return [bottom]
        return [floor for window in self._index.windows if (floor := top - window) > bottom] + [bottom]

    async def _some(
        self,
        connection: AsyncConnection,
        chosen: Any,
        place: Any,
        query: ContactQuery,
        floor: int,
        limit: int,
        ceiling: int = 0,
    ) -> list[Any]:
        """The newest ones between two places, with every condition said once more: terms of the index may collide."""
        for name in _COLUMNS:
            if value := getattr(query, name):
                chosen = chosen.where(contacts.c[name] == value)
        if query.agents is not None:
            chosen = chosen.where(contacts.c.agent_id.in_(query.agents))
        if query.channel is not None:
            chosen = chosen.where(contacts.c.channel == query.channel)
        if query.state is not None:
            chosen = chosen.where(contacts.c.state == query.state)
        if query.open_follow_up:
            chosen = chosen.where(contacts.c.open_follow_ups > 0)
        if query.category:
            below = contacts.c.category.startswith(f"{query.category}>", autoescape=True)
            chosen = chosen.where(sa.or_(contacts.c.category == query.category, below))
        for word in query.words:
            chosen = chosen.where(contacts.c.searched.contains(word, autoescape=True))
        if query.since is not None:
            floor = max(floor, first_place(query.since))
        if query.until is not None:
            chosen = chosen.where(place < first_place(query.until))
        if top := ceiling or query.before:
            chosen = chosen.where(place < top)
        if floor:
            chosen = chosen.where(place >= floor)
        return list(await connection.execute(chosen.order_by(place.desc()).limit(limit)))
