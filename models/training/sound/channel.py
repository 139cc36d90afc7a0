"""A random telephone call around clean speech: room, handset, level, background, line, codecs, lost packets.

Effects stand in the order in which sound meets them. Each has a probability of its own, so that a network hears most
calls with a few of them and some with many.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter

from models.training.sound import codec, noise
from models.training.sound.features import RATE, Floats, to_pcm
from models.training.sound.packets import CONCEALMENTS, PACKET, Samples, conceal, lost_packets

NOBODY: Final[Floats] = np.zeros(0, np.float32)
_AUDIBLE: Final = 1e-3
_SUPPRESSED: Final = 0.03
"""A frame that soft against the loudest one is a pause to a telephone that sends no pauses."""


def telephone(rng: np.random.Generator, speech: Floats, people: Floats = NOBODY, *, hard: bool = True) -> Samples:
    """8 kHz speech in -1..1 (silence is allowed) as the other side gets it, same length.

    ``people`` is some time of other people's speech: they babble in the background or come back as echo. Without
    ``hard`` nothing is put on top but a line's own noise: the clip is a noise already.
    """
    spoken = bool(np.max(np.abs(speech), initial=0) > _AUDIBLE)
    if spoken:
        speech = _at_the_mouth(rng, speech)
    heard = speech
    if hard and rng.random() < 0.6:
        heard = heard + _background(rng, len(heard), people) * _level(speech) * 10 ** (-rng.uniform(3, 35) / 20)
    elif rng.random() < 0.5:
        heard = heard + noise.white(rng, len(heard)) * 10 ** (-rng.uniform(50, 80) / 20)
    if hard and spoken:
        heard = _disturbed(rng, heard, _level(speech), people)
    if rng.random() < 0.5:
        heard = _band(rng, heard)
    if rng.random() < 0.1:
        heard = np.clip(heard * rng.uniform(1, 4), -1, 1)
    return _carried(rng, to_pcm(heard))


def set_level(samples: Floats, peak_dbfs: float) -> Floats:
    """Its loudest sample at so many dB below full scale."""
    peak = float(np.max(np.abs(samples), initial=0)) + 1e-9
    return (samples * (10 ** (peak_dbfs / 20) / peak)).astype(np.float32)


def _at_the_mouth(rng: np.random.Generator, speech: Floats) -> Floats:
    """Room, handset, distance."""
    if rng.random() < 0.3:
        speech = _reverberant(rng, speech)
    if rng.random() < 0.6:  # handsets differ
        speech = lfilter([1.0, rng.uniform(-0.7, 0.7)], [1.0], speech).astype(np.float32)
    if rng.random() < 0.2:  # the head turns, the hand moves
        knots = np.arange(0, len(speech) + RATE, RATE // 2)
        gains = 10 ** (rng.uniform(-9, 3, len(knots)) / 20)
        speech = (speech * np.interp(np.arange(len(speech)), knots, gains)).astype(np.float32)
    return set_level(speech, rng.uniform(-28, -0.5))


def _reverberant(rng: np.random.Generator, speech: Floats) -> Floats:
    length = int(RATE * rng.uniform(0.05, 0.45))
    tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    tail *= rng.uniform(0.05, 0.35) / (np.sqrt(np.sum(tail**2)) + 1e-9)
    tail[0] = 1.0
    wet: Floats = fftconvolve(speech, tail)[: len(speech)].astype(np.float32)
    return wet


def _background(rng: np.random.Generator, count: int, people: Floats) -> Floats:
    """Noise of unit power; a third of the time other people talk in it."""
    sound = noise.any_of(noise.BACKGROUND, rng, count)
    if len(people) > count and rng.random() < 0.33:
        talk = sum((_piece(rng, people, count) for _ in range(rng.integers(2, 7))), start=np.zeros(count, np.float32))
        sound = noise.unit(noise.unit(talk) + rng.uniform(0, 1) * sound)
    return sound


def _disturbed(rng: np.random.Generator, heard: Floats, level: float, people: Floats) -> Floats:
    """What a line may add: echoes, clicks, music. ``level`` is the voice's."""
    count = len(heard)
    if rng.random() < 0.1:  # the voice's own echo
        delay, gain = int(RATE * rng.uniform(0.02, 0.25)), 10 ** (-rng.uniform(18, 40) / 20)
        heard = heard + gain * np.pad(heard, (delay, 0))[:count]
    if len(people) > count and rng.random() < 0.1:  # the other party comes back
        heard = heard + noise.unit(_piece(rng, people, count)) * level * 10 ** (-rng.uniform(22, 40) / 20)
    if rng.random() < 0.1:
        heard = heard + noise.clicks(rng, count) * level * 10 ** (-rng.uniform(5, 30) / 20)
    if rng.random() < 0.04:
        heard = heard + noise.music(rng, count) * level * 10 ** (-rng.uniform(10, 30) / 20)
    return heard.astype(np.float32)


