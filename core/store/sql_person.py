"""What there is of one person, by her telephone number: found by person key, and by the number where that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.callbacks import CallbackRecord
from core.store.messages import MessageRecord
from core.store.rights import PersonFound, Subject
from core.store.rows import record
from core.store.schema import callbacks, calls, messages
from core.store.schema_contacts import contacts, follow_ups
from core.store.schema_recordings import recordings
from core.store.schema_statistics import facts
from core.store.schema_texting import opt_outs, waiting
from core.store.schema_threads import written_contacts
from core.store.sql_holds import Key, all_holds, held_lines
from core.store.sql_purge import PurgePart


class PersonPart(PurgePart):
    """Of ``SqlRights``."""

    async def person(self, number: str, key: Key, today: date) -> PersonFound:
        """See ``RightsStore``."""
        person = key(number)
        async with self._database.reading() as connection:
            lines = await self._lines(connection, number, person)
            held = await held_lines(connection, lines, key, today) if lines else set()
            subjects = {Subject(kind="contact", id=line) for line in held} | {Subject(kind="person", id=person)}
            holding = [hold for hold in await all_holds(connection) if hold.holds(today)]
            return PersonFound(
                person=person,
                contacts=tuple(lines),
                texts=await _count(connection, messages, messages.c.to.in_(_ways(number))),
                callbacks=await _count(connection, callbacks, callbacks.c.number.in_(_ways(number))),
                follow_ups=await _count(connection, follow_ups, follow_ups.c.person == person),
                recordings=await _count(connection, recordings, recordings.c.call_id.in_(lines)),
                facts=await _count(connection, facts, facts.c.person == person),
                opted_out=bool(await _count(connection, opt_outs, opt_outs.c.person == person)),
                held=tuple(line for line in lines if line in held),
                held_by=tuple(hold.title for hold in holding if subjects & set(hold.subjects)),
            )

    async def contacts_of(self, person: str) -> list[str]:
        """See ``RightsStore``."""
        async with self._database.reading() as connection:
            queries = [sa.select(table.c.contact_id).where(table.c.person == person) for table in (contacts, facts)]
            found = await connection.execute(sa.union(*queries))
            return sorted(found.scalars())

    async def forget_number(self, number: str, person: str, *, keeping: Sequence[str]) -> int:
        """See ``RightsStore``."""
        async with self._erasing() as connection:
            gone = 0
            for statement in (
                sa.delete(messages).where(messages.c.to.in_(_ways(number)), messages.c.call_id.not_in(keeping)),
                sa.delete(waiting).where(waiting.c.to.in_(_ways(number)), waiting.c.call_id.not_in(keeping)),
                sa.delete(callbacks).where(callbacks.c.number.in_(_ways(number)), callbacks.c.call_id.not_in(keeping)),
                sa.delete(follow_ups).where(follow_ups.c.person == person, follow_ups.c.contact_id.not_in(keeping)),
            ):
                gone += (await connection.execute(statement)).rowcount
            return gone

    async def texts_to(self, number: str) -> list[MessageRecord]:
        """See ``RightsStore``."""
        query = sa.select(messages).where(messages.c.to.in_(_ways(number))).order_by(messages.c.at)
        async with self._database.reading() as connection:
            return [record(MessageRecord, row) for row in await connection.execute(query)]

    async def callbacks_to(self, number: str) -> list[CallbackRecord]:
        """See ``RightsStore``."""
        query = sa.select(callbacks).where(callbacks.c.number.in_(_ways(number))).order_by(callbacks.c.since)
        async with self._database.reading() as connection:
            return [record(CallbackRecord, row) for row in await connection.execute(query)]

    async def _lines(self, connection: AsyncConnection, number: str, person: str) -> list[str]:
        """Oldest first; by key, and by number for what is older than keys."""
        found: dict[str, Any] = {}
        for id, at, where in (
            (calls.c.call_id, calls.c.started, calls.c.caller_number.in_(_ways(number))),
            (written_contacts.c.contact_id, written_contacts.c.opened, written_contacts.c.number.in_(_ways(number))),
            (contacts.c.contact_id, contacts.c.at, contacts.c.person == person),
            (facts.c.contact_id, facts.c.started, facts.c.person == person),
        ):
            for line, began in await connection.execute(sa.select(id, at).where(where)):
                found.setdefault(line, began)
        return [line for _at, line in sorted((at, line) for line, at in found.items())]


def _ways(number: str) -> tuple[str, ...]:
    """How a normalised number may stand in rows that are older than normalising."""
    return (number, f"+82{number[1:]}", f"82{number[1:]}") if number.startswith("0") else (number,)


async def _count(connection: AsyncConnection, table: sa.Table, *where: Any) -> int:
    return int((await connection.execute(sa.select(sa.func.count()).select_from(table).where(*where))).scalar_one())
