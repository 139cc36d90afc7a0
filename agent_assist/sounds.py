"""Words that sound alike: what a recogniser may have misheard. Jamo (single letters) compared by rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from agent_assist.hangul import jamo, sounded

_SHORTEST: Final = 2
"""Syllables; one alone sounds like too many others."""
_LIMIT: Final = 4
_KEPT: Final = 4096
_SAME_FROM: Final = 4
"""Letters of a word's sound; a shorter one sounds like the beginning of too many others."""
_NEAR_FROM: Final = 5
"""The same where one letter may be wrong."""


class Sounds:
    """The words of a database by their sound. Immutable but for its cache, any thread."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        """Words and their numbers."""
        words = tuple(words)
        self._by_length: dict[int, tuple[list[str], list[int]]] = {}
        for word, number in words:
            if len(word) >= _SHORTEST:
                letters = jamo(word)
                sounds, numbers = self._by_length.setdefault(len(letters), ([], []))
                sounds.append(letters)
                numbers.append(number)
        self._by_sound = _BySound(words)
        self.like = lru_cache(maxsize=_KEPT)(self._like)
        self.heard = lru_cache(maxsize=_KEPT)(self._by_sound.begins)

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


class _BySound:
    """Words by their sound, and by their sound with any one letter left out: two sounds that differ in one letter meet
    there (Garbe's symmetric deletion). Two sorted arrays of hashes and numbers, 12 bytes an entry."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        hashes: list[int] = []
        numbers: list[int] = []
        self._sounds: dict[int, str] = {}
        for word, number in words:
            sound = sounded(word)
            if len(word) < _SHORTEST or len(sound) < _SAME_FROM:
                continue
            self._sounds[number] = sound
            for variant in {sound, *(_without_one(sound) if len(sound) >= _NEAR_FROM else ())}:
                hashes.append(_hash(variant))
                numbers.append(number)
        self._longest = max(map(len, self._sounds.values()), default=0) + 1
        order = np.argsort(np.array(hashes, np.int64), kind="stable")
        self._hashes = np.array(hashes, np.int64)[order]
        self._numbers = np.array(numbers, np.int32)[order]

    def begins(self, word: str) -> tuple[tuple[int, float], ...]:
        """Numbers of the words that this one, as written, begins with by its sound, with their likeness: 1 for the same
        sound, less where a letter differs. The longest ones only."""
        heard = sounded(word[: self._longest])[: self._longest]
        found: dict[int, tuple[int, float]] = {}
        for length in range(len(heard), _SAME_FROM - 1, -1):
            begin = heard[:length]
            variants = {begin, *(_without_one(begin) if length >= _NEAR_FROM else ())}
            for number in self._with(variants):
                wrong = 0 if self._sounds[number] == begin else 1
                likeness = 1 - wrong / length
                if likeness > found.get(number, (0, 0.0))[1] and (
                    not wrong or _one_letter(self._sounds[number], begin)
                ):
                    found[number] = (length, likeness)
        best = sorted(found.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
        return tuple((number, likeness) for number, (_, likeness) in best[:_LIMIT])

    def _with(self, variants: Iterable[str]) -> Iterator[int]:
        wanted = np.array([_hash(variant) for variant in variants], np.int64)
        starts = np.searchsorted(self._hashes, wanted, "left")
        ends = np.searchsorted(self._hashes, wanted, "right")
        for start, end in zip(starts, ends, strict=True):
            yield from map(int, self._numbers[start:end])


def _without_one(sound: str) -> Iterator[str]:
    return (sound[:at] + sound[at + 1 :] for at in range(len(sound)))


def _one_letter(sound: str, other: str) -> bool:
    return Levenshtein.distance(sound, other, score_cutoff=1) <= 1


def _hash(sound: str) -> int:
    return int.from_bytes(blake2b(sound.encode(), digest_size=8).digest(), "little", signed=True)
