"""Rates: learnt by the hour, in calls' shares."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agent_assist.radar.settings import KOREA, RadarSettings
from agent_assist.radar.usual import ALL, MOST_WEEKS, Usual
from core.store.knowledge import TermRate

MONDAY_10 = datetime(2026, 11, 30, 10, tzinfo=KOREA)
SLOT = 10
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
KEY = ("정전", "")


def usual(*rates: tuple[str, int, float, float], settings: RadarSettings | None = None) -> Usual:
    return Usual(
        [TermRate(term=term, district="", slot=slot, mean=mean, weeks=weeks) for term, slot, mean, weeks in rates],
        settings or RadarSettings(),
    )


def an_hour(of: Usual, begins: datetime, calls: int, spoken: int) -> None:
    of.move(begins)
    for number in range(calls):
        keys = [ALL, KEY] if number < spoken else [ALL]
        of.count(keys, begins + timedelta(seconds=number))
    of.move(begins + HOUR)


def test_an_hour_is_learnt_when_it_is_over_and_the_next_week_changes_the_mean() -> None:
    of = usual()
    an_hour(of, MONDAY_10, 100, 10)
    rates = {rate.term: rate for rate in of.changed(MONDAY_10 + HOUR)}
    assert (rates["정전"].slot, rates["정전"].mean, rates["정전"].weeks) == (SLOT, 10, 1)
    assert (rates[""].mean, rates[""].weeks) == (100, 1)
    later = usual(("정전", SLOT, 10, 1), ("", SLOT, 100, 1))
    an_hour(later, MONDAY_10 + WEEK, 100, 20)
    rates = {rate.term: rate for rate in later.changed(MONDAY_10 + WEEK + HOUR)}
    assert (rates["정전"].mean, rates["정전"].weeks) == (15, 2)


def test_a_quiet_hour_lowers_what_was_usual_until_it_is_forgotten() -> None:
    of = usual(("정전", SLOT, 0.5, 1), ("", SLOT, 100, 1))
    an_hour(of, MONDAY_10, 100, 0)
    (gone,) = (rate for rate in of.changed(MONDAY_10 + HOUR) if rate.term)
    assert gone.mean == 0.25
    assert len(of) == 1


def test_of_a_burst_half_is_believed_and_half_an_hour_is_not_learnt_from() -> None:
    of = usual()
    of.move(MONDAY_10)
    for number in range(50):
        of.count([ALL, KEY], MONDAY_10 + timedelta(seconds=number))
    of.move(MONDAY_10 + HOUR / 2, bursting={KEY})
    assert {rate.term: rate.mean for rate in of.changed(MONDAY_10 + HOUR)} == {"": 50, "정전": 25}
    late = usual()
    late.count([ALL, KEY], MONDAY_10 + HOUR / 2)
    assert late.changed(MONDAY_10 + HOUR) == ()


def test_a_node_that_slept_learns_nothing_of_that() -> None:
    of = usual()
    of.move(MONDAY_10)
    of.move(MONDAY_10 + 3 * HOUR + HOUR / 2)
    of.count([ALL, KEY], MONDAY_10 + 3 * HOUR + HOUR / 2)
    of.move(MONDAY_10 + 4 * HOUR)
    assert all(rate.slot == SLOT for rate in of.changed(MONDAY_10 + 4 * HOUR))


def test_weeks_have_an_end_so_that_the_mean_follows_the_times() -> None:
    of = usual(("정전", SLOT, 10, 500), ("", SLOT, 100, 500))
    an_hour(of, MONDAY_10, 100, 18)
    (rate,) = (rate for rate in of.changed(MONDAY_10 + HOUR) if rate.term)
    assert rate.weeks == MOST_WEEKS
    assert rate.mean == pytest.approx(10 + 8 / MOST_WEEKS)


def test_what_is_expected_follows_hour_share_and_today() -> None:
    weeks = [("", slot, 600.0, 8.0) for slot in range(168)]
    of = usual(("정전", SLOT, 60, 8), *weeks)
    at = MONDAY_10 + HOUR / 2
    there = of.known(KEY, at, (0, 0)).expected(100)
    other = of.known(KEY, at + 5 * HOUR, (0, 0)).expected(100)
    assert 5 < there < 11
    assert other < 1
    assert of.known(("새말", ""), at, (0, 0)).expected(100) < 0.05
    assert of.known(KEY, at + 5 * HOUR, (50, 500)).expected(100) > other


def test_a_common_word_is_common_in_a_night_of_which_little_is_known() -> None:
    weeks = [(term, slot, mean, 3.0) for slot in range(8, 20) for term, mean in (("", 900.0), ("신청", 120.0))]
    of = usual(*weeks)
    night = MONDAY_10 + 16 * HOUR
    assert of.known(("신청", ""), night, (0, 0)).expected(6) == pytest.approx(6 * 120 / 900, rel=0.2)


def test_rates_out_of_range_are_passed_over_and_there_is_a_limit() -> None:
    assert len(usual(("정전", 400, 1, 1), ("정전", 3, 1, 0))) == 0
    of = usual(("하나", 1, 1, 1), ("둘", 1, 1, 1), settings=RadarSettings(most_rates=1))
    assert (len(of), of.dropped) == (1, 1)
