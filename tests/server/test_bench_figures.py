"""Figures and their bounds."""

from __future__ import annotations

import math

import pytest

from server.bench.figures import Figure, percentile, spread


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([3.0, 1.0, 2.0], 0.5, 2.0), ([1.0], 0.95, 1.0), (list(range(1, 101)), 0.95, 95), ([1.0, 2.0], 0.0, 1.0)],
)
def test_percentiles_are_values_that_were_measured(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_nothing_measured_is_no_number_and_not_inside() -> None:
    assert math.isnan(percentile([], 0.5))
    assert Figure(name="", value=math.nan, unit="s", bound=1).inside is False


def test_what_never_came_counts_as_late() -> None:
    _, late = spread("x", [0.1] * 18 + [math.inf] * 2, bound=1.0)
    assert late.inside is False
    _, fine = spread("x", [0.1] * 19 + [math.inf], bound=1.0)
    assert fine.inside is True


def test_bounds_hold_in_their_direction() -> None:
    assert Figure(name="", value=1.0, unit="s", bound=1.0).inside is True
    assert Figure(name="", value=1.1, unit="s", bound=1.0).inside is False
    assert Figure(name="", value=1.1, unit="x", bound=1.5, at_least=True).inside is False
    assert Figure(name="", value=1.6, unit="x", bound=1.5, at_least=True).inside is True
    assert Figure(name="", value=1.6, unit="x").inside is None
