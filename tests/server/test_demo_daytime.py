"""Whenever the demo is tried, it is a working hour in it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from server.demo.daytime import daytime_shift


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2030, 1, 1)))
def test_it_is_always_a_working_hour_and_the_minutes_stand(now: dt.datetime) -> None:
    shown = now + daytime_shift(now)
    assert shown.isoweekday() < 6 and 9 <= shown.hour < 17
    assert (shown.minute, shown.second) == (now.minute, now.second)
    assert now - dt.timedelta(days=4) < shown <= now


def test_in_working_hours_the_clock_is_left_alone() -> None:
    assert daytime_shift(dt.datetime(2026, 11, 26, 9, 0)) == dt.timedelta(0)
    assert daytime_shift(dt.datetime(2026, 11, 26, 16, 59)) == dt.timedelta(0)


def test_on_a_sunday_it_is_friday() -> None:
    sunday = dt.datetime(2026, 11, 29, 21, 30)
    assert sunday + daytime_shift(sunday) == dt.datetime(2026, 11, 27, 10, 30)
