"""Topics that rise by the day or the week: categories and words of more contacts than chance explains. Pure.

The issue radar (``agent_assist.radar``) hears what bursts within minutes; this looks back over days. What counts is not
growth but how sure one can be of it: two contacts where there was one are nothing, 140 where there were 100 may be. The
count of a topic is compared with what the windows before let expect, the same weekdays of up to eight earlier windows,
by the tail of the negative binomial (``core.count_tail``): a Poisson count whose rate is known only from some past.
Days differ more than Poisson does, so counts are first divided by how much they really scatter (quasi-likelihood,
McCullagh & Nelder 1989, ch. 9). Of the many topics that are looked at at once, those that chance alone would bring up
are kept out by the procedure of Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Final, Literal

import msgspec

from core.count_tail import log_tail
from core.store.statistics import SEPARATOR, StatisticsStore

Kind = Literal["category", "word"]
MOST_DAYS: Final = 31
"""Longest window."""
WINDOWS: Final = 8
"""Earlier windows that are compared with."""
FEWEST_WINDOWS: Final = 2
"""With fewer nobody can say what is usual."""
LEAST: Final = 10
"""Contacts that a topic has at least; below, it is nobody's news, and a person might be recognised."""
GROWTH: Final = 1.3
"""Times the expected count, at least: with many contacts also what is small is certain, and still no news."""
FALSE_SHARE: Final = 0.01
"""Share of false ones among what is reported, at most, on average."""
_PRIOR: Final = 0.5
"""Jeffreys' prior of a Poisson rate: what one knows of a topic that nobody ever asked for."""
_SCATTER_FROM: Final = 5.0
"""Mean count of the topics that tell how much counts scatter."""
_EXPLAINS: Final = 0.5
"""Share of a topic's excess that one under it must have to stand for it."""


class Rising(msgspec.Struct, frozen=True, kw_only=True):
    """A topic that rises."""

    topic: str
    """Category or word."""
    count: int
    """Contacts in the window."""
    expected: float
    """How many the windows before let expect, for as many contacts in all."""
    growth: float
    """``count`` / ``expected``."""
    log_chance: float
    """Natural logarithm of the chance that it is nothing."""


class Risen(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    kind: Kind
    first: date
    last: date
    windows: int
    """Earlier windows with contacts that it was compared with."""
    enough: bool
    """Whether these are enough to say anything."""
    topics: tuple[Rising, ...] = ()
    """The surest first."""


def rising(now: Mapping[str, int], all_now: int, past: Sequence[tuple[Mapping[str, int], int]]) -> list[Rising]:
    """Topics that rise, the surest first. ``all_now`` and the number beside each past window: all contacts of it."""
    if all_now <= 0 or len(past) < FEWEST_WINDOWS:
        return []
    all_past = sum(total for _counts, total in past)
    spread = scatter(past)
    tested: list[Rising] = []
    for topic, count in now.items():
        if not topic or count < LEAST:
            continue
        before = sum(counts.get(topic, 0) for counts, _total in past)
        expected = (before / spread + _PRIOR) * spread * all_now / all_past
        log_chance = log_tail(math.floor(count / spread), before / spread + _PRIOR, all_now / (all_now + all_past))
        tested.append(
            Rising(topic=topic, count=count, expected=expected, growth=count / expected, log_chance=log_chance)
        )
    tested.sort(key=lambda each: (each.log_chance, each.topic))
    sure = tested[: _believed([each.log_chance for each in tested])]
    return _most_telling([each for each in sure if each.growth >= GROWTH])


def scatter(past: Sequence[tuple[Mapping[str, int], int]]) -> float:
    """How many times as much as Poisson counts these scatter around what their windows' sizes let expect: the median of
    all frequent topics, at least 1."""
    all_past = sum(total for _counts, total in past)
    topics = {topic for counts, _total in past for topic in counts}
    found = []
    for topic in topics:
        seen = [counts.get(topic, 0) for counts, _total in past]
        means = [sum(seen) * total / all_past for _counts, total in past]
        if sum(seen) / len(past) >= _SCATTER_FROM and all(means):
            found.append(
                sum((count - mean) ** 2 / mean for count, mean in zip(seen, means, strict=True)) / (len(past) - 1)
            )
    return max(1.0, median(found)) if found else 1.0


def _believed(log_chances: Sequence[float]) -> int:
    """How many of these, the surest first, are believed (Benjamini-Hochberg)."""
    many = len(log_chances)
    passed = [at for at, chance in enumerate(log_chances, 1) if chance <= math.log(FALSE_SHARE * at / many)]
    return max(passed, default=0)


def _most_telling(found: Sequence[Rising]) -> list[Rising]:
    """Without categories that rise only because one under them does."""
    return [
        each
        for each in found
        if not any(
            other.topic.startswith(each.topic + SEPARATOR)
            and other.count - other.expected >= _EXPLAINS * (each.count - each.expected)
            for other in found
        )
    ]


async def risen(store: StatisticsStore, kind: Kind, *, first: date, last: date) -> Risen:
    """What rose in these days, against the same weekdays of the windows before."""
    back = timedelta(days=7 * math.ceil(((last - first).days + 1) / 7))
    counts = _categories if kind == "category" else _words
    now, all_now = await counts(store, first, last)
    past = []
    for at in range(1, WINDOWS + 1):
        window = await counts(store, first - at * back, last - at * back)
        if window[1]:
            past.append(window)
    return Risen(
        kind=kind,
        first=first,
        last=last,
        windows=len(past),
        enough=len(past) >= FEWEST_WINDOWS and all_now > 0,
        topics=tuple(rising(now, all_now, past)),
    )


async def _categories(store: StatisticsStore, first: date, last: date) -> tuple[Mapping[str, int], int]:
    sums = await store.sums(("contacts",), first=first, last=last, by="category", under=None)
    known = {each.value: each.fields[0] for each in sums if each.value}
    return known, sum(count for topic, count in known.items() if SEPARATOR not in topic)


async def _words(store: StatisticsStore, first: date, last: date) -> tuple[Mapping[str, int], int]:
    sums = await store.sums(("contacts",), first=first, last=last)
    return await store.words(first=first, last=last, least=1), sum(each.fields[0] for each in sums)
