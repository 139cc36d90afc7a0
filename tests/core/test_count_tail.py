from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.count_tail import log_tail

SHAPES = st.floats(0.05, 50)
RATIOS = st.floats(0.001, 0.95)


def slowly(count: int, shape: float, ratio: float) -> float:
    below = 0.0
    for at in range(count):
        below += (
            math.exp(math.lgamma(shape + at) - math.lgamma(shape) - math.lgamma(at + 1))
            * math.pow(1 - ratio, shape)
            * math.pow(ratio, at)
        )
    return 1 - below


@given(st.integers(0, 25), SHAPES, RATIOS)
def test_it_is_the_sum_of_what_is_above(count: int, shape: float, ratio: float) -> None:
    assert math.exp(log_tail(count, shape, ratio)) == pytest.approx(slowly(count, shape, ratio), abs=1e-9)


@given(st.integers(1, 200), SHAPES, RATIOS)
def test_more_is_less_likely(count: int, shape: float, ratio: float) -> None:
    assert log_tail(count + 1, shape, ratio) <= log_tail(count, shape, ratio) + 1e-9 <= 1e-8


def test_tails_far_out_are_still_told_apart() -> None:
    assert -math.inf < log_tail(400, 0.4, 0.02) < log_tail(200, 0.4, 0.02) < -500
