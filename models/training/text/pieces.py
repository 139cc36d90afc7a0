"""Words that the vocabulary lacks, put together from pieces: '편의점에서만' is '편의점 _에서만', '쿵쾅' is '쿵 _쾅'.

A piece that continues a word begins with ``_``; whoever reads the recogniser's words joins them
(``text.replace(" _", "")``). There are pieces for what stands on a noun (particles, -하는데, -됐어요), for given names
with what stands on them ('김 _지영입니다'), and for single syllables (KS X 1001's 2,350), so that all can be written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from models.korean.as_espeak import Pronunciation, by_syllable
from models.korean.particles import attach
from models.korean.pronounce import syllables
from models.training.text.sources import grammar
from models.training.text.tails import noun_tails, parted, verb_tails

MARK: Final = "_"
"""Begins a piece that continues a word."""
UNKNOWN: Final = "[unk]"
"""A word of runtime grammars only: any one syllable."""
_ON_NAMES: Final = (
    "",
    "입니다",
    "이에요/예요",
    "이요/요",
    "인데요",
    "이고요/고요",
    "이고/고",
    "이라고/라고",
    "이었습니다/였습니다",
    "이/가",
    "은/는",
    "을/를",
    "한테",
    "님",
)
_BEFORE: Final = ("아", "안", "악", "알", "앟")
"""Syllables before a continuing piece: a vowel, a nasal, a stop, ㄹ, ㅎ."""
_AFTER: Final = ("", "아", "이", "가", "나", "라", "하", "사")
_KEEP: Final = 0.04
"""A pronunciation that comes more rarely than this among the neighbourhoods is left out."""
_MOST: Final = 4


@cache
def pieces() -> Mapping[str, tuple[Pronunciation, ...]]:
    """Every piece with its pronunciations, commonest first; :data:`UNKNOWN` not among them."""
    out: dict[str, tuple[Pronunciation, ...]] = {syllable: _beginning(syllable) for syllable in everyday_syllables()}
    for text in sorted(_continuations()):
        out[MARK + text] = _continuing(text)
    return out


@cache
def _continuations() -> frozenset[str]:
    return frozenset((*everyday_syllables(), *noun_tails(), *verb_tails(), *_names()))


def is_piece(text: str) -> bool:
    """Whether it is one of :func:`pieces`, which takes longer to ask."""
    return text[1:] in _continuations() if text.startswith(MARK) else text in everyday_syllables()


@cache
def everyday_syllables() -> Mapping[str, None]:
    """The Hangul syllables of KS X 1001, in its order."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xC9) for low in range(0xA1, 0xFF))
    return dict.fromkeys(code.decode("euc-kr") for code in codes)


def spell(word: str) -> list[str]:
    """The word in pieces, the largest first that fit."""
    if found := parted(word):
        return [found[0], MARK + found[1]]
    if word[0] in _surnames() and word[1:] in _names():
        return [word[0], MARK + word[1:]]
    return syllable_pieces(word)


def syllable_pieces(word: str) -> list[str]:
    """The word syllable for syllable."""
    return [word[0], *(MARK + syllable for syllable in word[1:])]


@cache
def _surnames() -> frozenset[str]:
    return frozenset(grammar().listed("surname"))


@cache
def _names() -> frozenset[str]:
    """Given names, each also with what is said after a name."""
    return frozenset(
        attach(given, tail) if tail else given for given in grammar().listed("given") for tail in _ON_NAMES
    )


def _beginning(text: str) -> tuple[Pronunciation, ...]:
    return _commonest(_heard(text + after, 0, len(text)) for after in _AFTER)


def _continuing(text: str) -> tuple[Pronunciation, ...]:
    return _commonest(
        _heard(before + text + after, 1, len(text))
        for before in _BEFORE
        for after in (_AFTER if len(text) == 1 else ("",))
    )


def _heard(word: str, start: int, count: int) -> tuple[Pronunciation, Pronunciation]:
    """Phones of ``count`` syllables of a word, as espeak-ng reads it and as people say it."""
    read, said = by_syllable(word)[start : start + count], syllables(word)[0][start : start + count]
    return _joined(read), _joined(said)


def _joined(parts: Iterable[Pronunciation]) -> Pronunciation:
    return tuple(phone for part in parts for phone in part)


def _commonest(heard: Iterable[tuple[Pronunciation, Pronunciation]]) -> tuple[Pronunciation, ...]:
    counts = Counter(phones for pair in heard for phones in pair)
    return tuple(phones for phones, count in counts.most_common(_MOST) if count >= _KEEP * counts.total())
