"""Which sums are kept, and which of them a contact is part of. Pure.

Chosen so that one filter crossed by one breakdown opens a year at once, wherever people ask for it daily, and the
cells stay fewer than the contacts: departments, categories and districts with each other, the channel with everything.
Agents are crossed with the channel, and by the month alone with the category: 300 agents times all categories of every
day would be more cells than contacts. The days at the ends of a span are summed from the facts then; so is anything
else of one agent, whose own contacts are few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Final

import msgspec

from core.store.statistics import DIMENSIONS, FIELDS, SEPARATOR, ContactFacts, Dimension

CUBES: Final[dict[int, tuple[Dimension, ...]]] = {
    1: (),
    2: ("channel",),
    3: ("queue",),
    4: ("language",),
    5: ("department",),
    6: ("category",),
    7: ("district",),
    8: ("agent",),
    9: ("department", "category"),
    10: ("department", "district"),
    11: ("category", "district"),
    12: ("channel", "department"),
    13: ("channel", "category"),
    14: ("channel", "district"),
    15: ("channel", "agent"),
    16: ("channel", "language"),
    17: ("channel", "queue"),
    18: ("language", "department"),
    19: ("queue", "department"),
    20: ("agent", "category"),
}
"""Number, as it stands in the database, to the dimensions that are crossed. A number never changes its meaning."""
ALL: Final = 1
"""Of all contacts."""
HOURLY: Final = (1, 2, 3, 4, 5)
"""Cubes that are also kept by the hour."""
MONTHLY: Final = (20,)
"""Cubes that are kept by the month alone."""
DAILY: Final = tuple(cube for cube in CUBES if cube not in MONTHLY)
"""The others."""
HOUR: Final = 1
DAY: Final = 2
MONTH: Final = 3


class Key(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Which cell."""

    grain: int
    """1 = hour, 2 = day, 3 = month."""
    cube: int
    """Of ``CUBES``."""
    bucket: int
    """2026112718, 20261127, 202611."""
    a: int
    """Id of the first dimension's value, 0 = none."""
    b: int
    """Of the second's."""


NameId = Callable[[Dimension, str], int]
"""Gives a value of a dimension its id."""


def cube_of(dimensions: Iterable[Dimension]) -> int | None:
    """The cube that crosses just these, None = none is kept."""
    wanted = frozenset(dimensions)
    return next((number for number, crossed in CUBES.items() if frozenset(crossed) == wanted), None)


def levels(category: str) -> tuple[str, ...]:
    """A category and everything above it, the top first: '교통>주차' -> ('교통', '교통>주차')."""
    parts = category.split(SEPARATOR)
    return tuple(SEPARATOR.join(parts[: depth + 1]) for depth in range(len(parts)))


def month_of(day: int) -> int:
    """20261127 -> 202611."""
    return day // 100


def hour_of(day: int, slot: int) -> int:
    """Bucket of an hour: day and slot in one number that fits into 32 bits."""
    return day * 100 + slot


def keys(facts: ContactFacts, name_id: NameId) -> Iterator[Key]:
    """All cells that this contact is part of, each once."""
    ids = {
        dimension: tuple(name_id(dimension, value) for value in values_of(facts, dimension)) for dimension in DIMENSIONS
    }
    for cube, crossed in CUBES.items():
        pairs = _pairs([ids[dimension] for dimension in crossed])
        for a, b in pairs:
            if cube in DAILY:
                yield Key(DAY, cube, facts.day, a, b)
            yield Key(MONTH, cube, month_of(facts.day), a, b)
            if cube in HOURLY:
                yield Key(HOUR, cube, hour_of(facts.day, facts.slot), a, b)


def values_of(facts: ContactFacts, dimension: Dimension) -> tuple[str, ...]:
    """Values of a dimension that this contact counts for: of a category also all above it."""
    value: str = getattr(facts, dimension)
    return levels(value) if dimension == "category" else (value,)


def _pairs(ids: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    match len(ids):
        case 0:
            yield 0, 0
        case 1:
            yield from ((a, 0) for a in ids[0])
        case _:
            yield from product(ids[0], ids[1])


class Changes:
    """What is to be added to which cell."""

    def __init__(self) -> None:
        self.cells: dict[Key, list[int]] = defaultdict(lambda: [0] * len(FIELDS))
        self.words: dict[tuple[int, str], int] = defaultdict(int)

    def replace(self, old: ContactFacts | None, new: ContactFacts | None, name_id: NameId) -> None:
        """A contact's facts are others now; None = there were none, or there are none any more."""
        for facts, sign in ((old, -1), (new, 1)):
            if facts is None:
                continue
            added = [(at, sign * value) for at, name in enumerate(FIELDS) if (value := getattr(facts, name))]
            for key in keys(facts, name_id):
                cell = self.cells[key]
                for at, value in added:
                    cell[at] += value
            for word in facts.words:
                self.words[facts.day, word] += sign

    def kept(self) -> Iterator[tuple[Key, Sequence[int]]]:
        """Cells with something to add, in a fixed order: two nodes never lock each other out."""
        return ((key, cell) for key, cell in sorted(self.cells.items()) if any(cell))
