"""By when a written contact is answered, given back, and an alert: only office hours count. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from channels.threads.office_hours import OfficeHours
from core.config import InboxConfig
from core.events import Written


class Deadlines:
    """All moments are local time."""

    def __init__(self, config: InboxConfig, clock: Callable[[], datetime]) -> None:
        """``clock``: local time with its zone."""
        self._config = config
        self._clock = clock
        self.hours = OfficeHours.of(config)

    def moments(self, written: Written) -> tuple[datetime | None, datetime | None]:
        """When an answer is overdue, and when that is an alert to supervisors; None = nothing is owed."""
        if written.owed_since is None:
            return None, None
        return (
            self._after(written.owed_since, self._config.answer_minutes),
            self._after(written.owed_since, self._config.alert_minutes),
        )

    def is_overdue(self, written: Written) -> bool:
        """Whether it should have been answered by now."""
        overdue_at, _ = self.moments(written)
        return overdue_at is not None and overdue_at <= self._clock()

    def goes_back(self, written: Written) -> bool:
        """Whether its agent has had her time."""
        back_at = self._after(written.since, self._config.return_minutes)
        return back_at is not None and back_at <= self._clock()

    def came_outside(self, written: Written) -> bool:
        """Whether its newest words came while nobody was there."""
        return not self.hours.is_open(self._here(written.last_at))

    def _after(self, since: datetime, minutes: float) -> datetime | None:
        return self.hours.after(self._here(since), minutes)

    def _here(self, moment: datetime) -> datetime:
        return moment.astimezone(self._clock().tzinfo)
