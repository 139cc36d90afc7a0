"""The dispatcher: calls and agents meet in order, and nobody is lost when one of them goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig
from server.dispatcher import Dispatcher, Place

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def nobody_minds(_place: Place) -> None:
    pass


class House:
    """A dispatcher with two agents and the tasks that it spawned."""

    def __init__(self, wrap_up_s: float = 0.0) -> None:
        self.bus = MemoryBus()
        self.tasks: set[asyncio.Task[None]] = set()
        self.dispatcher = Dispatcher(
            [AgentConfig(id=i, name=i, uri=f"sip:{i}@127.0.0.1") for i in ("kim", "lee")],
            self.bus,
            wrap_up_s=wrap_up_s,
            spawn=self.spawn,
        )

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def state(self, agent_id: str) -> str:
        return self.dispatcher.roster.agent(agent_id).state

    async def calls(self, call_id: str, minute: int = 0) -> asyncio.Task[Any]:
        task = asyncio.create_task(
            self.dispatcher.next_agent(call_id, T0 + timedelta(minutes=minute), nobody_minds), name=call_id
        )
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return task


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    yield house
    for task in house.tasks:
        task.cancel()
    await house.bus.close()


async def test_a_ready_agent_is_offered_at_once(house: House) -> None:
    await house.dispatcher.wish("lee", "ready")
    agent = await house.dispatcher.next_agent("c1", T0, nobody_minds)
    assert agent.id == "lee"
    assert house.state("lee") == "offered"


async def test_the_earliest_call_is_served_first_even_if_it_comes_back(house: House) -> None:
    second = await house.calls("c2", minute=2)
    first = await house.calls("c1", minute=1)
    await house.dispatcher.wish("kim", "ready")
    assert (await first).id == "kim"
    assert not second.done()
    await house.dispatcher.wish("lee", "ready")
    assert (await second).id == "lee"


async def test_the_waiting_caller_is_told_her_place(house: House) -> None:
    places: list[int] = []

    async def on_wait(place: Place) -> None:
        places.append(place.position)

    first = await house.calls("c1", minute=1)
    task = asyncio.create_task(house.dispatcher.next_agent("c2", T0 + timedelta(minutes=2), on_wait))
    await asyncio.sleep(0.01)
    assert places == [2]
    assert house.dispatcher.queue().waiting == 2
    for waiting in (first, task):
        waiting.cancel()
    await asyncio.gather(first, task, return_exceptions=True)
    assert house.dispatcher.queue().waiting == 0


async def test_a_caller_who_gives_up_in_the_moment_of_the_match_gives_the_agent_back(house: House) -> None:
    task = await house.calls("c1")
    await house.dispatcher.wish("kim", "ready")  # the match is made, but the task has not run yet
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert house.state("kim") == "ready"


async def test_who_misses_a_call_is_away_with_the_reason(house: House) -> None:
    await house.dispatcher.wish("kim", "ready")
    await house.dispatcher.next_agent("c1", T0, nobody_minds)
    await house.dispatcher.missed("kim", "no_answer")
    assert house.state("kim") == "away"
    assert house.dispatcher.roster.agent("kim").reason == "no_answer"
    assert not house.dispatcher.anyone_to_come()


async def test_wrap_up_ends_by_itself_and_serves_the_next_caller() -> None:
    house = House(wrap_up_s=0.05)
    await house.dispatcher.wish("kim", "ready")
    await house.dispatcher.next_agent("c1", T0, nobody_minds)
    await house.dispatcher.joined("kim", "c1")
    waiting = await house.calls("c2")
    await house.dispatcher.released("kim")
    assert house.state("kim") == "wrap_up"
    assert (await asyncio.wait_for(waiting, 2)).id == "kim"
    await house.bus.close()


async def test_more_wrap_up_time_starts_the_clock_anew() -> None:
    house = House(wrap_up_s=0.2)
    await house.dispatcher.wish("kim", "ready")
    await house.dispatcher.next_agent("c1", T0, nobody_minds)
    await house.dispatcher.joined("kim", "c1")
    await house.dispatcher.released("kim")
    await asyncio.sleep(0.12)
    await house.dispatcher.wish("kim", "wrap_up")
    await asyncio.sleep(0.12)
    assert house.state("kim") == "wrap_up"
    await asyncio.sleep(0.15)
    assert house.state("kim") == "ready"
    await house.bus.close()
