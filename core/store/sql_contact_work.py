"""What is still to be done for people, and what was said as people heard it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.contacts import Correction, FollowUp, FollowUpState
from core.store.database import Database
from core.store.rows_knowledge import to_record, to_row
from core.store.schema_contacts import corrections, follow_ups


class WorkPart:
    """See ``core.store.contacts.ContactsStore``."""

    _database: Database

    async def follow_up(self, follow_up_id: str) -> FollowUp | None:
        """One follow-up."""
        query = sa.select(follow_ups).where(follow_ups.c.follow_up_id == follow_up_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else to_record(FollowUp, row)

    async def follow_ups(
        self,
        *,
        owner: str = "",
        owners: Collection[str] | None = None,
        person: str = "",
        contact_id: str = "",
        state: FollowUpState | None = "open",
        after: tuple[date, str] | None = None,
        limit: int = 100,
    ) -> list[FollowUp]:
        """See ``ContactsStore``."""
        query = sa.select(follow_ups).order_by(follow_ups.c.due, follow_ups.c.follow_up_id).limit(limit)
        for column, value in (("owner", owner), ("person", person), ("contact_id", contact_id), ("state", state)):
            if value:
                query = query.where(follow_ups.c[column] == value)
        if owners is not None:
            query = query.where(follow_ups.c.owner.in_(set(owners)))
        if after is not None:
            query = query.where(sa.tuple_(follow_ups.c.due, follow_ups.c.follow_up_id) > sa.tuple_(*after))
        async with self._database.reading() as connection:
            return [to_record(FollowUp, row) for row in await connection.execute(query)]

    async def put_correction(self, correction: Correction) -> None:
        """Insert or replace by contact and utterance; the original stays as it was first."""
        insert = self._database.insert(corrections)
        newer = {name: insert.excluded[name] for name in ("text", "by", "at", "reviewed_by")}
        newest = insert.on_conflict_do_update(index_elements=["contact_id", "utterance"], set_=newer)
        async with self._database.writing() as connection:
            await connection.execute(newest, to_row(correction))

    async def drop_correction(self, contact_id: str, utterance: str) -> None:
        """The recogniser was right."""
        gone = sa.delete(corrections).where(
            corrections.c.contact_id == contact_id, corrections.c.utterance == utterance
        )
        async with self._database.writing() as connection:
            await connection.execute(gone)

    async def corrections(
        self, *, contact_id: str = "", reviewed: bool | None = None, before: datetime | None = None, limit: int = 500
    ) -> list[Correction]:
        """Of one contact in the order of speech; of all, newest first."""
        query = sa.select(corrections).limit(limit)
        if contact_id:
            query = query.where(corrections.c.contact_id == contact_id)
            query = query.order_by(corrections.c.start, corrections.c.utterance)
        else:
            query = query.order_by(corrections.c.at.desc(), corrections.c.contact_id, corrections.c.utterance)
        if reviewed is not None:
            query = query.where((corrections.c.reviewed_by != "") if reviewed else (corrections.c.reviewed_by == ""))
        if before is not None:
            query = query.where(corrections.c.at < before)
        async with self._database.reading() as connection:
            return [to_record(Correction, row) for row in await connection.execute(query)]

    async def _write_follow_up(self, connection: AsyncConnection, follow_up: FollowUp) -> None:
        await connection.execute(self._database.upsert(follow_ups, "follow_up_id"), to_row(follow_up))

    async def _open_follow_ups(self, connection: AsyncConnection, contact_id: str) -> int:
        query = sa.select(sa.func.count()).select_from(follow_ups)
        query = query.where(follow_ups.c.contact_id == contact_id, follow_ups.c.state == "open")
        return (await connection.execute(query)).scalar_one()
