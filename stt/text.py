"""From what the engine wrote to what the agent reads: personal numbers out, numbers as digits, spaces tidy.

One :class:`Finishing` a leg, because a number that is told over two utterances must still be known as one. Fillers
('음', '어') stay: they are what was said.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from core.events import Word
from stt.contract import Hypothesis
from stt.masking import Kind, Mask
from stt.numerals import to_digits

ROUNDS: Final = 4
"""Writing digits may bring two runs together that are to be hidden, so the rules are applied until nothing changes."""
_PUNCTUATION: Final = re.compile(r"\s+([.,?!])")


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance as it may leave the room."""

    text: str
    words: tuple[Word, ...]
    masked: tuple[Kind, ...]


class Finishing:
    """One leg's text, utterance after utterance."""

    def __init__(self) -> None:
        self._mask = Mask()

    def final(self, hypothesis: Hypothesis, start: float, end: float) -> Finished:
        """The final of an utterance that was said from ``start`` to ``end`` (audio time)."""
        heard = " ".join(hypothesis.text.split())
        before = self._mask.before
        first = self._mask.final(heard, start, end)
        text, kinds = _settled(first.text, before)
        words = _words_outside(heard, hypothesis.words, first.spans)
        if kinds:  # only the written form gave it away: no telling which words it was
            words = ()
        return Finished(text=text, words=words, masked=tuple(dict.fromkeys((*first.kinds, *kinds))))

    def partial(self, text: str, start: float) -> str:
        """A partial of an utterance that began at ``start``: numbers as digits, every long one hidden."""
        return self._mask.partial(tidy(self._mask.partial(" ".join(text.split()), start)), start)


def tidy(text: str) -> str:
    """Numbers as digits, single spaces, none before punctuation. Doing it twice changes nothing."""
    return _PUNCTUATION.sub(r"\1", to_digits(text))


def _settled(text: str, before: str) -> tuple[str, tuple[Kind, ...]]:
    """Tidy, and mask what that brings to light, until nothing changes."""
    kinds: tuple[Kind, ...] = ()
    for _ in range(ROUNDS):
        masked = Mask(before).final(tidy(text))
        kinds += masked.kinds
        if masked.text == text:
            break
        text = masked.text
    return text, kinds


def _words_outside(text: str, words: tuple[Word, ...], spans: tuple[tuple[int, int], ...]) -> tuple[Word, ...]:
    """The words that no span touches; none at all where words and text do not agree."""
    if not spans:
        return words
    if [word.text for word in words] != text.split():
        return ()
    kept: list[Word] = []
    at = 0
    for word in words:
        begin, end = at, at + len(word.text)
        at = end + 1
        if not any(start < end and begin < stop for start, stop in spans):
            kept.append(word)
    return tuple(kept)
