"""Words as people say them, in phones: written Hangul, respelt, in the phones that espeak-ng has for it.

Phones are those of ``models/kaldi/phones.py``. The two steps are rules of their own: :mod:`models.korean.respell` (the
Standard Pronunciation) and :mod:`models.korean.as_espeak` (the phones). Hence what is learnt from espeak-ng's reading
of a respelt text fits a lexicon that was made without espeak-ng.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from models.korean.as_espeak import VOWELS, Pronunciation, by_letters
from models.korean.respell import said

__all__ = ["Pronunciation", "pronounce", "sentence", "syllables", "variants"]

_VOWELS: Final = frozenset(phone for vowel in VOWELS.values() for phone in vowel)
"""Vowels and the glides before them."""
_BEFORE: Final = ("", "아", "안", "악", "알", "할")
"""Words that stand for all that may come before: a pause or a vowel, ㄴ, a stop, ㄹ, an ending in -(으)ㄹ."""
_AFTER: Final = ("", "아", "가", "나", "하", "라")
"""And for all that may come after: a pause, a vowel, a stop, a nasal, ㅎ, ㄹ."""


def pronounce(word: str) -> Pronunciation:
    """Phones of a word that is said alone. ``KeyError`` for anything that is not a Hangul syllable."""
    return sentence(word)[0]


def sentence(text: str, joined: bool = True) -> list[Pronunciation]:
    """Phones of every word; ``joined``: said without pauses.

    A consonant that moves to the next word is counted to the word in which it is written: '옷 안' is ``o d``, ``a n``.
    """
    return [tuple(phone for syllable in word for phone in syllable) for word in syllables(text, joined)]


def syllables(text: str, joined: bool = True) -> list[list[Pronunciation]]:
    """The same, syllable for syllable: a consonant that moves stays where it is written."""
    out: list[list[Pronunciation]] = []
    for word in said(text, joined):
        phones = by_letters([syllable.letters for syllable in word])
        for at, syllable in enumerate(word):
            if syllable.moved:
                onset = _onset(phones[at])
                phones[at] = phones[at][len(onset) :]
                if at:
                    phones[at - 1] += onset
                else:
                    out[-1][-1] += onset
        out.append(phones)
    return out


def _onset(syllable: Pronunciation) -> Pronunciation:
    """The phones before the vowel and its glide."""
    at = next(number for number, phone in enumerate(syllable) if phone in _VOWELS)
    return syllable[:at]


@lru_cache(maxsize=1 << 14)
def variants(word: str) -> tuple[Pronunciation, ...]:
    """How a word is said alone (first), and beside the commonest kinds of neighbours; no two alike."""
    out: dict[Pronunciation, None] = {}
    for before in _BEFORE:
        for after in _AFTER:
            text = " ".join(filter(None, (before, word, after)))
            out[sentence(text)[1 if before else 0]] = None
    return tuple(out)