def _band(rng: np.random.Generator, heard: Floats) -> Floats:
    edges = rng.uniform(150, 350), rng.uniform(3000, 3700)
    numerator, denominator = butter(2, [edge / (RATE / 2) for edge in edges], "band")
    narrow: Floats = lfilter(numerator, denominator, heard).astype(np.float32)
    return narrow


def _carried(rng: np.random.Generator, pcm: Samples) -> Samples:
    """Codecs one after the other, pauses that are not sent, packets that do not arrive."""
    mobile = list(codec.mobile().values())
    if rng.random() < 0.1:
        pcm = _pauses_suppressed(rng, pcm)
    if mobile and rng.random() < 0.25:
        pcm = rng.choice(np.array(mobile, object))(pcm, _losses(rng, len(pcm), 0.15))
    if rng.random() < 0.85:
        pcm = codec.pcmu(pcm) if rng.random() < 0.5 else codec.pcma(pcm)
    lost = _losses(rng, len(pcm), 0.15)
    return conceal(pcm, lost, CONCEALMENTS[rng.integers(len(CONCEALMENTS))], rng) if lost.any() else pcm


def _losses(rng: np.random.Generator, count: int, chance: float) -> codec.Lost:
    """With that chance 0.5 to 8 % of the packets, in shorter or longer runs; else none."""
    packets = -(-count // PACKET)
    if rng.random() >= chance:
        return np.zeros(packets, np.bool_)
    return lost_packets(rng, packets, 10 ** rng.uniform(-2.3, -1.1), rng.uniform(1.0, 2.5))


def _pauses_suppressed(rng: np.random.Generator, pcm: Samples) -> Samples:
    """Discontinuous transmission: comfort noise, or nothing at all, wherever nobody speaks (RFC 3389)."""
    whole = len(pcm) // PACKET * PACKET
    power = np.sqrt(np.mean(np.square(pcm[:whole].reshape(-1, PACKET), dtype=np.float64), axis=1))
    loud = power > _SUPPRESSED * np.max(power, initial=0)
    active = np.convolve(loud, np.ones(9), "same") > 0  # 80 ms more on either side
    comfort = rng.standard_normal(whole) * 32768 * 10 ** (-rng.uniform(55, 90) / 20)
    out = pcm.copy()
    out[:whole] = np.where(np.repeat(active, PACKET), pcm[:whole], np.round(comfort))
    return out


def _level(speech: Floats) -> float:
    """Root mean square of what sounds; of a quiet line if nothing does."""
    sounding = speech[np.abs(speech) > _AUDIBLE]
    return float(np.sqrt(np.mean(np.square(sounding)))) if len(sounding) else 0.02


def _piece(rng: np.random.Generator, people: Floats, count: int) -> Floats:
    begin = rng.integers(len(people) - count)
    return people[begin : begin + count]
