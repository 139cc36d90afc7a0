"""Asking the index: entries ranked for what was said, each with the words that earned it its place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from agent_assist.entry_index import EntryIndex
from agent_assist.postings import Floats
from agent_assist.question import Question, Slot


class Reason(msgspec.Struct, frozen=True):
    """How an entry answers one question."""

    covered: float
    """0..1: which share of what was said, weighed by how telling each word is, the entry has."""
    spans: tuple[tuple[int, int], ...]
    """Where in the text the words stand that it has, the most telling first."""


def scores(index: EntryIndex, slots: Sequence[Slot]) -> Floats:
    """Each entry's score for the slots: BM25 over all channels, the best option of each slot."""
    total = np.zeros(index.postings.size, np.float32)
    for slot in slots:
        if len(slot.options) == 1:
            term, weight = slot.options[0]
            documents, impacts = index.postings.of(term)
            total[documents] += impacts * np.float32(weight)
            continue
        earned = np.zeros(index.postings.size, np.float32)
        for term, weight in slot.options:
            documents, impacts = index.postings.of(term)
            earned[documents] = np.maximum(earned[documents], impacts * np.float32(weight))
        total += earned
    return total


def top(totals: Floats, limit: int) -> list[int]:
    """The entries with the highest totals above zero, best first; equals in the order of the database, so that the
    same words always bring the same cards."""
    limit = min(limit, totals.size)
    if limit == 0:
        return []
    best = np.argpartition(-totals, limit - 1)[:limit]
    ordered = best[np.lexsort((best, -totals[best]))]
    return [int(at) for at in ordered if totals[at] > 0]


def reason(index: EntryIndex, question: Question, document: int) -> Reason:
    """Why this entry came up."""
    idf, impact = index.postings.idf, index.postings.impact
    said = question.unknown * math.log(index.postings.size + 1)
    had: list[tuple[float, tuple[int, int]]] = []
    for slot in question.slots:
        if slot.end == 0:
            continue
        said += max(weight * float(idf[term]) for term, weight in slot.options)
        earned = [weight * float(idf[term]) for term, weight in slot.options if impact(term, document) > 0]
        if earned:
            had.append((max(earned), (slot.start, slot.end)))
    had.sort(key=lambda item: (-item[0], item[1]))
    covered = sum(worth for worth, _ in had) / said if said else 0.0
    return Reason(min(covered, 1.0), tuple(span for _, span in had))
