"""What is on a telephone line and is not speech, as numpy arrays of unit power at 8 kHz. Pure and seeded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from core.audio import RATE
from server.demo.noise import Kind, noise

Sound = npt.NDArray[np.float64]
Maker = Callable[[np.random.Generator, int], Sound]

_DTMF: Final = tuple((low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477))
"""ITU-T Q.23."""
_RINGBACK: Final = ((440, 480), 1.0, 2.0)
"""Korea: both tones, seconds on, seconds off (ITU-T E.180 supplement 2)."""
_CHORDS: Final = ((0, 4, 7, 12), (-3, 0, 4, 9), (-7, -3, 0, 5), (-5, -1, 2, 7))
"""C major, A minor, F major, G major: what hold music is made of; semitones above the keynote."""
_KEYNOTE: Final = 261.6
_BEAT_S: Final = 0.4


def white(rng: np.random.Generator, count: int) -> Sound:
    """Hiss of the whole band."""
    return _unit(rng.standard_normal(count))


def hum(rng: np.random.Generator, count: int) -> Sound:
    """Mains of 60 Hz with its overtones, and a little hiss."""
    at = np.arange(count) / RATE
    waves = sum(
        (rng.uniform(0.2, 1) / step * np.sin(2 * np.pi * 60 * step * at + rng.uniform(0, 6)) for step in range(1, 12)),
        np.zeros(count),
    )
    return _unit(waves + 0.05 * rng.standard_normal(count))


def clicks(rng: np.random.Generator, count: int) -> Sound:
    """A bad contact: a click every two seconds or so."""
    return _clicks(rng, count, per_second=0.5)


def dense_clicks(rng: np.random.Generator, count: int) -> Sound:
    """A crackling line: 25 clicks a second."""
    return _clicks(rng, count, per_second=25)


def music(rng: np.random.Generator, count: int) -> Sound:
    """On hold: chords with a melody, each note with its overtones, struck and fading."""
    beat = round(_BEAT_S * RATE)
    fade = np.exp(-3 * np.arange(2 * beat) / (2 * beat)) * np.minimum(1, np.arange(2 * beat) / 80)
    sound = np.zeros(count + 2 * beat)
    for number, start in enumerate(range(0, count, beat)):
        chord = _CHORDS[number // 4 % len(_CHORDS)]
        tune = int(rng.choice(chord)) + 12
        for semitone in (*chord, tune) if number % 4 == 0 else (tune,):
            sound[start : start + 2 * beat] += fade * _note(_KEYNOTE * 2 ** (semitone / 12), 2 * beat)
    return _unit(sound[:count])


def ringback(_rng: np.random.Generator, count: int) -> Sound:
    """The tone that a caller hears while it rings elsewhere."""
    tones, on, off = _RINGBACK
    at = np.arange(count) / RATE
    return _unit(sum((np.sin(2 * np.pi * hertz * at) for hertz in tones), np.zeros(count)) * (at % (on + off) < on))


def dtmf(rng: np.random.Generator, count: int) -> Sound:
    """Somebody types digits: 100 ms each, 0.1 to 0.5 s apart."""
    sound, start, length = np.zeros(count), 0, RATE // 10
    while start < count:
        at = np.arange(min(length, count - start)) / RATE
        low, high = _DTMF[rng.integers(len(_DTMF))]
        sound[start : start + length] = np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at)
        start += length + int(rng.uniform(0.1, 0.5) * RATE)
    return _unit(sound)


def _place(kind: Kind) -> Maker:
    """A noise of the demo's callers."""

    def make(rng: np.random.Generator, count: int) -> Sound:
        return _unit(noise(kind, count / RATE + 1, int(rng.integers(1 << 31)), -20.0)[:count].astype(np.float64))

    return make


NOISES: Final[Mapping[str, Maker]] = {
    "white": white,
    "babble": _place("babble"),
    "street": _place("street"),
    "office": _place("office"),
    "hum": hum,
}
"""What goes on behind a caller for as long as the call lasts."""
NOT_SPEECH: Final[Mapping[str, Maker]] = {
    **NOISES,
    "clicks": clicks,
    "dense clicks": dense_clicks,
    "music": music,
    "ringback": ringback,
    "DTMF": dtmf,
}
"""What no word may be heard in."""


def _clicks(rng: np.random.Generator, count: int, per_second: float) -> Sound:
    sound = np.zeros(count)
    places = rng.integers(0, max(1, count - 16), max(1, round(per_second * count / RATE)))
    for place in places:
        length = int(rng.integers(1, 16))
        shape = np.exp(-np.arange(length) / max(1, length / 3)) * rng.choice((-1, 1)) * rng.uniform(0.2, 1)
        sound[place : place + length] += shape[: count - place]
    return _unit(sound)


def _note(hertz: float, count: int) -> Sound:
    at = np.arange(count) / RATE
    waves = (np.sin(2 * np.pi * hertz * step * at) / step**1.5 for step in range(1, 6) if hertz * step < RATE / 2)
    return sum(waves, np.zeros(count))


def _unit(sound: Sound) -> Sound:
    unit: Sound = sound / (np.sqrt(np.mean(np.square(sound))) + 1e-12)
    return unit
