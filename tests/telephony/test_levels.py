"""Loudness, digital silence and clipping of frames."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.levels import FLOOR_DB, levels


def sine(amplitude: float, frames: int = 50) -> bytes:
    at = np.arange(frames * 160)
    return (amplitude * np.sin(2 * math.pi * 400 * at / 8000)).astype("<i2").tobytes()


def test_a_sine_is_3_db_below_its_peak() -> None:
    heard = levels(sine(16384))
    assert heard.db == pytest.approx([-9.03] * 50, abs=0.05)
    assert (heard.speech, heard.dead, heard.clipped) == (50, 0, 0.0)


@pytest.mark.parametrize("value", [0, 8, -8])
def test_the_quietest_codes_of_g711_are_a_dead_line(value: int) -> None:
    heard = levels(np.full(1600, value, "<i2").tobytes())
    assert (heard.dead, heard.speech) == (10, 0)


def test_room_noise_is_no_dead_line() -> None:
    noise = np.random.default_rng(1).normal(0, 20, 8000).astype("<i2").tobytes()
    assert levels(noise).dead == 0
    assert levels(noise).speech == 0


def test_a_voice_that_cracks() -> None:
    squared = np.where(np.arange(8000) % 20 < 10, 32256, -32256).astype("<i2")
    assert levels(squared.tobytes()).clipped == 1.0
    assert levels(sine(30000)).clipped == 0.0


@given(st.binary(min_size=640, max_size=640))
def test_any_bytes_have_a_level(pcm: bytes) -> None:
    heard = levels(pcm)
    assert len(heard.db) == 2
    assert all(FLOOR_DB <= db <= 0.1 for db in heard.db)
    assert 0 <= heard.clipped <= 1
