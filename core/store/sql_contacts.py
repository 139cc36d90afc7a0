"""The counselling record: one per contact, whatever the channel, and the index that finds it.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import asdict, replace
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Refused
from core.receipt import receipt_number
from core.store.contact_index import ContactIndex
from core.store.contact_terms import searched, terms
from core.store.contacts import ContactRecord, FollowUp, RecordState, RecordVersion, Wording, edited_meanwhile
from core.store.database import Database
from core.store.rows_contacts import clean_contact, contact_record, contact_row, first_place, version_record
from core.store.rows_knowledge import cleaned
from core.store.schema_contacts import contacts, corrections, follow_ups, record_versions
from core.store.sql_contact_load import LoadPart
from core.store.sql_contact_search import SearchPart
from core.store.sql_contact_work import WorkPart
from core.store.sql_record_lessons import LessonsPart

_KEPT: Final = (
    "place",
    "number",
    "written",
    "state",
    "version",
    "by",
    "changed",
    "categories",
    "departments",
    "results",
)
"""What a draft does not change once people have written; the guesses too, for what was learnt goes by them."""


class SqlContacts(SearchPart, LoadPart, WorkPart, LessonsPart):
    """See ``core.store.contacts.ContactsStore``; ``SqlStore.contacts`` is one."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, ContactIndex(database.dialect))

    async def draft(self, record: ContactRecord) -> ContactRecord:
        """Keep what the contact's events say. What people have written stays: only the course follows. As it stands."""
        async with self._database.writing() as connection:
            before = await self._locked(connection, record.contact_id)
            record = replace(record, open_follow_ups=await self._open_follow_ups(connection, record.contact_id))
            if before is None:
                return await self._insert(connection, record)
            if before.version:
                record = replace(record, **{name: getattr(before, name) for name in _KEPT})
            else:
                record = replace(record, place=before.place, number=before.number)
            return await self._update(connection, before, record)

    async def keep(
        self,
        contact_id: str,
        written: Wording,
        *,
        based_on: int,
        by: str,
        at: datetime,
        state: RecordState = "confirmed",
        reason: str = "",
        follow_ups: Sequence[FollowUp] = (),
    ) -> ContactRecord:
        """Add a version, with follow-ups that belong to it. ``EditedMeanwhile`` unless the newest one is ``based_on``
        (0 = the draft); ``Refused`` ('no_record')."""
        async with self._database.writing() as connection:
            before = await self._locked(connection, contact_id)
            if before is None:
                raise Refused("상담 기록이 없습니다 / there is no such record", code="no_record")
            if before.version != based_on:
                raise edited_meanwhile(before)
            for follow_up in follow_ups:
                await self._write_follow_up(connection, follow_up)
            record = replace(
                before,
                written=cleaned(written),
                state=state,
                version=based_on + 1,
                by=by,
                changed=at,
                open_follow_ups=await self._open_follow_ups(connection, contact_id),
            )
            version = {"contact_id": contact_id, "version": record.version, "at": at, "by": by}
            await connection.execute(
                sa.insert(record_versions), version | {"state": state, "reason": reason, **asdict(record.written)}
            )
            return await self._update(connection, before, record)

    async def record(self, contact_id: str) -> ContactRecord | None:
        """One record."""
        query = sa.select(contacts).where(contacts.c.contact_id == contact_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else contact_record(row)

    async def records(self, contact_ids: Sequence[str]) -> dict[str, ContactRecord]:
        """Those that there are of these few hundred, by contact id."""
        query = sa.select(contacts).where(contacts.c.contact_id.in_(set(contact_ids)))
        async with self._database.reading() as connection:
            found = [contact_record(row) for row in await connection.execute(query)]
        return {record.contact_id: record for record in found}

    async def versions(self, contact_id: str) -> list[RecordVersion]:
        """All versions, newest first."""
        query = sa.select(record_versions).where(record_versions.c.contact_id == contact_id)
        async with self._database.reading() as connection:
            found = await connection.execute(query.order_by(record_versions.c.version.desc()))
            return [version_record(row) for row in found]

    async def drafts(self) -> list[ContactRecord]:
        """Records of contacts that are over and whose draft nobody has looked at: after a restart."""
        query = sa.select(contacts).where(contacts.c.state == "draft", contacts.c.ended.is_not(None))
        async with self._database.reading() as connection:
            return [contact_record(row) for row in await connection.execute(query.order_by(contacts.c.place))]

    async def put_follow_up(self, follow_up: FollowUp) -> None:
        """Insert or replace by ``follow_up_id``."""
        async with self._database.writing() as connection:
            before = await self._locked(connection, follow_up.contact_id)
            await self._write_follow_up(connection, follow_up)
            if before is not None:
                now_open = await self._open_follow_ups(connection, follow_up.contact_id)
                await self._update(connection, before, replace(before, open_follow_ups=now_open))

    async def forget(self, contact_ids: Sequence[str]) -> int:
        """Delete these records with all that belongs to them; how many there were."""
        async with self._database.writing() as connection:
            return await self.forget_in(connection, contact_ids)

    async def forget_in(self, connection: AsyncConnection, contact_ids: Sequence[str]) -> int:
        """The same within somebody's transaction."""
        gone = 0
        for contact_id in contact_ids:
            record = await self._locked(connection, contact_id)
            if record is None:
                continue
            gone += 1
            await connection.execute(self._index.drop(), self._terms(record))
            for table in (contacts, record_versions, follow_ups, corrections):
                await connection.execute(sa.delete(table).where(table.c.contact_id == contact_id))
        return gone

    async def _locked(self, connection: AsyncConnection, contact_id: str) -> ContactRecord | None:
        """The record, that nobody else writes until we have (SQLite has one writer anyway)."""
        query = sa.select(contacts).where(contacts.c.contact_id == contact_id).with_for_update()
        row = (await connection.execute(query)).one_or_none()
        return None if row is None else contact_record(row)

    async def _insert(self, connection: AsyncConnection, record: ContactRecord) -> ContactRecord:
        """At the first free place from its beginning on, under the first free number."""
        record = clean_contact(record)
        first = first_place(record.at)
        insert = self._database.insert(contacts).on_conflict_do_nothing().returning(contacts.c.place)
        for attempt in count():
            number = receipt_number(record.contact_id, record.at, attempt)
            record = replace(record, place=first + attempt, number=number)
            if (await connection.execute(insert, contact_row(record))).one_or_none() is not None:
                break
            # The place or the number is taken; or another node has just drafted the same contact.
            if (there := await self._locked(connection, record.contact_id)) is not None:
                return there
        await connection.execute(self._index.add(), self._terms(record))
        return record

    async def _update(self, connection: AsyncConnection, before: ContactRecord, record: ContactRecord) -> ContactRecord:
        record = clean_contact(record)
        await connection.execute(
            sa.update(contacts).where(contacts.c.place == record.place).values(contact_row(record))
        )
        old, new = self._terms(before), self._terms(record)
        if old != new:
            await connection.execute(self._index.drop(), old)
            await connection.execute(self._index.add(), new)
        return record

    def _terms(self, record: ContactRecord) -> dict[str, Any]:
        return self._index.row(record.place, terms(record, searched(record)))
