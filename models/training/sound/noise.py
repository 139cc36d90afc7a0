"""What is heard on a telephone and is no speech, each with unit power: (generator, samples at 8 kHz) -> float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.signal import lfilter

from models.training.sound.features import RATE, Floats

Source = Callable[[np.random.Generator, int], Floats]

_ROWS: Final = (697, 770, 852, 941)
_COLUMNS: Final = (1209, 1336, 1477)
_CHORDS: Final = ((0, 4, 7), (0, 3, 7), (0, 5, 9), (0, 4, 7, 11))
"""Major, minor, subdominant over the tonic, major seventh; in semitones."""


def unit(samples: Floats) -> Floats:
    """The samples at a root mean square of 1."""
    power = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
    return (samples / (power + 1e-9)).astype(np.float32)


def white(rng: np.random.Generator, count: int) -> Floats:
    """A bad line."""
    return unit(rng.standard_normal(count).astype(np.float32))


def pink(rng: np.random.Generator, count: int) -> Floats:
    """A ventilated room: 3 dB less per octave."""
    return _sloped(rng, count, -0.5)


def brown(rng: np.random.Generator, count: int) -> Floats:
    """A car or a wind: 6 dB less per octave."""
    return _sloped(rng, count, -1.0)


def crowd(rng: np.random.Generator, count: int) -> Floats:
    """A room full of people, far away: loud and soft at the pace of syllables."""
    return unit(_sloped(rng, count, -0.8) * _swelling(rng, count, RATE // 10, 0.1))


def traffic(rng: np.random.Generator, count: int) -> Floats:
    """Cars that come and go."""
    return unit(_sloped(rng, count, -0.7) * _swelling(rng, count, RATE, 0.02))


def hum(rng: np.random.Generator, count: int) -> Floats:
    """Mains and its harmonics."""
    time = np.arange(count) / RATE
    base = rng.choice((50.0, 60.0))
    parts = [rng.random() * np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6)) for k in range(1, 9)]
    return unit((np.sum(parts, axis=0) + 0.1 * rng.standard_normal(count)).astype(np.float32))


def clicks(rng: np.random.Generator, count: int) -> Floats:
    """Impulses: few or a hundred a second, bare or ringing, each of its own loudness; keys, crackle, bad contacts."""
    out = np.zeros(count, np.float32)
    if not count:
        return out
    many = max(1, int(count / RATE * 10 ** rng.uniform(0, 2)))
    out[rng.integers(0, count, many)] = rng.choice((-1, 1), many) * 10 ** rng.uniform(-1.5, 0, many)
    if rng.random() < 0.6:  # each rings at one frequency and dies away within milliseconds
        radius, angle = rng.uniform(0.6, 0.97), 2 * np.pi * rng.uniform(300, 3200) / RATE
        out = lfilter([1.0], [1.0, -2 * radius * np.cos(angle), radius**2], out)
    return unit(out)


def tones(rng: np.random.Generator, count: int) -> Floats:
    """Ringback, busy, dial and fax-like tones."""
    time = np.arange(count) / RATE
    kind = rng.integers(4)
    if kind == 0:  # ringback of Korea and of others: one second in three
        out = (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time)) * (time % 3.0 < 1.0)
    elif kind == 1:  # busy
        out = (np.sin(2 * np.pi * 480 * time) + np.sin(2 * np.pi * 620 * time)) * (time % 1.0 < 0.5)
    elif kind == 2:
        out = np.sin(2 * np.pi * rng.uniform(200, 3200) * time)
    else:  # alternating
        pitch = np.where(time % 0.5 < 0.25, rng.uniform(300, 1000), rng.uniform(1000, 2500))
        out = np.sin(2 * np.pi * pitch * time)
    return unit(out.astype(np.float32))


def keys(rng: np.random.Generator, count: int) -> Floats:
    """Somebody presses keys (DTMF, ITU-T Q.23)."""
    out = np.zeros(count, np.float32)
    at = int(rng.uniform(0, 0.3) * RATE)
    while at < count:
        length = min(int(rng.uniform(0.06, 0.25) * RATE), count - at)
        time = np.arange(length) / RATE
        out[at : at + length] = sum(np.sin(2 * np.pi * rng.choice(group) * time) for group in (_ROWS, _COLUMNS))
        at += length + int(rng.uniform(0.05, 0.6) * RATE)
    return unit(out)


def music(rng: np.random.Generator, count: int) -> Floats:
    """Hold music: plucked or sustained chords with a melody above them."""
    beat = int(RATE * rng.uniform(0.2, 0.6))
    root = 110 * 2 ** (rng.integers(12) / 12)
    fade, overtones = rng.uniform(1.0, 8.0), rng.uniform(0.2, 0.7)
    time = np.arange(beat * 2) / RATE
    out = np.zeros(count + 2 * beat, np.float32)
    for at in range(0, count, beat):
        chord = _CHORDS[rng.integers(len(_CHORDS))] if at % (4 * beat) == 0 else ()
        for step in (*chord, 12 + rng.choice((0, 2, 4, 5, 7, 9, 11, 12))):
            pitch = root * 2 ** (step / 12)
            harmonics = [overtones**k * np.sin(2 * np.pi * k * pitch * time) for k in range(1, 6) if k * pitch < 3600]
            out[at : at + 2 * beat] += np.sum(harmonics, axis=0) * np.exp(-fade * time)
    return unit(out[:count])


BACKGROUND: Final[tuple[Source, ...]] = (white, pink, brown, crowd, traffic, hum)
"""What a person may talk in front of."""
NO_SPEECH: Final[tuple[Source, ...]] = (*BACKGROUND, clicks, clicks, tones, keys, music, music)
"""What a recogniser must not take for words."""


def any_of(sources: tuple[Source, ...], rng: np.random.Generator, count: int) -> Floats:
    """One of them at random."""
    return sources[rng.integers(len(sources))](rng, count)


def _sloped(rng: np.random.Generator, count: int, power: float) -> Floats:
    """Gaussian noise whose amplitude goes with that power of the frequency, flat below 20 Hz."""
    if not count:
        return np.zeros(0, np.float32)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum *= np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0) ** power
    return unit(np.fft.irfft(spectrum, count).astype(np.float32))


def _swelling(rng: np.random.Generator, count: int, pace: int, least: float) -> Floats:
    """A loudness that wanders between ``least`` and 1, a new one every ``pace`` samples."""
    knots = np.arange(0, count + pace, pace)
    return np.interp(np.arange(count), knots, rng.uniform(least, 1.0, len(knots))).astype(np.float32)
