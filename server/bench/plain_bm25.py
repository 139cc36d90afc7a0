"""What anybody would do first, to compare with: BM25 over an entry's content morphemes, title and body alike. Its one
threshold is set with the answers in view, so that it keeps 95 of 100 hits: better than it could be in a new city."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from agent_assist.korean import Analyser
from agent_assist.postings import Floats, Postings
from core.store.entry import Entry


class PlainBm25:
    """Immutable."""

    def __init__(self, entries: Sequence[Entry], analyser: Analyser) -> None:
        self._ids = [entry.id for entry in entries]
        self._analyser = analyser
        self._terms: dict[str, int] = {}
        documents = []
        for entry in entries:
            said = self._words(f"{entry.title} {entry.body}")
            numbers = [self._terms.setdefault(term, len(self._terms)) for term in said]
            terms, counts = np.unique(np.array(numbers, np.int32), return_counts=True)
            documents.append((terms.astype(np.int32), counts.astype(np.float32)))
        self._postings = Postings(documents, np.zeros(len(self._terms), np.int8))

    def ask(self, text: str) -> list[tuple[str, float]]:
        """The three best entries with their scores."""
        totals: Floats = np.zeros(len(self._ids), np.float32)
        for term in self._words(text):
            if (number := self._terms.get(term)) is not None:
                documents, impacts = self._postings.of(number)
                totals[documents] += impacts
        best = np.argsort(-totals, kind="stable")[:3]
        return [(self._ids[at], float(totals[at])) for at in best if totals[at] > 0]

    def _words(self, text: str) -> list[str]:
        return [m.form for m in self._analyser.morphemes(text) if m.kind is not None]


def threshold(hits: Iterable[float], kept: float = 0.95) -> float:
    """The score that this share of the hits reach."""
    ordered = sorted(hits, reverse=True)
    return ordered[int(kept * (len(ordered) - 1))] if ordered else 0.0
