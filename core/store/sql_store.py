"""The store in SQLite or PostgreSQL: one code for both, tested on both."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreFault
from core.events import (
    CallbackState,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    MessageSent,
    RatingGiven,
    RecordDrafted,
    RecordKept,
    TextReceived,
    WrapUpEnded,
    from_json,
)
from core.home import Home
from core.log import get_logger
from core.personal import without_personal_number, without_personal_numbers
from core.store import rows
from core.store.callbacks import CallbackRecord
from core.store.contract import CallSummary, LinkRecord
from core.store.database import Database
from core.store.engine import address, shown
from core.store.entry import Entry
from core.store.messages import MessageRecord
from core.store.migrate import upgrade
from core.store.projection import project_all
from core.store.schema import callbacks as callback_table
from core.store.schema import calls as call_table
from core.store.schema import events as event_table
from core.store.schema import links as link_table
from core.store.schema import messages as message_table
from core.store.sql_accounts import SqlAccounts
from core.store.sql_audit import SqlAudit
from core.store.sql_contacts import SqlContacts
from core.store.sql_floor import SqlFloor
from core.store.sql_knowledge import SqlKnowledge
from core.store.sql_recordings import SqlRecordings
from core.store.sql_reports import SqlReports
from core.store.sql_rights import SqlRights
from core.store.sql_statistics import SqlStatistics
from core.store.sql_texting import SqlTexting
from core.store.sql_threads import SqlThreads
from core.store.sql_webhooks import SqlWebhooks

log = get_logger("core.store")

_NOT_OF_TALKS: Final = (
    *(ContactOpened, ContactAssigned, TextReceived, ContactClosed),
    *(MessageSent, RecordDrafted, RecordKept, RatingGiven, WrapUpEnded),
)
"""What is said of a contact that is over, or of a written one."""
_OPEN_CALLBACKS: Final[tuple[CallbackState, ...]] = ("booked", "calling")


async def open_store(url: str, home: Home) -> SqlStore:
    """The store that ``store.url`` names ('' = SQLite in the home folder), upgraded to this version's schema.

    Raises ``StoreFault`` when it cannot be used, or when a newer minwon wrote it.
    """
    target = address(url, home)
    if await asyncio.to_thread(upgrade, target):
        log.info("store.upgraded", database=shown(target))
    store = SqlStore(target)
    try:
        await store.ping()
    except BaseException:
        await store.close()
        raise
    return store


class SqlStore:
    """See ``core.store.contract.Store``. Open it with :func:`open_store`."""

    def __init__(self, target: sa.URL, today: Callable[[], date] = date.today) -> None:
        self._database = Database(target)
        self._knowledge = SqlKnowledge(self._database)
        self._contacts = SqlContacts(self._database)
        self._texting = SqlTexting(self._database)
        self._threads = SqlThreads(self._database)
        self._recordings = SqlRecordings(self._database)
        self._statistics = SqlStatistics(self._database)
        self._reports = SqlReports(self._database)
        self._accounts = SqlAccounts(self._database)
        self._audit = SqlAudit(self._database)
        self._rights = SqlRights(self._database, self._contacts)
        self._webhooks = SqlWebhooks(self._database)
        self._floor = SqlFloor(self._database)
        self._today = today

    @property
    def knowledge(self) -> SqlKnowledge:
        """The consultation database as those who write it see it."""
        return self._knowledge

    @property
    def contacts(self) -> SqlContacts:
        """The counselling record: one per contact, whatever the channel, and the index that finds it."""
        return self._contacts

    @property
    def texting(self) -> SqlTexting:
        """What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later."""
        return self._texting

    @property
    def threads(self) -> SqlThreads:
        """Written contacts that came in: texts and pictures, threaded, and who has them."""
        return self._threads

    @property
    def recordings(self) -> SqlRecordings:
        """Recordings of calls: where the encrypted file lies, with which key, and what it holds."""
        return self._recordings

    @property
    def statistics(self) -> SqlStatistics:
        """Facts of each contact, and the cells that statistics are summed from."""
        return self._statistics

    @property
    def floor(self) -> SqlFloor:
        """What the room of agents must still know after a restart."""
        return self._floor

    @property
    def reports(self) -> SqlReports:
        """Reports that are sent by themselves, and each sending."""
        return self._reports

    @property
    def accounts(self) -> SqlAccounts:
        """Accounts, sessions, second factors, and tokens of programs."""
        return self._accounts

    @property
    def audit(self) -> SqlAudit:
        """Who saw, heard, exported or changed what: append-only, hash-chained."""
        return self._audit

    @property
    def rights(self) -> SqlRights:
        """Time and rights: legal holds, the purge and its reports, one person's data."""
        return self._rights

    @property
    def webhooks(self) -> SqlWebhooks:
        """Webhooks going out: who is told, what is still to be told, how each delivery went."""
        return self._webhooks

    async def append(self, events: Sequence[Event]) -> None:
        """Keep lasting events with a call, each (call_id, seq) once, and bring the call history up to date.

        One transaction: all or none.
        """
        lasting = [without_personal_numbers(event) for event in events if event.LASTING and event.call_id]
        if not lasting:
            return
        async with self._database.writing() as connection:
            new = await self._insert_new(connection, lasting)
            over = [
                call_id for call_id, fresh in new.items() if await self._bring_up_to_date(connection, call_id, fresh)
            ]
            await self._statistics.note(connection, over)
            await self._webhooks.note(connection, [event for fresh in new.values() for event in fresh])

    async def events(self, call_id: str, *, after: int = 0) -> list[Event]:
        """The call's stored events with seq > after, in order."""
        async with self._database.reading() as connection:
            return await self._stored(connection, call_id, after)

    async def last_seq(self, call_id: str) -> int:
        """Number of the line's last stored event, 0 = it has none."""
        query = sa.select(sa.func.max(event_table.c.seq)).where(event_table.c.call_id == call_id)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar() or 0

    async def call(self, call_id: str) -> CallSummary | None:
        """One call, or None."""
        async with self._database.reading() as connection:
            return await self._summary(connection, call_id)

    async def calls(
        self, *, agent_id: str | None = None, number: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> list[CallSummary]:
        """Calls, newest first. ``number`` is the caller's whole number; ``before`` pages on by ``started``."""
        query = sa.select(call_table).order_by(call_table.c.started.desc(), call_table.c.call_id.desc()).limit(limit)
        if agent_id is not None:
            query = query.where(call_table.c.agent_id == agent_id)
        if number is not None:
            query = query.where(call_table.c.caller_number == number)
        if before is not None:
            query = query.where(call_table.c.started < before)
        async with self._database.reading() as connection:
            return [rows.call_summary(row) for row in await connection.execute(query)]

    async def open_calls(self) -> list[CallSummary]:
        """Calls without an end, oldest first."""
        query = (
            sa.select(call_table)
            .where(call_table.c.ended.is_(None))
            .order_by(call_table.c.started, call_table.c.call_id)
        )
        async with self._database.reading() as connection:
            return [rows.call_summary(row) for row in await connection.execute(query)]

    async def put_entries(self, entries: Sequence[Entry]) -> None:
        """Publish new versions by 'import', all or none; see ``core.store.sql_entry_import``."""
        await self._knowledge.take(entries)

    async def entries(self) -> list[Entry]:
        """All published entries as of today, in the order of the ids as people count (2 before 10)."""
        return await self._knowledge.published(self._today())

    async def entries_revision(self) -> int:
        """Grows with every change of what agents read, by whichever process; 0 before the first."""
        return await self._knowledge.revision()

    async def put_link(self, record: LinkRecord) -> None:
        """Insert or replace by ``token_hash``."""
        await self._database.put(link_table, rows.record_row(record), "token_hash")

    async def links(self, *, after: datetime) -> list[LinkRecord]:
        """Links that live on beyond that moment, the one that ends first at the top."""
        query = sa.select(link_table).where(link_table.c.ends > after)
        return await self._records(LinkRecord, query.order_by(link_table.c.ends, link_table.c.token_hash))

    async def drop_links(self, *, before: datetime) -> int:
        """Delete the links that ended at that moment or earlier; how many there were."""
        async with self._database.writing() as connection:
            return (await connection.execute(sa.delete(link_table).where(link_table.c.ends <= before))).rowcount

    async def put_message(self, *records: MessageRecord) -> None:
        """Insert or replace by ``message_id``, all or none. A resident number in a text is masked."""
        masked = (msgspec.structs.replace(record, text=without_personal_number(record.text)) for record in records)
        async with self._database.writing() as connection:
            statement = self._database.upsert(message_table, "message_id")
            await self._database.execute_all(connection, statement, [rows.record_row(record) for record in masked])

    async def pending_messages(self) -> list[MessageRecord]:
        """Messages with something left to do, the most urgent first."""
        query = sa.select(message_table).where(message_table.c.next_at.is_not(None))
        return await self._records(MessageRecord, query.order_by(message_table.c.next_at, message_table.c.message_id))

    async def messages(
        self,
        *,
        limit: int = 50,
        before: datetime | None = None,
        call_id: str | None = None,
        by: str | None = None,
        to: str | None = None,
    ) -> list[MessageRecord]:
        """Messages, newest first, of one call or agent or to one number where given; ``before`` pages on by ``at``."""
        query = sa.select(message_table).order_by(message_table.c.at.desc(), message_table.c.message_id.desc())
        if before is not None:
            query = query.where(message_table.c.at < before)
        if call_id is not None:
            query = query.where(message_table.c.call_id == call_id)
        if by is not None:
            query = query.where(message_table.c.by == by)
        if to is not None:
            query = query.where(message_table.c.to == to)
        return await self._records(MessageRecord, query.limit(limit))

    async def put_callback(self, record: CallbackRecord) -> None:
        """Insert or replace by ``callback_id``."""
        await self._database.put(callback_table, rows.record_row(record), "callback_id")

    async def open_callbacks(self) -> list[CallbackRecord]:
        """Callbacks that are booked or being called, in the order of their places."""
        query = sa.select(callback_table).where(callback_table.c.state.in_(_OPEN_CALLBACKS))
        return await self._records(CallbackRecord, query.order_by(callback_table.c.since, callback_table.c.callback_id))

    async def callbacks(self, *, limit: int = 50, before: datetime | None = None) -> list[CallbackRecord]:
        """Callbacks, newest first; ``before`` pages on by ``since``."""
        query = sa.select(callback_table).order_by(callback_table.c.since.desc(), callback_table.c.callback_id.desc())
        if before is not None:
            query = query.where(callback_table.c.since < before)
        return await self._records(CallbackRecord, query.limit(limit))

    async def ping(self) -> None:
        """Raise ``StoreFault`` if the database does not answer."""
        async with self._database.reading() as connection:
            await connection.execute(sa.select(1))

    async def close(self) -> None:
        """Release all connections. Idempotent."""
        await self._database.close()

    async def _records(self, kind: type[rows.R], query: sa.Select[Any]) -> list[rows.R]:
        async with self._database.reading() as connection:
            return [rows.record(kind, row) for row in await connection.execute(query)]

    async def _insert_new(self, connection: AsyncConnection, lasting: Sequence[Event]) -> dict[str, list[Event]]:
        """Insert what is not there yet; returns just that, by call, in order."""
        by_key = {(event.call_id, event.seq): event for event in lasting}
        insert = (
            self._database.insert(event_table)
            .on_conflict_do_nothing()
            .returning(event_table.c.call_id, event_table.c.seq)
        )
        inserted = await connection.execute(insert, [rows.event_row(event) for event in by_key.values()])
        new: dict[str, list[Event]] = defaultdict(list)
        for key in sorted((row.call_id, row.seq) for row in inserted):
            new[key[0]].append(by_key[key])
        return new

    async def _bring_up_to_date(self, connection: AsyncConnection, call_id: str, fresh: Sequence[Event]) -> bool:
        """Whether the call is over, or may be for all we know here: somebody wrote."""
        summary = await self._summary(connection, call_id)
        if summary is None and await self._threads.follow(
            connection, call_id, fresh, partial(self._stored, connection, call_id, 0)
        ):
            return True  # somebody wrote: it is no call
        if summary is not None and fresh[0].seq < summary.last_seq:
            # Something came late (a journal of before): draw the line anew, from the beginning.
            summary, fresh = None, await self._stored(connection, call_id, 0)
        summary = project_all(summary, fresh)
        if summary is not None:
            await connection.execute(self._database.upsert(call_table, "call_id"), rows.call_row(summary))
        ended = summary is not None and summary.ended is not None
        # Of a written contact whose beginning comes late nobody knows yet that it is one.
        return ended or any(isinstance(event, _NOT_OF_TALKS) for event in fresh)

    async def _summary(self, connection: AsyncConnection, call_id: str) -> CallSummary | None:
        row = (await connection.execute(sa.select(call_table).where(call_table.c.call_id == call_id))).one_or_none()
        return None if row is None else rows.call_summary(row)

    async def _stored(self, connection: AsyncConnection, call_id: str, after: int) -> list[Event]:
        query = (
            sa.select(event_table.c.body)
            .where(event_table.c.call_id == call_id, event_table.c.seq > after)
            .order_by(event_table.c.seq)
        )
        try:
            return [from_json(body) for (body,) in await connection.execute(query)]
        except msgspec.ValidationError as fault:
            raise StoreFault(
                f"the database {self._database.shown} holds an event of another version: {fault}"
            ) from fault
