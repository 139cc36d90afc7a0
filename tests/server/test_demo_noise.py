"""Background noise: seeded, seamless, as loud as asked for."""

from __future__ import annotations

import numpy as np
import pytest

from core.audio import RATE
from server.demo.noise import KINDS, Kind, noise

NOISY: list[Kind] = [kind for kind in KINDS if kind != "none"]


@pytest.mark.parametrize("kind", NOISY)
def test_the_seed_makes_the_noise(kind: Kind) -> None:
    first, again, other = (noise(kind, 2.0, seed, -40.0) for seed in (7, 7, 8))
    assert first.dtype == np.int16 and len(first) == 2 * RATE
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("kind", NOISY)
@pytest.mark.parametrize("level", [-44.0, -35.0])
def test_it_is_as_loud_as_asked_for(kind: Kind, level: float) -> None:
    power = np.mean(np.square(noise(kind, 4.0, 1, level) / 32768.0))
    assert 10 * np.log10(power) == pytest.approx(level, abs=0.2)


@pytest.mark.parametrize("kind", NOISY)
def test_the_end_fits_the_beginning(kind: Kind) -> None:
    """The step over the seam of the loop is no larger than steps elsewhere."""
    sound = noise(kind, 3.0, 5, -40.0).astype(float)
    assert abs(sound[0] - sound[-1]) <= np.max(np.abs(np.diff(sound)))


def test_none_is_silence() -> None:
    assert not noise("none", 1.0, 1, -40.0).any()
