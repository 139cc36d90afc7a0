"""Linear sound that is none."""

from __future__ import annotations

import numpy as np
import pytest

from core import g711
from core.audio import RATE
from telephony.forks.linear import MESSAGES, Doubt, likelier_law


def voice() -> np.ndarray:
    """Something like speech: tones that come and go, and quiet between."""
    at = np.arange(RATE) / RATE
    loudness = np.maximum(0, np.sin(2 * np.pi * 3 * at)) * 6000
    return (loudness * np.sin(2 * np.pi * 220 * at) + loudness / 3 * np.sin(2 * np.pi * 660 * at)).astype(np.int16)


def looked(data: bytes, size: int, pace_s: float) -> tuple[g711.Law | None, bool]:
    doubt, law = Doubt(), None
    for number in range(MESSAGES):
        if not doubt.settled:
            law = doubt.look(data[number * size : (number + 1) * size], number * pace_s)
    return law, doubt.settled


@pytest.mark.parametrize("law", ["ulaw", "alaw"])
def test_a_law_under_the_name_of_linear_sound(law: g711.Law) -> None:
    data = g711.encode(law, voice())
    assert likelier_law(data) == law
    assert looked(data, 160, 0.02) == (law, True)


def test_linear_sound_is_linear_sound() -> None:
    data = voice().tobytes()
    assert looked(data, 320, 0.02) == (None, True)
    assert looked(data, 160, 0.01) == (None, True), "pieces of 10 ms"
    assert looked(data, 160, 0.0) == (None, True), "a burst"
