"""A-law there and back."""

from __future__ import annotations

import numpy as np

from server.bench.g711 import round_trip


def test_known_values() -> None:
    """ITU-T G.711 table 1a at 16 bits: the smallest step is 16 with its value in the middle, the largest 1024."""
    heard = round_trip(np.array([0, 1, 100, -100, 1000, 32767, -32768], np.int16))
    assert heard.tolist() == [8, 8, 104, -104, 1008, 32256, -32256]


def test_twice_changes_nothing() -> None:
    once = round_trip(np.arange(-32768, 32768, 7).astype(np.int16))
    assert np.array_equal(round_trip(once), once)


def test_error_stays_within_half_a_step() -> None:
    samples = np.arange(-32768, 32768, dtype=np.int32)
    error = np.abs(round_trip(samples.astype(np.int16)).astype(np.int32) - samples)
    assert np.all(error <= np.maximum(8, np.abs(samples) / 32 + 1))
