"""A grade and its reasons, from two looks at a leg."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.events import Grade, SoundCause
from telephony.contract import LegSound
from telephony.leg_quality import CAUSES, NO_RTP, Heard, quality

WELL = replace(NO_RTP, packets=500, buffer_ms=20.0, codec="PCMA")
"""Ten good seconds."""


@pytest.mark.parametrize(
    ("changes", "grade", "causes"),
    [
        ({}, "good", ()),
        ({"packets": 492, "lost": 8, "bursts": 8}, "good", ()),
        ({"packets": 475, "lost": 25, "bursts": 25}, "fair", ("loss",)),
        ({"packets": 475, "lost": 25, "bursts": 3}, "fair", ("loss",)),
        ({"packets": 400, "lost": 100, "bursts": 90}, "poor", ("loss",)),
        ({"lost": 25, "late": 25, "bursts": 25}, "fair", ("loss",)),
        ({"jitter_ms": 45.0}, "fair", ("jitter",)),
        ({"round_trip_ms": 400.0}, "fair", ("delay",)),
        ({"round_trip_ms": 1200.0}, "poor", ("delay",)),
        ({"drift_ppm": -450.0}, "fair", ("drift",)),
        ({"far_loss": 0.2}, "poor", ("far_loss",)),
        ({"doubled": 200, "packets": 700}, "good", ()),
        ({"codec": "OPUS"}, "good", ()),
    ],
)
def test_what_the_counters_tell(changes: dict[str, Any], grade: Grade, causes: tuple[SoundCause, ...]) -> None:
    told = quality(NO_RTP, replace(WELL, **changes), Heard())
    assert (told.grade, told.causes) == (grade, causes)


@pytest.mark.parametrize(
    ("heard", "grade", "causes"),
    [
        (Heard(one_way=True), "none", ("one_way",)),
        (Heard(silent=True), "none", ("silent",)),
        (Heard(clipped=0.01), "fair", ("clipping",)),
        (Heard(echo=True), "fair", ("echo",)),
        (Heard(echo=True, one_way=True), "none", ("one_way", "echo")),
    ],
)
def test_what_the_frames_tell(heard: Heard, grade: Grade, causes: tuple[SoundCause, ...]) -> None:
    told = quality(NO_RTP, WELL, heard)
    assert (told.grade, told.causes) == (grade, causes)


def test_figures_are_of_the_time_between_the_looks() -> None:
    before = replace(WELL, packets=10_000, lost=900, bursts=900)
    told = quality(
        before, replace(before, packets=10_490, lost=910, bursts=910, jitter_ms=3.5, round_trip_ms=80.0), Heard()
    )
    assert (told.loss, told.jitter_ms, told.delay_ms) == (0.02, 3.5, 80.0)
    assert told.mos == pytest.approx(4.2, abs=0.05)


def test_a_leg_without_rtp_has_no_score() -> None:
    assert quality(NO_RTP, NO_RTP, Heard()).mos == 0.0


counters = st.integers(0, 2000)
sounds = st.builds(
    LegSound,
    packets=counters,
    lost=counters,
    late=counters,
    doubled=counters,
    reordered=counters,
    bursts=counters,
    jitter_ms=st.floats(0, 500),
    round_trip_ms=st.floats(0, 5000),
    far_loss=st.floats(0, 1),
    far_jitter_ms=st.floats(0, 500),
    drift_ppm=st.floats(-5000, 5000),
    buffer_ms=st.floats(0, 1000),
    codec=st.sampled_from(["PCMA", "PCMU", "", "X"]),
)


@given(sounds, sounds, st.booleans(), st.booleans(), st.floats(0, 1), st.booleans())
def test_every_look_has_an_answer(
    before: LegSound, now: LegSound, one_way: bool, silent: bool, clipped: float, echo: bool
) -> None:
    told = quality(before, now, Heard(one_way=one_way, silent=silent, clipped=clipped, echo=echo))
    assert told.mos == 0 or 1 <= told.mos <= 4.5
    assert 0 <= told.loss <= 1
    assert list(told.causes) == sorted(told.causes, key=CAUSES.index)
    assert (told.grade == "none") == (one_way or silent)
    if told.causes:
        assert told.grade != "good"
