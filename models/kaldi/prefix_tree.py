"""The lexicon as one graph of phones: words share their beginnings, and their ends wherever what follows is the same.

This is what determinising and minimising the lexicon transducer would give, built directly (Daciuk et al.,
"Incremental construction of minimal acyclic finite-state automata", 2000) from entries sorted by pronunciation. A
word is written as soon as no other word goes the same way; ends behind that point are shared by all words. Because a
word's last phone is another graph phone than the same phone inside a word, no word is a beginning of another one: no
disambiguation marks are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from models.kaldi.lexicon import Entry

Step = tuple[int, int, int]
"""Out of a node: phone, word that is written (0 = none), next node (-1 = the word is over)."""


class Tree(msgspec.Struct, frozen=True):
    """Nodes, each entered by one phone; a node's number is higher than those of the nodes behind it."""

    phones: list[int]
    """Node -> the phone that leads there."""
    steps: list[tuple[Step, ...]]
    """Node -> what may follow."""
    root: tuple[Step, ...]
    """What a word may begin with."""


def prefix_tree(entries: Sequence[Entry]) -> Tree:
    """The tree of entries that are sorted by pronunciation."""
    tree = Tree([], [], ())
    known: dict[tuple[int, tuple[Step, ...]], int] = {}
    path: list[list[Step]] = [[]]  # open nodes along the last word, root first
    labels: list[tuple[int, int]] = []  # (phone, word) into each open node behind the root

    def close(depth: int) -> None:
        """Nothing more comes below the path's first ``depth`` steps."""
        while len(labels) > depth:
            phone, word = labels.pop()
            node, key = -1, (phone, tuple(path.pop()))
            if key[1]:
                node = known.setdefault(key, len(tree.phones))
                if node == len(tree.phones):
                    tree.phones.append(phone)
                    tree.steps.append(key[1])
            path[-1].append((phone, word, node))

    for entry, written in zip(entries, _written(entries), strict=True):
        steps = [(phone, entry.word if at == written else 0) for at, phone in enumerate(entry.phones)]
        shared = _shared(labels, steps)
        if shared == len(steps):  # the same word in the same pronunciation
            continue
        close(shared)
        labels += steps[shared:]
        path += [[] for _ in steps[shared:]]
    close(0)
    return msgspec.structs.replace(tree, root=tuple(path[0]))


def _written(entries: Sequence[Entry]) -> list[int]:
    """For each entry, at which of its phones the word is certain: the first that it shares with no other word's
    entry."""
    shared = [_shared(entry.phones, following.phones) for entry, following in pairwise(entries)]
    same = [entry.word == following.word for entry, following in pairwise(entries)]
    before, behind = [0] * len(entries), [0] * len(entries)
    for at, (count, one_word) in enumerate(zip(shared, same, strict=True)):
        before[at + 1] = min(before[at], count) if one_word else count
    for at in reversed(range(len(shared))):
        behind[at] = min(behind[at + 1], shared[at]) if same[at] else shared[at]
    longest = (len(entry.phones) - 1 for entry in entries)
    return [min(last, max(pair)) for last, *pair in zip(longest, before, behind, strict=True)]


def _shared(one: Sequence[object], other: Sequence[object]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
