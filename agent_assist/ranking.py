"""From evidence to a score: how sure the assistant may be that one of its cards is the right one. Pure arithmetic.

The surety of an utterance is a logistic function of what the best entry earned. Its coefficients were fitted on
hand-written spoken questions with known answers over a real city's database, on their slips of recognition, and on
small talk; the keyword's, which that database does not have, is set by hand. ``tests/agent_assist/test_quality.py``
measures what comes of it.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the best entry has earned."""

    strength: float
    """Its total per ln(entries + 1): how many rare words' worth it has."""
    covered: float
    """0..1, share of what was said that it has."""
    words: int
    """Words with a topic in them that were said."""
    keyword: float
    """0..1: it was called by its own keyword, which few others have."""


_CONSTANT: Final = -5.76
_STRENGTH: Final = 2.54
_COVERED: Final = 1.6
_WORDS: Final = 0.29
_WORDS_LIMIT: Final = 6
_KEYWORD: Final = 2.5
_NEAR: Final = 0.35
"""Entries that earned less than this share of the best one's total are no alternative."""


def surety(evidence: Evidence) -> float:
    """0..1: how likely the cards hold the answer. Without a word that has a topic: 0."""
    if evidence.words == 0 or evidence.strength <= 0:
        return 0.0
    x = (
        _CONSTANT
        + _STRENGTH * math.log(evidence.strength)
        + _COVERED * evidence.covered
        + _WORDS * min(evidence.words, _WORDS_LIMIT)
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
