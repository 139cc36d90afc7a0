"""New words in a language model: beside words of their class, free ones, and phrases.

A new word leads to the state that its class leads to: 'what follows 교통행정과' serves every new department, without a
copy for each. That is why the graph is changed and not tables of n-grams.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from models.adapting.grammar import LEAST, Grammar, with_arcs
from models.kaldi.fst import Ints
from models.kaldi.ngram import Doubles

Flags = npt.NDArray[np.bool_]

MOST_ARCS: Final = 400_000
"""New arcs beside words of a class, 16 bytes each: the likeliest places come first, all others back off."""

_MEMBERS: Final = 2
"""A state that expects so many members of a class, or one with ``_MASS``, expects the new ones too."""
_MASS: Final = 0.02
_COMMON: Final = 0.9
"""A common word is likelier than this share of all words."""
_FREE_SHARE: Final = 0.05
"""Words without a class take at most this off all others, where nothing is known of the words before."""
_PHRASE_SHARE: Final = 0.1
"""What is expected after a word by the phrases, where the model had its own expectations; after new words half."""
_OPENING_SHARE: Final = 0.02
"""Sentences that begin like a phrase."""


class Group(msgspec.Struct, frozen=True):
    """Words of a class in one form, and new ones that may stand wherever they do."""

    members: tuple[int, ...]
    new: tuple[int, ...]


def with_classes(grammar: Grammar, groups: Sequence[Group], most_arcs: int = MOST_ARCS) -> Grammar:
    """New words share evenly with the members of their class wherever these are expected, and lead where they do."""
    if not groups:
        return grammar
    group_of = np.full(1 + max(int(grammar.label.max()), *(max(group.members) for group in groups)), -1)
    for at, group in enumerate(groups):
        group_of[list(group.members)] = at
    members = np.array([len(group.members) for group in groups])
    new = np.array([len(group.new) for group in groups])
    mine = np.flatnonzero(group_of[grammar.label] >= 0)
    places, place_of = np.unique(
        grammar.source[mine] * len(groups) + group_of[grammar.label[mine]], return_inverse=True
    )
    state, number = places // len(groups), places % len(groups)
    mass: Doubles = np.bincount(place_of, grammar.p[mine], len(places)).astype(np.float64)
    count = np.bincount(place_of, minlength=len(places))
    likeliest = mine[np.lexsort((grammar.p[mine], place_of))][np.cumsum(count) - 1]
    chosen = _chosen(mass, count, state == grammar.root, new[number], most_arcs)
    each = np.where(chosen, members[number] / (members[number] + new[number]), 1.0)
    p = grammar.p.copy()
    p[mine] *= each[place_of]
    rows = np.flatnonzero(chosen)
    copies = new[number[rows]]
    added = np.repeat(rows, copies)
    labels = [label for row in rows.tolist() for label in groups[number[row]].new]
    return with_arcs(
        msgspec.structs.replace(grammar, p=p),
        source=state[added],
        label=np.array(labels, np.int64),
        p=(mass / (members[number] + new[number]))[added],
        target=grammar.target[likeliest][added],
    )


def _chosen(mass: Doubles, count: Ints, is_root: Flags, new: Ints, most_arcs: int) -> Flags:
    """At which places the new words of the class are listed: where nothing is remembered, then by their mass."""
    wanted = is_root | (count >= _MEMBERS) | (mass >= _MASS)
    order = np.lexsort((-mass, ~is_root, ~wanted))
    chosen = np.zeros(len(mass), bool)
    chosen[order] = wanted[order] & (np.cumsum((new * wanted)[order]) <= most_arcs)
    return chosen


def with_free(grammar: Grammar, words: Mapping[int, float]) -> Grammar:
    """Words that may stand anywhere, and how likely each is, next to a common word of the model (1.0). Nothing is
    known of what follows them."""
    root = grammar.root
    here = grammar.source == root
    common = float(np.quantile(grammar.p[here], _COMMON))
    p = common * np.array(list(words.values()))
    p *= min(1.0, _FREE_SHARE / max(float(p.sum()), LEAST))
    kept = 1 - float(p.sum())
    ends = grammar.ends.copy()
    ends[root] *= kept
    lowered = msgspec.structs.replace(grammar, p=np.where(here, grammar.p * kept, grammar.p), ends=ends)
    label = np.array(list(words), np.int64)
    state = np.full(len(label), root)
    return with_arcs(lowered, source=state, label=label, p=p, target=state)


def with_phrases(grammar: Grammar, phrases: Sequence[Sequence[int]]) -> Grammar:
    """Words that follow each other in the phrases are expected to: 여권 -> 분실 -> 신고. Those that are never expected
    by themselves are passed over."""
    expected = set(grammar.label[grammar.source == grammar.root].tolist())
    phrases = [found for phrase in phrases if (found := [word for word in phrase if word in expected])]
    followers: dict[int, dict[int, int]] = {}
    opening: dict[int, int] = {}
    for phrase in phrases:
        opening[phrase[0]] = opening.get(phrase[0], 0) + 1
        for word, following in pairwise(phrase):
            counts = followers.setdefault(word, {})
            counts[following] = counts.get(following, 0) + 1
    if not opening:
        return grammar
    grammar, own, made = _with_states(grammar, list(followers))
    shares = {own[word]: (_PHRASE_SHARE if own[word] < made else 0.5, counts) for word, counts in followers.items()}
    shares[grammar.start] = (_OPENING_SHARE, opening)
    root = grammar.source == grammar.root
    leads = dict(zip(grammar.label[root].tolist(), grammar.target[root].tolist(), strict=True))
    scale = np.ones(len(grammar.ends))
    rows = []
    for state, (share, counts) in shares.items():
        scale[state] = 1 - share
        total = sum(counts.values())
        rows += [(state, word, share * count / total, leads[word]) for word, count in counts.items()]
    lowered = msgspec.structs.replace(grammar, p=grammar.p * scale[grammar.source], ends=grammar.ends * scale)
    source, label, p, target = (np.array(column) for column in zip(*rows, strict=True))
    return with_arcs(lowered, source=source, label=label, p=p, target=target)


def _with_states(grammar: Grammar, words: Sequence[int]) -> tuple[Grammar, dict[int, int], int]:
    """A state for each word that remembers it alone: its own, or a new one that backs off to the one it shared.

    Also word -> state, and the number of the first new state.
    """
    made = len(grammar.ends)
    root = np.flatnonzero(grammar.source == grammar.root)
    users = np.bincount(grammar.target[root], minlength=made)
    arc_of = dict(zip(grammar.label[root].tolist(), root.tolist(), strict=True))
    target, shorter, own = grammar.target.copy(), grammar.shorter.tolist(), {}
    for word in words:
        led = int(grammar.target[arc_of[word]])
        own[word] = led
        if users[led] > 1 or led == grammar.root:
            own[word] = len(shorter)
            target[(grammar.label == word) & (grammar.target == led)] = len(shorter)
            shorter.append(led)
    ends = np.concatenate([grammar.ends, np.zeros(len(shorter) - made)])
    changed = msgspec.structs.replace(grammar, target=target, shorter=np.array(shorter), ends=ends)
    return changed, own, made
