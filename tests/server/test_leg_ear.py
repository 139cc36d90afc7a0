"""The node's ear on a leg: seconds made of frames."""

from __future__ import annotations

import numpy as np

from core.audio import FRAME_S, SILENCE, Frame
from server.leg_ear import BLOCK, LegEar

NOISE = np.random.default_rng(1).normal(0, 30, 160).astype("<i2").tobytes()
VOICE = (8000 * np.sin(np.arange(160) / 3)).astype("<i2").tobytes()
CRACKING = np.where(np.arange(160) % 20 < 10, 32256, -32256).astype("<i2").tobytes()


def feed(ear: LegEar, pcm: bytes, seconds: int, begin: float = 0.0, lost: bool = False) -> float:
    """So many seconds of one frame; the time after them."""
    for number in range(seconds * BLOCK):
        ear.put(Frame(pcm, round(begin + number * FRAME_S, 3), lost))
    return begin + seconds


def test_a_second_is_told_when_it_is_over() -> None:
    seconds: list[int] = []
    ear = LegEar(lambda ear: seconds.append(ear.heard_to))
    feed(ear, VOICE, 3)
    assert seconds == [50, 100, 150]
    assert (ear.spoken(0, 150), ear.spoken(100, 1000), ear.alive, ear.dead) == (150, 50, True, 0)


def test_digital_silence_counts_from_the_beginning_alone() -> None:
    ear = LegEar(lambda ear: None)
    at = feed(ear, SILENCE, 3)
    assert (ear.dead, ear.alive) == (150, False)
    at = feed(ear, NOISE, 1, at)
    feed(ear, SILENCE, 5, at)
    assert (ear.dead, ear.alive) == (0, True)


def test_frames_that_did_not_come_are_no_digital_silence() -> None:
    ear = LegEar(lambda ear: None)
    feed(ear, SILENCE, 3, lost=True)
    assert (ear.dead, ear.alive) == (0, False)


def test_a_hole_is_quiet_and_what_was_before_it_is_forgotten() -> None:
    ear = LegEar(lambda ear: None)
    feed(ear, VOICE, 2)
    feed(ear, NOISE, 1, begin=60.0)
    assert ear.spoken(0, 100) == 0
    assert ear.spoken(2600, 3050) == 0


def test_clipping_is_a_share_of_ten_seconds() -> None:
    ear = LegEar(lambda ear: None)
    at = feed(ear, CRACKING, 2)
    assert ear.clipped == 1.0
    at = feed(ear, VOICE, 2, at)
    assert ear.clipped == 0.5
    feed(ear, VOICE, 10, at)
    assert ear.clipped == 0.0
