"""Which part of a leg is listened to: from the join on, with the moment before it.

While a caller waits she may talk to somebody else in the room; that is nobody's business. But '여보세요' said over the
last ring belongs to the conversation.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from core.audio import FRAME_S, Frame, FrameQueue

LEAD_S = 1.0
"""Audio before the join that is listened to."""


async def from_the_join(frames: FrameQueue, joined: asyncio.Event) -> AsyncGenerator[Frame, None]:
    """The leg's frames from ``LEAD_S`` before ``joined`` was set; ends with the leg."""
    lead: deque[Frame] = deque(maxlen=round(LEAD_S / FRAME_S))
    async for frame in frames:
        if not joined.is_set():
            lead.append(frame)
            continue
        while lead:
            yield lead.popleft()
        yield frame
