"""The waveform does not depend on how the sound came."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio import RATE
from records.recording.peaks import PER_SECOND, Peaks


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(0, 3000), max_size=8))
def test_blocks_of_any_size(sizes: list[int]) -> None:
    samples = np.random.default_rng(1).integers(-32768, 32767, (sum(sizes), 2), dtype=np.int16)
    once, pieces = Peaks(), Peaks()
    once.put(samples)
    at = 0
    for size in sizes:
        pieces.put(samples[at : at + size])
        at += size
    data = once.data()
    assert pieces.data() == data
    assert len(data) == 2 * -(-len(samples) * PER_SECOND // RATE)


def test_each_leg_has_its_own() -> None:
    block = np.zeros((RATE, 2), np.int16)
    block[: RATE // 2, 0] = 32767
    block[RATE // 2 :, 1] = -32768
    peaks = Peaks()
    peaks.put(block)
    data = np.frombuffer(peaks.data(), np.uint8).reshape(-1, 2)
    assert data[:10, 0].min() >= 254
    assert data[10:, 1].min() == 255
    assert not data[10:, 0].any()
    assert not data[:10, 1].any()
