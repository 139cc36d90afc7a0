"""The node's own ear on one leg: loudness, digital silence, clipping, an echo. A frame costs an append; all else is
done once a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

from core.audio import FRAME_S, Frame
from telephony.echo import FRAMES, LAGS, EchoWatch, likeness
from telephony.levels import FLOOR_DB, SPEECH_DB, Decibels, levels

BLOCK: Final = 50
"""Frames that are measured together: 1 s."""
KEPT: Final = 512
"""Frames whose loudness is remembered, 10 s: an echo is looked for in the last three."""
DEAD: Final = 2 * BLOCK
"""Frames of digital silence from the leg's beginning on after which it may be dead."""
SPOKEN: Final = BLOCK
"""Frames with speech that the other must have said meanwhile: nobody is missed who need not answer."""
OVERDUE: Final = 5 * BLOCK
"""Frames with speech of the other after which an answer is overdue: longer than a greeting, to which people listen in
silence, and some telephones and gateways send digital silence then."""
_ALIVE: Final = BLOCK // 10
"""Frames with any sound in a second that show a living microphone."""
_CLIPPING_S: Final = 10


class LegEar:
    """Fed by ``put``; ``second`` is called after each full second."""

    def __init__(self, second: Callable[[LegEar], None]) -> None:
        self._second = second
        self._pcm: list[bytes] = []
        self._began = 0.0
        self._lost = 0
        self._db: Decibels = np.full(KEPT, FLOOR_DB, np.float32)
        self._clipped: deque[float] = deque(maxlen=_CLIPPING_S)
        self._echo = EchoWatch()
        self._blocks = 0
        self._compared_to = 0
        self.heard_to = 0
        """Number of the frame after the last that was measured; 0 = when the call began."""
        self.dead = 0
        """Frames of digital silence since the leg began, as long as nothing else came."""
        self.alive = False
        """Something came that a microphone heard."""

    def put(self, frame: Frame) -> None:
        """The next frame."""
        pcm = self._pcm
        if not pcm:
            self._began = frame.start
        pcm.append(frame.pcm)
        if frame.lost:
            self._lost += 1
        if len(pcm) == BLOCK:
            self._measure()

    @property
    def seconds(self) -> int:
        """How long it has listened."""
        return self._blocks

    @property
    def clipped(self) -> float:
        """Share of samples of the last 10 s."""
        return sum(self._clipped) / len(self._clipped) if self._clipped else 0.0

    @property
    def echo(self) -> bool:
        """The other's voice comes back on this leg."""
        return self._echo.echo

    def spoken(self, first: int, after: int) -> int:
        """Frames with speech among those numbers."""
        first, after = max(first, self.heard_to - KEPT), min(after, self.heard_to)
        return int(np.count_nonzero(self._part(first, after) > SPEECH_DB)) if first < after else 0

    def compare(self, other: LegEar) -> None:
        """Whenever two more seconds of both are there: does the other's voice come back here?"""
        after = min(self.heard_to, other.heard_to)
        first = after - FRAMES
        if first >= max(LAGS, self._compared_to):
            self._compared_to = after
            self._echo.add(likeness(other._part(first - LAGS, after), self._part(first, after)))

    def _measure(self) -> None:
        heard = levels(b"".join(self._pcm))
        number = round(self._began / FRAME_S)
        if number > self.heard_to:  # nothing came in between
            self._part_is(self.heard_to, np.full(min(number - self.heard_to, KEPT), FLOOR_DB, np.float32))
        self._part_is(number, heard.db)
        self.heard_to = number + BLOCK
        self._clipped.append(heard.clipped)
        came, dead = BLOCK - self._lost, max(0, heard.dead - self._lost)
        self.alive = self.alive or came - dead >= _ALIVE
        self.dead = 0 if self.alive else self.dead + dead
        self._blocks += 1
        self._pcm, self._lost = [], 0
        self._second(self)

    def _part(self, first: int, after: int) -> Decibels:
        return self._db[np.arange(first, after) % KEPT]

    def _part_is(self, first: int, db: Decibels) -> None:
        self._db[np.arange(first, first + len(db)) % KEPT] = db
