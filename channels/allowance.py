"""How many messages may be sent: guards against a loop in a menu and against a caller who keys for links. Pure.

What an hour may bring is here, what a day may bring in ``channels.day_limits``.
"""

from __future__ import annotations

from collections import Counter, deque
from datetime import datetime, timedelta
from typing import Final

from channels.day_limits import DayLimits
from core.errors import Refused

WINDOW: Final = timedelta(hours=1)
PER_NUMBER: Final = 10
"""A busy call takes two or three: the link, a department's contact, the link again."""
IN_TOTAL: Final = 3000
"""Seoul's centre sends about 2,500 a day."""


class Allowance:
    """A sliding window of an hour; holds at most ``in_total`` entries."""

    def __init__(self, *, per_number: int = PER_NUMBER, in_total: int = IN_TOTAL, day: DayLimits | None = None) -> None:
        self.day = day or DayLimits()
        self._per_number = per_number
        self._in_total = in_total
        self._sent: deque[tuple[datetime, str]] = deque()
        self._by_number: Counter[str] = Counter()

    def check(self, number: str, now: datetime, by: str = "") -> None:
        """Raise ``Refused`` ('messages_number', 'messages_total', or a code of the day's) if one more to this number
        would be too many. ``by``: which agent or rule sends it, '' = the menu."""
        self._forget(now)
        if self._by_number[number] >= self._per_number:
            raise Refused(
                f"this number got {self._per_number} messages within the last hour: wait, or tell the caller by voice",
                code="messages_number",
            )
        if len(self._sent) >= self._in_total:
            raise Refused(
                f"{self._in_total} messages were sent within the last hour: wait, and look for what sends so many",
                code="messages_total",
            )
        self.day.check(number, by, now)

    def note(self, number: str, at: datetime, by: str = "") -> None:
        """One was taken for this number. Call it in the order in which they were taken."""
        self.day.note(number, by, at)
        self.note_hour(number, at)

    def note_hour(self, number: str, at: datetime) -> None:
        """One was taken by the node before us: the day's count knows it already (``DayLimits.seed``)."""
        self._sent.append((at, number))
        self._by_number[number] += 1

    def _forget(self, now: datetime) -> None:
        """What is an hour old; and what lies an hour ahead, for the clock was put back, and nobody shall be without
        messages until it has caught up."""
        while self._sent and abs(now - self._sent[0][0]) >= WINDOW:
            _at, number = self._sent.popleft()
            self._by_number[number] -= 1
            if not self._by_number[number]:
                del self._by_number[number]
