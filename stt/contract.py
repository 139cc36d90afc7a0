"""What speech-to-text gives to the call flow: a leg's frames in, utterances out.

Two contracts: ``Recognizer``/``Session`` is what an engine must do (shared recogniser, private session, many sessions
fed at once); ``Heard`` is what :func:`stt.listener.listen` yields for one leg.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Literal, Protocol

import msgspec

from core.events import Word


class Hypothesis(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine believes was said so far, or finally."""

    text: str
    """As the engine wrote it, sub-word pieces joined."""
    words: tuple[Word, ...] = ()
    """Times are seconds of the session's own audio. Empty in partials."""
    final: bool = False
    """No later hypothesis changes it."""


def confidence_of(hypothesis: Hypothesis) -> float:
    """Mean of its words' confidences, 0..1; 0 without words."""
    return fmean(word.confidence for word in hypothesis.words) if hypothesis.words else 0.0


class Session(Protocol):
    """One stretch of speech of one leg. Not shared, not thread-safe."""

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Feed s16le mono at the recogniser's ``rate``; a partial when it changed."""

    def finish(self) -> Hypothesis:
        """No more audio: the final for what is left (text may be '')."""


class Recognizer(Protocol):
    """A loaded model. Heavy, shared; sessions are cheap."""

    rate: int
    """Samples per second that sessions take: the house's 8 kHz; an engine resamples where its model wants more."""
    batch: int
    """So many sessions are worth feeding in one ``accept_many``; 1 = one after the other is as fast."""

    def session(self, grammar: Sequence[str] = ()) -> Session:
        """A fresh session. ``grammar`` are the only sentences that may be said (a menu's words, yes and no, names of
        departments): one of them is heard, or '' for anything else; () = whatever the model knows.

        Raises ``BadInput`` where this model can't be bound to a grammar.
        """

    def accept_many(self, feeds: Sequence[tuple[Session, bytes]]) -> list[Hypothesis | None]:
        """``accept`` of several sessions of this recogniser, each at most once, decoded together where the engine can.
        Results in the same order."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a leg said: first partials, then one final, with the same ``utterance``; a second final where the call
    turned to another language just then, and that language's model heard the utterance better."""

    kind: Literal["partial", "final"]
    utterance: int
    """Counts from 1 within the leg."""
    start: float
    """Seconds since the call began."""
    end: float
    text: str
    """Tidy and masked. A partial with '' takes the line back: it was no speech after all."""
    words: tuple[Word, ...] = ()
    confidence: float = 0.0
    masked: tuple[str, ...] = ()
    silenced: tuple[tuple[float, float], ...] = ()
    """Where what was masked was said, seconds since the call began; of a number in pieces in earlier utterances too."""
    lag_s: float = 0.0
    """From the moment the gate closed on the utterance to this final, wall time; 0 for partials."""
    language: str = ""
    """BCP 47, of the model that heard it; '' = it does not say."""
