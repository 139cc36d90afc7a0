"""Who saw, heard, exported or changed what: append-only, hash-chained. In SQLite or PostgreSQL."""

from __future__ import annotations

from typing import Any, Final, cast

import sqlalchemy as sa
from msgspec.structs import replace

from core.audit import Note
from core.events import now
from core.personal import without_personal_number
from core.store.audit import BEGINNING, AuditLine, AuditQuery, chained
from core.store.database import Database
from core.store.schema_audit import audit

_APPENDING: Final = 0x6D77_0010
"""Lock of PostgreSQL under which one node at a time appends."""
_FIELDS: Final = Note.__struct_fields__


class SqlAudit:
    """See ``core.store.audit.AuditStore``; ``SqlStore.audit`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, note: Note) -> None:
        """Append one line; it is in the database when this returns."""
        newest = sa.select(audit.c.number, audit.c.chain).order_by(audit.c.number.desc()).limit(1)
        async with self._database.writing(alone=_APPENDING) as connection:
            last = (await connection.execute(newest)).one_or_none()
            number, before = (last.number + 1, last.chain) if last is not None else (1, BEGINNING)
            at, note = now(), _harmless(note)
            row = {name: getattr(note, name) for name in _FIELDS}
            chain = chained(before, number, at, note)
            await connection.execute(sa.insert(audit), {"number": number, "at": at, "chain": chain, **row})

    async def lines(self, query: AuditQuery, *, limit: int = 100) -> list[AuditLine]:
        """Lines, newest first."""
        wanted = sa.select(audit).order_by(audit.c.number.desc()).limit(limit)
        for name in ("who", "deed", "thing", "subject", "person"):
            if value := getattr(query, name):
                wanted = wanted.where(audit.c[name] == value)
        if query.since is not None:
            wanted = wanted.where(audit.c.at >= query.since)
        if query.until is not None:
            wanted = wanted.where(audit.c.at < query.until)
        if query.before:
            wanted = wanted.where(audit.c.number < query.before)
        return await self._found(wanted)

    async def walk(self, *, after: int = 0, limit: int = 1000) -> list[AuditLine]:
        """Lines with a higher number, oldest first."""
        return await self._found(sa.select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(limit))

    async def _found(self, query: sa.Select[Any]) -> list[AuditLine]:
        async with self._database.reading() as connection:
            return [_line(row) for row in await connection.execute(query)]


def _harmless(note: Note) -> Note:
    """What somebody typed as her reason is kept without a resident number, and without what no database takes."""
    typed = {name: without_personal_number(getattr(note, name)).replace("\0", "") for name in ("reason", "detail")}
    return replace(note, **typed)


def _line(row: Any) -> AuditLine:
    note = Note(**{name: cast("Any", getattr(row, name)) for name in _FIELDS})
    return AuditLine(number=row.number, at=row.at, note=note, chain=row.chain)
