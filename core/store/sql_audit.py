"""Who saw, heard, exported or changed what: append-only, hash-chained. In SQLite or PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

import sqlalchemy as sa
from msgspec.structs import replace

from core.audit import Note
from core.events import now
from core.personal import without_personal_number
from core.store.audit import BEGINNING, Anchor, AuditLine, AuditQuery, Review, Tally, chained
from core.store.database import Database
from core.store.rows import record, record_row
from core.store.schema_audit import audit
from core.store.schema_rights import checkpoints, reviews

_APPENDING: Final = 0x6D77_0010
"""Lock of PostgreSQL under which one node at a time appends."""
_FIELDS: Final = Note.__struct_fields__
_NEWEST: Final = sa.select(audit).order_by(audit.c.number.desc()).limit(1)
_ORDER: Final = (audit.c.who, audit.c.deed, audit.c.thing)


class SqlAudit:
    """See ``core.store.audit.AuditStore``; ``SqlStore.audit`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, note: Note) -> None:
        """Append one line; it is in the database when this returns."""
        async with self._database.writing(alone=_APPENDING) as connection:
            last = (await connection.execute(_NEWEST)).one_or_none()
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
        if query.text:
            columns = (audit.c.reason, audit.c.detail, audit.c.subject)
            wanted = wanted.where(sa.or_(*(each.icontains(query.text, autoescape=True) for each in columns)))
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

    async def newest(self) -> AuditLine | None:
        """The last line."""
        return next(iter(await self._found(_NEWEST)), None)

    async def last_before(self, moment: datetime) -> AuditLine | None:
        """The newest line that is older."""
        return next(iter(await self._found(_NEWEST.where(audit.c.at < moment))), None)

    async def checkpoints(self) -> list[Anchor]:
        """Up to which lines the log was purged, oldest first."""
        async with self._database.reading() as connection:
            found = await connection.execute(sa.select(checkpoints).order_by(checkpoints.c.number))
            return [record(Anchor, row) for row in found]

    async def purge(self, checkpoint: Anchor) -> int:
        """Keep the checkpoint, then drop all lines up to its own."""
        async with self._database.writing(alone=_APPENDING) as connection:
            last = (await connection.execute(_NEWEST)).one_or_none()
            if last is None or checkpoint.number >= last.number:
                return 0
            await connection.execute(sa.insert(checkpoints), record_row(checkpoint))
            return (await connection.execute(sa.delete(audit).where(audit.c.number <= checkpoint.number))).rowcount

    async def tally(self, since: datetime, until: datetime) -> list[Tally]:
        """Who did what how often, most people first."""
        people = sa.func.count(sa.distinct(sa.case((audit.c.person != "", audit.c.person))))
        query = sa.select(*_ORDER, sa.func.count().label("times"), people.label("people"))
        query = query.where(audit.c.at >= since, audit.c.at < until).group_by(*_ORDER)
        async with self._database.reading() as connection:
            found = await connection.execute(query.order_by(sa.desc("people"), sa.desc("times"), *_ORDER))
            return [record(Tally, row) for row in found]

    async def put_review(self, review: Review) -> None:
        """Sign a month off."""
        async with self._database.writing() as connection:
            await connection.execute(sa.insert(reviews), record_row(review))

    async def reviews(self) -> list[Review]:
        """All of them, newest first."""
        query = sa.select(reviews).order_by(reviews.c.month.desc(), reviews.c.at.desc())
        async with self._database.reading() as connection:
            return [record(Review, row) for row in await connection.execute(query)]

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
