"""The waveform as a player draws it: the loudest sample of each twentieth of a second and leg, one byte each."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.audio import RATE
from records.recording.timeline import Stereo

PER_SECOND: Final = 20
_STEP: Final = RATE // PER_SECOND


class Peaks:
    """Fed block by block; ``data`` is left, right, left, right ... 0..255, on a square-root scale: speech is seen
    beside a shout."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._rest = np.zeros((0, 2), np.int16)

    def put(self, block: Stereo) -> None:
        """The next samples."""
        samples = np.concatenate((self._rest, block)) if len(self._rest) else block
        whole = len(samples) // _STEP * _STEP
        self._take(samples[:whole])
        self._rest = samples[whole:].copy()

    def data(self) -> bytes:
        """All of it; nothing may be put any more."""
        if len(self._rest):
            padded = np.zeros((_STEP, 2), np.int16)
            padded[: len(self._rest)] = self._rest
            self._take(padded)
            self._rest = self._rest[:0]
        return b"".join(self._parts)

    def _take(self, samples: Stereo) -> None:
        loudest = np.abs(samples.astype(np.int32)).reshape(-1, _STEP, 2).max(axis=1)
        self._parts.append((np.sqrt(loudest / 32768) * 255).astype(np.uint8).tobytes())
