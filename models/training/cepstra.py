"""The matrix that makes Kaldi's MFCC of log-mel energies. As there are as many coefficients as bands, it can be
inverted."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_LIFTER: Final = 22.0
"""Kaldi's ``--cepstral-lifter``."""


def cepstra(bands: int = 40) -> npt.NDArray[np.float64]:
    """(coefficients, bands): a cosine transform (DCT-II, orthonormal), then the lifter (Kaldi's feature-mfcc.cc,
    matrix-functions.cc)."""
    order, band = np.arange(bands)[:, None], np.arange(bands) + 0.5
    transform = np.sqrt(2 / bands) * np.cos(np.pi / bands * band * order)
    transform[0] = np.sqrt(1 / bands)
    return np.asarray((1 + 0.5 * _LIFTER * np.sin(np.pi * np.arange(bands) / _LIFTER))[:, None] * transform)
