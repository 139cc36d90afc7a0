"""Which words may be learnt from, and how they are shown. Pure.

A term is the index's: 'n등본' a noun, 'v떼' a verb's stem. Numbers, and what a mask left, are never learnt: they tell
of a person, not of a topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

TERMS_LIMIT: Final = 40
"""Of one question, the first ones."""
_LONGEST: Final = 20
_WORD: Final = re.compile(r"[nv]([가-힣]+|[a-z]{2,})")
_READ_OUT: Final = re.compile(r"[공영일이삼사오육칠팔구십백천만억하나둘셋넷]{3,}")
"""A number read out digit by digit. Two syllables may be a word: 이사, 오이."""


def learnable(terms: Iterable[str]) -> tuple[str, ...]:
    """Those that are words, each once."""
    return tuple(dict.fromkeys(term for term in terms if _is_word(term)))[:TERMS_LIMIT]


def _is_word(term: str) -> bool:
    return len(term) <= _LONGEST and bool(_WORD.fullmatch(term)) and not _READ_OUT.fullmatch(term[1:])


def shown(term: str) -> str:
    """'n등본' -> '등본', 'v떼' -> '떼다'."""
    return f"{term[1:]}다" if term.startswith("v") else term[1:]
