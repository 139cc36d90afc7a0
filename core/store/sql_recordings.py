"""Recordings of calls: where the encrypted file lies, with which key, and what it holds.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from core.store.database import Database, batches
from core.store.recordings import Recording
from core.store.schema_recordings import recordings

_COLUMNS: Final = frozenset({"recording_id", "call_id", "started", "size", "wrapped_key", "key_id"})


class SqlRecordings:
    """See ``core.store.recordings.RecordingsStore``; ``SqlStore.recordings`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, recording: Recording) -> None:
        """See ``RecordingsStore``."""
        await self._database.put(recordings, _row(recording), "recording_id")

    async def recording(self, recording_id: str) -> Recording | None:
        """See ``RecordingsStore``."""
        found = await self._find(sa.select(recordings).where(recordings.c.recording_id == recording_id))
        return found[0] if found else None

    async def kept(self, recording_ids: Sequence[str]) -> set[str]:
        """See ``RecordingsStore``."""
        column = recordings.c.recording_id
        async with self._database.reading() as connection:
            found: set[str] = set()
            for some in batches(recording_ids):
                found.update((await connection.execute(sa.select(column).where(column.in_(some)))).scalars())
            return found

    async def of_call(self, call_id: str) -> list[Recording]:
        """See ``RecordingsStore``."""
        column = recordings.c
        query = sa.select(recordings).where(column.call_id == call_id).order_by(column.started, column.recording_id)
        return await self._find(query)

    async def newest(self, *, before: datetime | None = None, limit: int = 50) -> list[Recording]:
        """See ``RecordingsStore``."""
        column = recordings.c
        query = sa.select(recordings).order_by(column.started.desc(), column.recording_id.desc()).limit(limit)
        return await self._find(query if before is None else query.where(column.started < before))

    async def before(self, moment: datetime, *, limit: int, after: Recording | None = None) -> list[Recording]:
        """See ``RecordingsStore``."""
        column = recordings.c
        query = sa.select(recordings).where(column.started < moment)
        if after is not None:
            place = sa.literal(after.started, column.started.type), sa.literal(after.recording_id)
            query = query.where(sa.tuple_(column.started, column.recording_id) > sa.tuple_(*place))
        return await self._find(query.order_by(column.started, column.recording_id).limit(limit))

    async def under_other_keys(self, key_id: str, *, limit: int) -> list[Recording]:
        """See ``RecordingsStore``."""
        column = recordings.c
        query = sa.select(recordings).where(column.key_id != key_id)
        return await self._find(query.order_by(column.recording_id).limit(limit))

    async def rewrap(self, changed: Sequence[Recording]) -> None:
        """See ``RecordingsStore``."""
        async with self._database.writing() as connection:
            for recording in changed:
                here = recordings.c.recording_id == recording.recording_id
                new = {"wrapped_key": recording.wrapped_key, "key_id": recording.key_id}
                await connection.execute(sa.update(recordings).where(here).values(new))

    async def drop(self, recording_id: str) -> bool:
        """See ``RecordingsStore``."""
        async with self._database.writing() as connection:
            dropped = await connection.execute(sa.delete(recordings).where(recordings.c.recording_id == recording_id))
        return bool(dropped.rowcount)

    async def total_size(self) -> int:
        """See ``RecordingsStore``."""
        async with self._database.reading() as connection:
            total = await connection.execute(sa.select(sa.func.coalesce(sa.func.sum(recordings.c.size), 0)))
            return int(total.scalar_one())

    async def _find(self, query: sa.Select[Any]) -> list[Recording]:
        async with self._database.reading() as connection:
            return [_record(row) for row in await connection.execute(query)]


def _row(recording: Recording) -> dict[str, Any]:
    values = msgspec.structs.asdict(recording)
    body = {name: value for name, value in values.items() if name not in _COLUMNS}
    return {name: values[name] for name in _COLUMNS} | {"body": msgspec.json.encode(body).decode()}


def _record(row: sa.Row[Any]) -> Recording:
    columns = {name: getattr(row, name) for name in _COLUMNS}
    return msgspec.convert(msgspec.json.decode(row.body) | columns, Recording)
