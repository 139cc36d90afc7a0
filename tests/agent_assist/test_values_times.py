"""Times of day."""

from __future__ import annotations

import pytest

from agent_assist.values.times import AFTERNOON, times


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("낮 열두 시", "12:00"),
        ("낮 11시", "11:00"),
        ("점심 한 시쯤", "13:00"),
        ("밤 한 시", "01:00"),
        ("밤 열 시 반", "22:30"),
        ("아침 일곱 시까지", "07:00"),
        ("저녁 6시 5분", "18:05"),
        ("오전 열두 시", "00:00"),
        ("오후 12시", "12:00"),
        ("이십사 시", "00:00"),
        ("영 시 십 분", "00:10"),
        ("네 시까지요", "16:00"),
        ("내일 네 시요", "16:00"),
        ("03:30에", "03:30"),
        ("3:30에", "15:30"),
        ("오후 3:30", "15:30"),
        ("열한 시 정각에", "11:00"),
    ],
)
def test_times(said: str, value: str) -> None:
    assert [candidate.value for candidate in times(said)] == [value]


@pytest.mark.parametrize(
    "said",
    [
        "네 시청이요",
        "네 시 홈페이지",
        "세 시간",
        "다시",
        "한시가 급해요",
        "25시",
        "12시 75분",
        "이 시점에",
        "3:75",
        "1:2:3",
    ],
)
def test_no_times(said: str) -> None:
    assert list(times(said)) == []


@pytest.mark.parametrize("hour", range(1, 13))
def test_an_office_is_open_in_the_afternoon(hour: int) -> None:
    (candidate,) = times(f"{hour}시에 갈게요")
    assert candidate.value == f"{hour + 12 if hour in AFTERNOON else hour:02}:00"
