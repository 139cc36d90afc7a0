"""Any sound of a fork made into the house's own: 8 kHz, mono, 16 bits; one for each speaker of a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import soxr

from core import g711
from core.audio import RATE
from core.events import Speaker
from core.g711 import Law, Samples
from telephony.forks.said import Coding, Voice

SLIN_BYTES: Final = 2
QUALITY: Final = "MQ"
"""Of soxr. It holds back 35 ms at most; the next better one 130 ms."""


class Sound:
    """One track's decoder. It keeps what the next piece needs: half samples, and what a resampler remembers."""

    def __init__(self, speakers: tuple[Speaker, ...], coding: Coding, rate: int) -> None:
        self.speakers = speakers
        self.form = (coding, rate)
        self._coding = coding
        self._frame = len(speakers) * (SLIN_BYTES if coding == "slin" else 1)
        self._rest = b""
        self._resample = (
            None if rate == RATE else soxr.ResampleStream(rate, RATE, len(speakers), dtype="int16", quality=QUALITY)
        )

    def feed(self, data: bytes) -> Iterator[tuple[Speaker, bytes]]:
        """Each speaker's PCM in these bytes."""
        if self._rest:
            data = self._rest + data
        whole = len(data) - len(data) % self._frame
        self._rest = data[whole:]
        data = data[:whole]
        if self._coding == "slin" and len(self.speakers) == 1 and self._resample is None:
            yield self.speakers[0], data
            return
        channels = self._samples(data).reshape(-1, len(self.speakers))
        if self._resample is not None:
            channels = self._resample.resample_chunk(channels).reshape(-1, len(self.speakers))
        for number, speaker in enumerate(self.speakers):
            yield speaker, channels[:, number].astype("<i2").tobytes()

    def _samples(self, data: bytes) -> Samples:
        if self._coding == "slin":
            return np.frombuffer(data, "<i2")
        return g711.decode(self._coding, data)


class Sounds:
    """The decoders of one stream, made as they are needed."""

    def __init__(self) -> None:
        self._sounds: dict[tuple[Speaker, ...], Sound] = {}
        self.instead: Law | None = None
        """What comes although linear sound was announced; see ``linear.Doubt``."""

    def feed(self, voice: Voice) -> Iterator[tuple[Speaker, bytes]]:
        """Each speaker's PCM in a piece of sound."""
        coding = self.instead or voice.coding
        sound = self._sounds.get(voice.speakers)
        if sound is None or sound.form != (coding, voice.rate):
            sound = self._sounds[voice.speakers] = Sound(voice.speakers, coding, voice.rate)
        return sound.feed(voice.data)
