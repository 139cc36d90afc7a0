"""Both legs on one time line: the caller left, the agent and whoever she calls in right; what never came is silence.

Pieces may come in any order, a few seconds apart; blocks of ten seconds leave as soon as nothing older can come. Time
is the legs' audio time (``Frame.start``), which no clock that is set back can harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from core.audio import FRAME_SAMPLES, RATE
from core.events import Speaker
from records.recording.spool import Sound

Stereo = npt.NDArray[np.int16]
"""Samples, two columns."""
BLOCK: Final = 10 * RATE
"""Samples of a block."""
LATE: Final = 2
"""Blocks that wait for what comes late."""
_CHANNEL: Final[dict[Speaker, int]] = {"caller": 0, "agent": 1, "third": 1}


class Timeline:
    """Fed by ``put``, read by ``ready`` and at last ``rest``; memory is bounded by ``LATE`` blocks and a piece."""

    def __init__(self) -> None:
        self.first_slot = 0
        """Where the file begins: the first slot of the first piece."""
        self._open: dict[int, npt.NDArray[np.int32]] = {}
        self._next = 0
        self._end = 0
        self._begun = False
        self.late = 0
        """Samples that came when their block had left already."""

    def put(self, sound: Sound) -> None:
        """A piece of a leg. What lies before the first piece of all is left out."""
        if not self._begun:
            self._begun = True
            self.first_slot = sound.slot
        samples = np.frombuffer(sound.pcm, dtype="<i2").astype(np.int32)
        at = (sound.slot - self.first_slot) * FRAME_SAMPLES
        if at < 0:
            self.late += min(-at, len(samples))
            samples, at = samples[-at:], 0
        self._end = max(self._end, at + len(samples))
        channel = _CHANNEL[sound.speaker]
        while len(samples):
            block, offset = divmod(at, BLOCK)
            piece, samples = samples[: BLOCK - offset], samples[BLOCK - offset :]
            at += len(piece)
            if block < self._next:
                self.late += len(piece)
                continue
            if block not in self._open:
                self._open[block] = np.zeros((BLOCK, 2), np.int32)
            self._open[block][offset : offset + len(piece), channel] += piece

    def ready(self) -> Iterator[Stereo]:
        """Blocks that nothing more is expected for, in order."""
        while self._next + LATE < self._end // BLOCK:
            yield self._leave()

    def rest(self) -> Iterator[Stereo]:
        """Nothing more comes: all that is left, the last block as long as what was put."""
        while self._next * BLOCK < self._end:
            block = self._leave()
            yield block[: min(BLOCK, self._end - (self._next - 1) * BLOCK)]

    def _leave(self) -> Stereo:
        block = self._open.pop(self._next, None)
        self._next += 1
        if block is None:
            return np.zeros((BLOCK, 2), np.int16)
        # Agent and third may speak at once.
        return np.clip(block, -32768, 32767).astype(np.int16)
