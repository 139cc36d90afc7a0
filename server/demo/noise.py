"""Background noise of the places that people call from, made by us: seeded, endless when looped, without clicks.

Everything is shaped in the frequency domain over the whole length, so that the end fits the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from core.audio import RATE

Kind = Literal["none", "office", "street", "babble"]
KINDS: Final = get_args(Kind)

Sound = npt.NDArray[np.float64]


def noise(kind: Kind, seconds: float, seed: int, level_dbfs: float) -> npt.NDArray[np.int16]:
    """Mono samples at 8 kHz with that mean power; the same arguments give the same noise."""
    count = int(seconds * RATE)
    if kind == "none":
        return np.zeros(count, np.int16)
    sound = _MAKERS[kind](np.random.default_rng(seed), count)
    sound *= 10 ** (level_dbfs / 20) / np.sqrt(np.mean(sound**2))
    return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.int16)


def _coloured(rng: np.random.Generator, count: int, low: float, high: float, slope: float) -> Sound:
    """Noise between two frequencies, falling by 6 dB an octave for each unit of ``slope``; unit power."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= np.where((hertz >= low) & (hertz <= high), np.maximum(hertz, 20.0) ** -slope, 0.0)
    sound: Sound = np.fft.irfft(spectrum, count)
    sound /= np.sqrt(np.mean(sound**2))
    return sound


def _swell(rng: np.random.Generator, count: int, per_second: float, depth: float) -> Sound:
    """A slow rise and fall between ``1 - depth`` and 1 that returns to where it began."""
    once = RATE / count  # the slowest change that fits into a loop
    slow = _coloured(rng, count, once / 2, max(per_second, once), 0.0)
    swell: Sound = 1 - depth * (slow.max() - slow) / np.ptp(slow)
    return swell


def _office(rng: np.random.Generator, count: int) -> Sound:
    """Air conditioning, a mains hum, somebody far away."""
    hum = np.sin(2 * np.pi * round(60 * count / RATE) * np.arange(count) / count)
    far = _coloured(rng, count, 300, 2500, 0.8) * _swell(rng, count, 3.0, 0.9)
    return _coloured(rng, count, 80, 3400, 0.7) + 0.15 * hum + 0.25 * far


def _street(rng: np.random.Generator, count: int) -> Sound:
    """Engines that come and go, and wind on the microphone."""
    engines = sum(
        (_coloured(rng, count, 60, 900, 1.2) * _swell(rng, count, 0.4, 0.95) for _ in range(3)), np.zeros(count)
    )
    tyres = _coloured(rng, count, 400, 3400, 0.5) * _swell(rng, count, 0.3, 0.9)
    return engines + 0.5 * tyres


def _babble(rng: np.random.Generator, count: int) -> Sound:
    """A waiting room: so many people at once that only the murmur is left, louder and softer, no syllable in it."""
    bands = ((120, 600), (200, 1100), (300, 1800), (150, 900))
    voices = (_coloured(rng, count, low, high, 1.0) * _swell(rng, count, 2.0, 0.5) for low, high in bands * 4)
    return sum(voices, np.zeros(count))


_MAKERS: Final[dict[str, Callable[[np.random.Generator, int], Sound]]] = {
    "office": _office,
    "street": _street,
    "babble": _babble,
}
