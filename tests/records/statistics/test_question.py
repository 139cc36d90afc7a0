"""Days, buckets and comparisons: nothing lost between two of them, nothing counted twice, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.store.statistics import day_number
from records.statistics.buckets import Cut, hour_label, label, labels, within
from records.statistics.facts import local
from records.statistics.question import Question, Span, checked, compared

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_day_without_contacts_has_its_bucket() -> None:
    assert list(labels(MONDAY, MONDAY + timedelta(days=2), "day", SEOUL)) == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert list(labels(date(2026, 12, 28), date(2027, 1, 5), "week", SEOUL)) == ["2026-W53", "2027-W01"]
    assert list(labels(date(2026, 11, 30), date(2027, 1, 1), "month", SEOUL)) == ["2026-11", "2026-12", "2027-01"]
    assert list(labels(MONDAY, MONDAY, "clock", SEOUL))[9] == "09"
    assert list(labels(MONDAY, MONDAY, "weekday", SEOUL)) == list("1234567")
    assert list(labels(MONDAY, MONDAY, "", SEOUL)) == [""]


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (MONDAY, SEOUL, 24),
        (date(2026, 3, 29), BERLIN, 23),
        (date(2026, 10, 25), BERLIN, 25),
        (date(2026, 4, 5), ZoneInfo("Australia/Lord_Howe"), 25),
        (MONDAY, ZoneInfo("Asia/Kolkata"), 24),
    ],
)
def test_every_hour_that_there_is_has_one_bucket(day: date, zone: ZoneInfo, hours: int) -> None:
    found = list(labels(day, day, "hour", zone))
    assert len(found) == len(set(found)) == hours


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from([SEOUL, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_every_moment_falls_into_a_bucket_of_its_day(moment: datetime, zone: ZoneInfo) -> None:
    day, slot = local(moment, zone)
    there = moment.astimezone(zone).date()
    assert hour_label(day, slot) in set(labels(there, there, "hour", zone))


@given(day=days, cut=st.sampled_from([cut for cut in get_args(Cut) if cut not in ("hour", "clock")]))
def test_a_bucket_means_the_days_that_were_put_into_it(day: date, cut: Any) -> None:
    first, last = day - timedelta(days=40), day + timedelta(days=40)
    bucket = label(day_number(day) // 100 if cut in ("month", "year") else day_number(day) if cut else 0, cut)
    assert bucket in set(labels(first, last, cut, SEOUL))
    told = within(first, last, bucket)
    assert told.first <= day <= told.last
    for at in range((told.last - told.first).days + 1):
        each = told.first + timedelta(days=at)
        number = day_number(each)
        same = label(number // 100 if cut in ("month", "year") else number if cut else 0, cut) == bucket
        assert same == (not told.days or number in told.days)


def test_hours_mean_their_slots() -> None:
    def of(bucket: str) -> tuple[date, date, tuple[int, ...]]:
        told = within(MONDAY, MONDAY, bucket)
        return told.first, told.last, told.slots

    assert of("2026-03-02T02") == (MONDAY, MONDAY, (4,))
    assert of("2026-10-25T02+") == (date(2026, 10, 25), date(2026, 10, 25), (5,))
    assert of("14") == (MONDAY, MONDAY, (28, 29))


@pytest.mark.parametrize("bucket", ["yesterday", "2026-13", "2026-W54", "T", "2026-03-02Txx", "999", "2026-02-30"])
def test_what_is_no_bucket_is_refused_in_words(bucket: str) -> None:
    with pytest.raises(BadInput, match="no bucket"):
        within(MONDAY, MONDAY, bucket)


def question(**more: Any) -> Question:
    return Question(measures=("answered",), **{"first": MONDAY, "last": MONDAY + timedelta(days=6), **more})


def test_mondays_are_compared_with_mondays() -> None:
    assert compared(question()) is None
    assert compared(question(compare="week")) == Span(date(2026, 2, 23), date(2026, 3, 1))
    last_year = compared(question(compare="year"))
    assert last_year is not None
    assert last_year.first.weekday() == 0
    assert compared(question(compare="before", last=MONDAY + timedelta(days=9))) == Span(
        date(2026, 2, 20), date(2026, 3, 1)
    )


def test_months_are_compared_with_the_calendars_year_before() -> None:
    def year_before(first: date, last: date) -> Span | None:
        return compared(question(first=first, last=last, cut="month", compare="year"))

    assert year_before(date(2026, 3, 1), date(2026, 3, 31)) == Span(date(2025, 3, 1), date(2025, 3, 31))
    assert year_before(date(2028, 2, 1), date(2028, 2, 29)) == Span(date(2027, 2, 1), date(2027, 2, 28))
    assert year_before(date(2029, 2, 1), date(2029, 2, 28)) == Span(date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"measures": ()}, "at least one figure"),
        ({"measures": ("happiness",)}, "no figure 'happiness'"),
        ({"last": MONDAY - timedelta(days=1)}, "before the first"),
        ({"first": date(2010, 1, 1)}, "3660 days at most"),
        ({"cut": "hour", "last": date(2026, 12, 1)}, "92 days at most"),
        ({"under": "교통"}, "by=category"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        checked(question(**wrong) if "measures" not in wrong else Question(first=MONDAY, last=MONDAY, **wrong))
