"""Plots as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from core.charts import Axis, Bar, Chart, Curve, Mark, round_up, sheet, ticks

CHART = Chart(
    title="A < B",
    x=Axis(low=0, high=10, ticks=((5, "five"),), label="x & y"),
    y=Axis(low=0, high=100, ticks=ticks(100, " %")),
    curves=(Curve(points=((0, 0), (10, 250)), name="steep"),),
    bars=(Bar(left=1, right=2, height=50, title="a bar"),),
    wishes=(80,),
    marks=(Mark(at=(5, 50), text="here"),),
)


def test_a_sheet_is_well_formed_and_says_everything() -> None:
    picture = sheet((CHART, CHART), label="two charts", foot="measured > guessed")
    root = ElementTree.fromstring(picture)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for text in ("A < B", "five", "x & y", "0 %", "100 %", "steep", "here", "measured > guessed"):
        assert text in texts
    assert picture.count("<polyline") == picture.count("<rect x") == picture.count("<circle") == 2


def test_values_outside_are_drawn_at_the_edge() -> None:
    assert [CHART.y.share(value) for value in (-5, 0, 50, 100, 900)] == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert Axis(low=3, high=3, ticks=()).share(3) == 0.0


@pytest.mark.parametrize(("value", "end"), [(0.0, 0.001), (0.7, 1), (1, 1), (1.2, 2), (3, 5), (8, 10), (140, 200)])
def test_axes_end_at_round_numbers(value: float, end: float) -> None:
    assert round_up(value) == end
