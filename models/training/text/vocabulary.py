"""The words that the recogniser shall know as whole words, and the classes of names that a city makes its own.

Korean writes particles and endings onto the word, so that every form is a word of its own. Which are worth a place is
computed: the grammar says how often it expects each (:mod:`models.training.text.word_counts`), the likeliest are
taken. All others are put together from pieces (:mod:`models.training.text.pieces`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from models.korean.jamo import is_hangul
from models.training.text.sources import NAME, grammar
from models.training.text.tails import bases, nouns, parted
from models.training.text.word_counts import either

SIZE: Final = 110_000
"""Whole words; a word costs some 90 bytes in a model."""
MIX: Final[Mapping[str, float]] = {"basic": 0.2, "caller": 0.38, "agent": 0.1, "city": 0.06, "loose": 0.26}
"""How often each kind of sentence comes in the text of the language model."""
_ALWAYS: Final = ("adverb", "adverb_more", "counter", "sino_counter", "filler", "linker", "det", "place_word")
"""Lists whose every word has a place, besides nouns and names."""
_PARTED_WORTH: Final = 0.2
"""Worth of a place for a word that two parts give as well (책상에서만)."""
_LEAST: Final = 5e-7
"""Words expected more rarely than this are not looked at."""
_CLASSES: Final = {"department": "department", "street": "street", "place": "dong", "person": "person"}


@cache
def expected() -> Mapping[str, float]:
    """How often each word is expected in one sentence."""
    return either((share, grammar().words(rule)) for rule, share in MIX.items()).counts()


@cache
def vocabulary() -> frozenset[str]:
    """Every whole word."""
    words = {*nouns(), *(word for rule in _ALWAYS for word in grammar().listed(rule) if " " not in word)}
    words |= bases()
    for word in by_worth():
        if len(words) >= SIZE:
            break
        if NAME not in word and is_hangul(word):
            words.add(word)
    return frozenset(words)


@cache
def by_worth() -> tuple[str, ...]:
    """Words by what a place for each of them gains, best first."""
    worth = sorted(
        (-value * (_PARTED_WORTH if parted(word) else 1.0), word)
        for word, value in expected().items()
        if value > _LEAST
    )
    return tuple(word for _, word in worth)


@cache
def classes() -> Mapping[str, tuple[str, ...]]:
    """Names that belong to a city, by kind: department, street, place, person. Without particles."""
    return {name: tuple(dict.fromkeys(grammar().listed(rule))) for name, rule in _CLASSES.items()}
