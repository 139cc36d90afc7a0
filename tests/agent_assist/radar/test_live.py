from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.radar.live import HALF_LIFE, Live
from agent_assist.radar.settings import RadarSettings

NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_distinct_calls_within_the_window() -> None:
    live = Live(RadarSettings())
    live.move(NOON)
    assert live.add("a", "정전이요", ["정전"], "가강동") == [("정전", ""), ("정전", "가강동")]
    assert live.add("a", "정전이라고요", ["정전"], "") == []
    live.move(NOON + 9 * MINUTE)
    live.add("b", "정전", ["정전"], "")
    assert list(live.of(("정전", ""))) == ["a", "b"]
    assert list(live.of(("정전", "가강동"))) == ["a"]
    live.move(NOON + 11 * MINUTE)
    assert list(live.of(("정전", ""))) == ["b"]
    assert live.calls == 1


def test_what_left_the_window_is_the_past_which_fades_unless_it_was_a_burst() -> None:
    live = Live(RadarSettings())
    live.move(NOON)
    live.add("a", "", ["정전", "여권"], "")
    live.move(NOON + 11 * MINUTE, frozen={("정전", "")})
    assert live.past(("정전", ""))[0] == 0
    assert live.past(("여권", ""))[0] == pytest.approx(1, abs=0.1)
    live.move(NOON + HALF_LIFE)
    assert live.past(("여권", "")) == (pytest.approx(0.5), pytest.approx(0.5))
    live.move(NOON + 10 * HALF_LIFE)
    live.tidy()
    assert len(live) == 0


def test_time_never_runs_backwards() -> None:
    live = Live(RadarSettings())
    live.move(NOON)
    live.move(NOON - 5 * MINUTE)
    assert live.now == NOON


def test_every_limit_counts_what_it_drops() -> None:
    live = Live(RadarSettings(most_live=2, most_calls=2, most_terms_of_call=1))
    live.move(NOON)
    live.add("a", "", ["하나", "둘"], "")
    assert live.dropped == 1
    live.add("b", "", ["둘"], "")
    live.add("c", "", ["둘"], "")
    assert live.dropped == 2
    live.move(NOON + 11 * MINUTE)
    live.add("d", "", ["셋"], "")
    assert (len(live), live.dropped) == (2, 3)


def test_districts_that_calls_named_beside_a_term() -> None:
    live = Live(RadarSettings())
    live.move(NOON)
    live.add("a", "", ["정전"], "가강동")
    live.add("b", "", ["정전"], "가강동")
    live.add("c", "", ["여권"], "나란동")
    assert live.districts(["a", "b", "c", "gone"], {"정전"}) == {"가강동": 2}
