"""Every command lives in the city's zone, whatever the machine's is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.city_time import live_in
from server.cli_options import settings_of

LATE = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("machine", "city", "day", "ahead"),
    [
        ("Etc/UTC", "Asia/Seoul", date(2026, 3, 3), timedelta(hours=9)),
        ("America/New_York", "Asia/Seoul", date(2026, 3, 3), timedelta(hours=9)),
        ("Asia/Seoul", "Europe/Berlin", date(2026, 3, 2), timedelta(hours=1)),
    ],
)
def test_today_is_the_citys(
    machine: str, city: str, day: date, ahead: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_in(machine)
    monkeypatch.setenv("MINWON_STATISTICS_TIMEZONE", city)
    settings_of(None)
    assert LATE.astimezone().date() == day
    assert LATE.astimezone().utcoffset() == ahead
