"""When a report is due, and which days it is about. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from core.store.reports import Every
from records.statistics.question import Span

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


def last_due(every: Every, hour: int, *, now: datetime, zone: tzinfo) -> datetime:
    """The latest moment, not after ``now``, at which it was due: each day, on Mondays, on the first of the month, at
    that local hour. An hour that a clock leaves out is the one after it."""
    today = now.astimezone(zone).date()
    day = _begins(every, today)
    due = _at(day, hour, zone)
    return due if due <= now else _at(_begins(every, day - _DAY), hour, zone)


def next_due(every: Every, hour: int, *, now: datetime, zone: tzinfo) -> datetime:
    """The earliest moment after ``now`` at which it is due."""
    day = now.astimezone(zone).date()
    while True:
        if day == _begins(every, day) and (due := _at(day, hour, zone)) > now:
            return due
        day += _DAY


def days_of(every: Every, due: datetime, zone: tzinfo) -> Span:
    """The day, the week from Monday to Sunday, the month before."""
    day = due.astimezone(zone).date()
    match every:
        case "day":
            return Span(day - _DAY, day - _DAY)
        case "week":
            monday = _begins("week", day) - _WEEK
            return Span(monday, monday + _WEEK - _DAY)
        case "month":
            last = day.replace(day=1) - _DAY
            return Span(last.replace(day=1), last)


def _begins(every: Every, day: date) -> date:
    """The first day of the piece of time in which this day lies."""
    match every:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def _at(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(hour), zone)
