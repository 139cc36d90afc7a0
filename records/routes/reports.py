"""Reports: made at once or as jobs, sent by themselves, open data. Every export is noted, with what it is for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Annotated, Final, Protocol
from urllib.parse import quote

import msgspec
from aiohttp import web
from msgspec import Meta

from core.agent import Agent
from core.audit import Audit, Deed, Note
from core.errors import BadInput
from core.store.ids import new_id
from core.store.reports import Every, ReportFormat, ReportSchedule, ReportSending, ReportsStore
from core.store.statistics import StatisticsStore
from core.web.door import Missing, day, sent, text
from records.report.addresses import checked
from records.report.composing import Wanted
from records.report.content import Table
from records.report.due import next_due
from records.report.jobs import KINDS, Format, Job, Jobs, Made
from records.report.open_data import open_rows, packed
from records.report.seen import table_seen
from records.report.wording import official
from records.routes.route import SUPERVISOR, RecordsRoute
from records.routes.statistics import StatisticsAnswers, StatisticsHouse
from records.statistics.measures import Measure
from records.statistics.question import days

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-modals allow-same-origin"
"""Of a report shown as a page: it has no script and loads nothing."""


class ReportsHouse(Protocol):
    """What this room needs of the node."""

    reports: ReportsStore
    statistics: StatisticsStore
    audit: Audit
    jobs: Jobs
    centre: str
    zone: tzinfo
    domains: tuple[str, ...]
    """That may get mail."""

    @property
    def prints(self) -> bool:
        """Whether there is a Chromium for PDFs."""

    @property
    def mails(self) -> bool:
        """Whether a mail server is configured."""

    def clock(self) -> datetime:
        """Now, UTC."""

    def today(self) -> date:
        """In the city."""

    async def made(self, wanted: Wanted, format: Format) -> Made:
        """A report, at once."""

    async def trial(self, schedule: ReportSchedule) -> tuple[str, ...]:
        """Send one now; to whom it could not go."""


class ReportOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report that is wanted."""

    first: date
    """First day."""
    last: date
    """Last one, included."""
    department: Annotated[str, Meta(max_length=200)] = ""
    """Only of its contacts."""
    format: Format = "pdf"
    """What it becomes."""
    reason: Annotated[str, Meta(max_length=500)] = ""
    """What it is for, for the audit log."""


class NewReportSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A schedule as it is written on the page."""

    schedule_id: Annotated[str, Meta(max_length=64)] = ""
    """'' = a new one."""
    title: Annotated[str, Meta(min_length=1, max_length=100)]
    """As lists and the mail's subject call it."""
    every: Every
    """How often, and about which days."""
    hour: Annotated[int, Meta(ge=0, le=23)]
    """Local hour at which it is sent."""
    department: Annotated[str, Meta(max_length=200)] = ""
    """Only of its contacts."""
    formats: Annotated[tuple[ReportFormat, ...], Meta(min_length=1, max_length=2)]
    """What is attached."""
    to: Annotated[tuple[str, ...], Meta(max_length=50)]
    """Mail addresses of the domains that are allowed."""
    active: bool = True
    """Whether it is sent."""


class WhichSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which schedule."""

    schedule_id: Annotated[str, Meta(max_length=64)]
    """Its id."""


class TrialSent(msgspec.Struct, frozen=True, kw_only=True):
    """How a trial went."""

    to: tuple[str, ...]
    """To whom it was sent."""
    refused: tuple[str, ...]
    """Whom of these the mail server did not take."""


class ScheduleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule, and when it comes next."""

    schedule: ReportSchedule
    """As it is kept."""
    next: datetime | None
    """None = it is off."""


