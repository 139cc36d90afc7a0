"""A wrap-up that a dead node has left ends with its last known moment, once; a living node's goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import StoreFault
from core.events import CallStarted, Event, Party, WrapUpEnded, renumbered
from core.home import Home
from core.store.contract import Store
from core.store.sql_store import open_store
from server.open_wrap_ups import STILL, OpenWrapUps
from server.wrap_times import Writing

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERS = {"kim": Writing("c1", T0)}


class Node:
    """One that writes on lines of the store, by a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        self.at = T0
        self.store = store
        self.rested: list[float] = []
        self.wrap_ups = OpenWrapUps(store, self.say, clock=lambda: self.at)

    async def say(self, contact_id: str, event: Event) -> bool:
        await self.store.append([renumbered(event, call_id=contact_id, seq=await self.store.last_seq(contact_id) + 1)])
        return True

    async def rest(self, seconds: float) -> None:
        self.rested.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened: Store = await open_store("", home)
    await opened.append([CallStarted(call_id="c1", seq=1, at=T0, caller=Party(number="01000001111"))])
    yield opened
    await opened.close()


async def ends(store: Store) -> list[float]:
    return [event.wrap_s for event in await store.events("c1") if isinstance(event, WrapUpEnded)]


async def test_what_a_dead_node_left_ends_with_its_last_known_moment(store: Store) -> None:
    dead, next_one = Node(store), Node(store)
    await dead.wrap_ups.keep(HERS)
    dead.at += timedelta(seconds=20)
    await dead.wrap_ups.keep(HERS)
    next_one.at = T0 + timedelta(hours=1)
    await next_one.wrap_ups.end_left(rest=next_one.rest)
    assert (await ends(store), next_one.rested) == ([20.0], [])
    await next_one.wrap_ups.end_left(rest=next_one.rest)
    assert await ends(store) == [20.0]


async def test_of_one_that_was_just_seen_it_waits_to_be_sure(store: Store) -> None:
    living, starting = Node(store), Node(store)
    await living.wrap_ups.keep(HERS)

    async def meanwhile(seconds: float) -> None:
        await starting.rest(seconds)
        living.at += timedelta(seconds=seconds)
        await living.wrap_ups.keep(HERS)

    await starting.wrap_ups.end_left(rest=meanwhile)
    assert (await ends(store), starting.rested) == ([], [STILL.total_seconds()])
    await living.wrap_ups.over("kim")
    assert await store.floor.wrap_ups() == []


async def test_what_was_told_already_is_not_told_again(store: Store) -> None:
    dead, next_one = Node(store), Node(store)
    await dead.wrap_ups.keep(HERS)
    await dead.say("c1", WrapUpEnded(agent_id="kim", wrap_s=5.0, at=T0 + timedelta(seconds=5)))
    next_one.at = T0 + timedelta(hours=1)
    await next_one.wrap_ups.end_left(rest=next_one.rest)
    assert await ends(store) == [5.0]
    assert await store.floor.wrap_ups() == []


async def test_a_store_that_is_away_stops_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_args: object) -> None:
        raise StoreFault("away")

    for name in ("put_wrap_ups", "drop_wrap_up", "wrap_ups"):
        monkeypatch.setattr(store.floor, name, away)
    node = Node(store)
    await node.wrap_ups.keep(HERS)
    await node.wrap_ups.over("kim")
    await node.wrap_ups.end_left(rest=node.rest)
