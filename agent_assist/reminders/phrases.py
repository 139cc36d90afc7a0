"""Phrases as a rule writes them, found in what was said whatever particles and endings stand between. Pure.

'통화 녹음' is in '통화 내용은 녹음됩니다': its words in this order, few letters apart. '_' stands for something of two
letters or more, a name say: '상담사 _ 입니다'. Letters are compared without spaces, for a recogniser sets them anyhow.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from agent_assist.hangul import squeezed

TEXT_LIMIT: Final = 1_000
"""Characters of one utterance that are looked at: its last ones."""
_APART: Final = 8
"""Letters that may stand between two words of a phrase: a particle and a word."""
_NAME: Final = 2
"""Letters that '_' has at least."""
_ANYTHING: Final = "_"
_KEPT: Final = 2_000


class Part(msgspec.Struct, frozen=True):
    """A word of a phrase and how far it may be from the one before."""

    letters: str
    least: int
    most: int


@lru_cache(maxsize=_KEPT)
def parts(phrase: str) -> tuple[Part, ...]:
    """The phrase's words; none where it has no letters."""
    found: list[Part] = []
    least = 0
    for word in phrase.split():
        if word == _ANYTHING:
            least += _NAME
        elif letters := squeezed(word):
            found.append(Part(letters, least, _APART + least))
            least = 0
    return tuple(found)


def said(phrases: Iterable[str], text: str) -> bool:
    """Whether one of the phrases is in what was said."""
    letters = squeezed(text[-TEXT_LIMIT:])
    return any(_found(parts(phrase), letters) for phrase in phrases)


def _found(words: tuple[Part, ...], letters: str) -> bool:
    """Word after word, all places at once: linear, whatever the phrase."""
    if not words:
        return False
    ends = set(_ends(words[0].letters, letters))
    for word in words[1:]:
        size = len(word.letters)
        ends = {
            end
            for end in _ends(word.letters, letters)
            if any(end - size - gap in ends for gap in range(word.least, word.most + 1))
        }
        if not ends:
            return False
    return bool(ends)


def _ends(word: str, letters: str) -> Iterable[int]:
    at = letters.find(word)
    while at >= 0:
        yield at + len(word)
        at = letters.find(word, at + 1)
