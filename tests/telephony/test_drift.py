"""A party's clock from how much it has sent."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.drift import NEEDED_S, Drift


def looks(ppm: float, seconds: float, seed: int, *, lost: float = 0.0, begin: float = 1000.0) -> Drift:
    """Two looks a second at a party whose clock is fast by ``ppm``; what is lost is known to be."""
    chance, drift = random.Random(seed), Drift()
    phase = chance.random() * 0.02
    for half in range(int(seconds * 2) + 1):
        at = half / 2 + chance.random() * 0.02
        packets = int((at + phase) * (1 + ppm / 1e6) / 0.02)
        gone = int(packets * lost)
        drift.add(begin + at, ((packets - gone) + gone) * 0.02)
    return drift


@pytest.mark.parametrize("ppm", [-300.0, 0.0, 80.0, 1500.0])
def test_after_two_minutes_it_is_known_to_40_ppm(ppm: float) -> None:
    assert looks(ppm, 120, seed=7, lost=0.05).ppm == pytest.approx(ppm, abs=40)


def test_nothing_is_said_too_early() -> None:
    assert looks(500, NEEDED_S - 2, seed=1).ppm == 0.0


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.floats(-400, 400))
def test_20_seconds_tell_a_broken_clock_from_a_good_one(seed: int, ppm: float) -> None:
    assert abs(looks(ppm, 30, seed).ppm - ppm) < 500


def test_a_pause_begins_a_new_line() -> None:
    drift = looks(0, 60, seed=3)
    drift.add(1063.0, 60.0)  # 3 s later, nothing more had come
    assert drift.ppm == 0.0


def test_a_clock_that_stands_still_or_goes_back_is_not_believed() -> None:
    drift = Drift()
    for _ in range(100):
        drift.add(5.0, 1.0)
    assert drift.ppm == 0.0


def test_hours_do_not_wear_it_out() -> None:
    assert looks(100, 3600, seed=5, begin=1e6).ppm == pytest.approx(100, abs=40)
