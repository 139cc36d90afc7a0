"""Both legs on one time line, in whatever order their pieces come."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio import FRAME_SAMPLES
from core.events import Speaker
from records.recording.spool import Sound
from records.recording.timeline import BLOCK, Stereo, Timeline

SLOTS_OF_A_BLOCK = BLOCK // FRAME_SAMPLES


def sound(speaker: Speaker, slot: int, value: int, frames: int = 1) -> Sound:
    return Sound(speaker, slot, np.full(frames * FRAME_SAMPLES, value, "<i2").tobytes())


def whole(sounds: list[Sound]) -> Stereo:
    line = Timeline()
    blocks = []
    for each in sounds:
        line.put(each)
        blocks += list(line.ready())
    blocks += list(line.rest())
    assert line.late == 0
    return np.concatenate(blocks) if blocks else np.zeros((0, 2), np.int16)


def test_caller_left_the_others_right() -> None:
    got = whole([sound("caller", 5, 100), sound("agent", 5, 200), sound("third", 6, 300), sound("agent", 6, 50)])
    assert got.shape == (2 * FRAME_SAMPLES, 2)
    assert set(got[:FRAME_SAMPLES, 0]) == {100}
    assert set(got[:FRAME_SAMPLES, 1]) == {200}
    assert set(got[FRAME_SAMPLES:, 1]) == {350}


def test_two_who_shout_at_once_do_not_wrap_around() -> None:
    got = whole([sound("agent", 0, 30000), sound("third", 0, 30000)])
    assert set(got[:, 1]) == {32767}


def test_what_never_came_is_silence() -> None:
    got = whole([sound("caller", 10, 7), sound("caller", 10 + 2 * SLOTS_OF_A_BLOCK, 8)])
    assert len(got) == 2 * BLOCK + FRAME_SAMPLES
    assert not got[FRAME_SAMPLES : 2 * BLOCK].any()
    assert set(got[2 * BLOCK :, 0]) == {8}


@settings(max_examples=30, deadline=None)
@given(
    order=st.lists(st.integers(0, 5), min_size=1, max_size=40),
    legs=st.lists(st.sampled_from(["caller", "agent"]), min_size=40, max_size=40),
)
def test_pieces_may_overtake_each_other(order: list[int], legs: list[Speaker]) -> None:
    """A few seconds late is in time, whichever leg it is."""
    sounds, slot = [sound("caller", 0, 1)], 1
    for number, late in enumerate(order):
        slot += 20
        sounds.append(sound(legs[number], slot, number + 2))
        if late and len(sounds) > late:
            sounds.insert(-late, sounds.pop()) if late < len(sounds) - 1 else None
    got = whole(sounds)
    for number in range(len(order)):
        at = (1 + 20 * (number + 1)) * FRAME_SAMPLES
        assert got[at, 0 if legs[number] == "caller" else 1] == number + 2


def test_what_comes_much_too_late_is_counted() -> None:
    line = Timeline()
    line.put(sound("caller", 0, 1))
    line.put(sound("caller", 5 * SLOTS_OF_A_BLOCK, 1))
    assert sum(len(block) for block in line.ready()) == 3 * BLOCK
    line.put(sound("agent", 3, 1))
    assert line.late == FRAME_SAMPLES
