"""Who reads the test sentences."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from server.measuring.voices import PITCHES, SEEN, SPEEDS, STEADY, named, readers


def test_readers_are_always_the_same() -> None:
    assert readers("held out", 5) == readers("held out", 5)
    assert readers("held out", 50)[:5] == readers("held out", 5)
    assert len(set(readers("held out", 50))) > 40


def test_held_out_voices_are_not_among_the_seen() -> None:
    assert not set(named("held out")) & set(SEEN)
    for voice in readers("seen", 50):
        assert voice.variant in SEEN
        assert SPEEDS[0] <= voice.speed < SPEEDS[1]
        assert PITCHES[0] <= voice.pitch < PITCHES[1]


def test_a_voice_alone_speaks_at_three_speeds() -> None:
    assert [(voice.variant, voice.speed) for voice in readers("anika", 3)] == [("anika", speed) for speed in STEADY]


def test_an_unknown_voice_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="anika"):
        named("nobody")
