"""What belongs to texts that go out: templates, sender numbers, opt-outs, rules, and texts that still wait.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Event, from_json
from core.personal import without_personal_number
from core.store import rows
from core.store import schema_texting as schema
from core.store.database import Database, batches
from core.store.messages import MessageRecord
from core.store.schema import calls, events, messages
from core.store.schema_threads import written_contacts
from core.store.texting import RULE_EVENTS, OptOut, SenderNumber, Tallies, TextRule, TextTemplate, WaitingText

_AGENTS_AND_RULES: Final = messages.c.by != ""
_decode_rule = msgspec.json.Decoder(TextRule).decode


class SqlTexting:
    """See ``core.store.texting.TextingStore``; ``SqlStore.texting`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # What is written by hand.

    async def templates(self) -> list[TextTemplate]:
        """See ``TextingStore``."""
        table = schema.templates
        return await self._records(TextTemplate, sa.select(table).order_by(table.c.place, table.c.template_id))

    async def put_template(self, template: TextTemplate) -> None:
        """See ``TextingStore``."""
        await self._database.put(schema.templates, rows.record_row(template), "template_id")

    async def drop_template(self, template_id: str) -> None:
        """See ``TextingStore``."""
        await self._drop(schema.templates, schema.templates.c.template_id == template_id)

    async def senders(self) -> list[SenderNumber]:
        """See ``TextingStore``."""
        table = schema.senders
        return await self._records(SenderNumber, sa.select(table).order_by(table.c.name, table.c.number))

    async def put_sender(self, sender: SenderNumber) -> None:
        """See ``TextingStore``."""
        await self._database.put(schema.senders, rows.record_row(sender), "number")

    async def drop_sender(self, number: str) -> None:
        """See ``TextingStore``."""
        await self._drop(schema.senders, schema.senders.c.number == number)

    async def rules(self) -> list[TextRule]:
        """See ``TextingStore``."""
        table = schema.rules
        async with self._database.reading() as connection:
            found = await connection.execute(sa.select(table.c.body).order_by(table.c.place, table.c.rule_id))
            return [_decode_rule(body) for (body,) in found]

    async def put_rule(self, rule: TextRule) -> None:
        """See ``TextingStore``."""
        row = {"rule_id": rule.rule_id, "place": rule.place, "body": msgspec.json.encode(rule).decode()}
        await self._database.put(schema.rules, row, "rule_id")

    async def drop_rule(self, rule_id: str) -> None:
        """See ``TextingStore``."""
        await self._drop(schema.rules, schema.rules.c.rule_id == rule_id)

    # Who wants no texts.

    async def opt_out(self, person: str) -> OptOut | None:
        """See ``TextingStore``."""
        found = await self._records(OptOut, sa.select(schema.opt_outs).where(schema.opt_outs.c.person == person))
        return found[0] if found else None

    async def opt_outs(self, *, limit: int = 50, before: datetime | None = None) -> list[OptOut]:
        """See ``TextingStore``."""
        table = schema.opt_outs
        query = sa.select(table).order_by(table.c.since.desc(), table.c.person.desc()).limit(limit)
        return await self._records(OptOut, query if before is None else query.where(table.c.since < before))

    async def put_opt_out(self, opt_out: OptOut) -> bool:
        """See ``TextingStore``."""
        async with self._database.writing() as connection:
            return await self._new(connection, schema.opt_outs, rows.record_row(opt_out))

    async def drop_opt_out(self, person: str) -> bool:
        """See ``TextingStore``."""
        return bool(await self._drop(schema.opt_outs, schema.opt_outs.c.person == person))

    # What waits.

    async def put_waiting(self, text: WaitingText) -> bool:
        """See ``TextingStore``."""
        masked = msgspec.structs.replace(text, text=without_personal_number(text.text))
        known = sa.select(messages.c.message_id).where(messages.c.message_id == text.message_id)
        async with self._database.writing() as connection:
            if (await connection.execute(known)).one_or_none() is not None:
                return False
            return await self._new(connection, schema.waiting, rows.record_row(masked))

    async def waiting(self) -> list[WaitingText]:
        """See ``TextingStore``."""
        table = schema.waiting
        return await self._records(WaitingText, sa.select(table).order_by(table.c.due, table.c.message_id))

    async def drop_waiting(self, message_id: str) -> WaitingText | None:
        """See ``TextingStore``."""
        here = schema.waiting.c.message_id == message_id
        async with self._database.writing() as connection:
            dropped = await connection.execute(sa.delete(schema.waiting).where(here).returning(*schema.waiting.columns))
            row = dropped.one_or_none()
        return None if row is None else rows.record(WaitingText, row)

    async def release(self, message_id: str, record: MessageRecord) -> bool:
        """See ``TextingStore``."""
        here = schema.waiting.c.message_id == message_id
        async with self._database.writing() as connection:
            if not (await connection.execute(sa.delete(schema.waiting).where(here))).rowcount:
                return False
            await connection.execute(self._database.upsert(messages, "message_id"), rows.record_row(record))
        return True

    # What was sent.

    async def message(self, message_id: str) -> MessageRecord | None:
        """See ``TextingStore``."""
        found = await self._records(MessageRecord, sa.select(messages).where(messages.c.message_id == message_id))
        return found[0] if found else None

    async def sent_like(self, to: str, text: str, since: datetime, *, besides: str = "") -> datetime | None:
        """See ``TextingStore``."""
        alike = messages.c.to == to, messages.c.text == text, messages.c.message_id != besides
        sent = sa.select(sa.func.max(messages.c.at, type_=messages.c.at.type)).where(
            messages.c.at >= since, *alike, messages.c.state != "failed"
        )
        waits = sa.select(sa.func.max(schema.waiting.c.at, type_=schema.waiting.c.at.type)).where(
            schema.waiting.c.to == to, schema.waiting.c.text == text, schema.waiting.c.message_id != besides
        )
        async with self._database.reading() as connection:
            found = [(await connection.execute(query)).scalar() for query in (sent, waits)]
        return max((moment for moment in found if moment is not None), default=None)

    async def tallies(self, since: datetime) -> Tallies:
        """See ``TextingStore``."""
        count = sa.func.count()
        recent = messages.c.at >= since
        to = sa.select(messages.c.to, count).where(recent).group_by(messages.c.to)
        by = sa.select(messages.c.by, count).where(recent, _AGENTS_AND_RULES).group_by(messages.c.by)
        async with self._database.reading() as connection:
            by_number = {row[0]: row[1] for row in await connection.execute(to)}
            by_sender = {row[0]: row[1] for row in await connection.execute(by)}
        return Tallies(in_total=sum(by_number.values()), by_number=by_number, by_sender=by_sender)

    async def past_contacts(self, since: datetime, *, limit: int) -> dict[str, Sequence[Event]]:
        """See ``TextingStore``."""
        began = sa.union_all(
            sa.select(calls.c.call_id, calls.c.started.label("began")).where(calls.c.started >= since),
            sa.select(written_contacts.c.contact_id, written_contacts.c.opened).where(
                written_contacts.c.opened >= since
            ),
        ).subquery()
        newest = sa.select(began.c.call_id).order_by(began.c.began.desc(), began.c.call_id.desc()).limit(limit)
        told: dict[str, list[Event]] = defaultdict(list)
        async with self._database.reading() as connection:
            ids = [call_id for (call_id,) in await connection.execute(newest)]
            for batch in batches(ids):
                query = sa.select(events.c.call_id, events.c.body).where(
                    events.c.call_id.in_(batch), events.c.type.in_(RULE_EVENTS)
                )
                for call_id, body in await connection.execute(query.order_by(events.c.call_id, events.c.seq)):
                    told[call_id].append(from_json(body))
        return {call_id: told[call_id] for call_id in ids if call_id in told}

    async def _records(self, kind: type[rows.R], query: sa.Select[Any]) -> list[rows.R]:
        async with self._database.reading() as connection:
            return [rows.record(kind, row) for row in await connection.execute(query)]

    async def _new(self, connection: AsyncConnection, table: sa.Table, row: dict[str, Any]) -> bool:
        """Insert what is not there yet; whether it was not."""
        insert = self._database.insert(table).values(row).on_conflict_do_nothing().returning(sa.literal(1))
        return (await connection.execute(insert)).one_or_none() is not None

    async def _drop(self, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
        async with self._database.writing() as connection:
            return (await connection.execute(sa.delete(table).where(where))).rowcount
