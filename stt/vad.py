"""The speech gate: which stretches of a leg's audio are speech and go to the recogniser.

Two stages. WebRTC's detector costs 2 us a frame and calls much noise speech: it opens. Silero's (:mod:`stt.silero`,
0.09 ms for 32 ms) is right about music, tones and noise: it confirms the opening and, from then on, says when speech
is over, so a leg that listens costs next to nothing and a noisy one cannot hold an utterance open.

A pure function of its input: it counts audio time, never reads a clock, never waits.

    quiet ── voice ──> starting ── speech ──> speaking <── speech ── stopping
      ^                   │                      └── no speech ──>      │
      └──── calm ─────────┘<──────────────── hangover over ─────────────┘

What goes to the recogniser begins ``preroll_ms`` before WebRTC first heard the voice, so that a soft onset is in it,
and so are the words that Silero took to be sure (half a second with odd voices); at most ``LEAD_MS`` before the
opening; and never before the last utterance's speech was over, so that no word is heard twice.
"""

from __future__ import annotations

import itertools
from collections import deque
from enum import Enum
from typing import Final, Protocol

import msgspec
import numpy as np
import webrtcvad

from core.audio import FRAME_BYTES, FRAME_MS, FRAME_S, RATE, SILENCE
from core.errors import IllegalStep
from stt import silero

EVIDENCE: Final = 5
"""Chunks of Silero (32 ms) whose probabilities are added up to decide on an opening."""
OPEN_AT: Final = 1.9
"""Sum that opens: two clear chunks, or five with a mean of 0.38."""
LAST_AT: Final = 1.2
"""Sum that opens when the leg ends: a word cut short has no five chunks."""
STAY_AT: Final = 0.35
"""Probability above which open speech goes on."""
MAYBE_AT: Final = 0.15
"""The same while WebRTC hears voice, too."""
CALM_MS: Final = 300
"""WebRTC silent for so long while starting: it was nothing."""
PAUSE_MS: Final = 120
"""Silence that counts as a pause once the utterance is longer than its limit."""
DECAY_MS: Final = 80
"""Silero goes on believing for so long when speech is over: counted as part of the hangover."""
TRAIL_MS: Final = 240
"""Of the hangover only so much is passed on at once; the rest follows if speech goes on, else nobody must decode it."""
HARD_LIMIT: Final = 1.25
"""Speech without any pause is cut at this multiple of the limit."""
LEAD_MS: Final = 1000
"""The most audio before an opening, and what Silero hears to warm up. With 300 ms of it music opened the gate."""
LOUD: Final = 0.1
MOST_GAIN: Final = 4.0
GAIN_MEMORY: Final = 0.995
"""What Silero hears is made as loud as that, by 12 dB at most, measured by the loudest sample of the last seconds (the
factor is for each 32 ms). It then finds more of soft voices and believes less soft music; with more gain it begins to
doubt voices that come out of silence."""
_SCALE: Final = np.float32(1 / 32768)


class State(Enum):
    """Where the gate is."""

    QUIET = "quiet"
    STARTING = "starting"
    SPEAKING = "speaking"
    STOPPING = "stopping"


class Sound(Enum):
    """What a frame brings; the events of the table."""

    SILENCE = "silence"
    """Neither detector hears anything."""
    VOICE = "voice"
    """WebRTC hears something, Silero is not sure."""
    SPEECH = "speech"
    """Silero is sure."""
    CALM = "calm"
    """Silence for as long as the state waits for: CALM_MS while starting, the hangover while stopping."""
    LIMIT = "limit"
    """The utterance is at its hard limit and no pause came."""
    END = "end"
    """The leg is over."""


class Act(Enum):
    """What a step does besides changing the state."""

    NOTHING = "nothing"
    WARM = "warm"
    """Silero begins to listen, with the audio before."""
    REST = "rest"
    """Silero is not needed any more."""
    OPEN = "open"
    PASS = "pass"
    CLOSE = "close"
    SPLIT = "split"
    """Close, and open again at the same sample."""
    LAST = "last"
    """Open and close: a word that the end of the leg cut short, if Silero half believed it."""


