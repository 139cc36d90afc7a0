"""Which phone follows which: the denominator of MMI. Pure.

Absolutely discounted trigram over base phones, backed by bigram and unigram (Ney, Essen, Kneser 1994).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.kaldi.phones import BASE
from models.training.people.graph import SIL

COUNT: Final = len(BASE)
_DISCOUNT: Final = 0.75

Floats = npt.NDArray[np.float32]


def phone_ngrams(sequences: Iterable[Sequence[int] | npt.NDArray[np.int64]]) -> tuple[Floats, Floats]:
    """(trigram, bigram): ``trigram[a, b, c]`` is p(c | a, b), ``bigram[b, c]`` p(c | b).

    Sequences are base phone numbers and begin with silence.
    """
    one = np.ones(COUNT)
    two = np.zeros((COUNT,) * 2)
    three = np.zeros((COUNT,) * 3)
    for sequence in sequences:
        said = np.array([SIL, *sequence])
        np.add.at(three, (said[:-2], said[1:-1], said[2:]), 1)
        np.add.at(two, (said[:-1], said[1:]), 1)
        np.add.at(one, said[1:], 1)
    pairs = _smoothed(two, (one / one.sum())[None])
    return _smoothed(three, pairs[None]).astype(np.float32), pairs.astype(np.float32)


def _smoothed(counts: npt.NDArray[np.float64], lower: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = counts.sum(-1, keepdims=True)
    saved = _DISCOUNT * (counts > 0).sum(-1, keepdims=True) / np.maximum(total, 1)
    share = np.maximum(counts - _DISCOUNT, 0) / np.maximum(total, 1) + np.where(total > 0, saved, 1.0) * lower
    smoothed: npt.NDArray[np.float64] = share / share.sum(-1, keepdims=True)
    return smoothed
