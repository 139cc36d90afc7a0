"""The tones: how long, how loud, which pitches."""

from __future__ import annotations

import numpy as np
import pytest

from core.audio import FRAME_BYTES, RATE
from telephony.tones import REMINDER, RINGING, Cadence, tone


@pytest.mark.parametrize("cadence", [RINGING, REMINDER])
def test_a_round_has_whole_frames_and_its_pitches(cadence: Cadence) -> None:
    pcm = tone(cadence)
    assert len(pcm) % FRAME_BYTES == 0
    assert len(pcm) / 2 / RATE == pytest.approx(sum(seconds for seconds, _ in cadence), abs=0.02)
    samples = np.frombuffer(pcm, "<i2").astype(float)
    (seconds, pitches), _ = cadence
    sounding = samples[: int(seconds * RATE)]
    assert 2000 < np.abs(sounding).max() < 6000
    assert not samples[int(seconds * RATE) :].any()
    strength = np.abs(np.fft.rfft(sounding))
    loudest = sorted(np.argsort(strength)[-len(pitches) :] / seconds)
    assert loudest == pytest.approx(sorted(pitches), abs=7)
