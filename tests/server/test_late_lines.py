"""Events on lines of contacts that are over: numbered behind the last, kept before they are seen, never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.errors import StoreFault
from core.events import CallEnded, CallStarted, Event, RatingGiven, RecordKept
from core.home import Home
from core.store.sql_store import SqlStore, open_store
from server.late_lines import LateLines

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
OVER: list[Event] = [
    CallStarted(call_id="c", seq=1, at=T0),
    CallEnded(call_id="c", seq=7, at=T0, reason="caller_hung_up"),
]


@pytest.fixture
async def store(home: Home) -> AsyncIterator[SqlStore]:
    opened = await open_store("", home)
    await opened.append(OVER)
    yield opened
    await opened.close()


class House:
    """A store that is brought up to date when it is asked to."""

    def __init__(self, store: SqlStore) -> None:
        self.kept: list[Event] = []
        self.full = False
        self.lives: set[str] = set()
        self.said: list[str] = []
        self.bus = MemoryBus()
        self.store = store
        self.lines = LateLines([self.tell], store, keep=self.keep, flushed=self.flushed, bus=self.bus)

    def keep(self, event: Event) -> None:
        if self.full:
            raise StoreFault("the disk is full")
        self.kept.append(event)

    async def flushed(self) -> None:
        await self.store.append(self.kept)

    async def tell(self, contact_id: str, event: Event) -> bool:
        if contact_id in self.lives:
            self.said.append(type(event).__name__)
        return contact_id in self.lives


async def test_it_goes_on_behind_the_last_event_also_when_many_speak_at_once(store: SqlStore) -> None:
    house = House(store)
    seen = house.bus.subscribe(name="test", limit=10, overflow=Overflow.WAIT)
    rating = RatingGiven(score=5, way="menu")
    said = await asyncio.gather(*(house.lines.say("c", rating) for _ in range(3)))
    await house.lines.say("c", RecordKept(version=1, by="haneul"))
    await house.bus.close()
    assert said == [True] * 3
    assert [event.seq for event in house.kept] == [8, 9, 10, 11]
    assert [event async for event in seen] == house.kept
    await house.flushed()
    assert [event.seq for event in await store.events("c")] == [1, 7, 8, 9, 10, 11]


async def test_a_line_that_lives_says_it_itself(store: SqlStore) -> None:
    house = House(store)
    house.lives.add("c")
    assert await house.lines.say("c", RatingGiven(score=5, way="menu"))
    assert (house.said, house.kept) == (["RatingGiven"], [])


async def test_nobody_speaks_on_the_line_of_nobody(store: SqlStore) -> None:
    assert await House(store).lines.say("who", RatingGiven(score=5, way="menu")) is False


async def test_what_cannot_be_kept_is_not_shown(store: SqlStore) -> None:
    house = House(store)
    house.full = True
    with pytest.raises(StoreFault):
        await house.lines.say("c", RatingGiven(score=5, way="menu"))
    house.full = False
    await house.lines.say("c", RatingGiven(score=4, way="menu"))
    assert [event.seq for event in house.kept] == [8]
