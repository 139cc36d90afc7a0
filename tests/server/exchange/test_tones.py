"""The coded sound: found through a telephone line, and nothing else taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import RATE
from core.g711 import round_trip
from server.exchange.tones import OURS, THEIRS, Code, Samples, find, sequence

RANDOM = np.random.default_rng(7)


def heard(code: Code, *, at_s: float, loud: float = 1.0, noise: float = 0.0, seconds: float = 5.0) -> Samples:
    recording = RANDOM.normal(0, noise, int(seconds * RATE)) if noise else np.zeros(int(seconds * RATE))
    sound, start = sequence(code), int(at_s * RATE)
    recording[start : start + len(sound)] += loud * sound
    return round_trip(np.clip(recording, -32768, 32767).astype(np.int16))


@pytest.mark.parametrize(("loud", "noise"), [(1.0, 0.0), (0.3, 300.0), (0.05, 20.0)])
def test_found_where_it_is(loud: float, noise: float) -> None:
    found = find(heard(OURS, at_s=0.8, loud=loud, noise=noise), OURS)
    assert found.found and found.whole == 8
    assert found.at_s == pytest.approx(0.8, abs=0.005)
    assert found.level_db == pytest.approx(20 * np.log10(loud), abs=1.0)


def test_the_other_code_is_not_ours() -> None:
    twice = np.concatenate([heard(THEIRS, at_s=0.1, seconds=1.9), heard(THEIRS, at_s=0.1, seconds=1.9)])
    assert find(twice, THEIRS).found
    assert not find(twice, OURS).found


def test_lost_piece_is_counted() -> None:
    recording = heard(OURS, at_s=0.5).copy()
    recording[int(0.92 * RATE) : int(1.02 * RATE)] = 0
    found = find(recording, OURS)
    assert found.found and found.whole == 7


def test_silence_and_noise_are_told_apart() -> None:
    silence = find(np.zeros(3 * RATE, np.int16), OURS)
    noise = find(RANDOM.normal(0, 3000, 3 * RATE).astype(np.int16), OURS)
    assert (silence.found, silence.silent) == (False, True)
    assert (noise.found, noise.silent) == (False, False)


@given(st.integers(0, 20_000))
def test_short_recordings_hold_nothing(samples: int) -> None:
    assert not find(np.full(samples, 100, np.int16), OURS).found
