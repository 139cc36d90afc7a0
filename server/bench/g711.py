"""G.711 A-law there and back, as a call does it to a voice (ITU-T G.711, table 1a)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

_SEGMENTS = 8
_STEPS = 16


def _levels() -> npt.NDArray[np.int32]:
    """The 128 positive values that a decoder can give, at 16 bits: two equal first segments, then doubled steps."""
    values = []
    for segment in range(_SEGMENTS):
        step = 16 << max(segment - 1, 0)
        base = 0 if segment == 0 else 256 << (segment - 1)
        values += [base + step * number + step // 2 for number in range(_STEPS)]
    return np.array(values, np.int32)


_LEVELS = _levels()
_EDGES = (_LEVELS[:-1] + _LEVELS[1:] + 1) // 2


def round_trip(samples: Samples) -> Samples:
    """The samples as the other side hears them."""
    wide = samples.astype(np.int32)
    loudness = _LEVELS[np.searchsorted(_EDGES, np.abs(wide), side="right")]
    heard: Samples = np.where(wide < 0, -loudness, loudness).astype(np.int16)
    return heard
