"""A call's line: numbers grow, lasting events are kept before anybody sees them."""

from __future__ import annotations

from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.errors import StoreFault
from core.events import CallEnded, CallStarted, Event, TranscriptPartial
from server.line import ADOPTION_GAP, Line


async def test_events_are_numbered_kept_and_published_in_order() -> None:
    kept: list[Event] = []
    bus = MemoryBus()
    seen = bus.subscribe(name="test", limit=10, overflow=Overflow.WAIT)
    line = Line("c1", kept.append, bus)
    await line.say(CallStarted())
    await line.say(TranscriptPartial(speaker="caller", utterance="caller-1", start=0.0, text="네"))
    await line.say(CallEnded(reason="caller_hung_up"))
    await bus.close()
    published = [event async for event in seen]
    assert [event.seq for event in published] == [1, 2, 3]
    assert {event.call_id for event in published} == {"c1"}
    assert [type(event).__name__ for event in kept] == ["CallStarted", "CallEnded"]
    assert line.since(1) == [kept[1]]


async def test_words_that_cannot_be_kept_are_shown_beside_an_alarm_until_they_can() -> None:
    bus = MemoryBus()
    seen = bus.subscribe(name="test", limit=10, overflow=Overflow.WAIT)
    disk_full = True

    def keep(_event: Event) -> None:
        if disk_full:
            raise StoreFault("the disk is full")

    line = Line("c1", keep, bus)
    await line.say(CallStarted())
    disk_full = False
    await line.say(CallEnded(reason="caller_hung_up"))
    await bus.close()
    assert [type(event).__name__ for event in [e async for e in seen]] == [
        "CallStarted",
        "AlarmRaised",
        "CallEnded",
        "AlarmCleared",
    ]


async def test_an_adopted_call_leaves_room_for_numbers_that_were_used_up_by_partials() -> None:
    bus = MemoryBus()
    line = Line("c1", lambda _e: None, bus, past=[CallStarted(call_id="c1", seq=41)])
    ended = await line.say(CallEnded(reason="agent_hung_up"))
    assert ended.seq == 41 + ADOPTION_GAP + 1
    await bus.close()
