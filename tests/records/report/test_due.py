"""When reports are due, and about which days: over months, years and clocks that are set."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.reports import Every
from records.report.due import days_of, last_due, next_due
from records.statistics.question import Span

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
EVERY = st.sampled_from(["day", "week", "month"])


@given(
    EVERY,
    st.integers(0, 23),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    st.sampled_from([SEOUL, BERLIN]),
)
def test_now_lies_between_the_last_and_the_next(every: Every, hour: int, now: datetime, zone: ZoneInfo) -> None:
    last, following = (function(every, hour, now=now, zone=zone) for function in (last_due, next_due))
    assert last <= now < following
    assert following - last <= timedelta(days=32)
    assert next_due(every, hour, now=last, zone=zone) == following
    days = days_of(every, last, zone)
    assert days.last == last.astimezone(zone).date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("every", "due", "days"),
    [
        ("day", date(2026, 3, 1), Span(date(2026, 2, 28), date(2026, 2, 28))),
        ("week", date(2026, 3, 2), Span(date(2026, 2, 23), date(2026, 3, 1))),
        ("month", date(2026, 1, 1), Span(date(2025, 12, 1), date(2025, 12, 31))),
    ],
)
def test_which_days_they_are_about(every: Every, due: date, days: Span) -> None:
    assert days_of(every, datetime(due.year, due.month, due.day, 8, tzinfo=SEOUL), SEOUL) == days
