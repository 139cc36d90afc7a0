"""What may be asked of statistics, and what comes back. Pure: days, buckets, labels, comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

import msgspec

from core.errors import BadInput
from core.store.statistics import Dimension, Grain
from records.statistics.facts import local
from records.statistics.measures import BY_ID, Measure, Part

Cut = Literal["", "hour", "day", "week", "month", "year", "clock", "weekday"]
"""How time is cut: '' = not at all; 'clock' = hours of the day, 'weekday' = days of the week, of all days together."""
Compare = Literal["", "before", "week", "year"]
"""With the same number of days just before; with last week; with last year."""
LONGEST_DAYS: Final = 3660
MOST_LINES: Final = 5000
"""Lines of one answer."""
MOST_HOURS_DAYS: Final = 92
"""Days that may be asked for hour by hour."""
OTHERS: Final = "*"
"""Value of the line that all lines beyond ``most`` are summed in."""
_WEEK: Final = timedelta(days=7)
_YEAR_OF_WEEKS: Final = timedelta(days=364)
_WEEKDAYS: Final = 7
_DAY: Final = timedelta(days=1)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be shown."""

    measures: tuple[str, ...]
    """Ids of figures."""
    first: date
    """First local day."""
    last: date
    """Last local day, included."""
    cut: Cut = ""
    """How time is cut."""
    by: Dimension | None = None
    """One line for each value of it."""
    under: str = ""
    """Of a category: the node whose children are shown, '' = the top."""
    where: Mapping[Dimension, tuple[str, ...]] = {}
    """Only contacts with one of these values."""
    compare: Compare = ""
    """With what."""
    most: int = 0
    """So many values at most, the largest first; the others are summed in one line; 0 = all."""


class Figure(msgspec.Struct, frozen=True):
    """A figure and the sums that it was made from."""

    value: float | None
    """None = there is nothing to divide by."""
    numerator: int
    """As it is summed: milliseconds where the unit is seconds."""
    denominator: int
    """0 for a plain sum."""


class AnswerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One bucket of one value."""

    bucket: str
    """'2026-11-27T14', '2026-11-27', '2026-W48', '2026-11', '2026', '14', weekday '1' (Monday) .. '7'; '' = all. An
    hour that a clock set back brings twice is 'T01' and 'T01+'."""
    value: str = ""
    """Of the dimension that was asked for; '' = unknown, or of all; '*' = all others."""
    figures: tuple[Figure, ...]
    """In the order of the measures."""
    before: tuple[Figure, ...] = ()
    """The same of what it is compared with; none = it is compared with nothing."""


class Span(msgspec.Struct, frozen=True):
    """Days."""

    first: date
    last: date


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown."""

    question: Question
    """As it was understood."""
    measures: tuple[Measure, ...]
    """What each figure is."""
    total: AnswerLine
    """All lines together."""
    lines: tuple[AnswerLine, ...]
    """In the order of time; of values the largest first."""
    compared: Span | None = None
    """Which days ``before`` is of."""
    provisional_from: date | None = None
    """From this day on a figure that settles later may still change; None = none of them does."""
    labels: Mapping[str, str] = {}
    """What people call a value where it is an id: agents' names."""


class ContactsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which contacts are behind a figure."""

    measure: str
    """Its id."""
    part: Part = "numerator"
    """Those that add to the upper sum, or to the lower one."""
    first: date
    """First local day."""
    last: date
    """Last local day, included."""
    bucket: str = ""
    """Only those of this bucket, as an ``AnswerLine`` names it."""
    where: Mapping[Dimension, tuple[str, ...]] = {}
    """Only these."""


def checked(question: Question) -> Question:
    """The question, if it can be asked. ``BadInput`` says in words why not."""
    days(question.first, question.last)
    for name in question.measures:
        measure(name)
    if not question.measures:
        raise BadInput("어떤 지표를 볼지 고르세요 / choose at least one figure")
    if question.cut == "hour" and (question.last - question.first).days >= MOST_HOURS_DAYS:
        raise BadInput(
            f"시간별로는 {MOST_HOURS_DAYS}일까지 볼 수 있습니다 / hour by hour {MOST_HOURS_DAYS} days at most",
            code="too_wide",
        )
    if question.under and question.by != "category":
        raise BadInput("under는 분류별로 볼 때만 쓸 수 있습니다 / 'under' goes with by=category")
    return question


def measure(name: str) -> Measure:
    """The figure of that id."""
    found = BY_ID.get(name)
    if found is None:
        raise BadInput(f"'{name}'라는 지표는 없습니다 / there is no figure '{name}'")
    return found


def days(first: date, last: date) -> int:
    """How many days that is."""
    many = (last - first).days + 1
    if many < 1:
        raise BadInput("끝나는 날이 시작하는 날보다 빠릅니다 / the last day lies before the first")
    if many > LONGEST_DAYS:
        raise BadInput(f"한 번에 {LONGEST_DAYS}일까지 볼 수 있습니다 / {LONGEST_DAYS} days at most")
    return many


def grain_of(cut: Cut) -> Grain:
    """Which sums the store is asked for: weeks and weekdays are made from days, years from months."""
    match cut:
        case "week" | "weekday":
            return "day"
        case "year":
            return "month"
        case _:
            return cut


def compared(question: Question) -> Span | None:
    """The days to compare with.

    Last week is seven days earlier, last year 364, so that Mondays meet Mondays; by month and year it is the calendar's
    year before.
    """
    match question.compare:
        case "before":
            back = _DAY * days(question.first, question.last)
        case "week":
            back = _WEEK
        case "year" if question.cut in ("month", "year"):
            return Span(_year_before(question.first), _year_before(question.last))
        case "year":
            back = _YEAR_OF_WEEKS
        case _:
            return None
    return Span(question.first - back, question.last - back)


def _year_before(day: date) -> date:
    month_ends = (day + _DAY).day == 1
    try:
        before = day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return date(day.year - 1, 2, 28)
    if month_ends and (before + _DAY).day != 1:  # 28 February before a leap year's 29th
        return before + _DAY
    return before


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
            named = (label(number(first + _DAY * at), "day") for at in range((last - first).days + 1))
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


def number(day: date) -> int:
    """20261127."""
    return day.year * 10000 + day.month * 100 + day.day


def day_of(bucket: int) -> date:
    """The day of 20261127."""
    return date(bucket // 10000, bucket // 100 % 100, bucket % 100)


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """Which moments a bucket of an answer means."""

    first: date
    last: date
    days: tuple[int, ...] = ()
    """Only these, none = all."""
    slots: tuple[int, ...] = ()
    """Only these hours, none = all."""


def within(question: ContactsQuestion) -> Within:
    """Days and hours of a bucket. ``BadInput`` when it is none."""
    first, last, slots, weekday = _in_bucket(question)
    if not weekday:
        return Within(first=first, last=last, slots=slots)
    every = (first + _DAY * at for at in range((last - first).days + 1))
    return Within(first=first, last=last, days=tuple(number(day) for day in every if day.isoweekday() == weekday))


def _in_bucket(question: ContactsQuestion) -> tuple[date, date, tuple[int, ...], int]:
    """Days, slots of hours (none = all) and ISO weekday (0 = all)."""
    first, last, bucket = question.first, question.last, question.bucket
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
                ends = (begins + timedelta(days=32)).replace(day=1) - _DAY
                return max(first, begins), min(last, ends), (), 0
            case 0, 4:
                return max(first, date(int(bucket), 1, 1)), min(last, date(int(bucket), 12, 31)), (), 0
            case 0, 2:
                return first, last, (2 * int(bucket), 2 * int(bucket) + 1), 0
            case 0, 1:
                return first, last, (), int(bucket)
    except ValueError as wrong:
        raise BadInput(f"'{bucket}'은(는) 구간이 아닙니다 / that is no bucket") from wrong
    raise BadInput(f"'{bucket}'은(는) 구간이 아닙니다 / that is no bucket")
