"""What makes one synthesiser sound like many throats: its speech is bent in time and in frequency.

``stretched`` resamples at a speed that wanders: a longer or shorter vocal tract (all formants move together, as between
men, women and children) and a voice whose pitch and pace are never quite steady. ``reshaped`` moves the formants one by
one, widens or sharpens them and adds breath, pitch untouched: only the envelope of the short-time spectrum, got by
cepstral smoothing, is changed. The phones' times move along.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from models.training.sound.features import RATE, Floats

_KNOT_S: Final = 0.25
"""Pace and pitch find a new value that often."""
_FRAME: Final = 256
_HOP: Final = 64
_LIFTER: Final = 18
"""Cepstral coefficients that are envelope; beyond them is pitch (8 kHz / 18 = 444 Hz)."""
_LOUDEST_CHANGE: Final = 2.5
"""Nepers: no frequency gains or loses more than 22 dB."""


def narrowed(samples: npt.NDArray[np.int16], rate: int) -> Floats:
    """16 bits at espeak-ng's rate -> -1..1 at 8 kHz."""
    common = np.gcd(RATE, rate)
    narrow: Floats = resample_poly(samples.astype(np.float32) / 32768, RATE // common, rate // common)
    return narrow.astype(np.float32)


def stretched(
    rng: np.random.Generator,
    samples: npt.NDArray[np.int16],
    rate: int,
    starts: Sequence[float],
    ratio: float,
    wander: float,
) -> tuple[npt.NDArray[np.int16], list[float]]:
    """``ratio`` times as long with all formants that much lower; the speed wanders by a share of ``wander`` about it.

    Returns samples at the same rate, and where the phones now start (seconds).
    """
    length = len(samples) / rate
    knots = np.arange(0.0, length + _KNOT_S, _KNOT_S)
    slowness = ratio * (1 + wander * rng.uniform(-1, 1, len(knots)))
    moved = np.concatenate([[0.0], np.cumsum((slowness[1:] + slowness[:-1]) / 2 * np.diff(knots))])
    count = int(np.interp(length, knots, moved) * rate)
    source = np.interp(np.arange(count) / rate, moved, knots) * rate
    bent = np.interp(source, np.arange(len(samples)), samples).astype(np.int16)
    return bent, [float(start) for start in np.interp(starts, knots, moved)]


def reshaped(rng: np.random.Generator, samples: Floats) -> Floats:
    """8 kHz speech from a differently shaped throat: formants off by up to 12 % each way, blurred, breathy."""
    window = np.sqrt(np.hanning(_FRAME + 1)[:-1])
    padded = np.pad(samples, (_FRAME, 2 * _FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP] * window
    spectrum = np.fft.rfft(frames)
    envelope = _smooth(np.log(np.abs(spectrum) + 1e-5))
    wanted = envelope @ _moves(rng, envelope.shape[1])
    centre = wanted.mean(1, keepdims=True)
    wanted = centre + (wanted - centre) * rng.uniform(0.75, 1.1)
    gain = np.exp(np.clip(wanted - envelope, -_LOUDEST_CHANGE, _LOUDEST_CHANGE))
    breath = 10 ** (-rng.uniform(12, 40) / 20) * np.linspace(0.2, 1.0, envelope.shape[1])
    noise = rng.standard_normal((2, *spectrum.shape))
    out = np.fft.irfft(spectrum * gain + np.exp(wanted) * breath * (noise[0] + 1j * noise[1]), _FRAME) * window
    whole = np.zeros(len(frames) * _HOP + _FRAME)
    for part in range(_FRAME // _HOP):  # frames that do not overlap are laid down side by side
        laid = out[part :: _FRAME // _HOP].reshape(-1)
        whole[part * _HOP : part * _HOP + len(laid)] += laid
    return (whole[_FRAME : _FRAME + len(samples)] / (_FRAME / _HOP / 2)).astype(np.float32)


def _smooth(spectrum: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The envelope of log magnitudes (frames, bins)."""
    cepstrum = np.fft.irfft(spectrum)
    cepstrum[:, _LIFTER : -_LIFTER + 1] = 0
    return np.fft.rfft(cepstrum).real


def _moves(rng: np.random.Generator, bins: int) -> npt.NDArray[np.float64]:
    """(bins, bins): what turns an envelope into one whose formants lie elsewhere, each region moved on its own."""
    places = np.linspace(0, bins - 1, 6)
    factors = rng.uniform(0.92, 1.08) * rng.uniform(0.94, 1.06, len(places))
    grid = np.arange(bins)
    source = np.clip(np.maximum.accumulate(grid * np.interp(grid, places, factors)), 0, bins - 1)
    below = np.minimum(source.astype(int), bins - 2)
    moves = np.zeros((bins, bins))
    moves[below, grid] = 1 - (source - below)
    moves[below + 1, grid] = source - below
    return moves
