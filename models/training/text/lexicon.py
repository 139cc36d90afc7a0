"""The lexicon that a recogniser of our own starts with: the vocabulary and the pieces, each with its ways of being said."""

from __future__ import annotations

from typing import Final

from models.korean.as_espeak import Pronunciation, by_syllable
from models.korean.lexicon import lexicon
from models.korean.pronounce import syllables
from models.training.text.pieces import UNKNOWN, everyday_syllables, pieces
from models.training.text.tails import bases, nouns
from models.training.text.vocabulary import by_worth, vocabulary

FREQUENT: Final = 4000
"""So many words are listed with their changes beside other words."""
_TAILS: Final = ("아", "이", "는", "지", "해")
"""What can stand on a noun or a base: vowels (꽃이 [꼬치]), a nasal (낮는 [난는]), a stop, ㅎ."""


def full_lexicon(frequent: int = FREQUENT) -> dict[str, list[Pronunciation]]:
    """Pronunciations of every word and piece, the commonest first, and of :data:`UNKNOWN`."""
    words = vocabulary()
    often = frozenset(word for word in by_worth()[:frequent] if word in words)
    out = lexicon(sorted(words), often)
    for word in (nouns() | bases()) & words:
        out[word] = list(dict.fromkeys((*out[word], *_before_tails(word))))
    for piece, said in pieces().items():
        out[piece] = list(dict.fromkeys((*out.get(piece, ()), *said)))
    out[UNKNOWN] = [pieces()[syllable][0] for syllable in everyday_syllables()]
    return out


def _before_tails(word: str) -> list[Pronunciation]:
    whole = [word + tail for tail in _TAILS]
    ways = [way(text)[: len(word)] for text in whole for way in (by_syllable, lambda text: syllables(text)[0])]
    return [tuple(phone for syllable in way for phone in syllable) for way in ways]
