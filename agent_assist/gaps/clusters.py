"""Gaps that speak of the same, together. Pure and always the same for the same gaps.

Each gap is the content words of its text and, at less weight, the pairs of syllables in them (which forgive what the
recogniser misheard), the rarer the heavier. Groups grow by their mean likeness (average linkage), found with the chain
of nearest neighbours: every merge costs one pass over a row (Murtagh, 1983), 2,000 gaps less than a second.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from agent_assist.gaps.words import topical
from agent_assist.hangul import composed
from agent_assist.korean import Analyser
from core.store.knowledge import Gap

GAPS_LIMIT: Final = 2_000
"""The newest ones are looked at."""
EXAMPLES: Final = 5
_TEXT_LIMIT: Final = 300
_LABEL: Final = 3
_LIKE: Final = 0.2
"""Mean likeness from which on groups are one."""
_PAIR: Final = 0.5
"""Weight of a pair of syllables next to a word."""

_OTHERS: Final = 30
"""Gaps thought beside those there are: among four, a word that three have is not a common one yet."""

Floats: TypeAlias = NDArray[np.float32]


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Gaps about one thing."""

    words: tuple[str, ...]
    """What it is about: at most three words, the most telling first."""
    size: int
    """Gaps in it."""
    calls: int
    """Calls that asked."""
    gap_ids: tuple[str, ...]
    """All of them, newest first."""
    examples: tuple[str, ...]
    """At most five texts, the most typical first."""
    first: datetime
    last: datetime


def clusters(gaps: Sequence[Gap], analyser: Analyser, *, least: int = 1) -> tuple[Cluster, ...]:
    """The groups of at least ``least`` gaps, the largest first, then the newest."""
    ordered = sorted(gaps, key=lambda gap: (gap.at, gap.gap_id), reverse=True)[:GAPS_LIMIT]
    if not ordered:
        return ()
    texts = [composed(gap.text)[:_TEXT_LIMIT] for gap in ordered]
    distinct = list(dict.fromkeys(texts))
    of_text = dict(zip(distinct, map(topical, analyser.each(distinct)), strict=True))
    words = [of_text[text] for text in texts]
    likeness = _likeness(words)
    groups = _groups(likeness.copy())
    spread = Counter(word for each in words for word in each)
    found = [_cluster(group, ordered, texts, words, likeness, spread) for group in groups if len(group) >= least]
    return tuple(sorted(found, key=lambda each: (-each.size, -each.last.timestamp(), each.gap_ids)))


def _likeness(words: Sequence[Sequence[str]]) -> Floats:
    """Cosines of all pairs, 0..1."""
    features = [Counter({term: weight for word in each for term, weight in _terms(word)}) for each in words]
    postings: dict[str, list[int]] = {}
    for place, each in enumerate(features):
        for term in each:
            postings.setdefault(term, []).append(place)
    count = len(words)
    rare = {term: math.log((count + _OTHERS) / len(places)) + 1 for term, places in postings.items()}
    weight = [{term: value * rare[term] for term, value in each.items()} for each in features]
    length = np.array([math.sqrt(sum(value**2 for value in each.values())) or 1.0 for each in weight], np.float32)
    likeness = np.zeros((count, count), np.float32)
    for term, places in postings.items():
        if len(places) > 1:
            column = np.array([weight[place][term] for place in places], np.float32) / length[places]
            likeness[np.ix_(places, places)] += np.outer(column, column)
    return likeness


def _terms(word: str) -> list[tuple[str, float]]:
    """'w전입' whole, 'p전입' as a pair; a verb has no pairs: '떼다' and '매다' are not alike."""
    pairs = [(f"p{word[at : at + 2]}", _PAIR) for at in range(len(word) - 1)] if not word.endswith("다") else []
    return [(f"w{word}", 1.0), *pairs]


def _groups(likeness: Floats) -> list[list[int]]:
    """Average linkage down to the least likeness; places in order. ``likeness`` is used up."""
    count = len(likeness)
    np.fill_diagonal(likeness, -1.0)
    members: dict[int, list[int]] = {place: [place] for place in range(count)}
    finished: list[list[int]] = []
    chain: list[int] = []
    while members:
        if not chain:
            chain.append(next(iter(members)))
        tip = chain[-1]
        row = likeness[tip]
        nearest = int(row.argmax())
        if row[nearest] < _LIKE:
            finished.append(sorted(members.pop(tip)))
            likeness[:, tip] = -1.0
            chain.pop()
        elif len(chain) > 1 and row[chain[-2]] >= row[nearest]:
            _merge(likeness, members, chain[-2], tip)
            del chain[-2:]
        else:
            chain.append(nearest)
    return sorted(finished)


def _merge(likeness: Floats, members: dict[int, list[int]], one: int, other: int) -> None:
    """``other`` joins ``one``, whose likeness to the rest becomes the mean of theirs."""
    ones, others = len(members[one]), len(members[other])
    gone = likeness[one] < 0
    mean = (likeness[one] * ones + likeness[other] * others) / np.float32(ones + others)
    mean[gone] = -1.0
    mean[[one, other]] = -1.0
    likeness[one] = mean
    likeness[:, one] = mean
    likeness[:, other] = -1.0
    members[one] += members.pop(other)


def _cluster(
    group: Sequence[int],
    gaps: Sequence[Gap],
    texts: Sequence[str],
    words: Sequence[Sequence[str]],
    likeness: Floats,
    spread: Counter[str],
) -> Cluster:
    """Label: words that many of its gaps have, and few others."""
    within = Counter(word for place in group for word in words[place])
    telling = sorted(within, key=lambda word: (-(within[word] ** 2) / spread[word], -len(word), word))
    typical = likeness[np.ix_(group, group)].mean(axis=1)
    examples = dict.fromkeys(texts[group[at]] for at in np.argsort(-typical, kind="stable"))
    at = [gaps[place].at for place in group]
    return Cluster(
        words=tuple(telling[:_LABEL]),
        size=len(group),
        calls=len({gaps[place].call_id for place in group}),
        gap_ids=tuple(gaps[place].gap_id for place in group),
        examples=tuple(list(examples)[:EXAMPLES]),
        first=min(at),
        last=max(at),
    )
