"""Audio between rooms: frames of 20 ms and the bounded queue that carries them.

One format inside the house: 8 kHz, mono, 16-bit little-endian PCM (what G.711, RFC 3551, decodes to), 20 ms a frame.
An engine that wants another rate resamples for itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

import msgspec

RATE = 8000
FRAME_MS = 20
FRAME_SAMPLES = RATE * FRAME_MS // 1000
FRAME_BYTES = FRAME_SAMPLES * 2
FRAME_S = FRAME_MS / 1000
SILENCE = bytes(FRAME_BYTES)


class Frame(msgspec.Struct, frozen=True):
    """20 ms of one leg's received voice."""

    pcm: bytes
    """320 bytes, 8 kHz mono s16le."""
    start: float
    """Seconds since the call began: audio time, so a lost frame still moves it on."""
    lost: bool = False
    """Nothing came for this slot; ``pcm`` is silence (RFC 3550 loss, or a dropped frame)."""


class FrameQueue:
    """Frames of one leg on their way to the listener: 2 s at most, oldest dropped and counted.

    A dropped frame leaves a hole in ``Frame.start``; the reader sees it and keeps audio time true.
    ``close()`` ends the iteration after what is queued was read.
    """

    def __init__(self, limit_s: float = 2.0) -> None:
        self._frames: deque[Frame] = deque()
        self._limit = max(1, round(limit_s / FRAME_S))
        self._wake = asyncio.Event()
        self._closed = False
        self._take: Callable[[Frame], None] | None = None
        self._ended: Callable[[], None] | None = None
        self.dropped = 0

    def put(self, frame: Frame) -> None:
        """Add a frame; never waits. After ``close()`` it is ignored."""
        if self._closed:
            return
        if self._take is not None:
            self._take(frame)
        if len(self._frames) >= self._limit:
            self._frames.popleft()
            self.dropped += 1
        self._frames.append(frame)
        self._wake.set()

    def close(self) -> None:
        """No more frames will come. Idempotent."""
        if self._ended is not None and not self._closed:
            self._ended()
        self._closed = True
        self._wake.set()

    def tap(self, take: Callable[[Frame], None], ended: Callable[[], None]) -> None:
        """Give every frame that comes from now on to ``take`` too, however slow the reader is, and tell ``ended`` when
        the leg is over. Both are called where ``put`` is: they must be quick and never raise."""
        self._take, self._ended = take, ended
        if self._closed:
            ended()

    @property
    def closed(self) -> bool:
        """Whether the leg is over."""
        return self._closed

    def __len__(self) -> int:
        return len(self._frames)

    async def __aiter__(self) -> AsyncIterator[Frame]:
        while True:
            while self._frames:
                yield self._frames.popleft()
            if self._closed:
                return
            self._wake.clear()
            await self._wake.wait()
