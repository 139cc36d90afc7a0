"""What a recogniser shall listen for when it listens for a word.

Two ways of saying each word: as espeak-ng reads what is written (the demo's voices, synthetic callers) and as people
say it; four words in five have both alike. How a word changes beside others (옷 안 [오 단]) is listed for frequent
words only: a pronunciation costs some 16 bytes a phone in a graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.errors import BadInput
from models.korean.as_espeak import Pronunciation, as_espeak
from models.korean.jamo import is_hangul
from models.korean.pronounce import pronounce, variants


def lexicon(words: Iterable[str], frequent: Collection[str] = ()) -> dict[str, list[Pronunciation]]:
    """Pronunciations of every word, the commonest first; those among ``frequent`` with their changes beside neighbours.

    Raises ``BadInput`` for a word that is not all Hangul.
    """
    return {word: _of(word, word in frequent) for word in words}


def _of(word: str, frequent: bool) -> list[Pronunciation]:
    if not is_hangul(word) or " " in word:
        raise BadInput(f"'{word}' cannot be pronounced: a word is written in Hangul syllables only (numbers as spoken)")
    return list(dict.fromkeys((as_espeak(word), pronounce(word), *(variants(word) if frequent else ()))))
