"""Which part of a leg is listened to: from the join on, with the moment before it.

While a caller waits she may talk to somebody else in the room; that is nobody's business. But '여보세요' said over the
last ring belongs to the conversation.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable

from core import metrics
from core.audio import FRAME_S, Frame, FrameQueue
from core.events import AlarmCleared, AlarmRaised, Speaker
from core.log import get_logger

log = get_logger("server.joined_frames")

LEAD_S = 1.0
"""Audio before the join that is listened to."""


async def from_the_join(
    frames: FrameQueue, joined: asyncio.Event, ear: Callable[[Frame], None] | None = None
) -> AsyncGenerator[Frame, None]:
    """The leg's frames from ``LEAD_S`` before ``joined`` was set; ends with the leg. ``ear`` is given all of them."""
    lead: deque[Frame] = deque(maxlen=round(LEAD_S / FRAME_S))
    async for frame in frames:
        if ear is not None:
            ear(frame)
        if not joined.is_set():
            lead.append(frame)
            continue
        while lead:
            yield lead.popleft()
        yield frame


class Losses:
    """Frames of a leg that we were too slow for: the agent must know that words may be missing."""

    def __init__(self, speaker: Speaker, frames: FrameQueue) -> None:
        self._speaker = speaker
        self._frames = frames
        self._seen = 0
        self._alarmed = False

    def look(self) -> AlarmRaised | AlarmCleared | None:
        """After each utterance: what changed since the one before. The loss is counted and logged here."""
        lost = self._frames.dropped - self._seen
        self._seen = self._frames.dropped
        if lost:
            metrics.RTP_FRAMES_DROPPED.labels(leg=self._speaker).inc(lost)
            log.warning("audio.dropped", leg=self._speaker, frames=lost)
        if bool(lost) is self._alarmed:
            return None
        self._alarmed = bool(lost)
        kind = AlarmRaised if lost else AlarmCleared
        return kind(code="audio_dropped", speaker=self._speaker)
