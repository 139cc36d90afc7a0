"""Reports that are sent by themselves: which, when, to whom; and each sending, so that it happens once.

The contract; ``sql_reports`` keeps it in SQLite or PostgreSQL. A sending belongs to a schedule and the moment for which
it is due: of all nodes that share a database one claims it. Between 'handing' and its end nobody can know whether the
mail server took it, so a sending that was broken off there is never repeated by itself: it is shown as 'unclear'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

Every = Literal["day", "week", "month"]
"""What it reports on: the day, the week (Monday to Sunday), the month before."""
ReportFormat = Literal["pdf", "xlsx"]
SendingState = Literal["making", "handing", "waiting", "sent", "failed", "unclear"]
"""Being made; handed to the mail server; to be tried again; done; given up; broken off while it was handed over."""


class ReportSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """A report that is sent by itself."""

    schedule_id: str
    """Its own id."""
    title: str
    """As lists and the mail's subject call it."""
    every: Every
    """How often, and about which days."""
    hour: int
    """Local hour at which it is sent, 0 .. 23."""
    department: str = ""
    """Only of its contacts, '' = of all."""
    formats: tuple[ReportFormat, ...] = ("pdf", "xlsx")
    """What is attached."""
    to: tuple[str, ...] = ()
    """Mail addresses."""
    active: bool = True
    """Whether it is sent."""
    by: str = ""
    """Who wrote it last."""
    at: datetime
    """When: what was due before is not sent."""


class ReportSending(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of a schedule."""

    schedule_id: str
    """Whose."""
    due: datetime
    """For which moment."""
    state: SendingState
    """How far it is."""
    tries: int = 0
    """How often it was begun."""
    next_at: datetime | None = None
    """When it is tried again; of one that is being made or handed over: when its node is believed dead."""
    reason: str = ""
    """Why it failed or waits, in words."""
    to: tuple[str, ...] = ()
    """To whom it went."""
    at: datetime
    """When this was last changed."""


class ReportsStore(Protocol):
    """Schedules and sendings."""

    async def schedules(self) -> list[ReportSchedule]:
        """All, by title."""

    async def put_schedule(self, schedule: ReportSchedule) -> None:
        """Insert or replace."""

    async def drop_schedule(self, schedule_id: str) -> bool:
        """Delete it; its sendings stay. Whether it was there."""

    async def sendings(self, *, limit: int = 50) -> list[ReportSending]:
        """The newest first."""

    async def open_sendings(self) -> list[ReportSending]:
        """Those with something left to do: 'waiting', 'making', 'handing'."""

    async def claim(self, sending: ReportSending, *, known: ReportSending | None) -> bool:
        """Put it there as it is given, if what is there is still ``known`` (None = nothing): of several nodes one
        succeeds."""

    async def forget(self, *, before: datetime) -> int:
        """Drop sendings that were due earlier and are over. How many."""

    async def last_due(self, schedule_ids: Sequence[str]) -> dict[str, datetime]:
        """For which moment each schedule was sent, or begun to be, last."""
