"""From what the engine wrote to what the agent reads: personal numbers out, numbers as digits, spaces tidy.

One :class:`Finishing` a leg, because a number that is told over two utterances must still be known as one. Fillers
('음', '어') stay: they are what was said.

Numerals and counting words are Korean's alone. Of other languages, numbers that are told digit by digit become digits
(:mod:`stt.digit_words`) and are masked like all others; digits as such are masked in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import Final

import msgspec

from core.events import Word
from stt.contract import Hypothesis
from stt.digit_words import in_digits
from stt.masking import Kind, Mask, Masked
from stt.numerals import to_digits

ROUNDS: Final = 4
"""Writing digits may bring two runs together that are to be hidden, so the rules are applied until nothing changes."""
REMEMBERED: Final = 32
"""Finals whose words' places are remembered: a birthday may be half of a number that is told a minute later."""
_PUNCTUATION: Final = re.compile(r"\s+([.,?!])")


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance as it may leave the room."""

    text: str
    words: tuple[Word, ...]
    masked: tuple[Kind, ...]
    silenced: tuple[tuple[float, float], ...] = ()
    """Where the masked words were said, audio time; of a number that was told in pieces also in earlier utterances."""


class _Said(msgspec.Struct, frozen=True):
    """Where the words of a final stand and when they were said."""

    text: str
    words: tuple[Word, ...]
    start: float
    end: float

    def times(self, begin: int, stop: int) -> tuple[float, float]:
        """When those characters were said; all of the final where its words and its text do not agree."""
        touched = [word for word, at, end in _places(self.text, self.words) if begin < end and at < stop]
        if not touched:
            return (self.start, self.end)
        return (self.start + touched[0].start, self.start + touched[-1].end)


class Finishing:
    """One leg's text, utterance after utterance."""

    def __init__(self) -> None:
        self._mask = Mask()
        self._said: dict[int, _Said] = {}

    @property
    def mask(self) -> Mask:
        """What it remembers now: to be put back when what follows turns out to have been said otherwise."""
        return copy(self._mask)

    @mask.setter
    def mask(self, mask: Mask) -> None:
        self._mask = copy(mask)

    def final(self, hypothesis: Hypothesis, start: float, end: float, language: str = "") -> Finished:
        """The final of an utterance that was said from ``start`` to ``end`` (audio time); the hypothesis' words count
        from ``start``.

        ``language``: of the model that heard it (BCP 47); '' = Korean.
        """
        heard = " ".join(hypothesis.text.split())
        if not _is_korean(language):
            return self._final_otherwise(heard, hypothesis.words, start, end, language)
        before = self._mask.before
        first = self._mask.final(heard, start, end)
        text, kinds = _settled(first.text, before)
        words = _words_outside(heard, hypothesis.words, first.spans)
        silenced = self._times(_Said(heard, hypothesis.words, start, end), first)
        if kinds:  # only the written form gave it away: no telling which words it was
            words, silenced = (), (*silenced, (start, end))
        return Finished(text=text, words=words, masked=tuple(dict.fromkeys((*first.kinds, *kinds))), silenced=silenced)

    def partial(self, text: str, start: float, language: str = "") -> str:
        """A partial of an utterance that began at ``start``: numbers as digits, every long one hidden."""
        if not _is_korean(language):
            heard = " ".join(text.split())
            told = in_digits(heard, language, at_least=1)
            hidden = self._mask.partial(told, start)
            return hidden if hidden != told else _tight(in_digits(heard, language))
        return self._mask.partial(tidy(self._mask.partial(" ".join(text.split()), start)), start)

    def _final_otherwise(
        self, heard: str, words: tuple[Word, ...], start: float, end: float, language: str
    ) -> Finished:
        """Of another language: masked with every spoken digit written, shown with long numbers alone in digits."""
        told = in_digits(heard, language, at_least=1)
        masked = self._mask.final(told, start, end)
        # Digits that were words have no words of their own any more: all of the utterance is meant then.
        silenced = self._times(_Said(told, words if told == heard else (), start, end), masked)
        if masked.kinds:
            words = _words_outside(heard, words, masked.spans) if told == heard else ()
            return Finished(
                text=_tight(masked.text), words=words, masked=tuple(dict.fromkeys(masked.kinds)), silenced=silenced
            )
        return Finished(text=_tight(in_digits(heard, language)), words=words, masked=())

    def _times(self, said: _Said, masked: Masked) -> tuple[tuple[float, float], ...]:
        """When what was masked now was said. The final is remembered: the next one may tell more of its digits."""
        number = self._mask.finals
        self._said[number] = said
        self._said.pop(number - REMEMBERED, None)
        earlier = [
            self._said[place.final].times(place.start, place.end)
            for place in masked.earlier
            if place.final in self._said
        ]
        return (*earlier, *(said.times(begin, stop) for begin, stop in masked.spans))


def _is_korean(language: str) -> bool:
    """Also a model that does not say: the house's own language."""
    return language.partition("-")[0] in ("", "ko")


def _tight(text: str) -> str:
    """No blank before punctuation."""
    return _PUNCTUATION.sub(r"\1", text)


def tidy(text: str) -> str:
    """Numbers as digits, single spaces, none before punctuation. Doing it twice changes nothing."""
    return _tight(to_digits(text))


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
    return tuple(
        word
        for word, begin, end in _places(text, words)
        if not any(start < end and begin < stop for start, stop in spans)
    )


def _places(text: str, words: tuple[Word, ...]) -> Iterator[tuple[Word, int, int]]:
    """Each word with the characters it has in the text; none at all where words and text do not agree."""
    if [word.text for word in words] != text.split():
        return
    at = 0
    for word in words:
        yield word, at, at + len(word.text)
        at += len(word.text) + 1
