"""sherpa-onnx's streaming models as a :class:`stt.contract.Recognizer`: every session is a stream, all streams that
have a chunk together are decoded by one ``decode_streams``.

sherpa-onnx's own end-pointing is off: the speech gate has decided where the utterance ends. The sherpa-onnx object
comes from :mod:`stt.sherpa_engine`, the only file that imports the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core.audio import RATE
from core.errors import BadInput
from models.sherpa_files import Recipe
from stt.contract import Hypothesis, Session
from stt.grammar import ONLY_VOSK
from stt.sherpa_audio import Audio, Samples, hush
from stt.sherpa_words import spaced, words

BATCH: Final = 16
"""Streams that are decoded together. With our own small network on one core 16 cost 78 % of 16 alone, 32 no less than
16 do; what larger networks gain was not measured (none can be downloaded here)."""
TAIL_STEPS: Final = 2
"""Chunks that are decoded after the end: the first holds the last audio, the second what the network's right context
kept back. Every published streaming model's right context is shorter than its chunk."""
TAIL_LIMIT_S: Final = 4.0
"""The most silence that is added for them: chunks of official models are 0.16 to 1.3 s."""
_TAIL_PIECE_S: Final = 0.1


class StreamingRecognizer:
    """A loaded streaming model."""

    rate = RATE
    batch = BATCH

    def __init__(self, recognizer: Any, recipe: Recipe) -> None:
        self._recognizer = recognizer
        self._recipe = recipe

    def session(self, grammar: Sequence[str] = ()) -> StreamingSession:
        """See ``Recognizer``."""
        if grammar:
            raise BadInput(ONLY_VOSK)
        return StreamingSession(self, self._recognizer.create_stream(), self._recipe)

    def accept_many(self, feeds: Sequence[tuple[Session, bytes]]) -> list[Hypothesis | None]:
        """See ``Recognizer``."""
        sessions = []
        for session, pcm in feeds:
            assert isinstance(session, StreamingSession)
            session.feed(pcm)
            sessions.append(session)
        self.decode(sessions)
        return [session.partial() for session in sessions]

    def decode(self, sessions: Sequence[StreamingSession]) -> int:
        """Decode until no stream has a whole chunk left; how many rounds it took."""
        rounds = 0
        while ready := [session.stream for session in sessions if self._recognizer.is_ready(session.stream)]:
            self._recognizer.decode_streams(ready)
            rounds += 1
        return rounds

    def result(self, stream: Any) -> Any:
        """What sherpa-onnx has found in the stream so far."""
        return self._recognizer.get_result_all(stream)


class StreamingSession:
    """One utterance."""

    def __init__(self, recognizer: StreamingRecognizer, stream: Any, recipe: Recipe) -> None:
        self.stream = stream
        self._recognizer = recognizer
        self._audio = Audio(recipe.rate)
        self._rate = recipe.rate
        self._stretch = recipe.stretch
        self._shown = ""

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Feed 8 kHz audio; a partial when its text changed."""
        return self._recognizer.accept_many([(self, pcm)])[0]

    def feed(self, pcm: bytes) -> None:
        """Only feed."""
        self._give(self._audio.take(pcm))

    def partial(self) -> Hypothesis | None:
        """What is new, if something is."""
        found = self._recognizer.result(self.stream)
        text = spaced(found.text, found.tokens)
        if text == self._shown:
            return None
        self._shown = text
        return Hypothesis(text=text)

    def finish(self) -> Hypothesis:
        """The final result, after as much quiet as the network needs to see the end."""
        self._give(self._audio.rest())
        if self._audio.seconds:
            self._recognizer.decode([self])
            done, quiet = 0, 0.0
            while done < TAIL_STEPS and quiet < TAIL_LIMIT_S:
                self._give(hush(_TAIL_PIECE_S, self._rate))
                quiet += _TAIL_PIECE_S
                done += self._recognizer.decode([self])
        found = self._recognizer.result(self.stream)
        times = [time * self._stretch for time in found.timestamps]
        heard = words(found.text, found.tokens, times, found.ys_probs, self._audio.seconds)
        return Hypothesis(text=spaced(found.text, found.tokens), words=heard, final=True)

    def _give(self, samples: Samples) -> None:
        if len(samples):
            self.stream.accept_waveform(self._rate, samples)
