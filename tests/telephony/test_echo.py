"""Whether a voice comes back, told from people who take turns."""

from __future__ import annotations

import numpy as np
import pytest

from telephony.echo import FRAMES, LAGS, EchoWatch, Likeness, likeness
from telephony.levels import Decibels

MINUTE = 3000
"""Frames."""


def talk(seed: int) -> tuple[Decibels, Decibels]:
    """A minute of two people who take turns: loudness of each in frames of 20 ms, syllable by syllable."""
    chance = np.random.default_rng(seed)
    voices = -60 + chance.normal(0, 2, (2, MINUTE))
    at, who = 0, 0
    while at < MINUTE:
        end = min(at + int(chance.integers(50, 400)), MINUTE)
        while at < end:
            syllable = min(int(chance.integers(6, 14)), end - at)
            rise = np.abs(np.arange(syllable) - syllable / 2) / (syllable / 2)
            voices[who, at : at + syllable] = chance.normal(-25, 5) - 6 * rise
            at += syllable + int(chance.integers(1, 8))
        at, who = end + int(chance.integers(5, 60)), 1 - who
    return voices[0].astype(np.float32), voices[1].astype(np.float32)


def with_echo(own: Decibels, other: Decibels, lag: int, loss_db: float) -> Decibels:
    """What comes from a phone whose loudspeaker is heard by its microphone."""
    late = np.concatenate([np.full(lag, -90), other[:-lag]]) - loss_db
    mixed: Decibels = (10 * np.log10(10 ** (own / 10) + 10 ** (late / 10))).astype(np.float32)
    return mixed


def watched(reference: Decibels, observed: Decibels) -> list[bool]:
    """Window by window."""
    watch = EchoWatch()
    return [
        watch.add(likeness(reference[at - LAGS : at + FRAMES], observed[at : at + FRAMES]))
        for at in range(LAGS, MINUTE - FRAMES, FRAMES)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_people_who_take_turns_are_no_echo(seed: int) -> None:
    one, other = talk(seed)
    assert not any(watched(one, other))
    assert not any(watched(other, one))


@pytest.mark.parametrize("lag", [3, 12, 38])
@pytest.mark.parametrize("loss_db", [8.0, 20.0, 30.0])
def test_an_echo_is_found_within_the_minute(lag: int, loss_db: float) -> None:
    one, other = talk(lag)
    assert any(watched(one, with_echo(other, one, lag, loss_db)))


def test_delay_and_loss_are_measured() -> None:
    one, other = talk(5)
    echoing = with_echo(other, one, 12, 20.0)
    found = [
        likeness(one[at - LAGS : at + FRAMES], echoing[at : at + FRAMES]) for at in range(LAGS, MINUTE - FRAMES, FRAMES)
    ]
    clear = [one for one in found if one is not None and one.correlation > 0.9]
    assert len(clear) >= 5
    assert {one.lag for one in clear} == {12}
    assert np.median([one.loss_db for one in clear]) == pytest.approx(20, abs=2)


def test_an_echo_that_is_over_is_forgotten_and_silence_changes_nothing() -> None:
    watch, echo, none = EchoWatch(), Likeness(12, 0.9, 20.0), Likeness(3, 0.2, 20.0)
    assert [watch.add(echo) for _ in range(4)] == [False, False, False, True]
    assert watch.add(None)
    assert [watch.add(none) for _ in range(6)][-1] is False


def test_a_line_without_speech_tells_nothing() -> None:
    silent = np.full(FRAMES + LAGS, -90, np.float32)
    assert likeness(silent, silent[LAGS:]) is None
