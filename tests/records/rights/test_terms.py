"""What is older than its term."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.config import RetentionConfig
from records.rights.terms import AHEAD, cutoffs, days_of, due, jumped

SEOUL = ZoneInfo("Asia/Seoul")
TERMS = RetentionConfig()
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(moments)
def test_terms_end_at_local_midnights_and_never_early(now: datetime) -> None:
    found = cutoffs(TERMS, 30, now, SEOUL)
    for kind, days in days_of(TERMS, 30).items():
        local = found[kind].astimezone(SEOUL)
        assert (local.hour, local.minute) == (0, 0)
        assert timedelta(days=days) <= now - found[kind] < timedelta(days=days + 1)


@given(moments, st.integers(0, 23))
def test_one_purge_a_day_whatever_the_clock_does(now: datetime, hour: int) -> None:
    local = now.astimezone(SEOUL)
    assert due(now, None, hour, SEOUL) == (local.hour >= hour)
    assert not due(now, now, hour, SEOUL)
    assert not due(now - timedelta(hours=3), now, hour, SEOUL)  # set back: it has run already
    tomorrow = now + timedelta(days=1)
    assert due(tomorrow, now, hour, SEOUL) == (local.hour >= hour)


def test_a_clock_far_ahead_has_jumped() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert not jumped(now, None)
    assert not jumped(now, now + timedelta(days=400))
    assert not jumped(now, now - AHEAD)
    assert jumped(now, now - AHEAD - timedelta(seconds=1))
