"""Agents' time adds up: by day, by state, without what nobody lived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.events import AgentState, AgentStateChanged
from records.statistics.agent_clock import AgentClock
from records.statistics.agent_time import lines

SEOUL = ZoneInfo("Asia/Seoul")
T0 = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""An hour before midnight in Seoul."""
HERE = {"kim"}


def change(seconds: float, state: AgentState, reason: str = "", agent: str = "kim") -> AgentStateChanged:
    at = T0 + timedelta(seconds=seconds)
    return AgentStateChanged(agent_id=agent, state=state, since=at, at=at, reason=reason)


def told(clock: AgentClock, seconds: float, present: set[str] = HERE) -> dict[tuple[int, str, str], int]:
    return {(one.day, one.state, one.reason): one.ms for one in clock.told(T0 + timedelta(seconds=seconds), present)}


def test_states_add_up_and_a_day_ends_at_midnight() -> None:
    clock = AgentClock(SEOUL)
    clock.take(change(0, "ready"), HERE)
    clock.take(change(60, "talking", "x"), HERE)
    clock.take(change(90, "ready"), HERE)
    assert told(clock, 3600 + 30) == {
        (20260302, "ready", ""): (3600 - 30) * 1000,
        (20260302, "talking", ""): 30_000,
        (20260303, "ready", ""): 30_000,
    }
    assert told(clock, 3640) == {(20260303, "ready", ""): 10_000}, "what was told is not told again"


def test_away_counts_with_its_reason_while_she_is_signed_in() -> None:
    clock = AgentClock(SEOUL)
    clock.take(change(0, "away", "lunch"), HERE)
    clock.take(change(10, "away", "meeting"), HERE)
    assert told(clock, 15) == {(20260302, "away", "lunch"): 10_000, (20260302, "away", "meeting"): 5_000}
    assert told(clock, 1000, set()) == {}
    assert told(clock, 1001) == {(20260302, "away", "meeting"): 1_000}


def test_what_could_not_be_kept_is_told_again() -> None:
    clock = AgentClock(SEOUL)
    clock.take(change(0, "ready"), HERE)
    clock.untold(clock.told(T0 + timedelta(seconds=5), HERE))
    assert told(clock, 7) == {(20260302, "ready", ""): 7_000}


def test_a_clock_set_back_takes_no_time_away() -> None:
    clock = AgentClock(SEOUL)
    clock.take(change(100, "ready"), HERE)
    assert told(clock, 50) == {}
    assert told(clock, 60) == {(20260302, "ready", ""): 10_000}


@given(
    st.lists(st.tuples(st.integers(0, 200_000), st.sampled_from(["ready", "talking", "wrap_up", "away"])), max_size=12)
)
def test_all_time_is_somewhere_once(steps: list[tuple[int, AgentState]]) -> None:
    for zone in (SEOUL, ZoneInfo("America/New_York"), UTC):
        clock, at, sums = AgentClock(zone), 0, 0
        clock.take(change(0, "ready"), HERE)
        for wait, state in steps:
            at += wait
            clock.take(change(at, state), HERE)
            sums += sum(told(clock, at).values())
        assert sums + sum(told(clock, at).values()) == at * 1000


def test_occupancy_and_utilisation() -> None:
    clock = AgentClock(SEOUL)
    for seconds, state in ((0, "ready"), (100, "talking"), (250, "wrap_up"), (300, "away")):
        clock.take(change(seconds, state), HERE)  # type: ignore[arg-type]
    times = clock.told(T0 + timedelta(seconds=400), HERE)
    line, total = lines(times, {"kim": "김하늘"}, by_day=True)
    assert (line.name, line.day, line.staffed_s, line.signed_in_s) == ("김하늘", 20260302, 300.0, 400.0)
    assert (line.occupancy, line.utilisation, line.away) == (66.67, 50.0, {"": 100.0})
    assert (total.agent, total.day, total.talking_s, total.occupancy) == ("", 0, 150.0, 66.67)
    assert lines([], {}, by_day=False)[0].occupancy is None
