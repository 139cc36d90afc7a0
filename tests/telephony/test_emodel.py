"""The E-model against figures that ITU-T publishes, and its properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.emodel import Codec, burst_ratio, effective_ie, mos, r_factor

delays = st.floats(10, 2000)
"""A packet alone takes 20 ms; below 10 the formula for talker echo (7-22) has a dip of its own."""
shares = st.floats(0, 1)
ratios = st.floats(1, 8)


def test_the_default_connection_of_g107() -> None:
    # ITU-T G.107 table 2: all defaults give R = 93.2, which annex B turns into MOS 4.41.
    assert r_factor(delay_ms=0) == pytest.approx(93.2, abs=0.05)
    assert mos(r_factor(delay_ms=0)) == pytest.approx(4.41, abs=0.005)


@pytest.mark.parametrize(
    ("r", "expected"),
    [(0, 1.0), (50, 2.58), (60, 3.10), (70, 3.60), (80, 4.03), (90, 4.34), (100, 4.5), (-5, 1.0), (120, 4.5)],
)
def test_r_and_mos_of_annex_b(r: float, expected: float) -> None:
    # G.107 annex B: R 50 = MOS 2.58, 60 = 3.10, 70 = 3.60, 80 = 4.03, 90 = 4.34.
    assert mos(r) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("codec", "percent", "expected"),
    [
        (Codec(0, 4.3), 1, 17.9),  # G.711 without concealment
        (Codec(0, 25.1), 1, 3.6),  # G.711 with it
        (Codec(0, 25.1), 3, 10.1),
        (Codec(11, 19.0), 2, 19.0),  # G.729A with silence suppression
    ],
)
def test_impairment_by_random_loss(codec: Codec, percent: float, expected: float) -> None:
    # Formula 7-29 with Ie and Bpl of G.113 appendix I, worked out by hand.
    assert effective_ie(codec, percent / 100) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("loss", "expected"), [(0, 4.41), (0.01, 4.33), (0.02, 4.24), (0.03, 4.13), (0.05, 3.92), (0.10, 3.41), (0.2, 2.63)]
)
def test_the_table_of_the_docs(loss: float, expected: float) -> None:
    assert mos(r_factor(delay_ms=0, loss=loss)) == pytest.approx(expected, abs=0.006)


def test_150_ms_are_hardly_minded_and_400_much() -> None:
    # ITU-T G.114: up to 150 ms most people notice nothing, 400 ms is the limit of what may be planned.
    assert r_factor(delay_ms=150) > 89
    assert 58 < r_factor(delay_ms=400) < 66


def test_loss_in_bursts_is_worse_than_by_chance() -> None:
    assert burst_ratio(0.05, bursts=10, lost=50) == pytest.approx(4.75)
    assert burst_ratio(0.0, bursts=0, lost=0) == 1.0
    assert r_factor(delay_ms=0, loss=0.05, burst_ratio=4.75) < r_factor(delay_ms=0, loss=0.05)


@given(delays, delays, shares, shares, ratios)
def test_more_delay_or_loss_is_never_better(
    delay: float, more: float, loss: float, further: float, burst: float
) -> None:
    better = mos(r_factor(delay_ms=min(delay, more), loss=min(loss, further), burst_ratio=burst))
    worse = mos(r_factor(delay_ms=max(delay, more), loss=max(loss, further), burst_ratio=burst))
    assert 1.0 <= worse <= better + 1e-6
    assert better <= 4.5


@given(st.floats(-50, 150), st.floats(-50, 150))
def test_mos_grows_with_r(one: float, other: float) -> None:
    assert mos(min(one, other)) <= mos(max(one, other)) + 1e-9
