"""Asking the index: entries ranked for what was said, each with the words that earned it its place."""

from __future__ import annotations

from typing import Final

import numpy as np

from agent_assist.entry_index import EntryIndex
from agent_assist.postings import Floats
from agent_assist.question import Question, Slot

_TOGETHER: Final = 1.0
"""An entry that has everything that was said counts so much more again."""


def scores(index: EntryIndex, question: Question) -> Floats:
    """Each entry's score: BM25 over all channels, the best option of each slot, and more for whoever has more of what
    was said: an entry with one rare word must not beat one that has five plain ones together."""
    size, postings = index.postings.size, index.postings
    total = np.zeros(size, np.float32)
    had = np.zeros(size, np.float32)
    desk = np.zeros(size, np.float32)  # where one slot's best option is found out; empty again after each
    said = 0.0
    for slot in question.slots:
        if len(slot.options) == 1:  # most slots, and cheap
            term, weight = slot.options[0]
            documents, impacts = postings.of(term)
            total[documents] += impacts * np.float32(weight)
        else:
            _add_best(index, slot, desk, total)
        if slot.end and slot.counts:
            said += max(weight * float(postings.idf[term]) for term, weight in slot.options)
            _add_worth(index, slot, desk, had)
    return total * (1 + np.float32(_TOGETHER / said) * had) if said else total


def _add_best(index: EntryIndex, slot: Slot, desk: Floats, total: Floats) -> None:
    """What each entry earns by one thing said: only the entries that have any of its options are touched."""
    touched = []
    for term, weight in slot.options:
        documents, impacts = index.postings.of(term)
        desk[documents] = np.maximum(desk[documents], impacts * np.float32(weight))
        touched.append(documents)
    for documents in touched:  # an entry with two of the options has nothing left the second time
        total[documents] += desk[documents]
        desk[documents] = 0


def _add_worth(index: EntryIndex, slot: Slot, desk: Floats, had: Floats) -> None:
    """What one thing said is worth by rarity alone, to each entry that has it."""
    touched = []
    for term, weight in sorted(slot.options, key=lambda option: option[1] * float(index.postings.idf[option[0]])):
        documents = index.postings.having(term)
        desk[documents] = np.float32(weight * float(index.postings.idf[term]))  # the worthiest comes last
        touched.append(documents)
    for documents in touched:
        had[documents] += desk[documents]
        desk[documents] = 0


def top(totals: Floats, limit: int) -> list[int]:
    """The entries with the highest totals above zero, best first; equals in the order of the database, so that the
    same words always bring the same cards."""
    limit = min(limit, totals.size)
    if limit == 0:
        return []
    best = np.argpartition(-totals, limit - 1)[:limit]
    ordered = best[np.lexsort((best, -totals[best]))]
    return [int(at) for at in ordered if totals[at] > 0]


def reason(index: EntryIndex, question: Question, document: int) -> tuple[tuple[int, int], ...]:
    """Where in the text the words stand that the entry has, the most telling first."""
    idf, impact = index.postings.idf, index.postings.impact
    had: list[tuple[float, tuple[int, int]]] = []
    for slot in question.slots:
        if slot.end == 0:
            continue
        earned = [weight * float(idf[term]) for term, weight in slot.options if impact(term, document) > 0]
        if earned:
            had.append((max(earned), (slot.start, slot.end)))
    had.sort(key=lambda item: (-item[0], item[1]))
    return tuple(span for _, span in had)
