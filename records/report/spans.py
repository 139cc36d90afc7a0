"""Which days a report is about, what one calls it, and what it is compared with. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from records.statistics.buckets import Cut
from records.statistics.question import Span

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_YEAR_OF_WEEKS: Final = timedelta(days=364)
_DAILY: Final = 62
_WEEKLY: Final = 210


class Besides(msgspec.Struct, frozen=True, kw_only=True):
    """What some days are compared with."""

    name: str
    """What ``before`` is called: '지난주', '전월', '직전 기간'."""
    before: Span
    year: Span
    """Whole months: the calendar's year before; else 364 days earlier, so that Mondays meet Mondays."""


def besides(days: Span) -> Besides:
    """What these days are compared with."""
    many = (days.last - days.first).days + 1
    if _whole_months(days):
        months = 12 * (days.last.year - days.first.year) + days.last.month - days.first.month + 1
        name = {1: "전월", 3: "전분기", 12: "전년"}.get(months, "직전 기간")
        return Besides(name=name, before=_months_back(days, months), year=_months_back(days, 12))
    back, name = (_WEEK, "지난주") if many <= _WEEK.days else (many * _DAY, "직전 기간")
    year = Span(days.first - _YEAR_OF_WEEKS, days.last - _YEAR_OF_WEEKS)
    return Besides(name=name, before=Span(days.first - back, days.last - back), year=year)


def kind(days: Span) -> str:
    """'일일', '주간', '2026년 11월', '2026년', '기간별'."""
    if days.first == days.last:
        return "일일"
    if (days.last - days.first).days + 1 == _WEEK.days:
        return "주간"
    if _whole_months(days) and days.first.year == days.last.year:
        if days.first.month == days.last.month:
            return f"{days.first.year}년 {days.first.month}월"
        if (days.first.month, days.last.month) == (1, 12):
            return f"{days.first.year}년"
    return "기간별"


def cut(days: Span) -> Cut:
    """How time is cut, so that a table of it fits on a page or two."""
    many = (days.last - days.first).days + 1
    if many == 1:
        return "clock"
    if many <= _DAILY:
        return "day"
    return "week" if many <= _WEEKLY else "month"


def _whole_months(days: Span) -> bool:
    return days.first.day == 1 and (days.last + _DAY).day == 1


def _months_back(days: Span, months: int) -> Span:
    return Span(_month(days.first, -months), _month(days.last + _DAY, -months) - _DAY)


def _month(first: date, by: int) -> date:
    """The first of a month, so many months on."""
    at = 12 * first.year + first.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)
