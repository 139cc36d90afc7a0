"""How many texts a day may bring: to one person, by one agent, in total. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Final

from core.errors import Refused
from core.store.texting import Tallies

PER_NUMBER: Final = 20
PER_SENDER: Final = 300
"""Of one agent or rule; what the menu sends is bounded by the other two."""
IN_TOTAL: Final = 20_000


class DayLimits:
    """Counts one day of this machine's zone, from midnight on; holds at most ``in_total`` numbers."""

    def __init__(self, *, per_number: int = PER_NUMBER, per_sender: int = PER_SENDER, in_total: int = IN_TOTAL) -> None:
        self._per_number = per_number
        self._per_sender = per_sender
        self._in_total = in_total
        self._day: date | None = None
        self._by_number: Counter[str] = Counter()
        self._by_sender: Counter[str] = Counter()
        self._total = 0

    def seed(self, tallies: Tallies, now: datetime) -> None:
        """What was sent today by the node before us."""
        self._day = now.astimezone().date()
        self._by_number, self._by_sender = Counter(tallies.by_number), Counter(tallies.by_sender)
        self._total = tallies.in_total

    def check(self, number: str, by: str, now: datetime) -> None:
        """Raise ``Refused`` ('messages_number_day', 'messages_agent_day', 'messages_total_day') if one more would be
        too many."""
        self._turn(now)
        if self._by_number[number] >= self._per_number:
            raise Refused(
                f"this number got {self._per_number} texts today: tell the caller by voice", code="messages_number_day"
            )
        if by and self._by_sender[by] >= self._per_sender:
            raise Refused(
                f"you have sent {self._per_sender} texts today: ask your supervisor", code="messages_agent_day"
            )
        if self._total >= self._in_total:
            raise Refused(
                f"{self._in_total} texts were sent today: look for what sends so many", code="messages_total_day"
            )

    def note(self, number: str, by: str, at: datetime) -> None:
        """One was taken."""
        self._turn(at)
        self._by_number[number] += 1
        self._total += 1
        if by:
            self._by_sender[by] += 1

    def _turn(self, now: datetime) -> None:
        if (today := now.astimezone().date()) != self._day:
            self._day, self._total = today, 0
            self._by_number.clear()
            self._by_sender.clear()