class ReportsNow(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of reports shows."""

    prints: bool
    """Whether PDFs can be made."""
    mails: bool
    """Whether mail can be sent."""
    domains: tuple[str, ...]
    """To which mail may go."""
    today: date
    """In the city."""
    schedules: tuple[ScheduleLine, ...]
    """By title."""
    sendings: tuple[ReportSending, ...]
    """The newest first."""


class ReportAnswers:
    """The addresses of reports."""

    def __init__(self, house: ReportsHouse, statistics: StatisticsHouse) -> None:
        self._house = house
        self._seen = StatisticsAnswers(statistics)

    async def desk(self, _request: web.Request, _agent: Agent) -> ReportsNow:
        """Everything at one look."""
        house, now = self._house, self._house.clock()
        return ReportsNow(
            prints=house.prints,
            mails=house.mails,
            domains=house.domains,
            today=house.today(),
            schedules=tuple(
                ScheduleLine(
                    schedule=each,
                    next=next_due(each.every, each.hour, now=now, zone=house.zone) if each.active else None,
                )
                for each in await house.reports.schedules()
            ),
            sendings=tuple(await house.reports.sendings(limit=30)),
        )

    async def page(self, request: web.Request, agent: Agent) -> web.Response:
        """A report as a page that prints."""
        first, last = self._days(request)
        made = await self._house.made(Wanted(first=first, last=last, department=text(request, "department")), "html")
        await self._note(request, agent, "saw", f"report {first} .. {last}")
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=made.body, content_type="text/html", charset="utf-8", headers=headers)

    async def ask(self, request: web.Request, agent: Agent) -> Job:
        """Begin to make one."""
        order = await sent(request, ReportOrder)
        days(order.first, order.last)
        await self._note(
            request, agent, "exported", f"report {order.format} {order.first} .. {order.last}", reason=order.reason
        )
        wanted = Wanted(first=order.first, last=order.last, department=order.department)
        return self._house.jobs.ask(wanted, order.format, agent.id)

    async def job(self, request: web.Request, agent: Agent) -> Job:
        """How far it is."""
        return self._house.jobs.job(request.match_info["job"], agent.id)

    async def stop(self, request: web.Request, agent: Agent) -> Job:
        """Not wanted any more."""
        return self._house.jobs.stop(request.match_info["job"], agent.id)

    async def file(self, request: web.Request, agent: Agent) -> web.Response:
        """What came out."""
        made = self._house.jobs.file(request.match_info["job"], agent.id)
        return _download(made.body, made.kind, made.name)

    async def table(self, request: web.Request, agent: Agent) -> web.Response:
        """What the statistics page shows, as a workbook."""
        told = await self._seen.asked(request, agent)
        first, last = told.question.first, told.question.last
        await self._note(request, agent, "exported", f"XLSX {','.join(told.question.measures)} {first} .. {last}")
        span = f"{official(first)} ~ {official(last)}"
        head = f"상담 통계 / {span} / {self._house.centre}"
        body = await asyncio.to_thread(_workbook, table_seen(told), told.measures, head)
        return _download(body, KINDS["xlsx"], f"상담통계_{first}_{last}.xlsx")

    async def open_data(self, request: web.Request, agent: Agent) -> web.Response:
        """Whole months for the public."""
        first, last = self._days(request)
        house = self._house
        rows = await open_rows(house.statistics, first, last, zone=house.zone, today=house.today())
        hidden = sum(row.count is None for row in rows)
        detail = f"open data {first} .. {last}, {len(rows)} cells, {hidden} hidden"
        await self._note(request, agent, "exported", detail, reason=text(request, "reason"))
        made = house.clock().astimezone(house.zone)
        body = packed(rows, centre=house.centre, first=first, last=last, made=made)
        return _download(body, "application/zip", f"open-data-{first:%Y-%m}-{last:%Y-%m}.zip")

    async def keep(self, request: web.Request, agent: Agent) -> ReportSchedule:
        """Write a schedule."""
        new = await sent(request, NewReportSchedule)
        to = checked(new.to, self._house.domains)
        if new.schedule_id:
            await self._schedule(new.schedule_id)
        kept = ReportSchedule(
            schedule_id=new.schedule_id or new_id(),
            title=" ".join(new.title.split()),
            every=new.every,
            hour=new.hour,
            department=new.department,
            formats=tuple(dict.fromkeys(new.formats)),
            to=to,
            active=new.active,
            by=agent.id,
            at=self._house.clock(),
        )
        await self._note(
            request, agent, "changed", f"schedule {kept.every} {kept.hour}h to {len(to)}", subject=kept.schedule_id
        )
        await self._house.reports.put_schedule(kept)
        return kept

    async def drop(self, request: web.Request, agent: Agent) -> None:
        """Delete one."""
        one = await sent(request, WhichSchedule)
        await self._note(request, agent, "deleted", "schedule", subject=one.schedule_id)
        if not await self._house.reports.drop_schedule(one.schedule_id):
            raise Missing("그 일정은 없습니다 / there is no such schedule")

    async def trial(self, request: web.Request, agent: Agent) -> TrialSent:
        """Send one now, as it would be sent."""
        one = await sent(request, WhichSchedule)
        schedule = await self._schedule(one.schedule_id)
        checked(schedule.to, self._house.domains)
        await self._note(request, agent, "exported", f"trial to {len(schedule.to)}", subject=schedule.schedule_id)
        return TrialSent(to=schedule.to, refused=await self._house.trial(schedule))

    async def _schedule(self, schedule_id: str) -> ReportSchedule:
        for each in await self._house.reports.schedules():
            if each.schedule_id == schedule_id:
                return each
        raise Missing("그 일정은 없습니다 / there is no such schedule")

    def _days(self, request: web.Request) -> tuple[date, date]:
        first, last = day(request, "first"), day(request, "last")
        if first is None or last is None:
            raise BadInput("first와 last를 고르세요 / choose first and last")
        return first, last

    async def _note(
        self, request: web.Request, agent: Agent, deed: Deed, detail: str, *, reason: str = "", subject: str = ""
    ) -> None:
        await self._house.audit.note(
            Note(
                who=agent.id,
                deed=deed,
                thing="report",
                subject=subject,
                address=request.remote or "",
                reason=reason,
                detail=detail,
            )
        )


def _workbook(table: Table, measures: Sequence[Measure], head: str) -> bytes:
    from records.report.workbook import written  # the library of workbooks takes a while to load

    return written([table], measures, head=head)


def _download(body: bytes, kind: str, name: str) -> web.Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=body, content_type=kind, headers=headers)


def report_routes(house: ReportsHouse, statistics: StatisticsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = ReportAnswers(house, statistics)
    return (
        RecordsRoute("GET", "reports", SUPERVISOR, answers.desk),
        RecordsRoute("GET", "reports/page", SUPERVISOR, answers.page),
        RecordsRoute("POST", "reports/jobs", SUPERVISOR, answers.ask),
        RecordsRoute("GET", "reports/jobs/{job}", SUPERVISOR, answers.job),
        RecordsRoute("POST", "reports/jobs/{job}/stop", SUPERVISOR, answers.stop),
        RecordsRoute("GET", "reports/jobs/{job}/file", SUPERVISOR, answers.file),
        RecordsRoute("GET", "reports/table.xlsx", SUPERVISOR, answers.table),
        RecordsRoute("GET", "reports/open-data.zip", SUPERVISOR, answers.open_data),
        RecordsRoute("POST", "reports/schedules", SUPERVISOR, answers.keep),
        RecordsRoute("POST", "reports/schedules/drop", SUPERVISOR, answers.drop),
        RecordsRoute("POST", "reports/schedules/trial", SUPERVISOR, answers.trial),
    )
