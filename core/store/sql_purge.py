"""The purge: what is too old is taken from lines, in small transactions that never hold up calls.

Each step goes through all lines by their beginning and marks how far it is, in the transaction that does it; a node
that dies in it, or two that purge at once, do nothing twice. What is held, or not over, is passed over and looked at
again next time. SQLite overwrites what is deleted (``secure_delete``): it is not found in the file's free pages.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import CallEnded, ContactClosed, Event, from_json, now, to_json
from core.store import schema_statistics as statistics
from core.store.blanked import WITH_PERSON, WITH_TEXTS, WITH_WORDS, without_person, without_texts, without_words
from core.store.database import Database, batches
from core.store.rights import Batch, Kind, Purged, Step
from core.store.schema import callbacks, calls, events, links, messages
from core.store.schema_accounts import sessions
from core.store.schema_contacts import corrections, follow_ups
from core.store.schema_knowledge import gaps, issues
from core.store.schema_recordings import recordings
from core.store.schema_rights import marks, passed
from core.store.schema_texting import opt_outs, waiting
from core.store.schema_threads import incoming_texts, written_contacts
from core.store.sql_contacts import SqlContacts
from core.store.sql_holds import LOCK, HoldsPart, Key, held_lines, held_subjects
from core.store.sql_statistics_count import LOCK as COUNTING

STALE: Final = timedelta(days=7)
"""A line without an end that nobody has said anything on for so long does not go on."""
_BLANKS: Final = {
    "words": (without_words,),
    "texts": (without_texts,),
    "records": (without_words, without_texts, without_person),
}
_HOLDING: Final = {
    "words": WITH_WORDS,
    "texts": WITH_TEXTS,
    "records": (*WITH_WORDS, *WITH_TEXTS, *WITH_PERSON),
}


class PurgePart(HoldsPart):
    """Of ``SqlRights``."""

    def __init__(self, database: Database, records: SqlContacts) -> None:
        super().__init__(database)
        self._records = records

    async def purge_lines(
        self,
        step: Step,
        *,
        before: datetime,
        key: Key,
        today: date,
        limit: int,
        dry: bool,
        after: tuple[datetime, str] | None = None,
    ) -> Batch:
        """See ``RightsStore``."""
        async with self._erasing(dry=dry) as connection:
            if after is None:
                after = await self._mark(connection, step)
            place = sa.tuple_(events.c.at, events.c.call_id)
            query = sa.select(events.c.call_id, events.c.at).where(events.c.seq == 1, events.c.at < before)
            if after is not None:
                mark = sa.tuple_(sa.literal(after[0], events.c.at.type), sa.literal(after[1]))
                query = query.where(place > mark)
            found = (await connection.execute(query.order_by(events.c.at, events.c.call_id).limit(limit))).all()
            if not found:
                return Batch(seen=0)
            last = found[-1]
            batch = await self._take(connection, step, [row.call_id for row in found], key, today, dry=dry)
            if not dry:
                row = {"step": step, "at": last.at, "line": last.call_id}
                await connection.execute(self._database.upsert(marks, "step"), row)
            return Batch(
                seen=len(found), gone=batch.gone, held=batch.held, left=batch.left, at=last.at, line=last.call_id
            )

    async def purge_again(self, step: Step, *, key: Key, today: date, limit: int, after: str = "") -> Batch:
        """See ``RightsStore``."""
        async with self._erasing() as connection:
            query = sa.select(passed.c.line).where(passed.c.step == step, passed.c.line > after)
            lines = list((await connection.execute(query.order_by(passed.c.line).limit(limit))).scalars())
            if not lines:
                return Batch(seen=0)
            batch = await self._take(connection, step, lines, key, today, dry=False)
            return Batch(seen=len(lines), gone=batch.gone, held=batch.held, left=batch.left, line=lines[-1])

    async def tidy(self) -> bool:
        """See ``RightsStore``."""
        return await self._database.tidy()

    async def sweep_again(self, step: Step) -> None:
        """See ``RightsStore``."""
        async with self._erasing() as connection:
            await connection.execute(sa.delete(marks).where(marks.c.step == step))

    async def forget_person(self, contact_ids: Sequence[str], *, key: Key, today: date) -> tuple[str, ...]:
        """See ``RightsStore``."""
        async with self._erasing() as connection:
            held = await held_lines(connection, contact_ids, key, today)
            running = await self._running(connection, contact_ids)
            going = [line for line in contact_ids if line not in held and line not in running]
            await self._strip(connection, "records", going)
            return tuple(going)

    async def drop_recording(self, recording_id: str, key: Key, today: date) -> bool:
        """See ``RightsStore``."""
        async with self._erasing() as connection:
            here = recordings.c.recording_id == recording_id
            call_id = (await connection.execute(sa.select(recordings.c.call_id).where(here))).scalar()
            if call_id is None or await held_lines(connection, [call_id], key, today):
                return False
            await connection.execute(sa.delete(recordings).where(here))
            return True

    async def kept_facts(self, today: date) -> tuple[list[str], list[str]]:
        """See ``RightsStore``."""
        async with self._database.reading() as connection:
            lines = await connection.execute(sa.select(passed.c.line).where(passed.c.step == "facts"))
            by_id, people = await held_subjects(connection, today)
            return sorted({*lines.scalars(), *by_id}), sorted(people)

    async def purge_loose(self, *, before: Mapping[Kind, datetime], today: date, key: Key) -> Purged:
        """See ``RightsStore``. What belongs to a line goes with its line, whether that is held or not over."""
        gone = 0
        async with self._erasing() as connection:
            by_id, people = await held_subjects(connection, today)
            visits, texts, words, records = (before[kind] for kind in ("visits", "texts", "words", "records"))
            done = sa.delete(links).where(links.c.ends < visits, links.c.call_id.not_in(by_id))
            gone += (await connection.execute(done)).rowcount
            gone += (await connection.execute(sa.delete(sessions).where(sessions.c.ends < visits))).rowcount
            text_gone = messages.c.at < texts, messages.c.next_at.is_(None), messages.c.call_id == ""
            gone += await self._loose(connection, messages, "message_id", "to", people, key, *text_gone)
            call_gone = callbacks.c.since < records, callbacks.c.state.not_in(("booked", "calling"))
            gone += await self._loose(
                connection, callbacks, "callback_id", "number", people, key, *call_gone, callbacks.c.call_id == ""
            )
            await connection.execute(sa.delete(gaps).where(gaps.c.at < words, gaps.c.call_id.not_in(by_id)))
            await connection.execute(
                sa.update(issues).where(issues.c.since < words, issues.c.quotes != "[]").values(quotes="[]")
            )
        return Purged(kind="visits", before=visits, gone=gone)

    async def _loose(
        self, connection: AsyncConnection, table: sa.Table, id: str, number: str, people: set[str], key: Key, *old: Any
    ) -> int:
        """Delete old rows that belong to no line, but those of people who are held."""
        found = await connection.execute(sa.select(table.c[id], table.c[number]).where(*old))
        going = [row[0] for row in found if not (people and key(row[1]) in people)]
        for some in batches(going):
            await connection.execute(sa.delete(table).where(table.c[id].in_(some)))
        return len(going)

    async def _take(
        self, connection: AsyncConnection, step: Step, lines: Sequence[str], key: Key, today: date, *, dry: bool
    ) -> Batch:
        held = await held_lines(connection, lines, key, today)
        running = await self._running(connection, [line for line in lines if line not in held])
        going = [line for line in lines if line not in held and line not in running]
        if not dry:
            await self._strip(connection, step, going)
            here = passed.c.step == step
            await connection.execute(sa.delete(passed).where(here, passed.c.line.in_(going)))
            stay = [{"step": step, "line": line} for line in lines if line in held or line in running]
            if stay:
                await connection.execute(self._database.insert(passed).on_conflict_do_nothing(), stay)
        return Batch(seen=len(lines), gone=len(going), held=len(held), left=len(running))

    async def _running(self, connection: AsyncConnection, lines: Sequence[str]) -> set[str]:
        """Lines that have no end and are not stale: somebody may be talking."""
        ends = sa.func.sum(sa.case((events.c.type.in_((CallEnded.__name__, ContactClosed.__name__)), 1), else_=0))
        query = sa.select(events.c.call_id, ends, sa.func.max(events.c.at)).where(events.c.call_id.in_(lines))
        fresh = now() - STALE
        found = await connection.execute(query.group_by(events.c.call_id))
        return {line for line, ended, last in found if not ended and last > fresh}

    async def _strip(self, connection: AsyncConnection, step: Step, lines: Sequence[str]) -> None:
        """Take that from these lines and from all that was drawn from them."""
        if not lines:
            return
        if step == "facts":
            await self._unword(connection, lines)
            await self._drop(connection, lines, (incoming_texts, corrections), "contact_id")
            await self._drop(connection, lines, (gaps, messages), "call_id")
            await self._unknow(connection, lines)
            await self._drop(connection, lines, (events, calls), "call_id")
            await self._drop(connection, lines, (written_contacts, statistics.due), "contact_id")
            return
        await self._blank(connection, step, lines)
        if step in ("words", "records"):
            await self._drop(connection, lines, (corrections,), "contact_id")
            await self._drop(connection, lines, (gaps,), "call_id")
            await self._unword(connection, lines)
        if step in ("texts", "records"):
            settled = messages.c.call_id.in_(lines), messages.c.next_at.is_(None)
            await connection.execute(sa.delete(messages).where(*settled))
            await self._drop(connection, lines, (incoming_texts,), "contact_id")
            here = written_contacts.c.contact_id.in_(lines)
            await connection.execute(sa.update(written_contacts).where(here).values(last_text=""))
        if step == "records":
            await self._unknow(connection, lines)

    async def _unknow(self, connection: AsyncConnection, lines: Sequence[str]) -> None:
        """Whose they were is known no more; the counselling record goes."""
        await self._records.forget_in(connection, lines)
        here = calls.c.call_id.in_(lines)
        await connection.execute(sa.update(calls).where(here).values(caller_number="", caller_name=""))
        here = written_contacts.c.contact_id.in_(lines)
        await connection.execute(sa.update(written_contacts).where(here).values(number="", name=""))
        here = statistics.facts.c.contact_id.in_(lines)
        await connection.execute(sa.update(statistics.facts).where(here).values(person=""))
        await self._drop(connection, lines, (waiting, links), "call_id")
        closed = callbacks.c.call_id.in_(lines), callbacks.c.state.not_in(("booked", "calling"))
        await connection.execute(sa.delete(callbacks).where(*closed))
        await self._drop(connection, lines, (follow_ups,), "contact_id")
        here = opt_outs.c.contact.in_(lines)
        await connection.execute(sa.update(opt_outs).where(here).values(contact=""))

    async def _unword(self, connection: AsyncConnection, lines: Sequence[str]) -> None:
        """Facts lose their words, and days count them no more: kept and recomputed figures stay equal."""
        if self._database.dialect is not sqlite:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTING)))
        here = statistics.facts.c.contact_id.in_(lines), statistics.facts.c.words != ""
        query = sa.select(statistics.facts.c.day, statistics.facts.c.words).where(*here)
        found = (await connection.execute(query)).all()
        less: dict[tuple[int, str], int] = defaultdict(int)
        for day, words in found:
            for word in words.split():
                less[day, word] += 1
        counted = statistics.words.c
        for (day, word), count in sorted(less.items()):
            this = counted.day == day, counted.word == word
            await connection.execute(sa.update(statistics.words).where(*this).values(contacts=counted.contacts - count))
            await connection.execute(sa.delete(statistics.words).where(*this, counted.contacts <= 0))
        await connection.execute(sa.update(statistics.facts).where(*here).values(words=""))

    async def _blank(self, connection: AsyncConnection, step: Step, lines: Sequence[str]) -> None:
        kinds = [kind.__name__ for kind in _HOLDING[step]]
        query = sa.select(events.c.call_id, events.c.seq, events.c.body)
        query = query.where(events.c.call_id.in_(lines), events.c.type.in_(kinds))
        changed = []
        for line, seq, body in await connection.execute(query):
            event: Event = from_json(body)
            blank = event
            for without in _BLANKS[step]:
                blank = without(blank)
            if blank != event:
                changed.append({"line": line, "number": seq, "new": to_json(blank).decode()})
        if changed:
            here = events.c.call_id == sa.bindparam("line"), events.c.seq == sa.bindparam("number")
            await connection.execute(sa.update(events).where(*here).values(body=sa.bindparam("new")), changed)

    async def _drop(
        self, connection: AsyncConnection, lines: Sequence[str], tables: Sequence[sa.Table], id: str
    ) -> None:
        for table in tables:
            await connection.execute(sa.delete(table).where(table.c[id].in_(lines)))

    async def _mark(self, connection: AsyncConnection, step: Step) -> tuple[datetime, str] | None:
        row = (await connection.execute(sa.select(marks).where(marks.c.step == step))).one_or_none()
        return None if row is None else (row.at, row.line)

    @contextlib.asynccontextmanager
    async def _erasing(self, *, dry: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that only one node has, and whose deletions leave nothing in SQLite's file."""
        if dry:
            async with self._database.reading() as connection:
                yield connection
            return
        async with self._database.writing(alone=LOCK) as connection:
            if self._database.dialect is not sqlite:
                yield connection
                return
            await connection.exec_driver_sql("PRAGMA secure_delete=ON")
            try:
                yield connection
            finally:
                await connection.exec_driver_sql("PRAGMA secure_delete=OFF")
