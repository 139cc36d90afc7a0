"""Tones that we make ourselves, as clips to be played round and round: 8 kHz mono PCM in whole frames of 20 ms."""

from __future__ import annotations

import math
from array import array
from typing import Final

from core.audio import FRAME_BYTES, RATE

RINGING: Final = ((1.0, (440.0, 480.0)), (2.0, ()))
"""Korea's ringing tone (ITU-T E.180 supplement 2): seconds and what sounds in them."""
REMINDER: Final = ((0.15, (425.0,)), (4.85, ()))
"""A short tone now and then: you are waiting, the line is not dead."""
_LOUDNESS: Final = 2400
"""Of each sine: about -20 dBm0, well below a voice."""

Cadence = tuple[tuple[float, tuple[float, ...]], ...]


def tone(cadence: Cadence) -> bytes:
    """One round of a cadence."""
    samples = array("h")
    for seconds, pitches in cadence:
        turns = [2 * math.pi * hertz / RATE for hertz in pitches]
        samples.extend(int(sum(_LOUDNESS * math.sin(turn * at) for turn in turns)) for at in range(int(seconds * RATE)))
    pcm = samples.tobytes()
    return pcm + bytes(-len(pcm) % FRAME_BYTES)
