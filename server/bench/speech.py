"""The spoken sentences of the benches, each with the exact places where speech begins and ends."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from core.audio import FRAME_SAMPLES
from core.g711 import Samples
from server.demo.voice import VOICE_DBFS, Voice, VoiceBox

CALLERS: Final = (
    Voice(variant="f2", speed=150),
    Voice(variant="m3", speed=155, pitch=40),
    Voice(variant="f5", speed=150, pitch=55),
    Voice(variant="m7", speed=150),
)
AGENT: Final = Voice(variant="f3", speed=155)
_BELOW_VOICE_DB: Final = 30.0
"""Frames so much softer than the voice are not speech any more: an ear hears no word in them."""
_FULL: Final = 32768.0


class Clip(msgspec.Struct, frozen=True):
    """One spoken sentence, from its first sound to its last."""

    text: str
    samples: Samples
    """8 kHz."""


def sentences() -> list[str]:
    """What citizens ask, one sentence each, in the vocabulary of the bundled model."""
    return files("server.bench").joinpath("sentences_ko.txt").read_text("utf-8").splitlines()


async def speak(box: VoiceBox, texts: list[str], voice: Voice) -> AsyncIterator[Clip]:
    """The sentences in that voice."""
    for text in texts:
        yield Clip(text, trimmed(read(await box.say(text, voice))))


def read(wav: Path) -> Samples:
    """The samples of a mono WAV."""
    with wave.open(str(wav), "rb") as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), "<i2").astype(np.int16)


def write(wav: Path, samples: Samples) -> Path:
    """8 kHz mono WAV."""
    with wave.open(str(wav), "wb") as clip:
        clip.setparams((1, 2, 8000, 0, "NONE", ""))
        clip.writeframes(samples.astype("<i2").tobytes())
    return wav


def trimmed(samples: Samples) -> Samples:
    """Without what lies before the first and after the last audible 20 ms."""
    usable = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
    frames = samples[:usable].astype(np.float64).reshape(-1, FRAME_SAMPLES) / _FULL
    power_db = 10 * np.log10(np.mean(np.square(frames), axis=1) + 1e-12)
    audible = np.flatnonzero(power_db > VOICE_DBFS - _BELOW_VOICE_DB)
    if not len(audible):
        return samples[:0]
    return samples[audible[0] * FRAME_SAMPLES : (audible[-1] + 1) * FRAME_SAMPLES]
