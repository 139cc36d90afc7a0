"""Days: '오늘', '다음 주 월요일', '11월 26일', '이천이십육 년 십일월 이십육 일', '85년 3월 12일', '2026-11-26'.

A day without a year is the nearest one to today; a day that does not exist is none. Without ``today`` only days with a
year are found.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from agent_assist.values.candidate import BEGINS, ENDS, Candidate
from core.numerals import sino, spoken_digits

_YEAR: Final = (
    r"(?:(?P<year>\d{2,4}|이?천\s?구백\s?[일이삼사오육칠팔구십]{1,3}|이천\s?[일이삼사오육칠팔구십]{0,3}|"
    r"[공영일이삼사오육칠팔구]{2}|[이삼사오육칠팔구]?십[일이삼사오육칠팔구]?)\s?년(?:도)?|(?P<years>내년|올해|금년|작년|지난해|재작년))(?:\s?생)?"
)
_MONTH: Final = (
    r"(?:(?P<month>\d{1,2}|십[일이]?|[일이삼사오육유칠팔구시])\s?월|"
    r"(?P<months>이번\s?달|이달|다음\s?달|내달|지난\s?달|저번\s?달))"
)
_DAY: Final = r"(?P<day>\d{1,2}|[일이삼사오육칠팔구십](?:\s?[일이삼사오육칠팔구십]){0,2})\s?일(?!간|\d)"
_SPOKEN: Final = re.compile(rf"{BEGINS}(?:{_YEAR}\s?)?{_MONTH}(?:\s?의)?\s?{_DAY}")
_WRITTEN: Final = re.compile(
    r"(?<![\d.\-/])(?P<year>(?:19|20)\d\d)\s?[-./]\s?(?P<month>1[0-2]|0?[1-9])\s?[-./]\s?(?P<day>3[01]|[12]\d|0?[1-9])(?![\d\-/])\.?"
)
_WEEKDAY: Final = re.compile(
    rf"{BEGINS}(?:(?P<week>이번|다음|다다음|담|지난|저번|지지난)\s?주\s?(?:에\s)?|(?P<coming>오는|돌아오는)\s)(?P<day>[월화수목금토일])요일"
)
_RELATIVE: Final = re.compile(
    rf"{BEGINS}(?P<word>내일모레|내일\s모레|엊그제|그저께|그제|어제|오늘|내일|모레|글피)(?!날){ENDS}"
)
_DAYS: Final = {
    "내일모레": 2,
    "엊그제": -2,
    "그저께": -2,
    "그제": -2,
    "어제": -1,
    "오늘": 0,
    "내일": 1,
    "모레": 2,
    "글피": 3,
}
_ALONE: Final = re.compile(
    rf"{BEGINS}(?P<day>\d{{1,2}}|[이삼]?십[일이삼사오육칠팔구]?)\s?일(?=(?:날|까지|부터)(?:요|는|은|만)?(?:[^가-힣]|$))"
)
_WEEKS: Final = {"이번": 0, "다음": 1, "담": 1, "다다음": 2, "지난": -1, "저번": -1, "지지난": -2}
_YEARS: Final = {"내년": 1, "올해": 0, "금년": 0, "작년": -1, "지난해": -1, "재작년": -2}
_MONTHS: Final = {"이번달": 0, "이달": 0, "다음달": 1, "내달": 1, "지난달": -1, "저번달": -1}
_SPECIAL: Final = {"유": 6, "시": 10}
AHEAD: Final = 10
"""A year of two digits lies at most so many years ahead; else it is of the last century."""
PIVOT: Final = 2030
"""The same where today is not known."""


def dates(text: str, today: dt.date | None) -> Iterator[Candidate]:
    """Every day."""
    for found in _WRITTEN.finditer(text):
        yield from _candidate(found, _day(int(found["year"]), int(found["month"]), int(found["day"])))
    for found in _SPOKEN.finditer(text):
        yield from _candidate(found, _spoken(found, today))
    if today is None:
        return
    for found in _WEEKDAY.finditer(text):
        yield from _candidate(found, _weekday(found, today))
    for found in _RELATIVE.finditer(text):
        days = _DAYS["".join(found["word"].split())]
        yield Candidate(found.start("word"), found.end("word"), "date", (today + dt.timedelta(days)).isoformat())
    for found in _ALONE.finditer(text):
        day = _number(found["day"])
        yield from _candidate(found, _day(today.year, today.month, day or 0))


def _candidate(found: re.Match[str], day: dt.date | None) -> Iterator[Candidate]:
    if day is not None:
        yield Candidate(found.start(), found.end(), "date", day.isoformat())


def _spoken(found: re.Match[str], today: dt.date | None) -> dt.date | None:
    day = _number(found["day"])
    year = _year(found, today)
    if day is None or (found["year"] and year is None):
        return None
    if found["months"]:
        if today is None:
            return None
        months = today.year * 12 + today.month - 1 + _MONTHS["".join(found["months"].split())]
        return _day(months // 12, months % 12 + 1, day)
    month = _SPECIAL.get(found["month"]) or _number(found["month"])
    if month is None or not 1 <= month <= 12:
        return None
    if year is not None:
        return _day(year, month, day)
    return _nearest(month, day, today) if today else None


def _year(found: re.Match[str], today: dt.date | None) -> int | None:
    if found["years"]:
        return today.year + _YEARS[found["years"]] if today else None
    if not found["year"]:
        return None
    said = "".join(found["year"].split())
    digits = spoken_digits(said)
    number = int(digits) if len(digits) == 2 else _number(said)
    if number is None or not (number < 100 or 1900 <= number <= 2100):
        return None
    if number >= 100:
        return number
    latest = today.year + AHEAD if today else PIVOT
    return number + 2000 if number + 2000 <= latest else number + 1900


def _nearest(month: int, day: int, today: dt.date) -> dt.date | None:
    near = [found for year in (-1, 0, 1) if (found := _day(today.year + year, month, day))]
    return min(near, key=lambda each: abs(each - today), default=None)


def _weekday(found: re.Match[str], today: dt.date) -> dt.date:
    weekday = "월화수목금토일".index(found["day"])
    if found["coming"]:
        return today + dt.timedelta((weekday - today.weekday() - 1) % 7 + 1)
    monday = today - dt.timedelta(today.weekday())
    return monday + dt.timedelta(weeks=_WEEKS[found["week"]], days=weekday)


def _number(said: str) -> int | None:
    joined = "".join(said.split())
    return int(joined) if joined.isdecimal() else sino(joined)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
