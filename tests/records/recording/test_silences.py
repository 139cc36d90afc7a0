"""What shall be silent is silent, with a margin, and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.audio import RATE
from core.store.recordings import Silence
from records.recording.silences import MARGIN_S, planned, silence

TIMES = st.floats(0, 60)
PARTS = st.lists(
    st.builds(
        lambda start, length, why: Silence(start=start, end=start + length, why=why),
        TIMES,
        st.floats(0, 10),
        st.sampled_from(["number", "keys", "paused", "hold"]),
    ),
    max_size=12,
)


def test_margins_offset_and_touching_parts() -> None:
    parts = [
        Silence(start=10.0, end=12.0, why="number"),
        Silence(start=12.3, end=13.0, why="number"),
        Silence(start=11.0, end=11.5, why="keys"),
        Silence(start=2.0, end=3.0, why="hold"),
    ]
    assert planned(parts, offset_s=5, seconds=60) == (
        Silence(start=4.75, end=8.25, why="number"),
        Silence(start=6.0, end=6.5, why="keys"),
    )


@given(parts=PARTS, offset=st.floats(0, 20), seconds=st.floats(0, 50))
def test_the_plan_covers_all_and_stays_in_the_file(parts: list[Silence], offset: float, seconds: float) -> None:
    plan = planned(parts, offset_s=offset, seconds=seconds)
    for part in plan:
        assert 0 <= part.start <= part.end <= seconds + 0.001
    for part in parts:
        margin = MARGIN_S[part.why]
        start, end = max(0.0, part.start - margin - offset), min(seconds, part.end + margin - offset)
        if start < end:
            assert any(p.start <= start + 0.001 and end - 0.001 <= p.end and p.why == part.why for p in plan)


@given(parts=PARTS, at=st.floats(0, 30))
def test_silence_is_nothing_at_all(parts: list[Silence], at: float) -> None:
    block = np.full((10 * RATE, 2), 1000, np.int16)
    silence(block, at, parts)
    seconds = at + np.arange(len(block)) / RATE
    shall = np.zeros(len(block), bool)
    for part in parts:
        shall |= (seconds >= part.start) & (seconds < part.end)
    assert not block[shall].any()
    near = np.zeros(len(block), bool)
    for part in parts:
        near |= (seconds >= part.start - 2 / RATE) & (seconds < part.end + 2 / RATE)
    assert (block[~near] == 1000).all()
