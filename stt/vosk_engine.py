"""Vosk (Kaldi) as a :class:`stt.contract.Recognizer`. The only file that imports ``vosk``; runs in decode workers.

Measured with the bundled model: a session costs 5 ms to begin and 5-12 ms to finish, decoding 3 % of a core, the
model 0.1 s to load.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import numpy as np
import soxr
import vosk

from core.audio import RATE
from core.errors import BadInput, ModelFault
from models import vosk_files
from models.shelf import ModelInfo
from stt.contract import Hypothesis, Session
from stt.grammar import UNKNOWN, one_of, spelt
from stt.pieces import Entry, joined_text, joined_words

TAIL_S = 0.2
"""Silence added before the end: what was cut in mid-word still leaves the network's right context (0.22 s)."""

RESTED = 24
"""Decoders that are kept for the next utterance, 15 MiB each."""
FAVOUR = 10
"""So many times likelier than anything else is each sentence of a grammar: Vosk counts how often it is named. Else a
short word and the one syllable of [unk] that sounds like it would be as likely, and neither were heard."""
FAVOURED = 2000
"""Sentences that are named in all, at most; a longer list is not favoured."""
WORN_S = 60.0
"""A decoder that has heard so much is not kept: what it has put together of the search graph only grows."""

vosk.SetLogLevel(-1)


class _Result(msgspec.Struct):
    text: str = ""
    result: list[Entry] = []


class _Partial(msgspec.Struct):
    partial: str = ""


_result = msgspec.json.Decoder(_Result)
_partial = msgspec.json.Decoder(_Partial)


class VoskRecognizer:
    """A loaded model. Takes the house's 8 kHz; a model of another rate gets it resampled."""

    rate = RATE
    batch = 1

    def __init__(self, info: ModelInfo) -> None:
        """Load. Raises ``ModelFault`` when Kaldi can't; a truncated file may abort the process instead."""
        try:
            self._model = vosk.Model(str(info.path))
        except Exception as error:  # vosk raises nothing narrower
            raise ModelFault(f"Vosk can't load the speech model in {info.path}; fetch or unpack it again") from error
        self._model_rate = info.rate
        # A model with i-vectors adapts to the voice it hears: there one caller's decoder is not the next one's.
        self._rest_limit = 0 if (info.path / "ivector").is_dir() else RESTED
        self._rested: list[Decoder] = []
        self._takes_grammars = vosk_files.takes_grammars(info.path)

    def session(self, grammar: Sequence[str] = ()) -> VoskSession:
        """See ``Recognizer``."""
        if grammar:
            sentences = self._spelt(tuple(grammar))
            times = max(1, min(FAVOUR, FAVOURED // len(sentences)))
            words = json.dumps([*sentences] * times + [UNKNOWN], ensure_ascii=False)
            return VoskSession(Decoder(self._model, self._model_rate, words), lambda decoder: None, sentences)
        return VoskSession(self._rested.pop() if self._rested else Decoder(self._model, self._model_rate), self.rest)

    def _spelt(self, grammar: tuple[str, ...]) -> Mapping[str, str]:
        if not self._takes_grammars:
            raise BadInput(
                "this Vosk model has one fixed graph (HCLG.fst) and can't be bound to a list of sentences; models with "
                "a look-ahead graph can (HCLr.fst: the small ones, and those of `minwon models train`)"
            )
        return spelt(grammar, _Vocabulary(self._model))

    def accept_many(self, feeds: Sequence[tuple[Session, bytes]]) -> list[Hypothesis | None]:
        """See ``Recognizer``."""
        return [session.accept(pcm) for session, pcm in feeds]

    def rest(self, decoder: Decoder) -> None:
        """Take back a decoder whose utterance is over."""
        if len(self._rested) < self._rest_limit and decoder.samples < WORN_S * decoder.rate:
            self._rested.append(decoder)


class _Vocabulary:
    """The words that libvosk knows: where a model brings no words.txt, they stand in its graph."""

    def __init__(self, model: vosk.Model) -> None:
        self._model = model

    def __contains__(self, word: object) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)


class Decoder:
    """A ``KaldiRecognizer`` and how much it has heard.

    It serves many utterances, one after the other: after a final Vosk begins anew by itself, but keeps the part of the
    search graph that it has put together, which a fresh one would do again for every utterance (a third of decoding).
    """

    def __init__(self, model: vosk.Model, rate: int, *grammar: str) -> None:
        self.recognizer = vosk.KaldiRecognizer(model, rate, *grammar)
        self.recognizer.SetWords(True)
        self.rate = rate
        self.samples = 0
        """Fed since it was made: Vosk counts word times from there."""


class VoskSession:
    """One utterance. Vosk's own end-pointing is not used: the speech gate has decided where the utterance ends."""

    def __init__(
        self, decoder: Decoder, rest: Callable[[Decoder], None], sentences: Mapping[str, str] | None = None
    ) -> None:
        self._sentences = sentences
        """The only ones that may be said, as the model spells them; None = anything."""
        self._decoder = decoder
        self._recognizer = decoder.recognizer
        self._rest = rest
        self._before_s = decoder.samples / decoder.rate
        rate = decoder.rate
        self._resample = None if rate == RATE else soxr.ResampleStream(RATE, rate, 1, dtype="int16")
        self._shown = ""

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Feed 8 kHz audio; a partial when its text changed."""
        self._feed(pcm, last=False)
        text = _partial.decode(self._recognizer.PartialResult()).partial
        if self._sentences is not None:
            text = " ".join(word for word in text.split() if word != UNKNOWN)
        text = joined_text(text)
        if text == self._shown:
            return None
        self._shown = text
        return Hypothesis(text=text)

    def finish(self) -> Hypothesis:
        """The final result."""
        self._feed(bytes(2 * round(TAIL_S * RATE)), last=True)
        found = _result.decode(self._recognizer.FinalResult())
        for entry in found.result:
            entry.start -= self._before_s
            entry.end -= self._before_s
        self._rest(self._decoder)
        if self._sentences is not None:
            return self._closed(found.result)
        return Hypothesis(text=joined_text(found.text), words=joined_words(found.result), final=True)

    def _closed(self, entries: list[Entry]) -> Hypothesis:
        """One of the sentences, or nothing."""
        begin, end = one_of([entry.word for entry in entries], self._sentences or {})
        words = joined_words(entries[begin:end])
        return Hypothesis(text=" ".join(word.text for word in words), words=words, final=True)

    def _feed(self, pcm: bytes, *, last: bool) -> None:
        if self._resample is not None:
            pcm = self._resample.resample_chunk(np.frombuffer(pcm, "<i2"), last=last).tobytes()
        self._decoder.samples += len(pcm) // 2
        self._recognizer.AcceptWaveform(pcm)


class _Alternative(msgspec.Struct):
    text: str
    confidence: float


class _Alternatives(msgspec.Struct):
    alternatives: list[_Alternative]


def best_paths(folder: str, clips: Iterable[bytes]) -> list[tuple[str, float]]:
    """Of each clip (8 kHz s16le) the best path's words and score, as Kaldi reckons it: to check a model that was made.

    May abort the process, as loading may.
    """
    model = vosk.Model(folder)
    found = []
    for clip in clips:
        recognizer = vosk.KaldiRecognizer(model, RATE)
        recognizer.SetMaxAlternatives(1)
        recognizer.AcceptWaveform(clip)
        best = msgspec.json.decode(recognizer.FinalResult(), type=_Alternatives).alternatives[0]
        found.append((best.text, best.confidence))
    return found
