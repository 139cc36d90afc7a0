"""Which words the recogniser knows, and how each is pronounced."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from models.kaldi.lexicon import UNKNOWN
from models.kaldi.phones import Pronunciation
from models.korean.lexicon import lexicon
from models.training.text import pieces
from models.training.text.vocabulary import expected

_FREQUENT: Final = 4000
"""So many words are listed with what neighbours do to them."""


def lexicon_of(words: Iterable[str]) -> dict[str, list[Pronunciation]]:
    """Words, syllable pieces and ``[unk]``, which is any one syllable."""
    syllables = pieces()
    found = lexicon(sorted(set(words) - syllables.keys()), frozenset(islice(expected(), _FREQUENT)))
    found |= {piece: list(ways) for piece, ways in syllables.items()}
    found[UNKNOWN] = sorted({way for ways in syllables.values() for way in ways})
    return found
