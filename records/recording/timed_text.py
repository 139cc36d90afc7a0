"""Each token of an utterance with the time at which it is said: what lights up in a player, and what one clicks.

The text that people read is not what was recognised word by word: numerals have become digits, a person may have
corrected it, a number may be masked. So its tokens are laid beside the recognised words; what agrees has the words'
times, what lies between has a share of the time between. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

import msgspec

from core.events import Word

_TOKENS: Final = re.compile(r"\[[^\]]*\]\S*|\S+")
"""A mask is one token, blanks and all: '[주민등록번호 가림]'."""


class TimedToken(msgspec.Struct, frozen=True, array_like=True):
    """A token of the text and when it is said."""

    text: str
    start: float
    """Seconds, on whatever line the words are."""
    end: float


def timed(text: str, words: Sequence[Word], start: float, end: float) -> tuple[TimedToken, ...]:
    """The tokens of an utterance from ``start`` to ``end``, in order; none ends before it starts, or before the one
    before it starts."""
    tokens = _TOKENS.findall(text)
    matcher = SequenceMatcher(None, [_plain(token) for token in tokens], [_plain(word.text) for word in words], False)
    found: list[TimedToken] = []
    at = start
    for _tag, first, last, word_first, word_last in matcher.get_opcodes():
        part = tokens[first:last]
        if not part:
            continue
        beside = words[word_first:word_last]
        if _tag == "equal":
            found += [TimedToken(token, word.start, word.end) for token, word in zip(part, beside, strict=True)]
        else:
            after = words[word_last].start if word_last < len(words) else end
            begin = beside[0].start if beside else at
            found += _shared(part, begin, max(begin, beside[-1].end if beside else after))
        at = max(at, found[-1].end)
    return tuple(found)


def _shared(tokens: list[str], start: float, end: float) -> list[TimedToken]:
    """By length: longer ones take longer to say."""
    whole = sum(map(len, tokens))
    times, said = [], 0
    for token in tokens:
        begin = start + (end - start) * said / whole
        said += len(token)
        times.append(TimedToken(token, round(begin, 3), round(start + (end - start) * said / whole, 3)))
    return times


def _plain(token: str) -> str:
    return token.strip(".,?!…").casefold()
