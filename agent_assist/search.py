"""Asking the index: entries ranked for what was said, each with the words that earned it its place."""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np

from agent_assist.entry_index import EntryIndex
from agent_assist.postings import Floats
from agent_assist.question import Question, Slot

_TOGETHER: Final = 1.0
"""An entry that has everything that was said counts so much more again."""


class Reason(msgspec.Struct, frozen=True):
    """How an entry answers one question."""

    covered: float
    """0..1: which share of what was said, weighed by how telling each word is, the entry has."""
    spans: tuple[tuple[int, int], ...]
    """Where in the text the words stand that it has, the most telling first."""


def scores(index: EntryIndex, question: Question) -> Floats:
    """Each entry's score: BM25 over all channels, the best option of each slot, and more for whoever has more of what
    was said: an entry with one rare word must not beat one that has five plain ones together."""
    size, postings = index.postings.size, index.postings
    total = np.zeros(size, np.float32)
    had = np.zeros(size, np.float32)
    said = 0.0
    for slot in question.slots:
        if slot.end == 0 and len(slot.options) == 1:  # most slots, and cheap: only the entries that have it are touched
            term, weight = slot.options[0]
            documents, impacts = postings.of(term)
            total[documents] += impacts * np.float32(weight)
            continue
        earned, worth = _slot(index, slot)
        total += earned
        if slot.end:
            said += max(weight * float(postings.idf[term]) for term, weight in slot.options)
            had += worth
    return total * (1 + np.float32(_TOGETHER / said) * had) if said else total


def _slot(index: EntryIndex, slot: Slot) -> tuple[Floats, Floats]:
    """What each entry earns by one thing said, and what that is worth by rarity alone."""
    earned = np.zeros(index.postings.size, np.float32)
    worth = np.zeros(index.postings.size, np.float32)
    for term, weight in slot.options:
        documents, impacts = index.postings.of(term)
        earned[documents] = np.maximum(earned[documents], impacts * np.float32(weight))
        worth[documents] = np.maximum(worth[documents], np.float32(weight * float(index.postings.idf[term])))
    return earned, worth


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
