"""States become time in the store, over a store that is away and a node that ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from core.bus.memory_bus import MemoryBus
from core.errors import StoreFault
from core.events import AgentState, AgentStateChanged
from core.home import Home
from core.store.contract import Store
from core.store.sql_store import open_store
from server.agent_times import AgentTimes

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def change(seconds: float, state: AgentState) -> AgentStateChanged:
    at = T0 + timedelta(seconds=seconds)
    return AgentStateChanged(agent_id="kim", state=state, since=at, at=at)


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened: Store = await open_store("", home)
    yield opened
    await opened.close()


async def kept(store: Store) -> dict[str, int]:
    return {each.state: each.ms for each in await store.floor.times(first=20260302, last=20260302)}


async def test_what_is_lived_is_kept_also_at_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bus, at = MemoryBus(), T0
    times = AgentTimes(
        store.floor, bus, zone=UTC, present=lambda: {"kim"}, states=lambda: [change(0, "ready")], clock=lambda: at
    )
    running = asyncio.create_task(times.run(every_s=3600))
    await asyncio.sleep(0)
    at = T0 + timedelta(seconds=10)
    add_times = store.floor.add_times

    async def away(_times: object) -> None:
        raise StoreFault("away")

    monkeypatch.setattr(store.floor, "add_times", away)
    await times.write()
    monkeypatch.setattr(store.floor, "add_times", add_times)
    assert await kept(store) == {}
    await times.write()
    assert await kept(store) == {"ready": 10_000}, "nothing is lost while the store is away"
    await bus.publish(change(10, "talking"))
    at = T0 + timedelta(seconds=25)
    await bus.close()
    await running
    assert await kept(store) == {"ready": 10_000, "talking": 15_000}


async def test_a_node_that_is_stopped_writes_what_is_left(store: Store) -> None:
    at = T0
    times = AgentTimes(
        store.floor, MemoryBus(), zone=UTC, present=set, states=lambda: [change(0, "wrap_up")], clock=lambda: at
    )
    running = asyncio.create_task(times.run())
    await asyncio.sleep(0)
    at = T0 + timedelta(seconds=7)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await kept(store) == {"wrap_up": 7_000}
