"""The audit log as a page: who saw, heard, exported, changed what. Looking at it is itself noted."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, get_args

import msgspec
from aiohttp import web
from msgspec import Meta
from msgspec.structs import replace

from core.agent import Agent
from core.audit import Deed, Note, Thing
from core.errors import BadInput
from core.events import now
from core.store.audit import AuditLine, AuditQuery, Review, Tally
from core.web.door import day, number, one_of, sent, text
from records.routes.rights_house import RightsHouse, Work
from records.routes.route import ADMIN, RecordsRoute

PAGE: Final = 100
EXPORTED: Final = 1000
"""Lines that are read together for an export."""
_BOM: Final = "\ufeff"


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some lines."""

    lines: Sequence[AuditLine]
    """Newest first."""
    more: bool
    """Whether there are older ones."""
    names: dict[str, str]
    """Sign-in name -> name."""


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month's log at one look, to be signed off."""

    month: str
    """'2026-11'."""
    tally: Sequence[Tally]
    """Who did what how often, most people first."""
    reviews: Sequence[Review]
    """Who has signed it off."""
    due: Sequence[str]
    """Months of the last twelve, over and not signed off yet, that have lines."""
    names: dict[str, str]
    """Sign-in name -> name."""


class ReviewForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A month is signed off."""

    month: Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    """Which."""
    remarks: Annotated[str, Meta(min_length=2, max_length=2000)]
    """What was noticed."""


class ExportForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines are taken out."""

    reason: Annotated[str, Meta(min_length=2, max_length=500)]
    """Why."""


class AuditAnswers:
    """The addresses."""

    def __init__(self, house: RightsHouse) -> None:
        self._house = house

    async def lines(self, request: web.Request, agent: Agent) -> AuditPage:
        """Some lines."""
        query = self._query(request)
        await self._note(request, agent, "saw", _told(query))
        found = await self._house.audit.lines(query, limit=PAGE + 1)
        return AuditPage(lines=found[:PAGE], more=len(found) > PAGE, names=dict(self._house.names()))

    async def export(self, request: web.Request, agent: Agent) -> web.StreamResponse:
        """All lines that the filters leave, as a table, oldest last. It is sent while it is read."""
        query, form = self._query(request), await sent(request, ExportForm)
        await self._note(request, agent, "exported", _told(query), reason=form.reason)
        answer = web.StreamResponse(
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": 'attachment; filename="audit.csv"',
                "Cache-Control": "no-store",
            }
        )
        await answer.prepare(request)
        await answer.write((_BOM + _row(["number", "at", *Note.__struct_fields__, "chain"])).encode())
        while found := await self._house.audit.lines(query, limit=EXPORTED):
            await answer.write("".join(map(_line, found)).encode())
            query = replace(query, before=found[-1].number)
        await answer.write_eof()
        return answer

    async def month(self, request: web.Request, agent: Agent) -> Month:
        """One month; without one, the last that is over."""
        today = self._house.today()
        month = text(request, "month") or _before(f"{today:%Y-%m}")
        since, until = self._span(month)
        await self._note(request, agent, "saw", f"month {month}")
        reviews = await self._house.audit.reviews()
        return Month(
            month=month,
            tally=await self._house.audit.tally(since, until),
            reviews=[each for each in reviews if each.month == month],
            due=await self._due(today, {each.month for each in reviews}),
            names=dict(self._house.names()),
        )

    async def review(self, request: web.Request, agent: Agent) -> Review:
        """Sign a month off that is over."""
        form = await sent(request, ReviewForm)
        if self._span(form.month)[1] > now():
            raise BadInput("아직 끝나지 않은 달입니다 / this month is not over", code="month_not_over")
        await self._note(request, agent, "changed", f"reviewed {form.month}", reason=form.remarks)
        newest = await self._house.audit.newest()
        review = Review(
            month=form.month,
            by=agent.id,
            at=now(),
            remarks=form.remarks.strip(),
            last=newest.number if newest is not None else 0,
        )
        await self._house.audit.put_review(review)
        return review

    async def verify(self, request: web.Request, agent: Agent) -> Work:
        """Begin to check the chain."""
        await self._note(request, agent, "saw", "verify")
        return self._house.verify(agent.id)

    def _query(self, request: web.Request) -> AuditQuery:
        whose = text(request, "number")
        person = self._house.person_key(whose) if whose else text(request, "person")
        if whose and not person:
            raise BadInput("전화번호가 아닙니다 / this is no telephone number", code="not_a_number")
        first, last = day(request, "first"), day(request, "last")
        return AuditQuery(
            who=text(request, "who"),
            deed=one_of(request, "deed", get_args(Deed)) or None,  # type: ignore[arg-type]
            thing=one_of(request, "thing", get_args(Thing)) or None,  # type: ignore[arg-type]
            subject=text(request, "subject"),
            person=person,
            text=text(request, "text"),
            since=self._midnight(first) if first is not None else None,
            until=self._midnight(last + timedelta(days=1)) if last is not None else None,
            before=number(request, "before", 0, least=0, most=2**31 - 1),
        )

    def _midnight(self, of: date) -> datetime:
        return datetime.combine(of, time(), self._house.zone).astimezone(UTC)

    def _span(self, month: str) -> tuple[datetime, datetime]:
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError as wrong:
            raise BadInput("month: 2026-11처럼 적으세요 / write it as 2026-11") from wrong
        return self._midnight(first), self._midnight((first + timedelta(days=32)).replace(day=1))

    async def _due(self, today: date, reviewed: set[str]) -> list[str]:
        due, month = [], f"{today:%Y-%m}"
        for _ in range(12):
            month = _before(month)
            since, until = self._span(month)
            if month not in reviewed and await self._house.audit.lines(AuditQuery(since=since, until=until), limit=1):
                due.append(month)
        return due

    async def _note(self, request: web.Request, agent: Agent, deed: Deed, detail: str, *, reason: str = "") -> None:
        address = request.remote or ""
        await self._house.audit.note(
            Note(who=agent.id, deed=deed, thing="audit", address=address, detail=detail, reason=reason)
        )


def _before(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01') - timedelta(days=1):%Y-%m}"


def _told(query: AuditQuery) -> str:
    """Which filters were asked, for the note; never the words themselves, which may be anything."""
    hidden = ("text", "person")
    asked = {name: getattr(query, name) for name in query.__struct_fields__ if name != "before"}
    given = {name: value for name, value in asked.items() if value}
    return ", ".join(name if name in hidden else f"{name}={value}" for name, value in given.items())


def _row(cells: Sequence[object]) -> str:
    lines = io.StringIO()
    # A cell that begins like a formula is no formula: what somebody typed as her reason may stand there.
    csv.writer(lines).writerow([f"'{cell}" if str(cell)[:1] in ("=", "+", "-", "@") else cell for cell in cells])
    return lines.getvalue()


def _line(line: AuditLine) -> str:
    fields = (getattr(line.note, name) for name in Note.__struct_fields__)
    return _row([line.number, line.at.astimezone(UTC).isoformat(timespec="microseconds"), *fields, line.chain])


def audit_routes(house: RightsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = AuditAnswers(house)
    return (
        RecordsRoute("GET", "audit", ADMIN, answers.lines),
        RecordsRoute("POST", "audit/export", ADMIN, answers.export),
        RecordsRoute("GET", "audit/month", ADMIN, answers.month),
        RecordsRoute("POST", "audit/review", ADMIN, answers.review),
        RecordsRoute("POST", "audit/verify", ADMIN, answers.verify),
    )
