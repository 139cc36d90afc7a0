"""The lexicon that a recogniser of our own starts with: words of the vocabulary and pieces, and how they are said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from models.korean.as_espeak import Pronunciation, by_syllable
from models.korean.lexicon import lexicon
from models.korean.pronounce import syllables
from models.training.text.pieces import UNKNOWN, everyday_syllables, is_piece, pieces
from models.training.text.tails import bases, nouns
from models.training.text.vocabulary import by_worth

FREQUENT: Final = 4000
"""So many words are listed with their changes beside other words."""
_TAILS: Final = ("아", "이", "는", "지", "해")
"""What can stand on a noun or a base: vowels (꽃이 [꼬치]), a nasal (꽃만 [꼰만]), a stop, ㅎ."""


def full_lexicon(words: Iterable[str]) -> dict[str, list[Pronunciation]]:
    """Pronunciations of these words, of every piece, and of :data:`UNKNOWN`; the commonest first.

    Raises ``BadInput`` for a word that is not all Hangul; pieces among the words are not needed, but do no harm.
    """
    whole = sorted(word for word in set(words) if not is_piece(word))
    out = lexicon(whole, frozenset(by_worth()[:FREQUENT]))
    for word in (nouns() | bases()) & out.keys():
        out[word] = list(dict.fromkeys((*out[word], *_before_tails(word))))
    for piece, ways in pieces().items():
        out[piece] = list(ways)
    out[UNKNOWN] = [pieces()[syllable][0] for syllable in everyday_syllables()]
    return out


def _before_tails(word: str) -> list[Pronunciation]:
    """How a word ends when something stands on it, as espeak-ng reads it and as people say it."""
    out: list[Pronunciation] = []
    for tail in _TAILS:
        for parts in (by_syllable(word + tail), syllables(word + tail)[0]):
            out.append(tuple(phone for syllable in parts[: len(word)] for phone in syllable))
    return out
