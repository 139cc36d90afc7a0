"""What a database's words and entries are about, as vectors: for words that nobody wrote into it.

A caller's word is like some of the database's words; a question as a whole is nearer to some entries than to others,
by the sense of their titles and by that of their texts. One byte a direction, two vectors an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agent_assist.meaning import SIZE, Floats
from agent_assist.postings import Ints, Postings

_KEPT: Final = 4096
_LIKE: Final = 12
"""At most so many of the database's words are taken for one of the caller's."""
_SCALE: Final = 127

Place = Callable[[str], Floats | None]


class Senses:
    """Immutable but for its cache, any thread."""

    def __init__(self, terms: Mapping[str, int], titles: Sequence[Ints], postings: Postings, place: Place) -> None:
        """``terms``: those that a call may be about, with their numbers; ``titles``: the terms of each entry's title
        and keywords; ``place``: the vector of a term, where it is known."""
        self._place = place
        known = [(number, vector) for term, number in terms.items() if (vector := place(term)) is not None]
        self._numbers = np.array([number for number, _ in known], np.int32)
        self._vectors: Floats = np.stack([v for _, v in known]) if known else np.zeros((0, SIZE), np.float32)
        row = np.full(postings.terms, -1, np.int32)
        row[self._numbers] = np.arange(len(known), dtype=np.int32)
        self._titles = _small(self._title_sums(titles, row, postings.idf))
        self._texts = _small(self._text_sums(postings))
        self.like = lru_cache(maxsize=_KEPT)(self._like)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return int(self._titles.nbytes + self._texts.nbytes + self._vectors.nbytes)

    def near(self, vector: Floats, documents: Ints) -> Floats:
        """How near each of these entries is to a question: 0 (not at all) .. 2 (title and text say the same)."""
        length = float(np.linalg.norm(vector))
        if length == 0:
            return np.zeros(documents.size, np.float32)
        unit = vector / np.float32(length * _SCALE)
        near: Floats = np.maximum(self._titles[documents].astype(np.float32) @ unit, 0)
        near += np.maximum(self._texts[documents].astype(np.float32) @ unit, 0)
        return near

    def _like(self, term: str, least: float) -> tuple[tuple[int, float], ...]:
        """Numbers of the database's words that are used like this one, with their likeness (``least``..1), most like
        first. Cached (``like``)."""
        vector = self._place(term)
        if vector is None or not self._numbers.size:
            return ()
        likeness = self._vectors @ vector
        best = np.argpartition(-likeness, min(_LIKE, likeness.size - 1))[:_LIKE]
        best = best[np.lexsort((best, -likeness[best]))]
        return tuple((int(self._numbers[at]), float(likeness[at])) for at in best if likeness[at] >= least)

    def _title_sums(self, titles: Sequence[Ints], row: NDArray[np.int32], idf: Floats) -> Floats:
        sums = np.zeros((len(titles), SIZE), np.float32)
        for document, terms in enumerate(titles):
            if (known := terms[row[terms] >= 0]).size:
                sums[document] = idf[known] @ self._vectors[row[known]]
        return sums

    def _text_sums(self, postings: Postings) -> Floats:
        sums = np.zeros((postings.size, SIZE), np.float32)
        for number, vector in zip(self._numbers, self._vectors, strict=True):
            documents, impacts = postings.of(int(number))
            sums[documents] += impacts[:, None] * vector
        return sums


def _small(sums: Floats) -> NDArray[np.int8]:
    """Unit vectors in bytes."""
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.rint(sums / lengths * _SCALE), np.int8)
