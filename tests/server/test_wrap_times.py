"""How long she wrote is told on the contact's line: once, with more time counted in, and never below zero."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from core.bus.memory_bus import MemoryBus
from core.events import AgentState, AgentStateChanged, Event, WrapUpEnded
from server.wrap_times import WrapTimes, Writing, follow

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)


def change(seconds: float, state: AgentState, call: str = "", agent: str = "haneul") -> AgentStateChanged:
    return AgentStateChanged(agent_id=agent, state=state, since=T0 + timedelta(seconds=seconds), busy_call=call)


def told(*changes: AgentStateChanged) -> list[tuple[str, str, float]]:
    times = WrapTimes()
    over = [each for each in map(times.take, changes) if each is not None]
    return [(contact, ended.agent_id, ended.wrap_s) for contact, ended in over]


def test_from_the_end_of_the_talk_until_she_is_ready() -> None:
    assert told(change(0, "talking", "c"), change(60, "wrap_up", "c"), change(81.5, "ready")) == [("c", "haneul", 21.5)]


def test_more_time_counts_in_and_a_next_call_ends_it() -> None:
    assert told(change(60, "wrap_up", "c"), change(90, "wrap_up", "c"), change(95, "offered", "d")) == [
        ("c", "haneul", 35.0)
    ]


def test_what_she_writes_later_is_of_her_last_contact() -> None:
    assert told(
        change(0, "talking", "c"),
        change(9, "wrap_up", "c"),
        change(9, "ready"),
        change(50, "wrap_up"),
        change(70, "away"),
    ) == [("c", "haneul", 0.0), ("c", "haneul", 20.0)]


def test_another_contact_begins_anew_and_agents_do_not_mix() -> None:
    assert told(
        change(0, "wrap_up", "c"),
        change(5, "wrap_up", "x", agent="bada"),
        change(10, "wrap_up", "d"),
        change(12, "ready"),
        change(20, "ready", agent="bada"),
    ) == [("c", "haneul", 10.0), ("d", "haneul", 2.0), ("x", "bada", 15.0)]


def test_wrap_up_of_nothing_and_a_clock_set_back() -> None:
    assert told(change(0, "wrap_up"), change(5, "ready")) == []
    assert told(change(60, "wrap_up", "c"), change(10, "ready")) == [("c", "haneul", 0.0)]


class Kept:
    """See ``server.open_wrap_ups``."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def keep(self, writing: Mapping[str, Writing]) -> None:
        self.told += [f"{agent} writes for {one.contact_id}" for agent, one in writing.items()]

    async def over(self, agent_id: str) -> None:
        self.told.append(f"{agent_id} is over")


async def test_it_is_said_on_the_line() -> None:
    bus = MemoryBus()
    said: list[tuple[str, Event]] = []

    async def say(contact_id: str, event: Event) -> bool:
        said.append((contact_id, event))
        return True

    kept = Kept()
    following = asyncio.create_task(follow(bus, say, kept, every_s=3600))
    await asyncio.sleep(0)
    await bus.publish(change(0, "wrap_up", "c"))
    await bus.publish(change(7, "ready"))
    await bus.close()
    await following
    ((contact, event),) = said
    assert contact == "c"
    assert isinstance(event, WrapUpEnded)
    assert event.wrap_s == 7.0
    assert kept.told == ["haneul writes for c", "haneul is over"]
