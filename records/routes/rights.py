"""Time and rights: legal holds, terms and purges, one person's data. For administrators; holds for supervisors too."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta
from msgspec.structs import replace

from core.agent import Agent
from core.audit import Deed, Note, Thing
from core.errors import BadInput, Refused
from core.events import now
from core.store.rights import LegalHold, PersonFound, PurgeReport, Subject
from core.web.door import sent, text
from records.rights.asked import Asked
from records.routes.rights_house import RightsHouse, Term, Work
from records.routes.route import ADMIN, SUPERVISOR, RecordsRoute

Words = Annotated[str, Meta(min_length=2, max_length=500)]
Ids = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...], Meta(max_length=200)]


class HoldForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new hold."""

    title: Words
    """The case."""
    reason: Words
    """Why."""
    contacts: Ids = ()
    """Contact ids."""
    numbers: Ids = ()
    """Telephone numbers of people; their keys are kept, not the numbers."""
    until: date | None = None
    """The last day, None = until it is ended."""


class EndForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hold is ended."""

    reason: Words
    """Why."""


class Holds(msgspec.Struct, frozen=True, kw_only=True):
    """All holds."""

    today: date
    """The site's day: what ends before it holds no more."""
    holds: Sequence[LegalHold]
    """Newest first."""


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept how long, and what was destroyed."""

    terms: Sequence[Term]
    """All kinds."""
    hour: int | None
    """When the purge runs by itself."""
    reports: Sequence[PurgeReport]
    """Newest first."""


class PurgeForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A purge is asked for."""

    dry: bool
    """Only count."""


class PersonForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's data is asked for."""

    number: Annotated[str, Meta(min_length=1, max_length=30)]
    """Her number."""
    reason: Annotated[str, Meta(max_length=500)] = ""
    """Why."""
    identity: Annotated[str, Meta(max_length=200)] = ""
    """How it was made sure that it is she."""
    again: Annotated[str, Meta(max_length=30)] = ""
    """A deletion: the number, typed once more."""


