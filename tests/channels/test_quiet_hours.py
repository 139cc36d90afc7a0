"""When people are left in peace: over midnight or not, at any minute, in any zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.quiet_hours import QuietHours

KST = ZoneInfo("Asia/Seoul")
NIGHT = QuietHours.between("21:00", "08:00")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-02T20:59", None),
        ("2026-03-02T21:00", "2026-03-03T08:00"),
        ("2026-03-02T23:59", "2026-03-03T08:00"),
        ("2026-03-03T00:00", "2026-03-03T08:00"),
        ("2026-03-03T07:59", "2026-03-03T08:00"),
        ("2026-03-03T08:00", None),
        ("2026-12-31T22:00", "2027-01-01T08:00"),
    ],
)
def test_the_night_goes_over_midnight(now: str, until: str | None) -> None:
    found = NIGHT.until(datetime.fromisoformat(now).replace(tzinfo=KST))
    assert found == (datetime.fromisoformat(until).replace(tzinfo=KST) if until else None)


def test_a_rest_at_noon_ends_the_same_day() -> None:
    noon = QuietHours.between("12:00", "13:00")
    day = datetime(2026, 3, 2, tzinfo=KST)
    assert noon.until(day.replace(hour=12, minute=30)) == day.replace(hour=13)
    assert noon.until(day.replace(hour=13)) is None


def test_the_same_ends_mean_no_night() -> None:
    never = QuietHours.between("08:00", "08:00")
    assert all(never.until(datetime(2026, 3, 2, hour, tzinfo=KST)) is None for hour in range(24))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_what_waits_goes_when_it_is_day_and_within_a_day(now: datetime, begin: time, end: time) -> None:
    quiet = QuietHours(begin=begin, end=end)
    local = now.replace(tzinfo=KST)
    until = quiet.until(local)
    if until is not None:
        assert timedelta(0) < until - local <= timedelta(days=1)
        assert quiet.until(until) is None
