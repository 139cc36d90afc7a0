"""Online cepstral mean normalisation as libvosk does it when a model has ``am/global_cmvn.stats``.

Kaldi's OnlineCmvn (feat/online-feature.cc) with its defaults: from every frame the mean of the last 600 frames is taken
away; while there are fewer, up to 200 frames' worth of a global mean stand in for those that are missing. Variances are
left alone. People's microphones differ far more than synthesised voices, so a tuned model needs it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from models.kaldi.binary import BINARY, matrix

WINDOW: Final = 600
"""Frames of 10 ms that the running mean is taken over."""
GLOBAL: Final = 200
"""Frames that the global mean counts for at most."""
_COUNT: Final = 1000.0

Floats = npt.NDArray[np.float32]


def normalised(features: Floats, global_mean: npt.ArrayLike) -> Floats:
    """(frames, dim) less the online mean of each frame."""
    if not len(features):
        return features
    prior = np.asarray(global_mean, np.float64)
    sums = np.concatenate([np.zeros((1, features.shape[1])), np.cumsum(features, axis=0, dtype=np.float64)])
    end = np.arange(1, len(features) + 1)
    begin = np.maximum(0, end - WINDOW)
    own = (end - begin)[:, None]
    borrowed = np.minimum(GLOBAL, WINDOW - own)
    mean = (sums[end] - sums[begin] + borrowed * prior) / (own + borrowed)
    centred: Floats = (features - mean).astype(np.float32)
    return centred


def global_stats(mean: npt.ArrayLike) -> bytes:
    """``am/global_cmvn.stats``: Kaldi's matrix of 2 rows: sums and count, sums of squares (unused) and 0."""
    centre = np.asarray(mean, np.float64)
    stats = np.zeros((2, len(centre) + 1))
    stats[0, :-1], stats[0, -1] = _COUNT * centre, _COUNT
    stats[1, :-1] = _COUNT * (np.square(centre) + 1)
    return BINARY + matrix(stats)
