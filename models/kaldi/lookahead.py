"""``HCLr.fst``: the lexicon with its HMM, in OpenFst's ``olabel_lookahead`` format, which libvosk composes with the
n-gram while it decodes. So one small file serves every grammar.

The table behind the graph tells for each state which words may be written next, as intervals of word numbers; the
composition leaves ways that the n-gram doesn't know before they are walked. Because word numbers follow
pronunciations the intervals are few. Format: lookahead-matcher.h, label-reachable.h, interval-set.h, add-on.h of
OpenFst.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np

from models.kaldi import phones
from models.kaldi.acoustic import LOOP_COST
from models.kaldi.fst import NEVER, Fst, arcs_of, assembled, const_bytes, header, properties
from models.kaldi.lexicon import Entry, Vocabulary
from models.kaldi.prefix_tree import Step, Tree, prefix_tree

PAUSE_COST: Final = math.log(2)
"""-log of the probability that no silence follows a word; that one does costs the same. Paid at every word's end."""
DISAMBIGUATION: Final = (2 * len(phones.GRAPH_PHONES) + 1,)
"""``disambig_tid.int``: labels to take for epsilon. Our graphs need none; libvosk wants the file to name one."""

_KIND: Final = b"olabel_lookahead"
_ADD_ON: Final = 446681434
_SILENCE: Final = phones.GRAPH_ID[phones.SILENCE]

Interval = tuple[int, int]
"""Word numbers from the first up to, but without, the second."""


class WordGraph(msgspec.Struct, frozen=True, eq=False):
    """Transition ids in, words out. Every state but the start holds the self-loop of the phone that led there."""

    fst: Fst
    """Sorted by output label."""
    reach: list[tuple[Interval, ...]]
    """State -> the words that may be written next; ``Vocabulary.final_label`` among them where a sentence may end."""
    final_label: int


def word_graph(vocabulary: Vocabulary, entries: Sequence[Entry]) -> WordGraph:
    """The graph of a lexicon (see ``lexicon.ordered``), with optional silence between words and at both ends.

    With one 2-transition state to a phone, transition 2p - 1 is phone p's self-loop and 2p enters it. States: the
    start, the end of silence, the ends of words by their last phone (all three may go on with any word), then the
    tree's nodes."""
    tree = prefix_tree(entries)
    last_phones = sorted({entry.phones[-1] for entry in entries})
    ends = {phone: state for state, phone in enumerate(last_phones, start=2)}
    nodes = 2 + len(ends)
    entered = [0, _SILENCE, *last_phones, *tree.phones]
    rows = [(state, 2 * phone - 1, 0, LOOP_COST, state) for state, phone in enumerate(entered) if phone]
    rows += [(state, 2 * _SILENCE, 0, LOOP_COST, 1) for state in range(nodes) if state != 1]

    def go_on(state: int, steps: Iterable[Step]) -> None:
        for phone, word, node in steps:
            if node < 0:
                rows.append((state, 2 * phone, word, LOOP_COST + PAUSE_COST, ends[phone]))
            else:
                rows.append((state, 2 * phone, word, LOOP_COST, nodes + node))

    for state in range(nodes):
        go_on(state, tree.root)
    for state, steps in enumerate(tree.steps, start=nodes):
        go_on(state, steps)
    finals = np.full(len(entered), NEVER)
    finals[:nodes] = 0
    source, *columns = zip(*rows, strict=True)
    fst = assembled(0, finals, source, arcs_of(*columns), by="olabel")
    anything = ((1, vocabulary.final_label + 1),)
    reach = [anything] * nodes + _reach(tree, anything)
    return WordGraph(fst, reach, vocabulary.final_label)


def lookahead_bytes(graph: WordGraph) -> bytes:
    """The file."""
    numbers: list[int] = []
    for intervals in graph.reach:
        numbers += (len(intervals), 0)  # 64 bits
        for begin, end in intervals:
            numbers += (begin, end)
        numbers.append(sum(end - begin for begin, end in intervals))
    fst = graph.fst
    head = header(_KIND, 1, properties(fst), fst.start, fst.states, len(fst.arcs))
    # An add-on is there, only for the output side; it reaches by output labels and keeps no relabelling.
    add_on = b"\1\0\1" + b"\0\0" + struct.pack("<iq", graph.final_label, fst.states)
    return head + struct.pack("<i", _ADD_ON) + const_bytes(fst) + add_on + np.array(numbers, "<i4").tobytes()


def _reach(tree: Tree, anything: tuple[Interval, ...]) -> list[tuple[Interval, ...]]:
    """Per node the words that may be written next; where the word is already written, that is any other word."""
    reach: list[tuple[Interval, ...]] = []
    for steps in tree.steps:
        intervals: list[Interval] = []
        for _, word, node in steps:
            intervals += ((word, word + 1),) if word else anything if node < 0 else reach[node]
        reach.append(anything if anything[0] in intervals else _merged(intervals))
    return reach


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    if len(intervals) == 1:
        return (intervals[0],)
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)
