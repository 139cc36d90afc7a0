"""WAV files through the real speech path: the same gate, workers and text finishing as a call.

Channels are legs: a stereo recording is a call of two. ``fast`` does not wait for the clock, but nothing is dropped and
the result is the same: frames are handed on as fast as the workers decode.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Final

import msgspec

from core.audio import FRAME_S, Frame
from core.config import SttConfig
from core.events import Word
from stt import wav
from stt.contract import Heard
from stt.decode_pool import DecodePool
from stt.listener import listen

LAST_WORDS_S: Final = 120.0
"""Nobody waits on the line: the last finals may take their time."""
BLOCK: Final = 50
"""Frames (1 s of audio) that are read and resampled at once, in a thread."""
AHEAD_S: Final = 5.0
"""A fast replay waits while the workers are further behind than this."""


class ReplayFinal(msgspec.Struct, frozen=True, kw_only=True):
    """One utterance of a file: what ``minwon replay`` prints."""

    file: str
    leg: int
    """Channel, from 0."""
    start: float
    """Seconds since the file's beginning."""
    end: float
    text: str
    words: tuple[Word, ...]
    confidence: float


async def replay(path: Path, pool: DecodePool, config: SttConfig, *, fast: bool) -> AsyncGenerator[ReplayFinal, None]:
    """Every utterance of the file as it is found, all legs at the same time. Raises ``BadInput`` for a useless file."""
    info = await asyncio.to_thread(wav.inspect, path)
    found: asyncio.Queue[ReplayFinal | None] = asyncio.Queue(maxsize=16)  # full: the leg waits

    async def leg(channel: int) -> None:
        frames = _paced(path, channel, pool, fast=fast)
        async for heard in listen(frames, pool, config, last_words_s=LAST_WORDS_S):
            if heard.kind == "final":
                await found.put(_final(path, channel, heard))

    async def legs() -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for channel in range(info.channels):
                    tasks.create_task(leg(channel), name=f"replay leg {channel}")
        except Exception:
            await found.put(None)
            raise
        await found.put(None)

    playing = asyncio.create_task(legs(), name=f"replay {path.name}")
    try:
        while (final := await found.get()) is not None:
            yield final
        await playing
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


def _final(path: Path, channel: int, heard: Heard) -> ReplayFinal:
    return ReplayFinal(
        file=str(path),
        leg=channel,
        start=round(heard.start, 3),
        end=round(heard.end, 3),
        text=heard.text,
        words=heard.words,
        confidence=round(heard.confidence, 3),
    )


async def _paced(path: Path, channel: int, pool: DecodePool, *, fast: bool) -> AsyncIterator[Frame]:
    """The channel's frames, on the clock or as fast as they are decoded."""
    frames = wav.frames(path, channel)
    began = time.monotonic()
    while block := await asyncio.to_thread(lambda: list(itertools.islice(frames, BLOCK))):
        for frame in block:
            if not fast:
                # Against an absolute start, so that errors don't add up.
                await asyncio.sleep(max(0.0, began + frame.start + FRAME_S - time.monotonic()))
            yield frame
        if fast:
            await pool.caught_up(AHEAD_S)
