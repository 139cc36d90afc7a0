"""What may be asked of statistics, what comes back, and what it is compared with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from core.errors import BadInput
from core.store.statistics import Dimension
from records.statistics.buckets import Cut
from records.statistics.measures import BY_ID, Measure, Part

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
