"""Telephone channels and what is no speech."""

from __future__ import annotations

import numpy as np
import pytest

from core.audio import RATE
from core.errors import BadInput
from core.g711 import Samples, round_trip
from server.measuring.channels import QUIET_S, check, through
from server.measuring.sounds import NOISES, NOT_SPEECH

LEAD = round(QUIET_S[0] * RATE)


def voice() -> Samples:
    """A second that is as loud as a voice here."""
    return (3000 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)).astype(np.int16)


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def power_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples.astype(float))) + 1e-9))


@pytest.mark.parametrize("name", ["plain", "g711", "alaw", "call", "mixed-20", *(f"{noise}-10" for noise in NOISES)])
def test_a_channel_keeps_time_and_is_the_same_each_time(name: str) -> None:
    heard = through(name, voice(), rng())
    assert len(heard) == len(voice()) + round(sum(QUIET_S) * RATE)
    assert heard.dtype == np.int16
    assert np.array_equal(heard, through(name, voice(), rng()))


def test_plain_loses_nothing_and_g711_is_the_codec() -> None:
    assert np.array_equal(through("plain", voice(), rng())[LEAD : LEAD + RATE], voice())
    assert np.array_equal(through("g711", voice(), rng())[LEAD : LEAD + RATE], round_trip(voice(), "ulaw"))


@pytest.mark.parametrize("noise", NOISES)
def test_noise_lies_so_far_below_the_voice(noise: str) -> None:
    behind = through(f"{noise}-12", voice(), rng())
    alone = behind.astype(float) - through("plain", voice(), rng())
    assert 10.5 < power_db(voice()) - power_db(alone) < 13.5  # the codec adds its own


@pytest.mark.parametrize("name", ["", "telephone", "street", "street-loud", "rain-10", "street--3"])
def test_unknown_channels_are_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(BadInput, match="street-10"):
        check(name)


@pytest.mark.parametrize("kind", NOT_SPEECH)
def test_sounds_have_unit_power_and_are_seeded(kind: str) -> None:
    sound = NOT_SPEECH[kind](rng(), 2 * RATE)
    assert len(sound) == 2 * RATE
    assert np.mean(np.square(sound)) == pytest.approx(1.0)
    assert np.array_equal(sound, NOT_SPEECH[kind](rng(), 2 * RATE))
