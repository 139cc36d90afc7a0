"""Names find room: in the picture, beside each other, upright."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ars.phone.map_layout import HEIGHT, WIDTH, along, beside, discs, framed, nearest, overlap, width_of

POINT = st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000))


@given(st.lists(POINT, max_size=8))
def test_all_that_must_be_seen_is_in_the_frame(points: list[tuple[float, float]]) -> None:
    frame = framed(points)
    for point in [(0.0, 0.0), *points]:
        x, y = frame.at(point)
        assert 29 <= x <= WIDTH - 29 and 29 <= y <= HEIGHT - 29


def test_north_is_up() -> None:
    frame = framed([])
    assert frame.at((0, 0)) == (160, 120)
    assert frame.at((0, 50))[1] < 120 < frame.at((50, 0))[0] - 40


@pytest.mark.parametrize(
    ("line", "point"),
    [
        ([(-100, 20), (100, 20)], (0, 20)),
        ([(30, 40), (300, 400)], (30, 40)),
        ([(0, 0), (0, 0)], (0, 0)),
        ([(-100, -100), (-100, 50), (10, 50)], (0, 50)),
    ],
)
def test_nearest(line: list[tuple[float, float]], point: tuple[float, float]) -> None:
    assert nearest(line) == pytest.approx(point)


def test_hangul_is_wider() -> None:
    assert width_of("한빛", 10) == 20 > width_of("ab", 10)


@given(st.floats(60, 260), st.floats(40, 200), st.text(alphabet="가나다라abc", min_size=1, max_size=6))
def test_a_name_alone_is_free(x: float, y: float, text: str) -> None:
    label = beside(text, (x, y), 12, [(x, y, 5)], [], reach=7)
    assert overlap(discs(label, 12), [(x, y, 5)]) == 0


def test_a_name_gives_way() -> None:
    first = beside("첫째 이름", (150, 100), 12, [], [], reach=7)
    second = beside("둘째 이름", (150, 112), 12, discs(first, 12), [], reach=7)
    assert overlap(discs(second, 12), discs(first, 12)) == 0


@given(st.tuples(st.floats(0, 320), st.floats(0, 240)), st.tuples(st.floats(0, 320), st.floats(0, 240)))
@settings(max_examples=60)
def test_along_a_line_is_upright_and_on_it(a: tuple[float, float], b: tuple[float, float]) -> None:
    label = along("한빛대로", [a, b], 12, [])
    if label is None:
        return
    assert -90 <= label.degrees <= 90
    off = abs((b[0] - a[0]) * (a[1] - label.y) - (a[0] - label.x) * (b[1] - a[1])) / math.dist(a, b)
    assert off < 0.01
    assert overlap(discs(label, 12), []) == 0


def test_no_room_no_name() -> None:
    assert along("아주 긴 길의 이름", [(100, 100), (120, 100)], 12, []) is None
    assert along("한빛대로", [(0, 120), (320, 120)], 12, [(160, 120, 400)]) is None
    assert along("한빛대로", [(0, 120), (320, 120)], 12, []) is not None


def test_two_points_that_are_one_carry_no_name() -> None:
    assert along("", [(160.0, 120.0), (160.0, 120.0)], 12.0, []) is None
