"""Opening hours and holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from ars.menu_files.finding import Path
from ars.menu_files.lint.rule import Flaw, Look, error, warning
from core.city import Hours


def hours(look: Look) -> Iterator[Flaw]:
    """Hours that overlap, that are on no day, or of another place on earth. Backward ones have no shape at all."""
    for id, schedule in look.menu.schedules.items():
        path: Path = ("schedules", id, "hours")
        for place, table in enumerate(schedule.hours):
            if not table.days:
                yield error("no-days", (*path, place, "days"), "is empty; 1 is Monday, 7 is Sunday")
            if any(edge.tzinfo is not None for edge in _edges(table)):
                yield error("hours-zone", (*path, place), "must be local time, written as 09:00 without a zone")
        for (first, one), (second, other) in combinations(enumerate(schedule.hours), 2):
            if _overlap(one, other):
                says = f"overlaps with hours[{first + 1}]"
                yield error("overlapping-hours", (*path, second), says)


def holidays(look: Look) -> Iterator[Flaw]:
    """Days that are over, or there twice."""
    days = [holiday.date for holiday in look.menu.holidays]
    if look.around.today is not None and days and max(days) < look.around.today:
        says = f"ends on {max(days)}: on the coming holidays minwon will take the city hall for open"
        yield warning("old-holidays", ("holidays", len(days) - 1), says)
    for place, day in enumerate(days):
        if day in days[:place]:
            yield warning("duplicate-holiday", ("holidays", place, "date"), f"is {day}, which is there already")


def _edges(table: Hours) -> tuple[dt.time, dt.time]:
    return dt.time.fromisoformat(table.opens), dt.time.fromisoformat(table.closes)


def _overlap(one: Hours, other: Hours) -> bool:
    (opens, closes), (opens_too, closes_too) = _edges(one), _edges(other)
    zoned = {edge.tzinfo is not None for edge in (opens, closes, opens_too, closes_too)}
    if not set(one.days) & set(other.days) or len(zoned) > 1:
        return False
    return opens < closes_too and opens_too < closes


RULES: Final = (hours, holidays)
