"""Reports that are sent by themselves: once each, also over restarts and between nodes; tried again with pauses.

Each step is a claim in the store that succeeds for one node alone (``core.store.reports``). A node that dies while it
makes a report leaves a claim that ends; another one takes it up. One that dies while it hands the mail over leaves an
'unclear' one: it is shown, and sent again only by hand.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from email.message import EmailMessage
from typing import Final

from msgspec.structs import replace

from core import metrics
from core.errors import MinwonError, StoreFault
from core.log import get_logger
from core.store.ids import new_id
from core.store.reports import ReportSchedule, ReportSending, ReportsStore, SendingState
from records.report.composing import Wanted
from records.report.due import days_of, last_due
from records.report.jobs import Format, Made
from records.report.wording import official_days
from server.reports.mail import Mailer, MailRefused, MailUnclear, message
from server.reports.making import Making

log = get_logger("server.reports")

LOOK_S: Final = 15.0
"""How often it is looked whether something is due."""
LEASE: Final = timedelta(minutes=10)
"""After so long a node that has claimed a sending is believed dead."""
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 60, 120, 240))
"""Before each further try."""
KEPT: Final = timedelta(days=400)
"""So long sendings are remembered."""


class Lost(Exception):
    """Somebody else claimed it."""


class Sending:
    """See the module."""

    def __init__(
        self,
        store: ReportsStore,
        making: Making,
        mailer: Mailer,
        *,
        zone: tzinfo,
        centre: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._making = making
        self.mailer = mailer
        self._zone = zone
        self._centre = centre
        self._clock = clock

    async def run(self) -> None:
        """For ever. A fault of the store waits for the next look."""
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                log.warning("reports.store_away", reason=str(fault))
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Send what is due now."""
        now = self._clock()
        schedules = {each.schedule_id: each for each in await self._store.schedules()}
        known = await self._store.last_due(list(schedules))
        for schedule in schedules.values():
            due = last_due(schedule.every, schedule.hour, now=now, zone=self._zone)
            before = known.get(schedule.schedule_id)
            if not schedule.active or due < schedule.at or (before is not None and before >= due):
                continue
            first = ReportSending(
                schedule_id=schedule.schedule_id, due=due, state="making", tries=1, next_at=now + LEASE, at=now
            )
            if await self._store.claim(first, known=None):
                await self._send(schedule, first)
        for sending in await self._store.open_sendings():
            if sending.next_at is not None and sending.next_at <= self._clock():
                await self._again(schedules.get(sending.schedule_id), sending)
        await self._store.forget(before=now - KEPT)

    async def trial(self, schedule: ReportSchedule) -> tuple[str, ...]:
        """Send one now, beside the schedule; whom the server refused. Raises what ``Mailer.send`` raises."""
        due = last_due(schedule.every, schedule.hour, now=self._clock(), zone=self._zone)
        return await self.mailer.send(await self._mail(schedule, due, id=new_id(), trial=True))

    async def _again(self, schedule: ReportSchedule | None, sending: ReportSending) -> None:
        now = self._clock()
        if sending.state == "handing":
            text = "보내는 도중에 서버가 멈췄습니다. 받은 사람에게 확인하세요 / the node stopped while sending it: ask"
            await self._store.claim(_over(sending, "unclear", now, text), known=sending)
            return
        if schedule is None or not schedule.active:
            text = "일정이 없어졌습니다 / the schedule is gone"
            await self._store.claim(_over(sending, "failed", now, text), known=sending)
            return
        taken = replace(sending, state="making", tries=sending.tries + 1, next_at=now + LEASE, at=now)
        if await self._store.claim(taken, known=sending):
            await self._send(schedule, taken)

    async def _send(self, schedule: ReportSchedule, sending: ReportSending) -> None:
        """A sending that is ours. How it ends is kept."""
        here = sending

        async def change(state: ReportSending) -> None:
            nonlocal here
            if not await self._store.claim(state, known=here):
                raise Lost
            here = state

        with contextlib.suppress(Lost):
            try:
                mail = await self._mail(
                    schedule, sending.due, id=f"{schedule.schedule_id}.{sending.due.astimezone(UTC):%Y%m%dT%H%M}"
                )
                now = self._clock()
                handing = replace(sending, state="handing", next_at=now + LEASE, to=schedule.to, at=now)
                refused = await self.mailer.send(mail, before=lambda: change(handing))
            except MailUnclear as fault:
                await change(_over(here, "unclear", self._clock(), str(fault)))
            except MailRefused as fault:
                await change(_over(here, "failed", self._clock(), str(fault)))
            except StoreFault:
                raise
            except MinwonError as fault:
                await change(self._later(here, str(fault)))
            else:
                reason = f"받지 못한 사람 / refused: {', '.join(refused)}" if refused else ""
                await change(_over(here, "sent", self._clock(), reason))
            metrics.REPORTS_SENT.labels(here.state).inc()
            log.info("report.sending", schedule=schedule.schedule_id, state=here.state, tries=here.tries)

    def _later(self, sending: ReportSending, reason: str) -> ReportSending:
        now = self._clock()
        if sending.tries > len(PAUSES):
            return _over(sending, "failed", now, reason)
        return replace(sending, state="waiting", next_at=now + PAUSES[sending.tries - 1], reason=reason, at=now)

    async def _mail(self, schedule: ReportSchedule, due: datetime, *, id: str, trial: bool = False) -> EmailMessage:
        if not self.mailer.ready:
            raise MailRefused("메일 서버가 설정되지 않았습니다 / no mail server is configured: see [mail]")
        days = days_of(schedule.every, due, self._zone)
        wanted = Wanted(first=days.first, last=days.last, department=schedule.department)
        formats: list[Format] = [each if each != "pdf" or self._making.prints else "html" for each in schedule.formats]
        files: list[Made] = [await self._making(wanted, each) for each in formats]
        span = official_days(days)
        lines = [
            f"{schedule.title}: {span}",
            "",
            *(f"붙임 {at}. {made.name}" for at, made in enumerate(files, 1)),
            "",
            f"이 메일은 {self._centre}의 상담 통계에서 자동으로 보냈습니다.",
        ]
        if "html" in formats:
            lines.insert(1, "서버에 Chromium이 없어 PDF 대신 웹 문서를 붙입니다. 브라우저에서 열어 인쇄하세요.")
        return message(
            self.mailer.config,
            subject=f"{'[시험] ' if trial else ''}[{self._centre}] {schedule.title} ({span})",
            text="\n".join(lines),
            to=schedule.to,
            files=files,
            centre=self._centre,
            id=id,
        )


def _over(sending: ReportSending, state: SendingState, at: datetime, reason: str) -> ReportSending:
    """Nothing more is done for it."""
    return replace(sending, state=state, next_at=None, reason=reason, at=at)
