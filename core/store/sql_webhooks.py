"""Webhooks going out: who wants to be told, what is still to be told, how each delivery went.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Event, from_json
from core.store import rows
from core.store.database import Database, batches
from core.store.schema import events
from core.store.schema_webhooks import deliveries, due, subscribers
from core.store.webhooks import Delivery, DeliveryState, Subscriber, Topic, topic_of

_SPREADING: Final = 0x6D77_0013
"""Lock of PostgreSQL under which one node at a time gives places in receivers' orders."""
_decode_topics = msgspec.json.Decoder(tuple[Topic, ...]).decode


class SqlWebhooks:
    """See ``core.store.webhooks.WebhooksStore``; ``SqlStore.webhooks`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, connection: AsyncConnection, fresh: Iterable[Event]) -> None:
        """For ``SqlStore.append``: these events were kept just now."""
        new = [event for event in fresh if topic_of(event) is not None]
        if new and (await connection.execute(sa.select(sa.exists(sa.select(subscribers.c.name))))).scalar():
            insert = self._database.insert(due).on_conflict_do_nothing()
            await connection.execute(insert, [{"call_id": e.call_id, "seq": e.seq, "at": e.at} for e in new])

    async def subscribers(self) -> list[Subscriber]:
        """See ``WebhooksStore``."""
        query = sa.select(subscribers).order_by(subscribers.c.name, subscribers.c.subscriber_id)
        async with self._database.reading() as connection:
            return [_subscriber(row._mapping) for row in await connection.execute(query)]

    async def put_subscriber(self, subscriber: Subscriber) -> None:
        """See ``WebhooksStore``."""
        row = rows.record_row(subscriber) | {"topics": msgspec.json.encode(subscriber.topics).decode()}
        insert = self._database.insert(subscribers)
        kept = {name: insert.excluded[name] for name in row if name not in ("subscriber_id", "dropped")}
        async with self._database.writing() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=["subscriber_id"], set_=kept), row)

    async def drop_subscriber(self, subscriber_id: str) -> bool:
        """See ``WebhooksStore``."""
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(deliveries).where(deliveries.c.subscriber_id == subscriber_id))
            gone = await connection.execute(sa.delete(subscribers).where(subscribers.c.subscriber_id == subscriber_id))
            return gone.rowcount > 0

    async def due(self, *, limit: int) -> list[Event]:
        """See ``WebhooksStore``."""
        # An event that is kept no more is not told: its mark stays behind until its contact is forgotten.
        theirs = sa.and_(due.c.call_id == events.c.call_id, due.c.seq == events.c.seq)
        query = sa.select(events.c.body).join(due, theirs).order_by(due.c.at, due.c.call_id, due.c.seq).limit(limit)
        async with self._database.reading() as connection:
            return [from_json(body) for (body,) in await connection.execute(query)]

    async def spread(self, new: Sequence[Delivery], told: Sequence[Event] = (), *, limit: int) -> dict[str, int]:
        """See ``WebhooksStore``."""
        async with self._database.writing(alone=_SPREADING) as connection:
            known = await self._known(connection, [each.delivery_id for each in new])
            waiting = await self._waiting(connection)
            number = (await connection.execute(sa.select(sa.func.max(deliveries.c.number)))).scalar() or 0
            made, dropped = list[dict[str, Any]](), defaultdict[str, int](int)
            for each in new:
                if each.delivery_id in known:
                    continue
                if waiting[each.subscriber_id] >= limit:
                    dropped[each.subscriber_id] += 1
                    continue
                number += 1
                known.add(each.delivery_id)
                waiting[each.subscriber_id] += 1
                made.append(rows.record_row(each) | {"number": number})
            await self._database.execute_all(connection, sa.insert(deliveries), made)
            for subscriber_id, count in dropped.items():
                here = sa.update(subscribers).where(subscribers.c.subscriber_id == subscriber_id)
                await connection.execute(here.values(dropped=subscribers.c.dropped + count))
            for batch in batches(told):
                marks = [(event.call_id, event.seq) for event in batch]
                await connection.execute(sa.delete(due).where(sa.tuple_(due.c.call_id, due.c.seq).in_(marks)))
            return dict(dropped)

    async def next_delivery(self, subscriber_id: str) -> Delivery | None:
        """See ``WebhooksStore``."""
        hers = sa.and_(deliveries.c.subscriber_id == subscriber_id, deliveries.c.state == "waiting")
        return await self._one(sa.select(deliveries).where(hers).order_by(deliveries.c.number).limit(1))

    async def delivery(self, delivery_id: str) -> Delivery | None:
        """See ``WebhooksStore``."""
        return await self._one(sa.select(deliveries).where(deliveries.c.delivery_id == delivery_id))

    async def claim(self, delivery: Delivery, until: datetime) -> bool:
        """See ``WebhooksStore``."""
        this = sa.and_(
            deliveries.c.delivery_id == delivery.delivery_id,
            deliveries.c.state == "waiting",
            deliveries.c.next_at == delivery.next_at,
        )
        async with self._database.writing() as connection:
            return (await connection.execute(sa.update(deliveries).where(this).values(next_at=until))).rowcount > 0

    async def keep_delivery(self, delivery: Delivery, *, was: DeliveryState) -> bool:
        """See ``WebhooksStore``."""
        this = sa.and_(deliveries.c.delivery_id == delivery.delivery_id, deliveries.c.state == was)
        async with self._database.writing() as connection:
            kept = await connection.execute(sa.update(deliveries).where(this).values(rows.record_row(delivery)))
            return kept.rowcount > 0

    async def deliveries(
        self, subscriber_id: str, *, state: DeliveryState | None = None, before: int = 0, limit: int = 50
    ) -> list[Delivery]:
        """See ``WebhooksStore``."""
        query = sa.select(deliveries).where(deliveries.c.subscriber_id == subscriber_id)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        if before:
            query = query.where(deliveries.c.number < before)
        async with self._database.reading() as connection:
            found = await connection.execute(query.order_by(deliveries.c.number.desc()).limit(limit))
            return [rows.record(Delivery, row) for row in found]

    async def counts(self) -> Mapping[str, Mapping[DeliveryState, int]]:
        """See ``WebhooksStore``."""
        columns = (deliveries.c.subscriber_id, deliveries.c.state)
        query = sa.select(*columns, sa.func.count()).group_by(*columns)
        found: dict[str, dict[DeliveryState, int]] = defaultdict(dict)
        async with self._database.reading() as connection:
            for subscriber_id, state, count in await connection.execute(query):
                found[subscriber_id][state] = count
        return found

    async def purge(self, before: datetime) -> int:
        """See ``WebhooksStore``."""
        async with self._database.writing() as connection:
            return (await connection.execute(sa.delete(deliveries).where(deliveries.c.done < before))).rowcount

    async def forget(self, contact_ids: Sequence[str]) -> int:
        """See ``WebhooksStore``."""
        gone = 0
        async with self._database.writing() as connection:
            for batch in batches(contact_ids):
                await connection.execute(sa.delete(due).where(due.c.call_id.in_(batch)))
                these = sa.delete(deliveries).where(deliveries.c.contact_id.in_(batch))
                gone += (await connection.execute(these)).rowcount
        return gone

    async def _one(self, query: sa.Select[Any]) -> Delivery | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else rows.record(Delivery, row)

    async def _known(self, connection: AsyncConnection, ids: Sequence[str]) -> set[str]:
        known: set[str] = set()
        for batch in batches(ids):
            query = sa.select(deliveries.c.delivery_id).where(deliveries.c.delivery_id.in_(batch))
            known |= set((await connection.execute(query)).scalars())
        return known

    async def _waiting(self, connection: AsyncConnection) -> defaultdict[str, int]:
        waits = deliveries.c.state == "waiting"
        query = sa.select(deliveries.c.subscriber_id, sa.func.count()).where(waits).group_by(deliveries.c.subscriber_id)
        return defaultdict(int, [(row[0], row[1]) for row in await connection.execute(query)])


def _subscriber(row: Mapping[Any, Any]) -> Subscriber:
    return Subscriber(**{**row, "topics": _decode_topics(row["topics"])})
