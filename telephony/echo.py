"""A hint that somebody hears an echo: whether one leg's voice comes back on the other, quieter and later.

What is compared is loudness in steps of 20 ms, not the waveform: the phone, its room and two codecs have been on the
way, and 41 products of 100 numbers every 2 s are nothing. Two voices of 2 s are alike to 0.2 (median, the best of 41
delays), a voice and its echo to 0.95; a hint is given only when it is seen again and again at the same delay.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec
import numpy as np

from telephony.levels import SPEECH_DB, Decibels

FRAMES: Final = 100
"""2 s are compared at once: long enough for a few syllables, short enough that only one speaks."""
LAGS: Final = 40
"""An echo comes within 0.8 s: 0.3 s of network there and back, jitter buffers, the phone."""
_QUIET_DB: Final = -65.0
"""What is quieter is all the same."""
_SPOKEN: Final = 50
"""Frames with speech that are needed."""
_ALIKE: Final = 0.7
"""Correlation from which it may be an echo."""
_SAME_LAG: Final = 1
"""Frames by which a delay may differ and be the same."""
_SEEN: Final = 4
_OF: Final = 6
"""So many of the last windows with speech must agree."""


class Likeness(msgspec.Struct, frozen=True):
    """How one leg's loudness follows the other's."""

    lag: int
    """Frames by which it is later."""
    correlation: float
    loss_db: float
    """By how much it is quieter while the other speaks."""

    @property
    def is_echo(self) -> bool:
        """Much alike, and neither as loud as the voice itself nor too quiet to be heard."""
        return self.correlation >= _ALIKE and 3.0 <= self.loss_db <= 50.0


def likeness(reference: Decibels, observed: Decibels) -> Likeness | None:
    """``observed``: levels of a leg; ``reference``: of the other, from ``LAGS`` frames earlier on, so longer by as
    many. None when there is too little speech to tell."""
    ref = np.maximum(reference, _QUIET_DB)
    seen = np.maximum(observed, _QUIET_DB)
    if np.count_nonzero(ref > SPEECH_DB) < _SPOKEN or seen.max() <= _QUIET_DB:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(ref, len(seen))[::-1]  # row n: n frames earlier
    centred = windows - windows.mean(axis=1, keepdims=True)
    here = seen - seen.mean()
    size = np.sqrt((centred**2).sum(axis=1) * (here**2).sum())
    correlation = (centred @ here) / np.maximum(size, 1e-6)
    lag = int(np.argmax(correlation))
    spoken = windows[lag] > SPEECH_DB
    if not spoken.any():
        return None
    loss = float(windows[lag][spoken].mean() - seen[spoken].mean())
    return Likeness(lag, float(correlation[lag]), loss)


class EchoWatch:
    """Whether a leg gives an echo, from one window of 2 s after the other."""

    def __init__(self) -> None:
        self._lately: deque[int | None] = deque(maxlen=_OF)
        """The lag of each, None where nothing was alike."""
        self.echo = False

    def add(self, found: Likeness | None) -> bool:
        """One more window; whether there is an echo now. A window with too little speech changes nothing."""
        if found is None:
            return self.echo
        self._lately.append(found.lag if found.is_echo else None)
        lags = [lag for lag in self._lately if lag is not None]
        agreeing = max((sum(abs(lag - other) <= _SAME_LAG for other in lags) for lag in lags), default=0)
        self.echo = agreeing >= (_SEEN - 1 if self.echo else _SEEN)
        return self.echo
