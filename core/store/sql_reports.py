"""Reports that are sent by themselves, in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy import Row

from core.store import schema_reports as schema
from core.store.database import Database
from core.store.reports import ReportSchedule, ReportSending
from core.store.rows import record_row

_OVER: Final = ("sent", "failed", "unclear")
_LISTS: Final = ("to", "formats")


class SqlReports:
    """See ``core.store.reports.ReportsStore``; ``SqlStore.reports`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def schedules(self) -> list[ReportSchedule]:
        """See ``ReportsStore``."""
        table = schema.schedules
        query = sa.select(table).order_by(table.c.title, table.c.schedule_id)
        async with self._database.reading() as connection:
            return [ReportSchedule(**_values(row)) for row in await connection.execute(query)]

    async def put_schedule(self, schedule: ReportSchedule) -> None:
        """See ``ReportsStore``."""
        await self._database.put(schema.schedules, _row(schedule), "schedule_id")

    async def drop_schedule(self, schedule_id: str) -> bool:
        """See ``ReportsStore``."""
        query = sa.delete(schema.schedules).where(schema.schedules.c.schedule_id == schedule_id)
        async with self._database.writing() as connection:
            return (await connection.execute(query)).rowcount > 0

    async def sendings(self, *, limit: int = 50) -> list[ReportSending]:
        """See ``ReportsStore``."""
        table = schema.sendings
        return await self._sendings(
            sa.select(table).order_by(table.c.due.desc(), table.c.schedule_id.desc()).limit(limit)
        )

    async def open_sendings(self) -> list[ReportSending]:
        """See ``ReportsStore``."""
        table = schema.sendings
        return await self._sendings(sa.select(table).where(table.c.state.not_in(_OVER)).order_by(table.c.due))

    async def claim(self, sending: ReportSending, *, known: ReportSending | None) -> bool:
        """See ``ReportsStore``."""
        table, row = schema.sendings, _row(sending)
        async with self._database.writing() as connection:
            if known is None:
                insert = self._database.insert(table).values(row).on_conflict_do_nothing().returning(sa.literal(1))
                return (await connection.execute(insert)).one_or_none() is not None
            same = (
                table.c.schedule_id == known.schedule_id,
                table.c.due == known.due,
                table.c.state == known.state,
                table.c.at == known.at,
                table.c.tries == known.tries,
            )
            return (await connection.execute(sa.update(table).where(*same).values(row))).rowcount > 0

    async def forget(self, *, before: datetime) -> int:
        """See ``ReportsStore``."""
        table = schema.sendings
        query = sa.delete(table).where(table.c.due < before, table.c.state.in_(_OVER))
        async with self._database.writing() as connection:
            return (await connection.execute(query)).rowcount

    async def last_due(self, schedule_ids: Sequence[str]) -> dict[str, datetime]:
        """See ``ReportsStore``."""
        table = schema.sendings
        newest = sa.func.max(table.c.due, type_=table.c.due.type)
        query = sa.select(table.c.schedule_id, newest).where(table.c.schedule_id.in_(schedule_ids))
        async with self._database.reading() as connection:
            found = await connection.execute(query.group_by(table.c.schedule_id))
            return {row[0]: row[1] for row in found}

    async def _sendings(self, query: sa.Select[Any]) -> list[ReportSending]:
        async with self._database.reading() as connection:
            return [ReportSending(**_values(row)) for row in await connection.execute(query)]


def _row(record: msgspec.Struct) -> dict[str, Any]:
    row = record_row(record)
    return row | {name: msgspec.json.encode(row[name]).decode() for name in _LISTS if name in row}


def _values(row: Row[Any]) -> dict[str, Any]:
    values = dict(row._mapping)
    return values | {name: tuple(msgspec.json.decode(values[name])) for name in _LISTS if name in values}
