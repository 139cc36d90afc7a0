"""From evidence to a score: how sure the assistant may be that one of its cards is the right one. Pure arithmetic.

The surety of an utterance is a logistic function of what the best entry earned and of how the caller spoke. Its
coefficients were fitted, with cross-validation, on hand-written spoken questions with known answers over a real city's
database and over the shipped one, on their slips of recognition, and on small talk, topics without a question
and questions that no city answers. ``tests/agent_assist/test_quality.py`` measures what comes of it.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the best entry has earned, and how it was asked for."""

    strength: float
    """Its total per ln(entries + 1): how many rare words' worth it has."""
    alone: float
    """0..1: how far those that would not be shown are behind it."""
    words: int
    """Words with a topic in them that were said."""
    said: int
    """Characters that were said."""
    asks: bool
    """Whether it was a question or a wish, not only a topic."""
    elsewhere: bool
    """Whether it was about what no office does."""
    keyword: float
    """0..1: it was called by its own keyword, which few others have."""


_CONSTANT: Final = -8.93
_STRENGTH: Final = 1.97
_ALONE: Final = 2.1
_WORDS: Final = 0.38
_WORDS_LIMIT: Final = 6
_SAID: Final = 0.041
_SAID_LIMIT: Final = 80
_ASKS: Final = 1.57
_ELSEWHERE: Final = -2.5
_KEYWORD: Final = 1.1
_NEAR: Final = 0.35
"""Entries that earned less than this share of the best one's total are no alternative."""


def surety(evidence: Evidence) -> float:
    """0..1: how likely the cards hold the answer. Without a word that has a topic: 0."""
    if evidence.words == 0 or evidence.strength <= 0:
        return 0.0
    x = (
        _CONSTANT
        + _STRENGTH * math.log(evidence.strength)
        + _ALONE * evidence.alone
        + _WORDS * min(evidence.words, _WORDS_LIMIT)
        + _SAID * min(evidence.said, _SAID_LIMIT)
        + _ASKS * evidence.asks
        + _ELSEWHERE * evidence.elsewhere
        + _KEYWORD * evidence.keyword
    )
    return (1 + math.tanh(x / 2)) / 2  # the logistic function, without overflow


def share(sure: float, bar: float, ratio: float) -> float | None:
    """Score of a card whose total is ``ratio`` of the best one's; the best has ``sure`` itself, none is below the bar.

    None: too far behind to be shown.
    """
    if sure < bar or ratio < _NEAR:
        return None
    return bar + (sure - bar) * ratio


def keyword_worth(owners: int) -> float:
    """What a keyword is worth that so many entries have."""
    return 1 / math.sqrt(owners)


_LESSON: Final = 0.5
"""How much of an entry's total agents' deeds may add or take away."""


def taught(bonus: float) -> float:
    """Factor of an entry's total for what use has taught about it, -1..+1. A factor: an entry that nothing said speaks
    for stays out, whatever agents did with it."""
    return 1 + _LESSON * min(max(bonus, -1.0), 1.0)
