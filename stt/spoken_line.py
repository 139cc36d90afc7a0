"""One utterance of a leg on its way to its final: its place in time, and what one model, or two, made of it.

Usually one pool hears it. When the call turns to another language while it is spoken, or has just been, that language's
pool hears it too, from its beginning, and the better of the two finals counts (:func:`better`): nobody knows in which
language the words in the air were, and an agent who says '잠시만요' while she turns must not lose it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from stt.contract import Hypothesis, confidence_of
from stt.decode_pool import DecodePool
from stt.pool_worker import Utterance
from stt.vad import Closed

SURE: Final = 0.65
"""Sureness of the gate from which words are believed. Under it music and noise, now and then, sound like words: then it
takes more than ``FEW_WORDS``, or a recogniser that is ``CONFIDENT`` while the gate is at least ``HALF_SURE``."""
HALF_SURE: Final = 0.45
FEW_WORDS: Final = 4
CONFIDENT: Final = 0.85
"""Mean confidence of words that are hardly wrong. The bundled model gives 0.89-1.0 to Korean sentences, 0.3-0.76 to
English and Chinese ones (espeak-ng's voices over G.711)."""


def better(before: Hypothesis, after: Hypothesis) -> bool:
    """Whether ``before``, heard by the model of the language before, is more likely what was said than ``after``: only
    if it is confident and the other is less so. A human has chosen the new language, and models' confidences are no
    common measure."""
    confidence = confidence_of(before)
    return confidence >= CONFIDENT and confidence > confidence_of(after)


class Opinion:
    """What one pool makes of the utterance; of no pool, that nothing was said."""

    def __init__(self, pool: DecodePool | None) -> None:
        self.pool = pool
        self.run: Utterance | None = None
        self.final: Hypothesis | None = None if pool is not None else Hypothesis(text="", final=True)

    @property
    def language(self) -> str:
        """Of the pool's model."""
        return self.pool.language if self.pool is not None else ""

    def give_up(self) -> None:
        """Nobody waits for it any more: its last partial is better than nothing."""
        if self.run is not None and self.final is None:
            self.run.forget()
            self.final = Hypothesis(text=self.run.partial, final=True)


class SpokenLine:
    """One utterance of one leg."""

    def __init__(self, number: int, start: float) -> None:
        self.number = number
        self.start = start
        self.end = start
        self.sureness = 0.0
        self.shown = False
        self.lag_s = 0.0
        self.first: Opinion | None = None
        self.second: Opinion | None = None
        """Of the language that the call has turned to meanwhile."""
        self.said: Opinion | None = None
        """Whose final was passed on; set also when there was nothing to say."""
        self._closed_at: float | None = None

    def hear(self, pool: DecodePool | None, on_partial: Callable[[str], None], on_final: Callable[[], None]) -> None:
        """Let this pool hear it, from its beginning on; a pool that heard it second does so no longer.

        ``on_partial`` is told what the pool shows as long as it is the last that was asked, ``on_final`` that there is
        one more final.
        """
        if self.second is not None and self.second.run is not None:
            self.second.run.forget()
        self.second = None
        if self.first is not None and self.first.pool is pool:
            return
        opinion = Opinion(pool)
        if pool is not None:
            self._ask(pool, opinion, on_partial, on_final)
        if self.first is None:
            self.first = opinion
        else:
            self.second = opinion
        if self._closed_at is not None:
            self._closed_at = time.monotonic()
        self._pass_audio_on(opinion)

    @property
    def latest(self) -> Opinion | None:
        """Of the language that the call is in, as far as this line knows."""
        return self.second or self.first

    @property
    def settled(self) -> bool:
        """Every final that is waited for is there."""
        return all(opinion.final is not None for opinion in self._opinions)

    @property
    def best(self) -> Opinion:
        """The better opinion of a settled line."""
        first, second = self.first, self.second
        assert first is not None
        if second is None:
            return first
        assert first.final is not None and second.final is not None
        return first if better(first.final, second.final) else second

    def believes(self, text: str, confidence: float = 0.0) -> bool:
        """Whether that was said by somebody."""
        if self.sureness >= SURE or len(text.split()) > FEW_WORDS:
            return True
        return self.sureness >= HALF_SURE and confidence >= CONFIDENT

    def feed(self, pcm: bytes) -> None:
        """More audio of it."""
        for run in self._runs:
            run.feed(pcm)

    def close(self, closed: Closed) -> None:
        """It is over."""
        self.end = closed.end
        self.sureness = closed.sureness
        self._closed_at = time.monotonic()
        for run in self._runs:
            run.finish()

    def forget(self) -> None:
        """Nobody wants to know any more."""
        for run in self._runs:
            run.forget()

    def give_up(self) -> None:
        """Settle with what there is."""
        for opinion in self._opinions:
            opinion.give_up()

    @property
    def _opinions(self) -> list[Opinion]:
        return [opinion for opinion in (self.first, self.second) if opinion is not None]

    @property
    def _runs(self) -> list[Utterance]:
        return [opinion.run for opinion in self._opinions if opinion.run is not None]

    def _ask(
        self, pool: DecodePool, opinion: Opinion, on_partial: Callable[[str], None], on_final: Callable[[], None]
    ) -> None:
        def shown(text: str) -> None:
            if self.latest is opinion:
                on_partial(text)

        def settled(final: Hypothesis) -> None:
            opinion.final = final
            if self._closed_at is not None:
                self.lag_s = time.monotonic() - self._closed_at
            on_final()

        opinion.run = pool.utterance(on_partial=shown, on_final=settled)

    def _pass_audio_on(self, opinion: Opinion) -> None:
        """What the first pool was given, to the second."""
        if opinion is self.first or opinion.run is None or self.first is None or self.first.run is None:
            return
        opinion.run.feed(bytes(self.first.run.audio))
        if self._closed_at is not None:
            opinion.run.finish()
