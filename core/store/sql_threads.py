"""Written contacts that came in: texts and pictures, threaded, and who has them.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Channel, ContactOpened, Event, Party, TextReceived, Written
from core.store import rows
from core.store.database import Database
from core.store.schema_threads import incoming_texts, written_contacts
from core.store.written_projection import project_all_written

_CLOSED = written_contacts.c.state == "closed"


class SqlThreads:
    """See ``core.store.threads.ThreadsStore``; ``SqlStore.threads`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def written(self, contact_id: str) -> Written | None:
        """One written contact; None for an unknown one, and for a call."""
        async with self._database.reading() as connection:
            return await self._written(connection, contact_id)

    async def open_written(self) -> list[Written]:
        """Those that are not closed, in the order in which they began."""
        query = sa.select(written_contacts).where(~_CLOSED)
        return await self._found(query.order_by(written_contacts.c.opened, written_contacts.c.contact_id))

    async def closed_written(
        self, *, limit: int = 50, before: datetime | None = None, agent_id: str | None = None
    ) -> list[Written]:
        """Those that are closed, newest first by their last words."""
        query = sa.select(written_contacts).where(_CLOSED)
        if before is not None:
            query = query.where(written_contacts.c.last_at < before)
        if agent_id is not None:
            query = query.where(written_contacts.c.agent_id == agent_id)
        order = (written_contacts.c.last_at.desc(), written_contacts.c.contact_id.desc())
        return await self._found(query.order_by(*order).limit(limit))

    async def thread(
        self, channel: Channel, number: str, *, limit: int = 20, before: datetime | None = None
    ) -> list[Written]:
        """All written contacts of one number on a channel, newest first."""
        table = written_contacts.c
        query = sa.select(written_contacts).where(table.channel == channel, table.number == number)
        if before is not None:
            query = query.where(table.opened < before)
        return await self._found(query.order_by(table.opened.desc(), table.contact_id.desc()).limit(limit))

    async def contact_of_text(self, text_id: str) -> str:
        """The written contact that holds this incoming text; '' = it never came."""
        query = sa.select(incoming_texts.c.contact_id).where(incoming_texts.c.text_id == text_id)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar() or ""

    async def follow(
        self,
        connection: AsyncConnection,
        contact_id: str,
        fresh: Sequence[Event],
        past: Callable[[], Awaitable[Sequence[Event]]],
    ) -> bool:
        """Bring a written contact up to date with new events of its line; False = it is none.

        ``past`` gives all stored events: for what came late (a journal of before) it is drawn anew."""
        known = await self._written(connection, contact_id)
        if known is None and not any(isinstance(event, ContactOpened) for event in fresh):
            return False
        if known is not None and fresh[0].seq < known.last_seq:
            known, fresh = None, await past()
        drawn = project_all_written(known, fresh)
        assert drawn is not None, "its beginning is among the events"
        await connection.execute(self._database.upsert(written_contacts, "contact_id"), _row(drawn))
        texts = [{"text_id": e.text_id, "contact_id": contact_id} for e in fresh if isinstance(e, TextReceived)]
        if texts:
            await connection.execute(self._database.insert(incoming_texts).on_conflict_do_nothing(), texts)
        return True

    async def _written(self, connection: AsyncConnection, contact_id: str) -> Written | None:
        query = sa.select(written_contacts).where(written_contacts.c.contact_id == contact_id)
        row = (await connection.execute(query)).one_or_none()
        return None if row is None else _record(row)

    async def _found(self, query: sa.Select[Any]) -> list[Written]:
        async with self._database.reading() as connection:
            return [_record(row) for row in await connection.execute(query)]


def _row(written: Written) -> dict[str, Any]:
    row = rows.record_row(written)
    party: Party = row.pop("party")
    return {**row, **rows.record_row(party)}


def _record(row: Row[Any]) -> Written:
    values = dict(row._mapping)
    party = Party(**{name: values.pop(name) for name in Party.__struct_fields__})
    return Written(party=party, **values)
