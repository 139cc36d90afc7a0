"""A leg's 8 kHz bytes as sherpa-onnx wants them: floats at the model's rate. Nothing is kept here."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import soxr

from core.audio import RATE

Samples = np.ndarray[Any, np.dtype[np.float32]]
"""-1 to 1."""

_LOUDEST: Final = 32768
_HUSH: Final = np.random.default_rng(1).integers(-1, 2, 4096).astype(np.float32) / np.float32(_LOUDEST)


class Audio:
    """The audio of one utterance on its way."""

    def __init__(self, rate: int) -> None:
        self._resample = None if rate == RATE else soxr.ResampleStream(RATE, rate, 1, dtype="float32")
        self.fed = 0
        """Samples that were taken, 8 kHz."""

    @property
    def seconds(self) -> float:
        """So much was taken."""
        return self.fed / RATE

    def take(self, pcm: bytes) -> Samples:
        """More of it, resampled."""
        self.fed += len(pcm) // 2
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(_LOUDEST)
        return samples if self._resample is None else self._resample.resample_chunk(samples)

    def rest(self) -> Samples:
        """What the resampler still holds; nothing may be taken afterwards."""
        empty = np.zeros(0, np.float32)
        return empty if self._resample is None else self._resample.resample_chunk(empty, last=True)


def hush(seconds: float, rate: int) -> Samples:
    """A quiet line: the last bit flickers. Digital silence is what no network was trained on."""
    return np.resize(_HUSH, round(seconds * rate))