class RightsAnswers:
    """The addresses."""

    def __init__(self, house: RightsHouse) -> None:
        self._house = house

    async def holds(self, request: web.Request, agent: Agent) -> Holds:
        """All that ever were, or those of one contact, by itself or by its person's key."""
        contact, person = text(request, "contact"), text(request, "person")
        await self._note(request, agent, "saw", "hold", detail=f"contact {contact}" if contact else "")
        holds = await self._house.rights.holds()
        if contact:
            named = {Subject(kind="contact", id=contact), Subject(kind="person", id=person)}
            holds = [hold for hold in holds if not named.isdisjoint(hold.subjects)]
        return Holds(today=self._house.today(), holds=holds)

    async def put_hold(self, request: web.Request, agent: Agent) -> LegalHold:
        """From now on nothing of it is purged or deleted."""
        form = await sent(request, HoldForm)
        keys = {number: self._house.person_key(number) for number in form.numbers}
        if wrong := [number for number, key in keys.items() if not key]:
            raise BadInput(f"전화번호가 아닙니다: {wrong[0]} / this is no telephone number", code="not_a_number")
        subjects = [Subject(kind="contact", id=each) for each in dict.fromkeys(form.contacts)]
        subjects += [Subject(kind="person", id=key) for key in dict.fromkeys(keys.values())]
        if not subjects:
            raise BadInput("무엇을 보존할지 적어 주세요 / say what must be kept", code="no_subject")
        hold = LegalHold(
            hold_id=secrets.token_hex(6),
            title=form.title.strip(),
            subjects=tuple(subjects),
            reason=form.reason.strip(),
            by=agent.id,
            at=now(),
            until=form.until,
        )
        detail = f"{len(subjects)} subjects, until {form.until or 'ended'}"
        await self._note(request, agent, "changed", "hold", hold.hold_id, reason=form.reason, detail=detail)
        await self._house.rights.put_hold(hold)
        return hold

    async def end_hold(self, request: web.Request, agent: Agent) -> LegalHold:
        """It holds no more; its terms count again."""
        form, hold_id = await sent(request, EndForm), request.match_info["hold_id"]
        hold = next((each for each in await self._house.rights.holds() if each.hold_id == hold_id), None)
        if hold is None or hold.ended_at is not None:
            raise Refused("이미 해제된 보존입니다 / it is ended already", code="not_found")
        await self._note(request, agent, "changed", "hold", hold_id, reason=form.reason, detail="ended")
        ended = replace(hold, ended_by=agent.id, ended_at=now(), ended_why=form.reason.strip())
        await self._house.rights.put_hold(ended)
        return ended

    async def retention(self, _request: web.Request, _agent: Agent) -> Retention:
        """Terms and reports: figures only, so nothing is noted."""
        return Retention(
            terms=self._house.terms(), hour=self._house.hour, reports=await self._house.rights.reports(limit=60)
        )

    async def purge(self, request: web.Request, agent: Agent) -> Work:
        """Begin one; who asked stands in its report, and in the log when it is not dry."""
        form = await sent(request, PurgeForm)
        return self._house.purge(agent.id, dry=form.dry)

    async def report(self, request: web.Request, agent: Agent) -> web.Response:
        """A report as a table: the proof of destruction."""
        wanted = request.match_info["report_id"]
        report = next((each for each in await self._house.rights.reports() if each.report_id == wanted), None)
        if report is None:
            raise Refused("그런 보고서가 없습니다 / there is no such report", code="not_found")
        await self._note(request, agent, "exported", "retention", wanted)
        return _file(_table(report), f"purge-{report.begun:%Y%m%d-%H%M}.csv")

    async def find(self, request: web.Request, agent: Agent) -> PersonFound:
        """What there is of one person."""
        return await self._house.find(_asked(await sent(request, PersonForm), request, agent))

    async def export(self, request: web.Request, agent: Agent) -> Work:
        """Begin to put it into a file."""
        return self._house.export(_asked(await sent(request, PersonForm), request, agent))

    async def delete(self, request: web.Request, agent: Agent) -> Work:
        """Begin to delete it."""
        form = await sent(request, PersonForm)
        if self._house.person_key(form.again) != self._house.person_key(form.number):
            raise BadInput("두 번 적은 번호가 다릅니다 / the two numbers differ", code="numbers_differ")
        return self._house.delete(_asked(form, request, agent))

    async def work(self, request: web.Request, agent: Agent) -> Work:
        """How far one's own work is."""
        return self._house.work(request.match_info["work_id"], agent.id)

    async def file(self, request: web.Request, agent: Agent) -> web.FileResponse:
        """What one's own export wrote; it was noted when it began."""
        path = self._house.file(request.match_info["work_id"], agent.id)
        headers = {"Content-Disposition": 'attachment; filename="person-data.zip"', "Cache-Control": "no-store"}
        return web.FileResponse(path, headers=headers)

    async def _note(
        self, request: web.Request, agent: Agent, deed: Deed, thing: Thing, subject: str = "", **more: str
    ) -> None:
        note = Note(who=agent.id, deed=deed, thing=thing, subject=subject, address=request.remote or "", **more)
        await self._house.audit.note(note)


def _asked(form: PersonForm, request: web.Request, agent: Agent) -> Asked:
    return Asked(
        number=form.number,
        by=agent.id,
        reason=form.reason.strip(),
        identity=form.identity.strip(),
        address=request.remote or "",
    )


def _table(report: PurgeReport) -> str:
    lines = io.StringIO()
    table = csv.writer(lines)
    about = ("report", "begun", "ended", "state", "by", "dry")
    table.writerow([*about, "kind", "before", "gone", "held", "left", "bytes"])
    told = [report.report_id, report.begun.isoformat(), report.beat.isoformat(), report.state, report.by, report.dry]
    for each in report.kinds:
        table.writerow([*told, each.kind, each.before.isoformat(), each.gone, each.held, each.left, each.freed])
    return lines.getvalue()


def _file(content: str, name: str) -> web.Response:
    return web.Response(
        body=content.encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def rights_routes(house: RightsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = RightsAnswers(house)
    return (
        RecordsRoute("GET", "rights/holds", SUPERVISOR, answers.holds),
        RecordsRoute("POST", "rights/holds", SUPERVISOR, answers.put_hold),
        RecordsRoute("POST", "rights/holds/{hold_id}/end", ADMIN, answers.end_hold),
        RecordsRoute("GET", "rights/retention", ADMIN, answers.retention),
        RecordsRoute("POST", "rights/purge", ADMIN, answers.purge),
        RecordsRoute("GET", "rights/reports/{report_id}", ADMIN, answers.report),
        RecordsRoute("POST", "rights/person/find", ADMIN, answers.find),
        RecordsRoute("POST", "rights/person/export", ADMIN, answers.export),
        RecordsRoute("POST", "rights/person/delete", ADMIN, answers.delete),
        RecordsRoute("GET", "rights/works/{work_id}", ADMIN, answers.work),
        RecordsRoute("GET", "rights/works/{work_id}/file", ADMIN, answers.file),
    )
