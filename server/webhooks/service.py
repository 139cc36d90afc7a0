"""Tells receivers what has happened: notes become deliveries, each receiver has a task of its own.

Events are noted by ``Store.append`` in the transaction that keeps them, so a node that was killed goes on where it was:
at least once, and the same id every time. Of several nodes on one store one sends each delivery. A receiver that is
slow or dead holds up nobody but itself.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from core import metrics
from core.bus.contract import Bus, Overflow
from core.config import OutwardConfig
from core.errors import BadInput, KeyFault, StoreFault
from core.events import Event, IssueChanged, now
from core.keyring import Keyring
from core.log import get_logger
from core.store.contract import Store
from core.store.webhooks import Delivery, Subscriber, topic_of
from core.webhook_signature import key_of
from server.webhooks import deliveries, payloads
from server.webhooks.addresses import Addresses
from server.webhooks.sender import Sender

log = get_logger("server.webhooks")

AT_ONCE: Final = 100
LOOK_S: Final = 15.0
"""So often the notes are looked at though nobody said anything: another process may have kept events."""
QUEUE: Final = 1000
"""Events that may wait to wake us; beyond it the oldest are dropped, since their notes are in the store."""
FAULT_S: Final = 5.0
PURGE: Final = timedelta(hours=1)
SLACK: Final = timedelta(seconds=1)
"""How a delivery went is kept so long after its timeout, at most; then another node may send it."""


class Webhooks:
    """One for the node: ``open``, then ``run`` as a side task, ``close`` at the end."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        bus: Bus,
        config: OutwardConfig,
        *,
        flushed: Callable[[], Awaitable[None]],
        clock: Callable[[], datetime] = now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """``flushed``: what was said is in the store when this returns."""
        self.store = store.webhooks
        self.addresses = Addresses(config.webhook_networks)
        self.limit = config.webhook_queue
        self.clock = clock
        self._records = store.contacts
        self._keyring = keyring
        self._bus = bus
        self._patience = timedelta(hours=config.webhook_hours)
        self._keep = timedelta(days=config.webhook_keep_days)
        self._takes = timedelta(seconds=config.webhook_timeout_s) + SLACK
        self._sender = Sender(self.addresses, timeout_s=config.webhook_timeout_s)
        self._flushed = flushed
        self._chance = chance
        self._subscribers: dict[str, Subscriber] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wake: dict[str, asyncio.Event] = {}
        self._changed = asyncio.Event()
        self._noted = asyncio.Event()
        self._noted.set()  # a node before us may have left notes
        self._looked = -LOOK_S
        self._purged: datetime | None = None

    @property
    def subscribers(self) -> Sequence[Subscriber]:
        """As this node knows them, by name."""
        return tuple(self._subscribers.values())

    async def open(self) -> None:
        """Receivers are known; their secrets are under the newest master key."""
        await self.load()
        for one in self.subscribers:
            await self._rewrap(one)

    async def load(self) -> None:
        """Receivers as the store has them."""
        found = {one.subscriber_id: one for one in await self.store.subscribers()}
        if found == self._subscribers:
            return
        self._subscribers = found
        self._changed.set()
        for wake in self._wake.values():
            wake.set()

    def sealed(self, subscriber_id: str, secret: str) -> bytes:
        """A secret as it is kept. ``KeyFault``."""
        return self._keyring.seal(secret.encode(), _purpose(subscriber_id))

    def nudge(self, subscriber_id: str) -> None:
        """There is something new for it."""
        if wake := self._wake.get(subscriber_id):
            wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="webhooks: listen")
            group.create_task(self._spread(), name="webhooks: spread")
            while True:
                self._changed.clear()
                for gone in self._tasks.keys() - self._subscribers.keys():
                    self._tasks.pop(gone).cancel()
                    del self._wake[gone]
                for new in self._subscribers.keys() - self._tasks.keys():
                    self._wake[new] = asyncio.Event()
                    self._tasks[new] = group.create_task(self._tell(new), name=f"webhooks: {new}")
                await self._changed.wait()

    async def close(self) -> None:
        """Close the connections."""
        await self._sender.close()

    async def _listen(self) -> None:
        """The bus says when to look; what no line keeps is taken from it."""
        async with self._bus.subscribe(
            name="webhooks", limit=QUEUE, overflow=Overflow.DROP_OLDEST, only=_concerns
        ) as events:
            async for event in events:
                if isinstance(event, IssueChanged):
                    with suppress(StoreFault):  # the radar shows it all the same
                        await self._issue(event)
                else:
                    self._noted.set()

    async def _spread(self) -> None:
        """Notes become deliveries."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._noted.wait()
            self._noted.clear()
            try:
                await self._flushed()
                while events := await self.store.due(limit=AT_ONCE):
                    await self._make(events)
                await self._look_around()
            except StoreFault as fault:
                log.error("webhooks.store", why=str(fault))
                self._noted.set()
                await asyncio.sleep(FAULT_S)

    async def _make(self, events: Sequence[Event]) -> None:
        wanted = [(event, one) for event in events for one in self.subscribers if topic_of(event) in one.topics]
        records = {each: await self._records.record(each) for each in {event.call_id for event, _ in wanted}}
        made: list[Delivery] = []
        for event, one in wanted:
            topic = topic_of(event)
            assert topic is not None
            made.append(payloads.delivery_of(event, topic, one, records[event.call_id]))
        await self._put(made, events)

    async def _issue(self, issue: IssueChanged) -> None:
        key = f"{issue.issue_id}\0{issue.since.isoformat()}"
        await self._put(
            [
                payloads.delivery_of(issue, "issue.rising", one, key=key)
                for one in self.subscribers
                if "issue.rising" in one.topics
            ]
        )

    async def _put(self, made: Sequence[Delivery], told: Sequence[Event] = ()) -> None:
        if not (made or told):
            return
        at = self.clock()
        fresh = [replace(each, made=at, next_at=at) for each in made]
        for subscriber_id, count in (await self.store.spread(fresh, told, limit=self.limit)).items():
            metrics.WEBHOOKS_DROPPED.inc(count)
            log.error("webhooks.full", subscriber=subscriber_id, dropped=count)
            if one := self._subscribers.get(subscriber_id):
                self._subscribers[subscriber_id] = replace(one, dropped=one.dropped + count)
        for each in made:
            self.nudge(each.subscriber_id)

    async def _look_around(self) -> None:
        """Now and then: whom another node has let in or changed, how many wait, and what is old goes."""
        if time.monotonic() - self._looked < LOOK_S:
            return
        self._looked = time.monotonic()
        await self.load()
        counts = await self.store.counts()
        metrics.WEBHOOKS_WAITING.set(sum(states.get("waiting", 0) for states in counts.values()))
        at = self.clock()
        if self._purged is None or abs(at - self._purged) >= PURGE:
            self._purged = at
            await self.store.purge(at - self._keep)

    async def _tell(self, subscriber_id: str) -> None:
        """One receiver's task: its deliveries, one after another."""
        wake = self._wake[subscriber_id]
        while True:
            wake.clear()
            wait_s: float | None = None
            try:
                one = self._subscribers.get(subscriber_id)
                first = await self.store.next_delivery(subscriber_id) if one is not None and not one.paused else None
                if one is not None and first is not None:
                    wait_s = (first.next_at - self.clock()).total_seconds()
                    if wait_s <= 0:
                        await self._try(one, first)
                        continue
            except StoreFault as fault:
                log.error("webhooks.store", subscriber=subscriber_id, why=str(fault))
                wait_s = FAULT_S
            except Exception as fault:  # a fault of ours with one receiver never touches another
                log.exception("webhooks.failed", subscriber=subscriber_id, error=type(fault).__name__)
                wait_s = FAULT_S
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await wake.wait()

    async def _try(self, one: Subscriber, delivery: Delivery) -> None:
        at = self.clock()
        if not await self.store.claim(delivery, at + self._takes):
            return  # another node sends it
        try:
            keys = self._keys(one, at)
        except (KeyFault, BadInput) as fault:
            log.error("webhooks.no_key", subscriber=one.subscriber_id, why=str(fault))
            status, trouble = 0, "key"
        else:
            outcome = await self._sender.send(one.url, delivery, keys, at)
            status, trouble = outcome.status, outcome.fault
        at = self.clock()
        if trouble:
            after = deliveries.missed(delivery, status, trouble, at, chance=self._chance(), patience=self._patience)
        else:
            after = deliveries.heard(delivery, status, at)
        metrics.WEBHOOKS.labels(result=trouble or "delivered").inc()
        if after.state == "dead":
            log.error("webhooks.dead", subscriber=one.subscriber_id, delivery=delivery.delivery_id, fault=trouble)
        # A receiver that was dropped meanwhile has no deliveries any more: nothing is kept then.
        await self.store.keep_delivery(after, was="waiting")

    def _keys(self, one: Subscriber, at: datetime) -> list[bytes]:
        """What signs: the newest secret, and the one before it while it is of use."""
        purpose = _purpose(one.subscriber_id)
        keys = [key_of(self._keyring.open(one.sealed, purpose).decode())]
        if one.old_sealed and one.old_until is not None and at < one.old_until:
            keys.append(key_of(self._keyring.open(one.old_sealed, purpose).decode()))
        return keys

    async def _rewrap(self, one: Subscriber) -> None:
        """So that an older master key can go. What no key opens stays as it is."""
        purpose = _purpose(one.subscriber_id)
        try:
            sealed = self._keyring.rewrap(one.sealed, purpose)
            old = self._keyring.rewrap(one.old_sealed, purpose) if one.old_sealed else b""
        except (KeyFault, BadInput) as fault:
            log.error("webhooks.no_key", subscriber=one.subscriber_id, why=str(fault))
            return
        if sealed is not one.sealed or (old and old is not one.old_sealed):
            await self.store.put_subscriber(replace(one, sealed=sealed, old_sealed=old))
            await self.load()


def new_delivery_id() -> str:
    """Of a message that no event gave."""
    return f"msg_{secrets.token_hex(16)}"


def _purpose(subscriber_id: str) -> str:
    return f"webhook:{subscriber_id}"


def _concerns(event: Event) -> bool:
    return topic_of(event) is not None or (isinstance(event, IssueChanged) and event.state == "rising")
