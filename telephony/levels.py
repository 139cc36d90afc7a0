"""How loud a leg is, from its frames: a second at a time, for a frame at a time would cost more than it tells."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from core.audio import FRAME_SAMPLES

FLOOR_DB: Final = -90.0
"""Level of nothing at all; 16 bits can't be quieter."""
SPEECH_DB: Final = -45.0
"""Louder frames are speech or another sound that is meant: speech on a line is at -35 to -15 dBov (ITU-T P.56 level),
a quiet room below -55."""
DEAD: Final = 8
"""Samples of a line without a microphone: the two smallest values of A-law are 8 and -8, of mu-law 0 (ITU-T G.711)."""
CLIPPED: Final = 32_000
"""Only the outermost code of A-law (32,256) and of mu-law (32,124) decodes to more."""

Decibels = npt.NDArray[np.float32]


class Levels(msgspec.Struct, frozen=True):
    """Of some frames in a row."""

    db: Decibels
    """Mean level of each, dB below overload (dBov)."""
    dead: int
    """Frames of digital silence."""
    clipped: float
    """Share of samples at the edge of what the codec can say."""

    @property
    def speech(self) -> int:
        """Frames that are loud enough for speech."""
        return int(np.count_nonzero(self.db > SPEECH_DB))


def levels(pcm: bytes) -> Levels:
    """Measure whole frames, 8 kHz s16le."""
    samples = np.frombuffer(pcm, "<i2").reshape(-1, FRAME_SAMPLES)
    high, low = samples.max(axis=1), samples.min(axis=1)
    voice = samples.astype(np.float32) / 32768
    power = np.einsum("ij,ij->i", voice, voice) / FRAME_SAMPLES
    db = np.maximum(10 * np.log10(power + 1e-12), FLOOR_DB).astype(np.float32)
    dead = int(np.count_nonzero((high <= DEAD) & (low >= -DEAD)))
    loud = (high > CLIPPED) | (low < -CLIPPED)
    clipped = float(np.mean(np.abs(voice) * 32768 > CLIPPED)) if loud.any() else 0.0
    return Levels(db, dead, clipped)
