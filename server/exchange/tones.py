"""A sound that is like nothing else on a telephone line, and the way to find it again: coded chirps. Pure, numpy.

Eight short sweeps, each upwards or downwards by one bit of a code. A matched filter finds them through G.711, through
noise and through an announcement, tells how late and how loud they came, and does not take another code for ours.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from core.audio import RATE

Samples = npt.NDArray[np.int16]
_Floats = npt.NDArray[np.float64]

_BITS = 8


class Code(msgspec.Struct, frozen=True):
    """Which sweeps."""

    bits: int
    """1 = upwards."""
    low_hz: float
    high_hz: float


OURS: Final = Code(0b00001011, 500.0, 2500.0)
"""Shifted against itself, at most four of eight bits fit."""
THEIRS: Final = Code(0b11101000, 1400.0, 2200.0)
"""Of a phone of ours that answers. Its sweeps are slower: none is like one of ``OURS``."""
_SWEEP_S, _GAP_S = 0.12, 0.08
_LOUDNESS = 9000.0
_FOUND, _FOUND_WHOLE = 0.5, 5
"""How alike what came must be, 1 = the same (speech and other codes stay below 0.3), and how many sweeps of it."""
_SOUND_DBFS = -45.0


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording holds of a code."""

    found: bool
    at_s: float = 0.0
    """Where in the recording it begins."""
    whole: int = 0
    """How many of its eight sweeps came through."""
    alike: float = 0.0
    """0..1."""
    level_db: float = 0.0
    """How much louder than it was sent."""
    loudest_dbfs: float = -96.0
    """The loudest 0.2 s of the recording, whatever it is."""

    @property
    def silent(self) -> bool:
        """Nothing at all is in the recording."""
        return self.loudest_dbfs < _SOUND_DBFS


def sequence(code: Code) -> Samples:
    """The sound of a code: 1.6 s at 8 kHz."""
    up, down = _sweep(code.low_hz, code.high_hz), _sweep(code.high_hz, code.low_hz)
    sweeps = [up if code.bits >> (_BITS - 1 - place) & 1 else down for place in range(_BITS)]
    gap = np.zeros(int(_GAP_S * RATE))
    return np.concatenate([part for sweep in sweeps for part in (sweep, gap)]).astype(np.int16)


def find(recording: Samples, code: Code) -> Found:
    """Look for a code in what was heard."""
    wanted, heard = sequence(code).astype(np.float64), recording.astype(np.float64)
    loudest = _loudest_dbfs(heard)
    if len(heard) < len(wanted):
        return Found(found=False, loudest_dbfs=loudest)
    likeness = _likeness(heard, wanted)
    at = int(np.argmax(np.abs(likeness)))
    alike = float(abs(likeness[at]))
    piece = heard[at : at + len(wanted)]
    gain = float(np.dot(piece, wanted) / np.dot(wanted, wanted))
    whole = _whole(piece, wanted)
    return Found(
        found=alike >= _FOUND and whole >= _FOUND_WHOLE,
        at_s=at / RATE,
        whole=whole,
        alike=round(alike, 3),
        level_db=round(20 * float(np.log10(max(abs(gain), 1e-5))), 1),
        loudest_dbfs=loudest,
    )


def _sweep(start_hz: float, end_hz: float) -> _Floats:
    time = np.arange(int(_SWEEP_S * RATE)) / RATE
    phase = 2 * np.pi * (start_hz * time + (end_hz - start_hz) / (2 * _SWEEP_S) * time**2)
    sweep: _Floats = _LOUDNESS * np.sin(phase) * np.hanning(len(time)) ** 0.25  # no click at its ends
    return sweep


def _likeness(heard: _Floats, wanted: _Floats) -> _Floats:
    """The normalised cross-correlation at each place, by FFT."""
    size = 1 << (len(heard) + len(wanted) - 1).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
    places = len(heard) - len(wanted) + 1
    together = np.fft.irfft(product, size)[:places]
    squares = np.concatenate([[0.0], np.cumsum(heard**2)])
    energy = squares[len(wanted) :] - squares[:places]
    floor = len(wanted) * 30.0**2  # so that silence is like nothing
    likeness: _Floats = together / np.sqrt(np.dot(wanted, wanted) * np.maximum(energy, floor))
    return likeness


def _whole(piece: _Floats, wanted: _Floats) -> int:
    step, length = int((_SWEEP_S + _GAP_S) * RATE), int(_SWEEP_S * RATE)
    return sum(_same(piece[at : at + length], wanted[at : at + length]) for at in range(0, len(wanted), step))


def _same(piece: _Floats, wanted: _Floats) -> bool:
    strength = float(np.sqrt(np.dot(piece, piece) * np.dot(wanted, wanted)))
    return strength > 0 and abs(float(np.dot(piece, wanted))) / strength >= _FOUND


def _loudest_dbfs(heard: _Floats) -> float:
    window = RATE // 5
    pieces = [heard[at : at + window] for at in range(0, len(heard), window)]
    loudest = max((float(np.sqrt(np.mean(piece**2))) for piece in pieces if len(piece)), default=0.0)
    return round(20 * float(np.log10(max(loudest, 0.5) / 32768)), 1)