_S, _E, _A = State, Sound, Act
TABLE: Final[dict[tuple[State, Sound], tuple[State, Act]]] = {
    (_S.QUIET, _E.SILENCE): (_S.QUIET, _A.NOTHING),
    (_S.QUIET, _E.VOICE): (_S.STARTING, _A.WARM),
    (_S.QUIET, _E.END): (_S.QUIET, _A.NOTHING),
    (_S.STARTING, _E.SILENCE): (_S.STARTING, _A.NOTHING),
    (_S.STARTING, _E.VOICE): (_S.STARTING, _A.NOTHING),
    (_S.STARTING, _E.SPEECH): (_S.SPEAKING, _A.OPEN),
    (_S.STARTING, _E.CALM): (_S.QUIET, _A.REST),
    (_S.STARTING, _E.END): (_S.QUIET, _A.LAST),
    (_S.SPEAKING, _E.SILENCE): (_S.STOPPING, _A.PASS),
    (_S.SPEAKING, _E.VOICE): (_S.STOPPING, _A.PASS),
    (_S.SPEAKING, _E.SPEECH): (_S.SPEAKING, _A.PASS),
    (_S.SPEAKING, _E.LIMIT): (_S.SPEAKING, _A.SPLIT),
    (_S.SPEAKING, _E.END): (_S.QUIET, _A.CLOSE),
    (_S.STOPPING, _E.SILENCE): (_S.STOPPING, _A.PASS),
    (_S.STOPPING, _E.VOICE): (_S.STOPPING, _A.PASS),
    (_S.STOPPING, _E.SPEECH): (_S.SPEAKING, _A.PASS),
    (_S.STOPPING, _E.CALM): (_S.QUIET, _A.CLOSE),
    (_S.STOPPING, _E.LIMIT): (_S.SPEAKING, _A.SPLIT),
    (_S.STOPPING, _E.END): (_S.QUIET, _A.CLOSE),
}


def step(state: State, sound: Sound) -> tuple[State, Act]:
    """The next state and what to do. Raises ``IllegalStep`` for a pair that the table does not have."""
    try:
        return TABLE[state, sound]
    except KeyError:
        raise IllegalStep("speech gate", state.value, sound.value) from None


class Opened(msgspec.Struct, frozen=True):
    """An utterance begins."""

    start: float
    """Seconds since the call began, of the first sample in ``pcm``."""
    pcm: bytes
    """The pre-roll and the frames until now."""


class More(msgspec.Struct, frozen=True):
    """The open utterance goes on."""

    pcm: bytes


class Closed(msgspec.Struct, frozen=True):
    """The open utterance is over."""

    end: float
    """Seconds since the call began, of the last speech."""
    sureness: float
    """0..1: Silero's best mean over ``EVIDENCE`` chunks in a row. People reach 0.9, music that opened the gate 0.6."""


GateEvent = Opened | More | Closed


class Detector(Protocol):
    """The second stage, as :class:`stt.silero.Silero`."""

    def probability(self, samples: silero.Array) -> float: ...


