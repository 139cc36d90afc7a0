"""The bus of a single node: events handed from task to task in memory.

Order is fixed the moment ``publish`` is called, for every subscription alike and before anybody waits: two tasks of
a call that publish 17 and 18 can never be seen as 18, 17.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from core import metrics
from core.bus.contract import Overflow, Subscription
from core.events import Event


class MemoryBus:
    """See ``core.bus.contract.Bus``. Belongs to one event loop."""

    def __init__(self) -> None:
        # A dict as an ordered set: subscriptions come and go in O(1), with a thousand desks too.
        self._subscriptions: dict[MemorySubscription, None] = {}
        self._closed = False

    async def publish(self, event: Event) -> None:
        """Hand the event to every matching subscription. Waits only for WAIT subscriptions that are full.

        An event whose publisher is cancelled while it waits is delivered all the same. After ``close()`` nobody
        listens and nothing happens.
        """
        waits = [wait for sub in list(self._subscriptions) if (wait := sub.offer(event)) is not None]
        for wait in waits:
            await wait

    def subscribe(
        self, *, name: str, limit: int, overflow: Overflow, only: Callable[[Event], bool] | None = None
    ) -> Subscription:
        """A new subscription, live when this returns; already over when the bus is closed."""
        if limit < 1:
            raise ValueError(f"subscription {name}: limit {limit} is below 1")
        subscription = MemorySubscription(name, limit, overflow, only, self._forget)
        if self._closed:
            subscription.finish()
        else:
            self._subscriptions[subscription] = None
        return subscription

    async def close(self) -> None:
        """End every subscription after its queued events were read. Idempotent."""
        self._closed = True
        for subscription in list(self._subscriptions):
            subscription.finish()

    def _forget(self, subscription: MemorySubscription) -> None:
        self._subscriptions.pop(subscription, None)


class MemorySubscription:
    """See ``core.bus.contract.Subscription``. One reader."""

    def __init__(
        self,
        name: str,
        limit: int,
        overflow: Overflow,
        only: Callable[[Event], bool] | None,
        forget: Callable[[MemorySubscription], None],
    ) -> None:
        self.dropped = 0
        self.lagged = False
        self._limit = limit
        self._overflow = overflow
        self._only = only
        self._forget = forget
        self._queue: deque[Event] = deque()
        # Events of publishers that wait for room, oldest first: as many as there are waiting tasks.
        self._waiting: deque[tuple[Event, asyncio.Future[None]]] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._over = False
        self._count_drop = metrics.BUS_DROPPED.labels(subscription=name).inc

    def offer(self, event: Event) -> asyncio.Future[None] | None:
        """Take the event if it matches; a future when the publisher has to wait for room."""
        if self._over or (self._only is not None and not self._only(event)):
            return None
        if len(self._queue) < self._limit:
            self._queue.append(event)
            self._wake_reader()
            return None
        match self._overflow:
            case Overflow.DROP_OLDEST:
                self._queue.popleft()
                self._queue.append(event)
                self.dropped += 1
                self._count_drop()
            case Overflow.CLOSE:
                self.lagged = True
                self.close()
            case Overflow.WAIT:
                room: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.append((event, room))
                return room
        return None

    def __aiter__(self) -> MemorySubscription:
        return self

    async def __anext__(self) -> Event:
        while not self._queue:
            if self._over:
                raise StopAsyncIteration
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        event = self._queue.popleft()
        if self._waiting:
            late, room = self._waiting.popleft()
            self._queue.append(late)
            _release(room)
        return event

    async def __aenter__(self) -> MemorySubscription:
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End now: what is queued is not read any more, waiting publishers go on. Idempotent."""
        self._queue.clear()
        self._end()
        while self._waiting:
            _release(self._waiting.popleft()[1])

    def finish(self) -> None:
        """Take nothing new; end when what is queued, or waits to be, was read."""
        self._end()

    def _end(self) -> None:
        self._over = True
        self._forget(self)
        self._wake_reader()

    def _wake_reader(self) -> None:
        if self._reader is not None:
            _release(self._reader)


def _release(future: asyncio.Future[None]) -> None:
    if not future.done():  # else it was cancelled meanwhile
        future.set_result(None)
