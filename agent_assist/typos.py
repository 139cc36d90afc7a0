"""Words of the database that are like a typed one but for a slip: a key wrong, missing, doubled or two swapped. Pure.

Of n keys with one slip, one of two halves is right (of three thirds with two): only words that have such a piece are
compared, at the place where it stands. Distance is optimal string alignment (rapidfuzz), in keys.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from agent_assist.keyboard import keys

_SHORTEST: Final = 4
"""Keys; fewer are too like everything."""
_TWO_SLIPS: Final = 9
"""From so many keys on two slips are forgiven."""
_COMPARED: Final = 4000
"""Words with a right piece that are looked at."""
_WORDS: Final = 12
_KEPT: Final = 256

Like = tuple[str, float, tuple[int, ...]]
"""A word, its likeness 0..1, and the lines that have it."""


class Typos:
    """The words of a database. Immutable but for its cache, any thread."""

    def __init__(self, lines: Iterable[Iterable[str]]) -> None:
        """For each line its words, squeezed (letters and digits, lower case)."""
        having: dict[str, list[int]] = {}
        for number, words in enumerate(lines):
            for word in set(words):
                if len(word) > 1:
                    having.setdefault(word, []).append(number)
        self._words = list(having)
        self._lines = [tuple(numbers) for numbers in having.values()]
        typed = [[keys(char) for char in word] for word in self._words]
        self._keys = ["".join(one) for one in typed]
        self._bounds = [_bounds(one) for one in typed]
        self._starts: list[int] = []
        at = 0
        for one in self._keys:
            self._starts.append(at)
            at += len(one) + 1
        self._text = "\n".join(self._keys)
        self.like = lru_cache(maxsize=_KEPT)(self._like)

    def _like(self, word: str) -> tuple[Like, ...]:
        """The words most like it, best first; those that have it as it stands are not among them. Cached (``like``)."""
        typed = "".join(map(keys, word))
        if len(typed) < _SHORTEST:
            return ()
        most = 2 if len(typed) >= _TWO_SLIPS else 1
        found: dict[int, int] = {}
        for number, start in self._with_a_right_piece(typed, most):
            distance = self._distance(typed, number, start, most)
            if 0 < distance <= most:
                found[number] = min(distance, found.get(number, distance))
        best = sorted(found, key=lambda number: (found[number], len(self._words[number]), number))[:_WORDS]
        return tuple((self._words[at], 1 - found[at] / len(typed), self._lines[at]) for at in best)

    def _with_a_right_piece(self, typed: str, most: int) -> Iterator[tuple[int, int]]:
        """Words that have a piece of it, and where in them it would begin."""
        size, rest = divmod(len(typed), most + 1)
        looked, at = 0, 0
        for place in range(most + 1):
            piece = typed[at : at + size + (place < rest)]
            where = self._text.find(piece)
            while where >= 0 and looked < _COMPARED:
                number = bisect_right(self._starts, where) - 1
                yield number, where - self._starts[number] - at
                looked += 1
                where = self._text.find(piece, where + 1)
            at += len(piece)

    def _distance(self, typed: str, number: int, start: int, most: int) -> int:
        """The smallest distance to a piece of the word that begins with a syllable thereabouts and may go on."""
        text, best = self._keys[number], most + 1
        for begin in range(max(0, start - most), start + most + 1):
            if begin not in self._bounds[number]:
                continue
            for end in range(begin + len(typed) - most, begin + len(typed) + most + 1):
                best = min(best, OSA.distance(typed, text[begin:end], score_cutoff=best))
                if end >= len(text):
                    break
        return best


def _bounds(typed: list[str]) -> frozenset[int]:
    at, found = 0, [0]
    for one in typed[:-1]:
        at += len(one)
        found.append(at)
    return frozenset(found)
