"""The way from a mouth to the engine: noise behind the speaker, level, band, codec, lost packets. Pure and seeded.

Channels have names: ``plain`` (8 kHz, nothing lost), ``g711`` (mu-law), ``alaw``, ``call`` (a call at random) and
``NOISE-SNR``: ``street-10`` is street noise 10 dB below the voice, then mu-law; ``mixed`` is another noise for each
clip.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from core.audio import FRAME_SAMPLES, RATE
from core.errors import BadInput
from core.g711 import Samples, round_trip
from server.measuring.sounds import NOISES, Sound

QUIET_S: Final = (0.3, 0.5)
"""Before and after each sentence: what a speech gate gives along."""
MIXED: Final = "mixed"
_FULL: Final = 32768.0
_SEED: Final = 19
_AUDIBLE: Final = 1e-3
"""Samples above this share of full scale are the voice; its level is their mean power."""


def through(name: str, spoken: Samples, rng: np.random.Generator) -> Samples:
    """What the engine gets of a spoken clip (8 kHz, without silence at its ends). ``BadInput`` for an unknown name."""
    before, after = (np.zeros(round(seconds * RATE)) for seconds in QUIET_S)
    clip: Sound = np.concatenate((before, spoken / _FULL, after))
    if name == "plain":
        return in_16_bits(clip)
    if name == "alaw":
        return round_trip(in_16_bits(clip), "alaw")
    if name == "call":
        return _call(clip, rng)
    if name != "g711":
        clip = _noisy(clip, name, rng)
    return round_trip(in_16_bits(clip), "ulaw")


def check(name: str) -> None:
    """Raise ``BadInput`` if there is no such channel."""
    if name not in ("plain", "g711", "alaw", "call"):
        _noise_of(name)


def in_16_bits(clip: npt.NDArray[np.floating]) -> Samples:
    """A sound in which 1.0 is full scale as samples; what is louder is cut off."""
    return np.clip(np.round(clip * _FULL), -_FULL, _FULL - 1).astype(np.int16)


def _noise_of(name: str) -> tuple[tuple[str, ...], float]:
    """Noises to choose from and the distance to the voice in dB."""
    kind, dash, snr = name.rpartition("-")
    if not dash or not snr.isdecimal() or kind not in (*NOISES, MIXED):
        raise BadInput(
            f"there is no channel '{name}'; there are: plain, g711, alaw, call and NOISE-DB with a noise of "
            f"{', '.join((*NOISES, MIXED))}, as in street-10"
        )
    return tuple(NOISES) if kind == MIXED else (kind,), float(snr)


def _noisy(clip: Sound, name: str, rng: np.random.Generator) -> Sound:
    noises, snr_db = _noise_of(name)
    minute = _minute(noises[int(rng.integers(len(noises)))])
    piece: Sound = np.take(minute, np.arange(len(clip)) + rng.integers(len(minute)), mode="wrap")
    unit = np.sqrt(np.mean(np.square(piece)))
    noisy: Sound = clip + piece / unit * _level(clip) * 10 ** (-snr_db / 20)
    return noisy


@cache
def _minute(noise: str) -> Sound:
    """Of which every clip gets another piece: to make noise takes longer than to decode what is said in it."""
    return NOISES[noise](np.random.default_rng(_SEED), 60 * RATE)


def _call(clip: Sound, rng: np.random.Generator) -> Samples:
    """A call as it comes: loud or soft, most with some noise, half through a narrow band, some with lost packets."""
    if rng.random() < 0.6:
        clip = _noisy(clip, f"{MIXED}-{rng.integers(8, 31)}", rng)
    if rng.random() < 0.5:
        clip = _band(clip, rng.uniform(200, 350), rng.uniform(3000, 3500))
    clip = clip * 10 ** (rng.uniform(-18, 10) / 20)
    heard = round_trip(in_16_bits(clip), "ulaw" if rng.random() < 0.5 else "alaw")
    return _lossy(heard, 0.01, rng) if rng.random() < 0.1 else heard


def _band(clip: Sound, low: float, high: float) -> Sound:
    """Only what lies between the two frequencies; soft edges of 100 Hz, as of an old handset."""
    hertz = np.fft.rfftfreq(len(clip), 1 / RATE)
    gain = np.clip((hertz - low) / 100 + 1, 0, 1) * np.clip((high - hertz) / 100 + 1, 0, 1)
    narrow: Sound = np.fft.irfft(np.fft.rfft(clip) * gain, len(clip))
    return narrow


def _lossy(heard: Samples, share: float, rng: np.random.Generator) -> Samples:
    """Packets of 20 ms that never came: silence."""
    heard = heard.copy()
    for start in range(0, len(heard), FRAME_SAMPLES):
        if rng.random() < share:
            heard[start : start + FRAME_SAMPLES] = 0
    return heard


def _level(clip: Sound) -> float:
    voice = clip[np.abs(clip) > _AUDIBLE]
    return float(np.sqrt(np.mean(np.square(voice)))) if len(voice) else _AUDIBLE
