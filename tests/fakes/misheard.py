"""Slips of a recogniser: syllables dropped, or heard with one letter wrong. Scripted by a seed."""

from __future__ import annotations

import random

_FIRST = 0xAC00
_NEAR_INITIALS = {
    0: 1,
    1: 0,
    3: 4,
    4: 3,
    7: 8,
    8: 7,
    9: 10,
    10: 9,
    12: 14,
    14: 12,
    15: 0,
    16: 3,
    17: 7,
    18: 11,
    2: 5,
    5: 2,
}
_NEAR_VOWELS = {1: 5, 5: 1, 3: 7, 7: 3, 4: 8, 8: 4, 0: 4, 13: 18, 18: 13, 20: 16, 11: 10, 10: 11}
_NO_FINAL = 0


def misheard(text: str, seed: int, rate: float = 0.1) -> str:
    """The text with about ``rate`` of its syllables wrong: one in four of them is lost, the others change a letter."""
    dice = random.Random(f"{seed}{text}")
    heard: list[str] = []
    for char in text:
        if not "가" <= char <= "힣" or dice.random() >= rate:
            heard.append(char)
        elif dice.random() >= 0.25:
            heard.append(_slip(char, dice))
    return "".join(heard)


def _slip(syllable: str, dice: random.Random) -> str:
    initial, rest = divmod(ord(syllable) - _FIRST, 588)
    vowel, final = divmod(rest, 28)
    kind = dice.randrange(3)
    if kind == 0:
        initial = _NEAR_INITIALS.get(initial, initial)
    elif kind == 1:
        vowel = _NEAR_VOWELS.get(vowel, vowel)
    else:
        final = _NO_FINAL if final else 4
    return chr(_FIRST + initial * 588 + vowel * 28 + final)
