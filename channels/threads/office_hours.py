"""When agents answer what is written, and how long something is owed: only time at which we are there counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from core.config import InboxConfig

_SEARCHED: Final = 60
"""Days that are looked at for the next one on which we are there."""
_DAYS: Final = "월화수목금토일"


class OfficeHours(msgspec.Struct, frozen=True, kw_only=True):
    """Opening hours by the clock's face; all moments are local time, with a zone."""

    opens: time
    closes: time
    """The same as ``opens``: around the clock."""
    days: frozenset[int]
    """Monday is 1."""
    holidays: frozenset[date]

    @classmethod
    def of(cls, config: InboxConfig) -> OfficeHours:
        """As the configuration says."""
        return cls(
            opens=time.fromisoformat(config.opens),
            closes=time.fromisoformat(config.closes),
            days=frozenset(map(int, config.days)),
            holidays=frozenset(date.fromisoformat(day) for day in config.holidays),
        )

    def is_open(self, now: datetime) -> bool:
        """Whether agents answer."""
        return self._serves(now.date()) and (self._round_the_clock or self.opens <= now.time() < self.closes)

    def back(self, now: datetime) -> datetime | None:
        """When we are back: the next moment at which it is open, ``now`` itself if it is; None = nobody knows."""
        return next((max(begin, now) for begin, end in self._open_from(now) if end > now), None)

    def after(self, since: datetime, minutes: float) -> datetime | None:
        """The moment at which so many open minutes have passed since then."""
        left = timedelta(minutes=minutes)
        for begin, end in self._open_from(since):
            start = max(begin, since)
            if start >= end:
                continue
            if left <= end - start:
                return start + left
            left -= end - start
        return None

    @property
    def _round_the_clock(self) -> bool:
        return self.opens == self.closes

    def _serves(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays

    def _open_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches in which it is open, from that day on."""
        for ahead in range(_SEARCHED):
            day = moment.date() + timedelta(days=ahead)
            if not self._serves(day):
                continue
            if self._round_the_clock:
                begin = datetime.combine(day, time.min, moment.tzinfo)
                yield begin, datetime.combine(day + timedelta(days=1), time.min, moment.tzinfo)
            elif self.opens < self.closes:
                yield (
                    datetime.combine(day, self.opens, moment.tzinfo),
                    datetime.combine(day, self.closes, moment.tzinfo),
                )


def in_words(back: datetime, now: datetime) -> str:
    """'오늘 09:00', '내일(토) 09:00', '11월 30일(월) 09:00'."""
    days = (back.date() - now.date()).days
    weekday = _DAYS[back.isoweekday() - 1]
    day = {0: "오늘", 1: f"내일({weekday})"}.get(days, f"{back.month}월 {back.day}일({weekday})")
    return f"{day} {back:%H:%M}"
