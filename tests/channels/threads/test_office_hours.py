"""Open, closed, when we are back, and how long something is owed: at any date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.threads.office_hours import OfficeHours, in_words
from core.config import InboxConfig

KST = timezone(timedelta(hours=9))
WEEK = OfficeHours.of(InboxConfig(holidays=("2026-12-25",)))


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=KST)


@pytest.mark.parametrize(
    ("moment", "back"),
    [
        (local(27, 9), local(27, 9)),  # a Friday
        (local(27, 17, 59), local(27, 17, 59)),
        (local(27, 18), local(30, 9)),
        (local(27, 8), local(27, 9)),
        (local(28, 12), local(30, 9)),
        (local(24, 18, month=12), local(28, 9, month=12)),  # a holiday and a weekend
    ],
)
def test_when_we_are_back(moment: datetime, back: datetime) -> None:
    assert WEEK.back(moment) == back
    assert WEEK.is_open(moment) is (moment == back)


def test_only_open_minutes_count() -> None:
    assert WEEK.after(local(27, 17, 55), 10) == local(30, 9, 5)
    assert WEEK.after(local(27, 10), 10) == local(27, 10, 10)
    assert WEEK.after(local(28, 3), 30) == local(30, 9, 30)
    assert WEEK.after(local(27, 9), 9 * 60 * 3) == datetime(2026, 12, 1, 18, tzinfo=KST)


def test_around_the_clock_and_never() -> None:
    always = OfficeHours.of(InboxConfig(opens="00:00", closes="00:00", days="1234567"))
    assert always.is_open(local(28, 3)) and always.back(local(28, 3)) == local(28, 3)
    assert always.after(local(28, 23, 55), 10) == local(29, 0, 5)
    never = OfficeHours.of(InboxConfig(days=""))
    assert (never.is_open(local(27, 10)), never.back(local(27, 10)), never.after(local(27, 10), 1)) == (
        False,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("back", "words"),
    [(local(27, 9), "오늘 09:00"), (local(28, 9), "내일(토) 09:00"), (local(30, 9), "11월 30일(월) 09:00")],
)
def test_in_words(back: datetime, words: str) -> None:
    assert in_words(back, local(27, 7)) == words


hours = st.builds(
    OfficeHours,
    opens=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    closes=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    days=st.frozensets(st.integers(1, 7)),
    holidays=st.frozensets(st.dates(date(2026, 11, 20), date(2026, 12, 10)), max_size=5),
)
moments = st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 10), timezones=st.sampled_from([KST, UTC]))


@given(hours, moments, st.floats(0.1, 600))
def test_what_is_due_is_due_while_we_are_there(open_hours: OfficeHours, moment: datetime, minutes: float) -> None:
    back, due = open_hours.back(moment), open_hours.after(moment, minutes)
    if back is None:
        assert due is None and not open_hours.is_open(moment)
        return
    assert back >= moment and open_hours.is_open(back)
    assert open_hours.is_open(moment) is (back == moment)
    if due is not None:
        assert due >= back + timedelta(minutes=minutes) - timedelta(milliseconds=1)
        assert open_hours.is_open(due - timedelta(milliseconds=1)) or due.time() == time.min
