"""The bus's contract: order, limits and what happens beyond them. Every implementation passes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core import metrics
from core.bus.contract import Bus, Overflow, Subscription
from core.bus.memory_bus import MemoryBus
from core.events import CallQueued, Event


@pytest.fixture(params=[MemoryBus])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    opened: Bus = request.param()
    yield opened
    await opened.close()


def event(number: int, call_id: str = "c") -> Event:
    return CallQueued(call_id=call_id, seq=number, position=1)


async def read(subscription: Subscription, count: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            found.append((await anext(aiter(subscription))).seq)
    return found


async def rest(subscription: Subscription) -> list[int]:
    async with asyncio.timeout(5):
        return [event.seq async for event in subscription]


async def test_what_is_published_after_subscribing_is_seen_by_all_in_order(bus: Bus) -> None:
    await bus.publish(event(0))
    one = bus.subscribe(name="one", limit=100, overflow=Overflow.WAIT)
    two = bus.subscribe(name="two", limit=100, overflow=Overflow.DROP_OLDEST)
    for number in range(1, 51):
        await bus.publish(event(number))
    assert await read(one, 50) == list(range(1, 51))
    assert await read(two, 50) == list(range(1, 51))


async def test_a_reader_that_waits_is_woken(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=1, overflow=Overflow.WAIT)
    reader = asyncio.create_task(read(subscription, 3))
    await asyncio.sleep(0)
    for number in (1, 2, 3):
        await bus.publish(event(number))
    assert await reader == [1, 2, 3]


async def test_only_what_matches_is_seen_and_counts_against_the_limit(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=2, overflow=Overflow.CLOSE, only=lambda e: e.call_id == "mine")
    for number in range(10):
        await bus.publish(event(number, "other"))
    await bus.publish(event(1, "mine"))
    await bus.publish(event(2, "mine"))
    assert await read(subscription, 2) == [1, 2]
    assert not subscription.lagged


async def test_drop_oldest_keeps_the_newest_and_counts(bus: Bus) -> None:
    subscription = bus.subscribe(name="drops", limit=3, overflow=Overflow.DROP_OLDEST)
    for number in range(1, 11):
        await bus.publish(event(number))
    assert subscription.dropped == 7
    assert b'minwon_bus_dropped_total{subscription="drops"} 7.0' in metrics.render()
    await bus.close()
    assert await rest(subscription) == [8, 9, 10]


async def test_wait_makes_the_publisher_wait_and_nothing_is_lost(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=2, overflow=Overflow.WAIT)
    fast = bus.subscribe(name="fast", limit=10, overflow=Overflow.DROP_OLDEST)

    async def publish_all() -> None:
        for number in range(1, 6):
            await bus.publish(event(number))

    publisher = asyncio.create_task(publish_all())
    await asyncio.sleep(0.05)
    assert not publisher.done()
    assert await read(fast, 3) == [1, 2, 3], "who is not full does not wait for who is"
    assert await read(subscription, 5) == [1, 2, 3, 4, 5]
    await publisher
    assert subscription.dropped == 0


async def test_order_holds_between_tasks_that_wait(bus: Bus) -> None:
    """A call has several tasks; the one that came later must not overtake the one that waits."""
    subscription = bus.subscribe(name="s", limit=1, overflow=Overflow.WAIT)
    async with asyncio.TaskGroup() as tasks:
        for number in range(1, 21):
            tasks.create_task(bus.publish(event(number)))
        await asyncio.sleep(0)
        assert await read(subscription, 20) == list(range(1, 21))


async def test_a_cancelled_publisher_has_published(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=1, overflow=Overflow.WAIT)
    await bus.publish(event(1))
    publisher = asyncio.create_task(bus.publish(event(2)))
    await asyncio.sleep(0)
    publisher.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publisher
    await bus.close()
    assert await rest(subscription) == [1, 2]


async def test_a_slow_browser_is_closed_and_told_so(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=2, overflow=Overflow.CLOSE)
    for number in range(1, 4):
        await bus.publish(event(number))
    assert subscription.lagged
    assert await rest(subscription) == []
    await bus.publish(event(4))
    assert await rest(subscription) == []


async def test_closing_a_subscription_ends_it_and_frees_its_publishers(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=1, overflow=Overflow.WAIT)
    await bus.publish(event(1))
    publisher = asyncio.create_task(bus.publish(event(2)))
    await asyncio.sleep(0)
    subscription.close()
    subscription.close()
    async with asyncio.timeout(1):
        await publisher
    assert await rest(subscription) == []
    assert not subscription.lagged


async def test_closing_wakes_a_reader_that_waits(bus: Bus) -> None:
    async with bus.subscribe(name="s", limit=1, overflow=Overflow.WAIT) as subscription:
        reader = asyncio.create_task(rest(subscription))
        await asyncio.sleep(0)
    assert await reader == []


async def test_closing_the_bus_lets_queued_events_be_read(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=2, overflow=Overflow.WAIT)
    async with asyncio.TaskGroup() as tasks:
        for number in (1, 2, 3):
            tasks.create_task(bus.publish(event(number)))
        await asyncio.sleep(0)
        await bus.close()
        await bus.close()
        assert await rest(subscription) == [1, 2, 3]


async def test_a_closed_bus_is_quiet(bus: Bus) -> None:
    await bus.close()
    subscription = bus.subscribe(name="s", limit=1, overflow=Overflow.WAIT)
    await bus.publish(event(1))
    assert await rest(subscription) == []


async def test_a_reader_that_gave_up_may_come_back(bus: Bus) -> None:
    subscription = bus.subscribe(name="s", limit=5, overflow=Overflow.WAIT)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await anext(aiter(subscription))
    await bus.publish(event(1))
    assert await read(subscription, 1) == [1]


async def test_a_subscription_without_room_is_a_mistake(bus: Bus) -> None:
    with pytest.raises(ValueError, match="limit 0"):
        bus.subscribe(name="s", limit=0, overflow=Overflow.WAIT)


async def test_a_thousand_desks_do_not_slow_a_publisher(bus: Bus) -> None:
    for number in range(1000):
        bus.subscribe(name="desk", limit=10, overflow=Overflow.CLOSE, only=lambda e, n=number: e.seq == n)  # type: ignore[misc]
    loop = asyncio.get_running_loop()
    before = loop.time()
    for number in range(100):
        await bus.publish(event(number))
    assert (loop.time() - before) / 100 < 0.01
