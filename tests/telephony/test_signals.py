"""The signal queue: order, bound, what is dropped first, end."""

from __future__ import annotations

import asyncio

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from core.events import Speaker
from telephony.contract import AnySignal, AudioLost, Held, Key, LegEnded, LegSound, PromptDone
from telephony.signals import SignalQueue

KEY = Key(digit="1", method="rfc4733")
ANY: st.SearchStrategy[AnySignal] = st.one_of(
    st.builds(Key, digit=st.sampled_from("0123456789*#"), method=st.just("info")),
    st.just(Held()),
    st.just(AudioLost(speaker="agent")),
    st.just(LegEnded(speaker="agent")),
)


async def everything(queue: SignalQueue) -> list[AnySignal]:
    return [signal async for signal in queue]


async def test_order_and_end() -> None:
    queue = SignalQueue()
    reader = asyncio.create_task(everything(queue))
    await asyncio.sleep(0)
    for signal in (Held(), KEY, LegEnded(speaker="agent"), LegEnded(), KEY):
        queue.put(signal)
    assert await reader == [Held(), KEY, LegEnded(speaker="agent"), LegEnded()]
    assert queue.over


async def test_keys_are_dropped_first() -> None:
    queue = SignalQueue(limit=3)
    for signal in (Held(), KEY, Held(speaker="agent"), AudioLost(), LegEnded()):
        queue.put(signal)
    assert await everything(queue) == [Held(speaker="agent"), AudioLost(), LegEnded()]
    assert queue.dropped == 2


@given(st.lists(ANY, max_size=60), st.integers(1, 8))
def test_never_longer_than_its_limit_and_no_end_is_lost(signals: list[AnySignal], limit: int) -> None:
    queue = SignalQueue(limit)
    ends = 0
    for signal in signals:
        queue.put(signal)
        ends += isinstance(signal, LegEnded)
        assert len(queue) <= max(limit, ends)
    queue.put(LegEnded())
    read = asyncio.run(everything(queue))
    assert sum(isinstance(s, LegEnded) for s in read) == ends + 1
    assert len(read) + queue.dropped == len(signals) + 1


async def test_the_end_of_a_prompt_can_be_taken_back_as_long_as_nobody_read_it() -> None:
    queue = SignalQueue()
    done, theirs = PromptDone(prompt="menu"), PromptDone(prompt="typed", speaker="agent")
    for signal in (KEY, done, theirs, Held()):
        queue.put(signal)
    queue.withdraw_prompt("caller")
    queue.put(LegEnded())
    assert await everything(queue) == [KEY, theirs, Held(), LegEnded()]


def sound(packets: int, speaker: Speaker = "caller") -> LegSound:
    facts = {field: 0 for field in LegSound.__struct_fields__ if field not in ("speaker", "codec")}
    return msgspec.convert({**facts, "type": "LegSound", "speaker": speaker, "packets": packets, "codec": ""}, LegSound)


async def test_of_a_legs_sound_only_the_newest_waits() -> None:
    queue = SignalQueue()
    for signal in (sound(1), Held(), sound(7, "agent"), sound(2), KEY, sound(3), LegEnded()):
        queue.put(signal)
    assert await everything(queue) == [sound(3), Held(), sound(7, "agent"), KEY, LegEnded()]
    assert queue.dropped == 0
