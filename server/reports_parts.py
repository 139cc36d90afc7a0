"""Reports of one node: what they are made of, joined."""

from __future__ import annotations

from datetime import date, datetime

from core.audit import Audit
from core.config import Config
from core.events import now
from core.store.contract import Store
from core.store.reports import ReportSchedule
from records.report.composing import Wanted
from records.report.jobs import Format, Jobs, Made
from server.reports.mail import Mailer
from server.reports.making import Making
from server.reports.printing import Printer
from server.reports.sending import Sending
from server.statistics_parts import Statistics


class Reports:
    """See ``records.routes.reports.ReportsHouse``. ``sending.run`` is a side task; ``jobs.close`` at the end."""

    def __init__(self, config: Config, store: Store, statistics: Statistics) -> None:
        self.reports = store.reports
        self.statistics = store.statistics
        self.audit: Audit = store.audit
        self.centre = config.web.centre
        self.zone = statistics.zone
        self.domains = config.mail.domains
        self._today = statistics.today
        making = Making(store.statistics, Printer(), zone=self.zone, centre=self.centre, clock=now)
        self.made_by = making
        self.jobs = Jobs(making)
        self.sending = Sending(
            store.reports, making, Mailer(config.mail), zone=self.zone, centre=self.centre, clock=now
        )

    @property
    def prints(self) -> bool:
        """Whether there is a Chromium."""
        return self.made_by.prints

    @property
    def mails(self) -> bool:
        """Whether a mail server is configured."""
        return self.sending.mailer.ready

    def clock(self) -> datetime:
        """Now, UTC."""
        return now()

    def today(self) -> date:
        """In the city."""
        return self._today()

    async def made(self, wanted: Wanted, format: Format) -> Made:
        """A report, at once."""
        return await self.made_by(wanted, format)

    async def trial(self, schedule: ReportSchedule) -> tuple[str, ...]:
        """Send one now."""
        return await self.sending.trial(schedule)
