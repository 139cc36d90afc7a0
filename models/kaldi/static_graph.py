"""``HCLG.fst``: lexicon and language model composed beforehand, for models with a small grammar.

One file, decoded faster than a look-ahead graph, but it grows with lexicon times grammar and takes no run-time grammar.
"""

from __future__ import annotations

import numpy as np

from models.kaldi.fst import NEVER, Fst, arcs_of, assembled, connected
from models.kaldi.lookahead import WordGraph


def static_graph(words: WordGraph, grammar: Fst) -> Fst:
    """The composition. Back-off arcs of the grammar are taken between words only, so that no way is there twice."""
    left, right = words.fst, grammar
    numbers = {(left.start, right.start): 0}
    todo = [(left.start, right.start)]
    rows: list[tuple[int, int, int, float, int]] = []
    finals: list[float] = []

    def number(pair: tuple[int, int]) -> int:
        if pair not in numbers:
            numbers[pair] = len(numbers)
            todo.append(pair)
        return numbers[pair]

    followers = _followers(right)
    first, arcs, ends = left.first.tolist(), left.arcs.tolist(), (left.finals + 0.0).tolist()
    for source, (state, history) in enumerate(todo):
        finals.append(ends[state] + float(right.finals[history]))
        for ilabel, olabel, weight, target in arcs[first[state] : first[state + 1]]:
            if not olabel:
                rows.append((source, ilabel, 0, weight, number((target, history))))
            for cost, following in followers[history].get(olabel, ()) if olabel else ():
                rows.append((source, ilabel, olabel, weight + cost, number((target, following))))
        for cost, shorter in followers[history].get(0, ()) if ends[state] != NEVER else ():
            rows.append((source, 0, 0, cost, number((state, shorter))))
    columns = [list(column) for column in zip(*rows, strict=True)]
    whole = assembled(0, np.array(finals, np.float32), columns[0], arcs_of(*columns[1:]))
    return connected(whole)


def _followers(fst: Fst) -> list[dict[int, list[tuple[float, int]]]]:
    """State -> word -> what it costs and where it leads."""
    found: list[dict[int, list[tuple[float, int]]]] = [{} for _ in range(fst.states)]
    for source, (label, _, cost, target) in zip(fst.sources.tolist(), fst.arcs.tolist(), strict=True):
        found[source].setdefault(label, []).append((cost, target))
    return found
