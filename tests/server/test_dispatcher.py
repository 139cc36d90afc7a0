"""The dispatcher: calls and agents meet in order, and nobody is lost when one of them goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig
from core.errors import Refused
from core.events import now
from server import dispatcher as dispatcher_file
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


# Queues, places, minutes.


def a_house_of(**queues: tuple[str, ...]) -> House:
    house = House()
    agents = [AgentConfig(id=i, name=i, uri=f"sip:{i}", queues=q) for i, q in queues.items()]
    house.dispatcher = Dispatcher(agents, house.bus, wrap_up_s=0, spawn=house.spawn)
    return house


async def until_true(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


class Caller:
    """One who waits, and what she was told."""

    def __init__(self, house: House, call_id: str, minute: int, queue: str = "") -> None:
        self.told: list[Place] = []
        self.task = asyncio.create_task(
            house.dispatcher.next_agent(call_id, T0 + timedelta(minutes=minute), self._told, queue=queue)
        )

    async def _told(self, place: Place) -> None:
        self.told.append(place)

    @property
    def places(self) -> list[int]:
        return [place.position for place in self.told]

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def test_an_agent_serves_her_queues_and_those_of_nobody() -> None:
    house = a_house_of(tax=("tax",), all=())
    waste, tax = Caller(house, "w", 1, "waste"), Caller(house, "t", 2, "tax")
    await until_true(lambda: house.dispatcher.queue().waiting == 2)
    await house.dispatcher.wish("tax", "ready")
    assert (await tax.task).id == "tax"
    assert not waste.task.done()
    await house.dispatcher.wish("all", "ready")
    assert (await waste.task).id == "all"


async def test_places_count_rivals_for_the_same_agents() -> None:
    house = a_house_of(tax=("tax",), waste=("waste",))
    callers = [Caller(house, "w", 1, "waste"), Caller(house, "t", 2, "tax"), Caller(house, "any", 3)]
    await until_true(lambda: all(caller.told for caller in callers))
    assert [caller.places[-1] for caller in callers] == [1, 1, 3]
    for caller in callers:
        await caller.leave()


async def test_places_move_when_somebody_goes(house: House) -> None:
    first, second, third = (Caller(house, f"c{minute}", minute) for minute in (1, 2, 3))
    await until_true(lambda: third.places == [3])
    await first.leave()
    await until_true(lambda: third.places == [3, 2] and second.places == [2, 1])
    await house.dispatcher.wish("kim", "ready")
    assert (await second.task).id == "kim"
    await until_true(lambda: third.places == [3, 2, 1])
    await third.leave()


async def test_an_earlier_caller_who_comes_later_moves_the_others_back(house: House) -> None:
    late = Caller(house, "late", 5)
    await until_true(lambda: late.places == [1])
    callback = Caller(house, "callback", 1)
    await until_true(lambda: late.places == [1, 2] and callback.places == [1])
    await late.leave()
    await callback.leave()


async def test_minutes_fall_with_time_and_rise_when_an_agent_goes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher_file, "LOOK_S", 0.01)
    await house.dispatcher.wish("kim", "ready")
    await house.dispatcher.wish("lee", "ready")
    for call in ("a", "b"):
        agent = await house.dispatcher.next_agent(call, T0, nobody_minds)
        await house.dispatcher.joined(agent.id, call)
    caller = Caller(house, "c", 1)
    await until_true(lambda: len(caller.told) == 1)
    assert caller.told[0].minutes == 2  # three minutes a call, two agents
    monkeypatch.setattr(dispatcher_file, "now", lambda: now() + timedelta(seconds=50))
    await until_true(lambda: caller.told[-1].minutes == 1)
    assert caller.places == [1, 1]
    await caller.leave()


async def test_a_place_that_moves_while_it_is_told_is_told_again(house: House) -> None:
    first = Caller(house, "a", 1)
    await until_true(lambda: first.places == [1])
    places: list[int] = []
    gate = asyncio.Event()

    async def slowly(place: Place) -> None:
        places.append(place.position)
        await gate.wait()

    task = asyncio.create_task(house.dispatcher.next_agent("b", T0 + timedelta(minutes=2), slowly))
    await until_true(lambda: places == [2])
    await first.leave()
    gate.set()
    await until_true(lambda: places == [2, 1])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_turn_that_comes_while_the_place_is_told_is_taken_at_once(house: House) -> None:
    gate = asyncio.Event()
    told = asyncio.Event()

    async def slowly(_place: Place) -> None:
        told.set()
        await gate.wait()

    task = asyncio.create_task(house.dispatcher.next_agent("b", T0, slowly))
    await told.wait()
    await house.dispatcher.wish("kim", "ready")
    gate.set()
    assert (await asyncio.wait_for(task, 5)).id == "kim"  # not after LOOK_S


async def test_who_cannot_be_told_gives_the_agent_back(house: House) -> None:
    told = asyncio.Event()

    async def broken(_place: Place) -> None:
        told.set()
        await asyncio.sleep(0)
        raise ValueError("a page that breaks")

    task = asyncio.create_task(house.dispatcher.next_agent("b", T0, broken))
    await told.wait()
    await house.dispatcher.wish("kim", "ready")
    with pytest.raises(ValueError, match="breaks"):
        await task
    assert house.state("kim") == "ready"
    assert house.dispatcher.queue().waiting == 0


@pytest.mark.parametrize("ticks", range(8))
async def test_cancelled_at_any_tick_nobody_waits_and_nobody_is_offered(house: House, ticks: int) -> None:
    for with_agent in (False, True):
        if with_agent:
            await house.dispatcher.wish("kim", "ready")
        caller = Caller(house, f"c{with_agent}", 1)
        for _ in range(ticks):
            await asyncio.sleep(0)
        was_done = caller.task.done()
        await caller.leave()
        if was_done:
            await house.dispatcher.withdraw("kim")
        assert house.dispatcher.queue().waiting == 0
        assert house.state("kim") == ("ready" if with_agent else "away")


async def test_patience_that_ends_is_never_lost(house: House) -> None:
    for _ in range(20):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                await house.dispatcher.next_agent("c", T0, nobody_minds)
    assert house.dispatcher.queue().waiting == 0


# Agents of callbacks.


async def test_an_agent_of_a_callback_hears_of_its_call_and_is_given_back(house: House) -> None:
    await house.dispatcher.wish("kim", "ready")
    agent = await house.dispatcher.next_agent("callback-1", T0, nobody_minds)
    await house.dispatcher.offered_call(agent.id, "c1")
    assert house.dispatcher.roster.agent("kim").call_id == "c1"
    await house.dispatcher.give_back("kim", "callback-1")
    assert house.state("kim") == "offered", "of another call"
    await house.dispatcher.give_back("kim", "c1")
    assert house.state("kim") == "ready"
    await house.dispatcher.give_back("kim", "c1")
    assert house.state("kim") == "ready"


async def test_who_talks_is_not_given_back(house: House) -> None:
    await house.dispatcher.wish("kim", "ready")
    await house.dispatcher.next_agent("c1", T0, nobody_minds)
    await house.dispatcher.joined("kim", "c1")
    await house.dispatcher.give_back("kim", "c1")
    assert house.state("kim") == "talking"


async def test_nobody_without_a_phone_will_come() -> None:
    house = House()
    house.dispatcher = Dispatcher(
        [AgentConfig(id="a", name="a", starts="ready")], house.bus, wrap_up_s=60, spawn=house.spawn
    )
    await house.dispatcher.wish("a", "wrap_up")
    assert not house.dispatcher.anyone_to_come()
    for task in house.tasks:
        task.cancel()


async def test_a_supervisor_sets_her_away_after_this_call_and_may_take_it_back() -> None:
    house = House(wrap_up_s=60)
    dispatcher = house.dispatcher
    await dispatcher.wish("kim", "ready")
    turn = await house.calls("c1")
    await turn
    await dispatcher.joined("kim", "c1")
    await dispatcher.leaves("kim", "training", by="boss")
    assert (house.state("kim"), dispatcher.roster.seen("kim").leaving_by) == ("talking", "boss")
    await dispatcher.stays("kim")
    assert dispatcher.roster.seen("kim").leaving == ""
    with pytest.raises(Refused):
        await dispatcher.stays("kim")
    await dispatcher.leaves("kim", "training", by="boss")
    await dispatcher.released("kim")
    assert dispatcher.roster.seen("kim").leaving == "training", "her desk shows it in wrap-up too"
    await dispatcher.wish("kim", "wrap_up")
    await dispatcher.wish("kim", "ready")  # she ends her wrap-up: no call slips in between
    seen = dispatcher.roster.seen("kim")
    assert (seen.state, seen.reason, seen.by, seen.leaving) == ("away", "training", "boss", "")
    await dispatcher.wish("kim", "ready")
    assert house.state("kim") == "ready"
    for task in house.tasks:
        task.cancel()


async def test_after_a_caller_who_gave_up_she_is_away_too(house: House) -> None:
    dispatcher = house.dispatcher
    await dispatcher.wish("kim", "ready")
    await (await house.calls("c1"))
    await dispatcher.leaves("kim", "meeting", by="boss")
    await dispatcher.withdraw("kim")
    assert (house.state("kim"), dispatcher.roster.seen("kim").reason) == ("away", "meeting")


async def test_a_disabled_one_is_away_after_a_caller_who_gave_up(house: House) -> None:
    dispatcher = house.dispatcher
    await dispatcher.wish("kim", "ready")
    await (await house.calls("c1"))
    await dispatcher.retire("kim")
    await dispatcher.withdraw("kim")
    assert (house.state("kim"), dispatcher.roster.seen("kim").reason) == ("away", "account_disabled")


async def test_what_her_account_wants_goes_before(house: House) -> None:
    dispatcher = house.dispatcher
    await dispatcher.wish("kim", "ready")
    await (await house.calls("c1"))
    await dispatcher.joined("kim", "c1")
    await dispatcher.retire("kim")
    await dispatcher.leaves("kim", "meeting", by="boss")
    with pytest.raises(Refused):
        await dispatcher.stays("kim")
    await dispatcher.released("kim")
    assert (house.state("kim"), dispatcher.roster.seen("kim").reason) == ("away", "account_disabled")
