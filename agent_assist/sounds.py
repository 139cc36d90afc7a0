"""Words that sound alike: what a recogniser may have misheard. Jamo (single letters) compared by rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from agent_assist.hangul import jamo

_SHORTEST: Final = 2
"""Syllables; one alone sounds like too many others."""
_LIMIT: Final = 4
_KEPT: Final = 4096


class Sounds:
    """The words of a database by their sound. Immutable but for its cache, any thread."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        """Words and their numbers."""
        self._by_length: dict[int, tuple[list[str], list[int]]] = {}
        for word, number in words:
            if len(word) >= _SHORTEST:
                letters = jamo(word)
                sounds, numbers = self._by_length.setdefault(len(letters), ([], []))
                sounds.append(letters)
                numbers.append(number)
        self.like = lru_cache(maxsize=_KEPT)(self._like)

    def _like(self, word: str, least: float) -> tuple[tuple[int, float], ...]:
        """Numbers of the words that sound like this one, with their likeness (``least``..1). Cached (``like``)."""
        if len(word) < _SHORTEST:
            return ()
        heard = jamo(word)
        found: list[tuple[float, int]] = []
        # Indel likeness is 1 - (letters in one only) / (letters of both): other lengths can't reach ``least``.
        spread = int(2 * len(heard) * (1 - least) / least)
        for length in range(len(heard) - spread, len(heard) + spread + 1):
            sounds, numbers = self._by_length.get(length, ([], []))
            for _, likeness, at in process.extract(
                heard, sounds, scorer=fuzz.ratio, score_cutoff=100 * least, limit=_LIMIT
            ):
                found.append((likeness / 100, numbers[at]))
        found.sort(reverse=True)
        return tuple((number, likeness) for likeness, number in found[:_LIMIT])
