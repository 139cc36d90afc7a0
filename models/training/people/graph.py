"""Everything that a sentence may sound like, as a small graph of phones: the numerator of MMI, and what is aligned.

A word may be joined to its neighbours (연음, 비음화 ... work across the space) or stand beside a pause, on either side,
so it has up to four pronunciations; between words there may be silence; a ㅎ inside a word may be silent. Every node
is a phone; a path through the graph is one way to say the sentence. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from models.kaldi.phones import BASE_ID, SILENCE
from models.korean.pronounce import sentence

SIL: Final = BASE_ID[SILENCE]
_ASPIRATED: Final = frozenset({"t", "tS", "p", "k"})
"""Phones that make one sound together with an h behind them; that h is never silent."""


class Graph(NamedTuple):
    """Nodes in an order in which every predecessor comes before its followers."""

    phones: tuple[int, ...]
    """Base phone number of each node."""
    before: tuple[tuple[int, ...], ...]
    """Nodes that may come right before each; staying in a node is always possible."""
    starts: frozenset[int]
    finals: frozenset[int]


class Padded(NamedTuple):
    """Graphs of a batch in arrays of one size; node number N (one past the last) is dead."""

    phones: npt.NDArray[np.int32]
    """(batch, N)"""
    before: npt.NDArray[np.int32]
    """(batch, N, K)"""
    start: npt.NDArray[np.bool_]
    """(batch, N)"""
    final: npt.NDArray[np.bool_]
    """(batch, N)"""


def utterance(text: str) -> Graph:
    """The graph of a sentence (words of Hangul, one space between them)."""
    words = text.split()
    drawn = _Drawing()
    lead = drawn.node(SIL, ())
    paused, joined = {lead}, set[int]()
    finals = set[int]()
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        out_paused, out_joined = set[int](), set[int]()
        for phones, sides in _ways(before, word, after).items():
            entered = set[int]()
            for left in {left for left, _ in sides}:
                entered |= joined if left else paused
            last = drawn.chain(phones, entered, start=at == 0)
            if any(not right for _, right in sides):
                out_paused.add(last)
            if any(right for _, right in sides):
                out_joined.add(last)
        pause = drawn.node(SIL, out_paused)
        paused, joined = out_paused | {pause}, out_joined
        finals = paused
    return Graph(tuple(drawn.phones), tuple(drawn.before), frozenset({lead} | drawn.first), frozenset(finals))


def padded(graphs: Sequence[Graph], nodes: int, links: int) -> Padded:
    """Graphs in arrays of ``nodes`` nodes with up to ``links`` predecessors each."""
    batch = len(graphs)
    phones = np.zeros((batch, nodes), np.int32)
    before = np.full((batch, nodes, links), nodes, np.int32)
    start = np.zeros((batch, nodes), np.bool_)
    final = np.zeros((batch, nodes), np.bool_)
    for row, graph in enumerate(graphs):
        phones[row, : len(graph.phones)] = graph.phones
        for node, came in enumerate(graph.before):
            before[row, node, : len(came)] = came
        start[row, list(graph.starts)] = True
        final[row, list(graph.finals)] = True
    return Padded(phones, before, start, final)


def links_of(graph: Graph) -> int:
    """The most predecessors that a node of it has."""
    return max(map(len, graph.before))


Phones = tuple[int, ...]
Ways = dict[Phones, frozenset[tuple[bool, bool]]]


@lru_cache(maxsize=1 << 15)
def _ways(before: str, word: str, after: str) -> Ways:
    """The pronunciations of a word between its neighbours, and on which sides (left, right) each must be joined."""
    found: dict[Phones, set[tuple[bool, bool]]] = {}
    for left in {False, bool(before)}:
        for right in {False, bool(after)}:
            around = " ".join([before] * left + [word] + [after] * right)
            said = sentence(around, joined=True)[int(left)]
            found.setdefault(tuple(BASE_ID[phone] for phone in said), set()).add((left, right))
    return {phones: frozenset(sides) for phones, sides in found.items() if phones}


class _Drawing:
    def __init__(self) -> None:
        self.phones: list[int] = []
        self.before: list[tuple[int, ...]] = []
        self.first: set[int] = set()

    def node(self, phone: int, before: set[int] | tuple[int, ...]) -> int:
        self.phones.append(phone)
        self.before.append(tuple(sorted(before)))
        return len(self.phones) - 1

    def chain(self, phones: Phones, entered: set[int], *, start: bool) -> int:
        """A word's phones one behind the other; the last node."""
        came, skipped = set(entered), set[int]()
        last = -1
        for at, phone in enumerate(phones):
            last = self.node(phone, came | skipped)
            if at == 0 and start:
                self.first.add(last)
            # What follows a weak h may also follow what came before the h.
            skipped = came if at and phone == _H and _NAMES[phones[at - 1]] not in _ASPIRATED else set()
            came = {last}
        return last


_H: Final = BASE_ID["h"]
_NAMES: Final = {number: name for name, number in BASE_ID.items()}
