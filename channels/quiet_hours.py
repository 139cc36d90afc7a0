"""When people are left in peace. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import msgspec


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of each day, over midnight or not; both ends the same = there is none."""

    begin: time
    """From then on."""
    end: time
    """Until then; at that moment it is day."""

    @classmethod
    def between(cls, begin: str, end: str) -> QuietHours:
        """From '21:00' and '08:00'."""
        return cls(begin=time.fromisoformat(begin), end=time.fromisoformat(end))

    def until(self, now: datetime) -> datetime | None:
        """When it is day again, None when it is day. ``now`` is local time; so is the answer.

        Made of the date and the clock's face, so that it also holds over a change of summer time.
        """
        face = now.time()
        over_midnight = self.begin > self.end
        if over_midnight:
            if self.end <= face < self.begin:
                return None
        elif not self.begin <= face < self.end:
            return None
        day = now.date() + timedelta(days=1 if over_midnight and face >= self.begin else 0)
        return datetime.combine(day, self.end, now.tzinfo)
