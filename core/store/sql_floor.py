"""What the room of agents must still know after a restart, in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import asdict

from core.personal import without_personal_number
from core.store import schema_floor as schema
from core.store.database import Database
from core.store.floor import AgentTime, AlertCare, KeptNote, OpenWrapUp

_STALE: Final = timedelta(days=2)
_TIME_KEYS: Final = ("day", "agent_id", "state", "reason")


class SqlFloor:
    """See ``core.store.floor.FloorStore``; ``SqlStore.floor`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_times(self, times: Sequence[AgentTime]) -> None:
        """See ``FloorStore``. In one order, so that two nodes never lock each other out."""
        if not times:
            return
        insert = self._database.insert(schema.times)
        added = insert.on_conflict_do_update(
            index_elements=_TIME_KEYS,
            set_={"ms": schema.times.c.ms + insert.excluded.ms},
        )
        rows = sorted((asdict(each) for each in times), key=lambda row: [row[key] for key in _TIME_KEYS])
        async with self._database.writing() as connection:
            await connection.execute(added, rows)

    async def times(self, *, first: int, last: int, agents: Sequence[str] | None = None) -> list[AgentTime]:
        """See ``FloorStore``."""
        table = schema.times
        query = sa.select(table).where(table.c.day.between(first, last))
        if agents is not None:
            query = query.where(table.c.agent_id.in_(agents))
        query = query.order_by(table.c.day, table.c.agent_id, table.c.state, table.c.reason)
        async with self._database.reading() as connection:
            return [AgentTime(**row._mapping) for row in await connection.execute(query)]

    async def put_wrap_ups(self, open_ones: Sequence[OpenWrapUp]) -> None:
        """See ``FloorStore``."""
        if open_ones:
            async with self._database.writing() as connection:
                upsert = self._database.upsert(schema.wrap_ups, "agent_id")
                await connection.execute(upsert, [asdict(one) for one in open_ones])

    async def wrap_ups(self) -> list[OpenWrapUp]:
        """See ``FloorStore``."""
        return await self._all(schema.wrap_ups, OpenWrapUp, schema.wrap_ups.c.since)

    async def drop_wrap_up(self, agent_id: str) -> None:
        """See ``FloorStore``."""
        await self._drop(schema.wrap_ups, schema.wrap_ups.c.agent_id == agent_id)

    async def put_note(self, note: KeptNote) -> None:
        """See ``FloorStore``."""
        row = asdict(note) | {"text": without_personal_number(note.text)}
        await self._database.put(schema.notes, row, "note_id")

    async def notes(self) -> list[KeptNote]:
        """See ``FloorStore``."""
        return await self._all(schema.notes, KeptNote, schema.notes.c.at, schema.notes.c.note_id)

    async def drop_note(self, note_id: str) -> None:
        """See ``FloorStore``."""
        await self._drop(schema.notes, schema.notes.c.note_id == note_id)

    async def put_care(self, care: AlertCare) -> None:
        """See ``FloorStore``."""
        await self._drop(schema.cares, schema.cares.c.at < care.at - _STALE)
        await self._database.put(schema.cares, asdict(care), "alert")

    async def cares(self) -> list[AlertCare]:
        """See ``FloorStore``."""
        return await self._all(schema.cares, AlertCare, schema.cares.c.at)

    async def drop_care(self, alert: str) -> None:
        """See ``FloorStore``."""
        await self._drop(schema.cares, schema.cares.c.alert == alert)

    async def _all(self, table: sa.Table, kind: Any, *order: Any) -> list[Any]:
        async with self._database.reading() as connection:
            return [kind(**row._mapping) for row in await connection.execute(sa.select(table).order_by(*order))]

    async def _drop(self, table: sa.Table, condition: Any) -> None:
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(table).where(condition))
