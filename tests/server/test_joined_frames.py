"""What is listened to begins a second before the join."""

from __future__ import annotations

import asyncio

from core.audio import FRAME_S, SILENCE, Frame, FrameQueue
from core.events import AlarmCleared, AlarmRaised
from server.joined_frames import LEAD_S, Losses, from_the_join


def frame(index: int) -> Frame:
    return Frame(SILENCE, index * FRAME_S)


async def test_the_lead_and_all_that_follows_is_passed_on() -> None:
    frames, joined = FrameQueue(limit_s=60), asyncio.Event()
    heard: list[Frame] = []

    async def listen() -> None:
        async for one in from_the_join(frames, joined):
            heard.append(one)

    listening = asyncio.create_task(listen())
    for index in range(200):
        frames.put(frame(index))
    await asyncio.sleep(0.01)
    joined.set()
    for index in range(200, 210):
        frames.put(frame(index))
    frames.close()
    await listening
    assert [one.start for one in heard] == [index * FRAME_S for index in range(200 - round(LEAD_S / FRAME_S), 210)]


async def test_a_call_that_was_never_joined_is_never_heard() -> None:
    frames = FrameQueue(limit_s=60)
    for index in range(200):
        frames.put(frame(index))
    frames.close()
    assert [one async for one in from_the_join(frames, asyncio.Event())] == []


def test_a_loss_is_alarmed_until_an_utterance_came_whole() -> None:
    frames = FrameQueue(limit_s=0.04)
    losses = Losses("caller", frames)
    assert losses.look() is None
    for index in range(5):
        frames.put(frame(index))
    assert isinstance(losses.look(), AlarmRaised)
    frames.put(frame(5))
    assert losses.look() is None  # still losing: said once
    assert isinstance(losses.look(), AlarmCleared)
    assert losses.look() is None
