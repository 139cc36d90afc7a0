"""Calls that play talks."""

from __future__ import annotations

import asyncio

from core.audio import FRAME_S
from server.bench.played_bridge import LATE_FRAMES, PlayedBridge, PlayedCall
from server.bench.talk import Talk
from telephony.contract import LegEnded

TALK = Talk(
    caller=tuple(bytes([number]) * 320 for number in range(5)),
    agent=tuple(bytes([10 + number]) * 320 for number in range(5)),
    utterances=(),
)


async def a_call(phase: int = 0) -> PlayedCall:
    call = PlayedCall("played-0", TALK, phase, lambda _: None)
    assert await call.dial("sip:kim", reference="kim", ring_timeout_s=1) == "answered"
    return call


async def heard(call: PlayedCall, speaker: str) -> list[int]:
    await call.hang_up()
    return [frame.pcm[0] async for frame in call.frames("caller" if speaker == "caller" else "agent")]


async def test_both_legs_play_round_and_round_from_the_phase() -> None:
    call = await a_call(phase=3)
    call.play_until(call.began + 4.5 * FRAME_S)
    call.play_until(call.began + 6.5 * FRAME_S)
    assert await heard(call, "caller") == [3, 4, 0, 1, 2, 3]
    assert [frame.pcm[0] async for frame in call.frames("agent")] == [13, 14, 10, 11, 12, 13]


async def test_a_frame_comes_when_it_is_complete() -> None:
    call = await a_call()
    call.play_until(call.began + 0.9 * FRAME_S)
    assert len(call.frames("caller")) == 0
    call.play_until(call.began + 1.1 * FRAME_S)
    assert len(call.frames("caller")) == 1


async def test_audio_time_goes_on_where_the_timer_was_too_late() -> None:
    call = await a_call()
    left_out = call.play_until(call.began + (LATE_FRAMES + 7.5) * FRAME_S)
    assert left_out == 7
    await call.hang_up()
    starts = [frame.start async for frame in call.frames("caller")]
    assert len(starts) == LATE_FRAMES
    assert abs(starts[0] - call.begins_at - 7 * FRAME_S) < 1e-6


async def test_nothing_is_played_before_the_join_or_after_the_end() -> None:
    call = PlayedCall("played-0", TALK, 0, lambda _: None)
    assert call.play_until(1e9) == 0
    joined = await a_call()
    await joined.hang_up()
    joined.play_until(joined.began + 1)
    assert len(joined.frames("caller")) == 0
    assert [type(signal) async for signal in joined.signals()] == [LegEnded, LegEnded]


async def test_the_bridge_carries_as_many_as_it_is_told() -> None:
    begun: list[str] = []
    async with PlayedBridge([TALK], lambda call: begun.append(call.call_id)) as bridge:
        await bridge.carry(3)
        calls = bridge.calls()
        async with asyncio.timeout(5):
            taken = [await anext(calls) for _ in range(3)]
        for call in taken:
            await call.dial("sip:kim", reference="kim", ring_timeout_s=1)
        assert begun == ["played-0", "played-1", "played-2"]
        await bridge.carry(1)
        assert [call.over for call in bridge.running] == [False]
        assert bridge.workers()[0].calls == 1
    assert bridge.running == []


async def test_unread_frames_are_counted_as_dropped() -> None:
    async with PlayedBridge([TALK], lambda _: None) as bridge:
        await bridge.carry(1)
        (call,) = bridge.running
        await call.dial("sip:kim", reference="kim", ring_timeout_s=1)
        for tick in range(1, 121):
            call.play_until(call.began + tick * FRAME_S + 0.001)
        assert bridge.dropped == 2 * 20
        await bridge.carry(0)
        assert bridge.dropped == 2 * 20
