"""An inverted index with BM25 impacts in flat arrays: which entries have a term, and how much it says about them.

BM25 after Robertson & Zaragoza 2009. A term belongs to one channel (morphemes, syllable pairs, ...); each channel has
its own mean length. Five bytes a posting: an impact is one of 255 steps of what its term can give at most. A term's
postings are one slice, so a question touches only its own terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

_K1: Final = 1.2
_B: Final = 0.75
_STEPS: Final = 255

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float32]


class Postings:
    """Immutable once built. Documents and terms are numbered from 0."""

    def __init__(
        self, documents: Sequence[tuple[Ints, Floats]], channel_of: NDArray[np.int8], *, k1: float = _K1, b: float = _B
    ) -> None:
        """``documents``: for each, its distinct terms and how often it has them (a title's words may count more than
        once). ``channel_of``: the channel of each term."""
        self.size = len(documents)
        self.terms = terms = int(channel_of.shape[0])
        flat_terms: Ints = _joined([terms for terms, _ in documents], np.int32)
        counts: Floats = _joined([counts for _, counts in documents], np.float32)
        docs = np.repeat(np.arange(self.size, dtype=np.int32), [len(terms) for terms, _ in documents])

        width = max(self.size, 1)
        cells = channel_of[flat_terms].astype(np.int32) * width + docs
        lengths = np.bincount(cells, weights=counts, minlength=(int(channel_of.max(initial=0)) + 1) * width)
        grid = lengths.reshape(-1, width)
        norms = k1 * (1 - b + b * grid / np.maximum(grid.mean(axis=1, keepdims=True), 1e-9))
        share = counts / (counts + norms.astype(np.float32).ravel()[cells])
        del cells, counts

        frequency = np.bincount(flat_terms, minlength=terms)
        self.idf: Floats = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        steps = np.rint(share * _STEPS).astype(np.uint8)
        self._step: Floats = self.idf * np.float32((k1 + 1) / _STEPS)

        order = np.argsort(flat_terms, kind="stable")  # stable: within a term documents stay in order
        self._docs: Ints = docs[order]
        self._steps: NDArray[np.uint8] = np.maximum(steps[order], 1)
        self._starts = np.concatenate(([0], np.cumsum(frequency))).astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return int(self._docs.nbytes + self._steps.nbytes + self._step.nbytes + self._starts.nbytes + self.idf.nbytes)

    def of(self, term: int) -> tuple[Ints, Floats]:
        """Documents that have the term, ascending, and its impact in each."""
        span = slice(self._starts[term], self._starts[term + 1])
        return self._docs[span], self._steps[span] * self._step[term]

    def having(self, term: int) -> Ints:
        """Documents that have the term, ascending."""
        return self._docs[self._starts[term] : self._starts[term + 1]]

    def frequency(self, term: int) -> int:
        """How many documents have it."""
        return int(self._starts[term + 1] - self._starts[term])

    def impact(self, term: int, document: int) -> float:
        """The term's impact in one document, 0 if it is not there."""
        docs = self.having(term)
        at = int(np.searchsorted(docs, document))
        if at == len(docs) or docs[at] != document:
            return 0.0
        return float(self._steps[self._starts[term] + at] * self._step[term])


def _joined(parts: Sequence[NDArray[np.generic]], dtype: type[np.generic]) -> NDArray:  # type: ignore[type-arg]
    return np.concatenate(parts, dtype=dtype) if parts else np.empty(0, dtype)
