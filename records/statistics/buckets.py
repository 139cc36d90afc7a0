"""Pieces of time: what the store calls them, what an answer calls them, which days and hours they mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

import msgspec

from core.errors import BadInput
from core.store.statistics import Grain, day_number, day_of, month_end
from records.statistics.facts import local

Cut = Literal["", "hour", "day", "week", "month", "year", "clock", "weekday"]
"""How time is cut: '' = not at all; 'clock' = hours of the day, 'weekday' = days of the week, of all days together."""
_WEEK: Final = timedelta(days=7)
_WEEKDAYS: Final = 7
_DAY: Final = timedelta(days=1)


def grain_of(cut: Cut) -> Grain:
    """Which sums the store is asked for: weeks and weekdays are made from days, years from months."""
    match cut:
        case "week" | "weekday":
            return "day"
        case "year":
            return "month"
        case _:
            return cut


def label(bucket: int, cut: Cut) -> str:
    """What the store calls a bucket, as an answer calls it."""
    match cut:
        case "":
            return ""
        case "clock":
            return f"{bucket:02}"
        case "month":
            return f"{bucket // 100:04}-{bucket % 100:02}"
        case "year":
            return f"{bucket // 100:04}"
        case "hour":
            return hour_label(bucket // 100, bucket % 100)
    day = day_of(bucket)
    if cut == "weekday":
        return str(day.isoweekday())
    return _week(day) if cut == "week" else day.isoformat()


def hour_label(day: int, slot: int) -> str:
    """'2026-11-27T14'."""
    return f"{day_of(day).isoformat()}T{slot // 2:02}{'+' if slot % 2 else ''}"


def labels(first: date, last: date, cut: Cut, zone: tzinfo) -> Iterator[str]:
    """Every bucket of these days in its order, also those in which nothing happened."""
    match cut:
        case "":
            yield ""
        case "clock":
            yield from (f"{hour:02}" for hour in range(24))
        case "weekday":
            yield from (str(day) for day in range(1, _WEEKDAYS + 1))
        case "hour":
            yield from _hours(first, last, zone)
        case _:
            named = (label(day_number(first + _DAY * at), "day") for at in range((last - first).days + 1))
            yield from dict.fromkeys(_coarser(date.fromisoformat(day), cut) for day in named)


def _coarser(day: date, cut: Cut) -> str:
    match cut:
        case "week":
            return _week(day)
        case "month":
            return f"{day:%Y-%m}"
        case "year":
            return f"{day:%Y}"
        case _:
            return day.isoformat()


def _hours(first: date, last: date, zone: tzinfo) -> Iterator[str]:
    """By steps of real time, so that an hour that is left out is not there and one that comes twice is there twice."""
    at = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + _DAY, time(), zone).astimezone(UTC)
    seen: dict[str, None] = {}
    while at < end:
        seen[hour_label(*local(at, zone))] = None
        at += timedelta(minutes=30)  # some zones lie half an hour beside the full one
    yield from seen


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """Which moments a bucket of an answer means."""

    first: date
    last: date
    days: tuple[int, ...] = ()
    """Only these, none = all."""
    slots: tuple[int, ...] = ()
    """Only these hours, none = all."""


def within(first: date, last: date, bucket: str) -> Within:
    """Days and hours of a bucket of an answer about these days. ``BadInput`` when it is none."""
    first, last, slots, weekday = _in_bucket(first, last, bucket)
    if not weekday:
        return Within(first=first, last=last, slots=slots)
    every = (first + _DAY * at for at in range((last - first).days + 1))
    return Within(first=first, last=last, days=tuple(day_number(day) for day in every if day.isoweekday() == weekday))


def _in_bucket(first: date, last: date, bucket: str) -> tuple[date, date, tuple[int, ...], int]:
    """Days, slots of hours (none = all) and ISO weekday (0 = all)."""
    try:
        if not bucket:
            return first, last, (), 0
        if "T" in bucket:
            day = date.fromisoformat(bucket[:10])
            return day, day, (2 * int(bucket[11:13]) + bucket.endswith("+"),), 0
        if "W" in bucket:
            year, week = bucket.split("-W")
            monday = date.fromisocalendar(int(year), int(week), 1)
            return max(first, monday), min(last, monday + _WEEK - _DAY), (), 0
        match bucket.count("-"), len(bucket):
            case 2, _:
                return date.fromisoformat(bucket), date.fromisoformat(bucket), (), 0
            case 1, _:
                begins = date.fromisoformat(f"{bucket}-01")
                return max(first, begins), min(last, month_end(begins)), (), 0
            case 0, 4:
                return max(first, date(int(bucket), 1, 1)), min(last, date(int(bucket), 12, 31)), (), 0
            case 0, 2:
                return first, last, (2 * int(bucket), 2 * int(bucket) + 1), 0
            case 0, 1:
                return first, last, (), int(bucket)
    except ValueError as wrong:
        raise BadInput(f"'{bucket}'은(는) 구간이 아닙니다 / that is no bucket") from wrong
    raise BadInput(f"'{bucket}'은(는) 구간이 아닙니다 / that is no bucket")
