"""sherpa-onnx's models for whole utterances (SenseVoice, Whisper, Moonshine, offline Zipformers) as a
:class:`stt.contract.Recognizer`: the utterance is kept, and decoded when the gate closes it.

Partials come from decoding what is there so far, again and again. That is bounded: it is done when ``AGAIN_S`` of new
audio and ``GROWTH`` of what was decoded last have come, so the lengths decoded grow geometrically and all partials of
an utterance together cost at most four times its final (1 / (1 - 1 / (1 + GROWTH))), however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.audio import RATE
from core.errors import BadInput
from models.sherpa_files import Recipe
from stt.contract import Hypothesis, Session
from stt.grammar import ONLY_VOSK
from stt.sherpa_audio import Audio, Samples
from stt.sherpa_words import spaced, words

BATCH: Final = 8
"""Utterances that are decoded together: they are padded to the longest, so more would waste what it gains."""
AGAIN_S: Final = 0.6
GROWTH: Final = 1 / 3
LEAST_S: Final = 0.1
"""Less is no speech, and some models fail on it."""


def is_due(now: int, before: int) -> bool:
    """Whether a partial is worth decoding: ``now`` samples are there, ``before`` were when it was last done (8 kHz)."""
    return now - before >= max(AGAIN_S * RATE, GROWTH * before)


class WholeRecognizer:
    """A loaded model for whole utterances."""

    rate = RATE
    batch = BATCH

    def __init__(self, recognizer: Any, recipe: Recipe) -> None:
        self._recognizer = recognizer
        self.recipe = recipe

    def session(self, grammar: Sequence[str] = ()) -> WholeSession:
        """See ``Recognizer``."""
        if grammar:
            raise BadInput(ONLY_VOSK)
        return WholeSession(self)

    def accept_many(self, feeds: Sequence[tuple[Session, bytes]]) -> list[Hypothesis | None]:
        """See ``Recognizer``: those that are due for a partial are decoded together."""
        sessions = []
        for session, pcm in feeds:
            assert isinstance(session, WholeSession)
            session.feed(pcm)
            sessions.append(session)
        due = [session for session in sessions if session.is_due()]
        found = dict(zip(map(id, due), self.decode([session.so_far() for session in due]), strict=True))
        return [session.partial(found.get(id(session))) for session in sessions]

    def decode(self, audio: Sequence[Samples]) -> list[Any]:
        """sherpa-onnx's results."""
        streams = [self._recognizer.create_stream() for _ in audio]
        for stream, samples in zip(streams, audio, strict=True):
            stream.accept_waveform(self.recipe.rate, samples)
        if streams:
            self._recognizer.decode_streams(streams)
        return [stream.result for stream in streams]


class WholeSession:
    """One utterance."""

    def __init__(self, recognizer: WholeRecognizer) -> None:
        self._recognizer = recognizer
        self._audio = Audio(recognizer.recipe.rate)
        self._pieces: list[Samples] = []
        self._decoded = 0
        self._shown = ""

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Keep 8 kHz audio; a partial when one was due and its text changed."""
        return self._recognizer.accept_many([(self, pcm)])[0]

    def feed(self, pcm: bytes) -> None:
        """Only keep."""
        self._pieces.append(self._audio.take(pcm))

    def is_due(self) -> bool:
        """Whether a partial is worth decoding."""
        return is_due(self._audio.fed, self._decoded)

    def so_far(self) -> Samples:
        """All audio until now, for a partial."""
        self._decoded = self._audio.fed
        self._pieces = [np.concatenate(self._pieces)]
        return self._pieces[0]

    def partial(self, result: Any) -> Hypothesis | None:
        """What is new, if it was decoded and something is."""
        text = self._shown if result is None else spaced(result.text, result.tokens)
        if text == self._shown:
            return None
        self._shown = text
        return Hypothesis(text=text)

    def finish(self) -> Hypothesis:
        """The final result."""
        if self._audio.seconds < LEAST_S:
            return Hypothesis(text="", final=True)
        self._pieces.append(self._audio.rest())
        [found] = self._recognizer.decode([np.concatenate(self._pieces)])
        times = [time * self._recognizer.recipe.stretch for time in found.timestamps]
        heard = words(found.text, found.tokens, times, found.ys_log_probs, self._audio.seconds)
        return Hypothesis(text=spaced(found.text, found.tokens), words=heard, final=True)
