"""Syllables that a recogniser takes for one another: one letter apart, near in sound. Pure, by Unicode arithmetic."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
# Initials that differ in force only (ㄱㄲㅋ ...), and ㄴㄹ; ㅎ is often not heard.
_INITIALS: Final = ((0, 1, 15), (3, 4, 16), (7, 8, 17), (9, 10), (12, 13, 14), (2, 5), (11, 18))
# Vowels: ㅐㅔ, ㅒㅖ, ㅓㅗ, ㅏㅓ, ㅜㅡ, ㅣㅟㅢ, ㅙㅚㅞ.
_VOWELS: Final = ((1, 5), (3, 7), (4, 8), (0, 4), (13, 18), (20, 16, 19), (10, 11, 15))
# Those that nobody tells apart today: no slip at all.
_SAME: Final = {5: 1, 7: 3, 11: 10, 15: 10}
_NO_FINAL: Final = 0
_FAINT_FINAL: Final = 4
"""ㄴ: the final consonant that is heard where none is."""


@lru_cache(maxsize=4096)
def near(syllable: str) -> frozenset[str]:
    """The syllable itself and what it may have been heard as; of anything else only itself."""
    code = ord(syllable) - _FIRST
    if not 0 <= code <= _LAST - _FIRST:
        return frozenset((syllable,))
    initial, vowel, final = code // 588, code % 588 // 28, code % 28
    heard = {(initial, vowel, final)}
    heard.update((other, vowel, final) for other in _others(initial, _INITIALS))
    heard.update((initial, other, final) for other in _others(vowel, _VOWELS))
    heard.add((initial, vowel, _NO_FINAL if final else _FAINT_FINAL))
    return frozenset(chr(_FIRST + (first * 21 + second) * 28 + third) for first, second, third in heard)


@lru_cache(maxsize=4096)
def same(one: str, other: str) -> bool:
    """Whether two syllables sound the same: 'ㅐ' and 'ㅔ' do."""
    return one == other or _sound(one) == _sound(other)


def _sound(syllable: str) -> object:
    code = ord(syllable) - _FIRST
    if not 0 <= code <= _LAST - _FIRST:
        return syllable
    vowel = code % 588 // 28
    return code // 588, _SAME.get(vowel, vowel), code % 28


def _others(letter: int, groups: tuple[tuple[int, ...], ...]) -> list[int]:
    return [other for group in groups if letter in group for other in group if other != letter]
