"""Frames between rooms: bounded, oldest dropped, and the end is the end."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import FRAME_BYTES, FRAME_MS, FRAME_S, FRAME_SAMPLES, RATE, SILENCE, Frame, FrameQueue


def frame(number: int) -> Frame:
    return Frame(SILENCE, number * FRAME_S)


async def read_all(queue: FrameQueue) -> list[Frame]:
    async with asyncio.timeout(5):
        return [frame async for frame in queue]


def test_a_frame_is_20_ms_of_8_khz_16_bit() -> None:
    assert (RATE, FRAME_MS, FRAME_SAMPLES, FRAME_BYTES) == (8000, 20, 160, 320)
    assert len(SILENCE) == FRAME_BYTES


async def test_frames_come_out_as_they_went_in_and_end_with_close() -> None:
    queue = FrameQueue()
    frames = [frame(number) for number in range(50)]
    for each in frames:
        queue.put(each)
    queue.close()
    queue.close()
    queue.put(frame(99))
    assert queue.closed
    assert await read_all(queue) == frames
    assert queue.dropped == 0


async def test_a_full_queue_drops_the_oldest_and_counts() -> None:
    queue = FrameQueue(limit_s=2.0)
    for number in range(130):
        queue.put(frame(number))
    assert (len(queue), queue.dropped) == (100, 30)
    queue.close()
    found = await read_all(queue)
    assert [round(each.start / FRAME_S) for each in found] == list(range(30, 130)), "the hole shows in the times"


@given(limit=st.integers(1, 20), steps=st.lists(st.booleans(), max_size=80))
def test_whatever_is_put_and_read_the_newest_stay_in_order(limit: int, steps: list[bool]) -> None:
    async def run() -> None:
        queue = FrameQueue(limit_s=limit * FRAME_S)
        reader = aiter(queue)
        model: list[int] = []
        put = dropped = 0
        for is_put in steps:
            if is_put:
                queue.put(frame(put))
                model.append(put)
                put += 1
                if len(model) > limit:
                    model.pop(0)
                    dropped += 1
            elif model:
                assert (await anext(reader)).start == model.pop(0) * FRAME_S
            assert (len(queue), queue.dropped) == (len(model), dropped)
        queue.close()
        assert [each.start async for each in reader] == [number * FRAME_S for number in model]

    asyncio.run(run())


async def test_a_waiting_reader_is_woken_by_a_frame_and_by_the_end() -> None:
    queue = FrameQueue()
    reader = asyncio.create_task(read_all(queue))
    await asyncio.sleep(0)
    queue.put(frame(1))
    await asyncio.sleep(0.01)
    assert not reader.done()
    queue.close()
    assert await reader == [frame(1)]


@pytest.mark.parametrize("limit_s", [0.0, 0.001])
async def test_there_is_always_room_for_one(limit_s: float) -> None:
    queue = FrameQueue(limit_s)
    queue.put(frame(1))
    queue.put(frame(2))
    queue.close()
    assert await read_all(queue) == [frame(2)]