class SpeechGate:
    """One leg's gate. Give it every frame of 20 ms in order; it answers with what the recogniser shall hear."""

    def __init__(
        self,
        *,
        preroll_ms: int = 400,
        hangover_ms: int = 500,
        max_utterance_s: float = 20.0,
        detector: Detector | None = None,
    ) -> None:
        self.state = State.QUIET
        self.now = 0.0
        """Audio time: seconds since the call began, after the last frame."""
        self.sureness = 0.0
        """Of the open utterance so far, as in :class:`Closed`."""
        self._webrtc = webrtcvad.Vad(2)
        self._detector = detector if detector is not None else silero.Silero()
        self._preroll = preroll_ms // FRAME_MS
        self._hangover = max(1, (hangover_ms - DECAY_MS) // FRAME_MS)
        self._limit = round(max_utterance_s / FRAME_S)
        self._recent: deque[bytes] = deque(maxlen=LEAD_MS // FRAME_MS)
        self._fresh = 0  # of these, frames that no utterance's speech had
        self._missed = 0  # of these, frames that Silero did not hear
        self._starting = 0  # frames since WebRTC heard voice
        self._unheard = bytearray()  # audio that Silero has yet to hear: less than a chunk
        self._probability = 0.0
        self._peak = 0.0  # loudest sample lately, 0..1
        self._evidence: deque[float] = deque(maxlen=EVIDENCE)
        self._still = 0  # frames without voice (starting) or speech (stopping)
        self._held = bytearray()  # silence that is passed on only if speech goes on
        self._length = 0  # frames of the open utterance
        self._end = 0.0

    @property
    def is_open(self) -> bool:
        """Whether an utterance is open."""
        return self.state in (State.SPEAKING, State.STOPPING)

    def process(self, frame: bytes) -> list[GateEvent]:
        """Take the next 20 ms (``core.audio.FRAME_BYTES``)."""
        if len(frame) != FRAME_BYTES:
            raise ValueError(f"a frame has {FRAME_BYTES} bytes, not {len(frame)}")
        self.now += FRAME_S
        self._recent.append(frame)
        self._fresh = min(self._fresh + 1, len(self._recent))
        self._missed = min(self._missed + 1, len(self._recent))
        return self._take(self._judge(frame), frame)

    def jump(self, to: float) -> list[GateEvent]:
        """Audio is missing up to ``to`` seconds: count it as silence. A long hole ends what was open."""
        events: list[GateEvent] = []
        while to - self.now > FRAME_S / 2:
            if self.state is State.QUIET:
                self._recent.clear()
                self._fresh = self._missed = 0
                self.now = to
                break
            events += self.process(SILENCE)
        return events

    def flush(self) -> list[GateEvent]:
        """The leg is over: end what is open."""
        return self._take(Sound.END, b"")

    def _judge(self, frame: bytes) -> Sound:
        """Which event of the table the frame is."""
        if self.state is State.QUIET:
            return Sound.VOICE if self._webrtc.is_speech(frame, RATE) else Sound.SILENCE
        self._listen()
        if self.state is State.STARTING:
            self._starting += 1
            if sum(self._evidence) >= OPEN_AT:
                return Sound.SPEECH
            voiced = self._webrtc.is_speech(frame, RATE)
            self._still = 0 if voiced else self._still + 1
            if self._still * FRAME_MS >= CALM_MS and self._probability < MAYBE_AT:
                return Sound.CALM
            return Sound.VOICE if voiced else Sound.SILENCE
        self._length += 1
        if self._length >= self._limit * HARD_LIMIT:
            return Sound.LIMIT
        if self._probability >= STAY_AT or (self._probability >= MAYBE_AT and self._webrtc.is_speech(frame, RATE)):
            self._still = 0
            return Sound.SPEECH
        self._still += 1
        patience = self._hangover if self._length < self._limit else PAUSE_MS // FRAME_MS
        if self.state is State.STOPPING and self._still >= patience:
            return Sound.CALM
        return Sound.SILENCE

    def _listen(self) -> None:
        """Let Silero hear what it missed, the newest frame included."""
        self._unheard += b"".join(itertools.islice(self._recent, len(self._recent) - self._missed, None))
        self._missed = 0
        while len(self._unheard) >= silero.CHUNK * 2:
            chunk = np.frombuffer(self._unheard[: silero.CHUNK * 2], "<i2").astype(np.float32) * _SCALE
            del self._unheard[: silero.CHUNK * 2]
            self._peak = max(float(np.abs(chunk).max()), self._peak * GAIN_MEMORY, LOUD / MOST_GAIN)
            chunk *= np.float32(max(1.0, LOUD / self._peak))
            self._probability = self._detector.probability(chunk)
            self._evidence.append(self._probability)
            self.sureness = max(self.sureness, sum(self._evidence) / EVIDENCE)

    def _take(self, sound: Sound, frame: bytes) -> list[GateEvent]:
        """The one place that changes the state."""
        self.state, act = step(self.state, sound)
        match act:
            case Act.WARM:
                self._starting = 1
                self._listen()
            case Act.REST:
                self._rest()
            case Act.OPEN:
                return [self._open()]
            case Act.PASS:
                return self._pass(sound, frame)
            case Act.CLOSE:
                return [self._close()]
            case Act.SPLIT:
                self._length, self._end, self._fresh = 0, self.now, 0
                return [More(self._release(frame)), Closed(self.now, self.sureness), Opened(self.now, b"")]
            case Act.LAST:
                if sum(self._evidence) >= LAST_AT:
                    return [self._open(), self._close()]
                self._rest()
            case Act.NOTHING:
                pass
        return []

    def _open(self) -> Opened:
        lead = min(self._fresh, self._preroll + self._starting)
        frames = list(self._recent)[len(self._recent) - lead :]
        self._length, self._still, self._end, self._fresh = len(frames), 0, self.now, 0
        return Opened(max(0.0, self.now - len(frames) * FRAME_S), b"".join(frames))

    def _pass(self, sound: Sound, frame: bytes) -> list[GateEvent]:
        if sound is Sound.SPEECH:
            self._end, self._fresh = self.now, 0
        elif self._still * FRAME_MS > TRAIL_MS:
            self._held += frame
            return []
        return [More(self._release(frame))]

    def _release(self, frame: bytes) -> bytes:
        held = bytes(self._held) + frame
        self._held.clear()
        return held

    def _close(self) -> Closed:
        sureness = self.sureness
        self._rest()
        return Closed(self._end, sureness)

    def _rest(self) -> None:
        # Silero keeps its memory: begun afresh it is less sure of what is music.
        self._held.clear()
        self._unheard.clear()
        self._evidence.clear()
        self._probability = self.sureness = 0.0
        self._still = 0
