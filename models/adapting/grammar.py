"""A back-off language model as a graph (``Gr.fst``), opened for changes: probabilities in place of costs, back-off
weights worked out anew when it is closed again, so that every state's probabilities add up to 1 whatever was changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
import numpy as np

from models.kaldi.fst import NEVER, Fst, Ints, arcs_of, assembled
from models.kaldi.ngram import Doubles

LEAST: Final = 1e-7
"""Probability mass is never taken for less."""


class Grammar(msgspec.Struct, frozen=True, eq=False):
    """States and arcs in probabilities. Arrays of one length belong together."""

    start: int
    ends: Doubles
    """State -> p(sentence ends)."""
    shorter: Ints
    """State -> where it backs off to; -1 = nowhere: nothing is remembered there."""
    source: Ints
    """Arc -> state."""
    label: Ints
    """Arc -> word."""
    p: Doubles
    """Arc -> probability."""
    target: Ints
    """Arc -> state."""

    @property
    def root(self) -> int:
        """The state that remembers nothing."""
        return int(np.flatnonzero(self.shorter < 0)[0])


def opened(fst: Fst) -> Grammar:
    """The graph in probabilities."""
    backs = fst.arcs["ilabel"] == 0
    shorter = np.full(fst.states, -1)
    shorter[fst.sources[backs]] = fst.arcs["nextstate"][backs]
    arcs = fst.arcs[~backs]
    return Grammar(
        start=fst.start,
        ends=np.exp(-fst.finals.astype(np.float64)),
        shorter=shorter,
        source=fst.sources[~backs],
        label=arcs["ilabel"].astype(np.int64),
        p=np.exp(-arcs["weight"].astype(np.float64)),
        target=arcs["nextstate"].astype(np.int64),
    )


def closed(grammar: Grammar) -> Fst:
    """The graph, back-off weights such that every state's probabilities add up to 1."""
    backs = np.flatnonzero(grammar.shorter >= 0)
    backoff = _backoffs(grammar)
    with np.errstate(divide="ignore"):
        finals = np.where(grammar.ends > 0, -np.log(grammar.ends), NEVER)
    words = arcs_of(grammar.label, grammar.label, -np.log(grammar.p), grammar.target)
    back = arcs_of(0, 0, -np.log(backoff[backs]), grammar.shorter[backs])
    sources = np.concatenate([grammar.source, backs])
    return assembled(grammar.start, finals.astype(np.float32), sources, np.concatenate([words, back]))


def relabelled(grammar: Grammar, numbers: Mapping[int, int]) -> Grammar:
    """With other word numbers."""
    table = np.zeros(max(numbers, default=0) + 1, np.int64)
    table[list(numbers)] = list(numbers.values())
    return msgspec.structs.replace(grammar, label=table[grammar.label])


def with_arcs(grammar: Grammar, *, source: Ints, label: Ints, p: Doubles, target: Ints) -> Grammar:
    """With more arcs; one whose word the state had already makes that likelier."""
    sources = np.concatenate([grammar.source, source])
    labels = np.concatenate([grammar.label, label])
    base = int(labels.max(initial=0)) + 1
    _, first, where = np.unique(sources * base + labels, return_index=True, return_inverse=True)
    return msgspec.structs.replace(
        grammar,
        source=sources[first],
        label=labels[first],
        p=np.bincount(where, np.concatenate([grammar.p, p]), len(first)),
        target=np.concatenate([grammar.target, target])[first],
    )


def _backoffs(grammar: Grammar) -> Doubles:
    """State -> the weight of its back-off that makes its probabilities add up to 1. An end counts as word 0."""
    states = len(grammar.ends)
    ended = np.flatnonzero(grammar.ends > 0)
    source, label = np.concatenate([grammar.source, ended]), np.concatenate([grammar.label, 0 * ended])
    p = np.concatenate([grammar.p, grammar.ends[ended]])
    base = int(label.max(initial=0)) + 1
    order = np.argsort(source * base + label)
    keys, sorted_p = (source * base + label)[order], p[order]
    backoff = np.ones(states)

    def expected(state: Ints, word: Ints) -> Doubles:
        """p(word | state), backing off where it is not listed."""
        found, weight, todo = np.zeros(len(state)), np.ones(len(state)), np.arange(len(state))
        while len(todo):
            wanted = state[todo] * base + word[todo]
            rows = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            known = keys[rows] == wanted
            found[todo[known]] = weight[todo[known]] * sorted_p[rows[known]]
            todo = todo[~known & (grammar.shorter[state[todo]] >= 0)]
            weight[todo] *= backoff[state[todo]]
            state[todo] = grammar.shorter[state[todo]]
        return found

    listed = np.bincount(source, p, states)
    depth = _depths(grammar.shorter)
    for level in range(1, int(depth.max(initial=0)) + 1):
        arcs = np.flatnonzero(depth[source] == level)
        passed = np.bincount(source[arcs], expected(grammar.shorter[source[arcs]], label[arcs]), states)
        here = depth == level
        backoff[here] = np.maximum(1 - listed[here], LEAST) / np.maximum(1 - passed[here], LEAST)
    return backoff


def _depths(shorter: Ints) -> Ints:
    """State -> how often it can back off."""
    depth = np.zeros(len(shorter), np.int64)
    while np.any(deeper := (shorter >= 0) & (depth <= depth[np.maximum(shorter, 0)])):
        depth[deeper] += 1
    return depth
