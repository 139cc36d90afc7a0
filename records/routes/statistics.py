"""Statistics: figures, the contacts behind them, topics that rise. An agent sees her own, a supervisor everybody's."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Protocol, cast, get_args

import msgspec
from aiohttp import web

from core.agent import Agent
from core.audit import Audit, Deed, Note
from core.errors import BadInput, Refused
from core.store.statistics import DIMENSIONS, ContactFacts, Dimension, StatisticsStore
from core.web.door import day, number, one_of, text
from core.web.pages import language_of
from records.report.cells import harmless
from records.routes.route import AGENTS, SUPERVISOR, RecordsRoute
from records.statistics.answering import answer, contacts
from records.statistics.buckets import Cut
from records.statistics.live import LiveFigures
from records.statistics.measures import MEASURES, Measure
from records.statistics.question import Answer, Compare, ContactsQuestion, Question
from records.statistics.rising import MOST_DAYS, Risen, risen

MOST_VALUES: Final = 500
PAGE: Final = 50
_WEEK: Final = timedelta(days=6)


class StatisticsHouse(Protocol):
    """What this room needs of the node."""

    statistics: StatisticsStore
    audit: Audit
    zone: tzinfo
    """Of the city."""

    def today(self) -> date:
        """In the city."""

    def names(self) -> Mapping[str, str]:
        """Agents by id."""

    def live(self) -> LiveFigures:
        """This moment's figures."""


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What can be asked for."""

    measures: tuple[Measure, ...] = MEASURES
    """Every figure, with its formula."""
    dimensions: tuple[Dimension, ...] = DIMENSIONS
    """What it can be broken down by."""


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """Which day it is."""

    today: date
    """In the city, wherever the node and the browser are."""


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """Values that a dimension has ever had."""

    values: tuple[str, ...]
    """'' = unknown."""
    labels: Mapping[str, str] = {}
    """Names of agents."""


class ContactsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts behind a figure."""

    contacts: tuple[ContactFacts, ...]
    """Newest first; without the person key and what was spoken of."""
    next: str = ""
    """Give it as ``after`` for those that follow; '' = that was all."""


class StatisticsAnswers:
    """The addresses of statistics."""

    def __init__(self, house: StatisticsHouse) -> None:
        self._house = house

    async def measures(self, _request: web.Request, _agent: Agent) -> Measures:
        """What every figure is."""
        return Measures()

    async def today(self, _request: web.Request, _agent: Agent) -> Today:
        """Which day it is in the city."""
        return Today(today=self._house.today())

    async def live(self, _request: web.Request, _agent: Agent) -> LiveFigures:
        """Today and now."""
        return self._house.live()

    async def values(self, request: web.Request, agent: Agent) -> Values:
        """Values to choose from."""
        dimension = one_of(request, "dimension", DIMENSIONS)
        if not dimension:
            raise BadInput("dimension을 고르세요 / choose a dimension")
        if dimension == "agent" and not _sees_all(agent):
            return Values(values=(agent.id,), labels={agent.id: agent.name})
        found = await self._house.statistics.values(cast("Dimension", dimension))
        names = self._house.names() if dimension == "agent" else {}
        if dimension == "agent" and agent.people is not None:
            found = [value for value in found if agent.oversees(value)]
        return Values(values=tuple(found), labels={value: names.get(value, value) for value in found if names})

    async def asked(self, request: web.Request, agent: Agent) -> Answer:
        """What the query asks for, as she may see it; the caller notes what becomes of it."""
        return await self._answer(self._question(request, agent))

    async def query(self, request: web.Request, agent: Agent) -> Answer:
        """Figures."""
        question = self._question(request, agent)
        if _of_agents(question) and _sees_all(agent):
            await self._note(request, agent, "saw", f"figures of agents {question.first} .. {question.last}")
        return await self._answer(question)

    async def table(self, request: web.Request, agent: Agent) -> web.Response:
        """The same as a table for a spreadsheet."""
        question = self._question(request, agent)
        told = await self._answer(question)
        await self._note(
            request, agent, "exported", f"CSV {','.join(question.measures)} {question.first} .. {question.last}"
        )
        name = f"statistics-{question.first}-{question.last}.csv"
        return web.Response(
            body=as_csv(told, korean=language_of(request) == "ko").encode("utf-8-sig"),
            content_type="text/csv",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )

    async def contacts(self, request: web.Request, agent: Agent) -> ContactsPage:
        """The contacts behind a figure."""
        first, last = self._days(request)
        part = one_of(request, "part", ("numerator", "denominator")) or "numerator"
        question = ContactsQuestion(
            measure=text(request, "measure"),
            part=part,  # type: ignore[arg-type]
            first=first,
            last=last,
            bucket=text(request, "bucket"),
            where=_where(request, agent, one_by_one=True),
        )
        limit = number(request, "limit", PAGE, least=1, most=200)
        await self._note(request, agent, "searched", f"behind {question.measure} {first} .. {last}")
        found = await contacts(self._house.statistics, question, after=_after(text(request, "after")), limit=limit + 1)
        shown = found[:limit]
        return ContactsPage(
            contacts=tuple(msgspec.structs.replace(each, person="", words=()) for each in shown),
            next=_cursor(shown[-1]) if len(found) > limit else "",
        )

    async def rising(self, request: web.Request, _agent: Agent) -> Risen:
        """Topics that rise: of the last seven whole days, unless others are named."""
        kind = one_of(request, "kind", ("category", "word")) or "category"
        last = day(request, "last") or self._house.today() - timedelta(days=1)
        first = day(request, "first") or last - _WEEK
        if not 0 <= (last - first).days < MOST_DAYS:
            raise BadInput(f"1~{MOST_DAYS}일을 고르세요 / choose 1 to {MOST_DAYS} days")
        return await risen(self._house.statistics, kind, first=first, last=last)  # type: ignore[arg-type]

    def _question(self, request: web.Request, agent: Agent) -> Question:
        first, last = self._days(request)
        by = one_of(request, "by", DIMENSIONS)
        if by == "agent" and not _sees_all(agent):
            by = ""  # there is one line: her own
        return Question(
            measures=tuple(name for name in text(request, "measures").split(",") if name),
            first=first,
            last=last,
            cut=cast("Cut", one_of(request, "cut", get_args(Cut))),
            by=cast("Dimension", by) if by else None,
            under=text(request, "under"),
            where=_where(request, agent, one_by_one=by == "agent"),
            compare=cast("Compare", one_of(request, "compare", get_args(Compare))),
            most=number(request, "most", 0, most=MOST_VALUES),
        )

    def _days(self, request: web.Request) -> tuple[date, date]:
        last = day(request, "last") or self._house.today()
        return day(request, "first") or last, last

    async def _answer(self, question: Question) -> Answer:
        return await answer(
            self._house.statistics,
            question,
            zone=self._house.zone,
            today=self._house.today(),
            names=self._house.names(),
        )

    async def _note(self, request: web.Request, agent: Agent, deed: Deed, detail: str) -> None:
        await self._house.audit.note(
            Note(who=agent.id, deed=deed, thing="statistics", address=request.remote or "", detail=detail)
        )


def as_csv(told: Answer, *, korean: bool) -> str:
    """An answer as comma-separated values (RFC 4180): a head, then a line for each bucket and value. Figures with their
    upper and lower sums, so that a reader may add lines up himself."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    names = [measure.ko if korean else measure.en for measure in told.measures]
    before = "비교" if korean else "compared"
    head = ["구간" if korean else "bucket", "값" if korean else "value"]
    for name in names:
        head += [name, f"{name} ÷↑", f"{name} ÷↓", *([f"{name} ({before})"] if told.compared else [])]
    table.writerow(head)
    for line in (*told.lines, told.total):
        label = told.labels.get(line.value, line.value)
        row: list[object] = [harmless(line.bucket), harmless(label)]
        if line is told.total:
            row = ["합계" if korean else "total", ""]
        for at, figure in enumerate(line.figures):
            row += ["" if figure.value is None else figure.value, figure.numerator, figure.denominator]
            if told.compared:
                row.append("" if line.before[at].value is None else line.before[at].value)
        table.writerow(row)
    return out.getvalue()


def _sees_all(agent: Agent) -> bool:
    return agent.may(*SUPERVISOR)


def _of_agents(question: Question) -> bool:
    return question.by == "agent" or "agent" in question.where


def _where(request: web.Request, agent: Agent, *, one_by_one: bool) -> Mapping[Dimension, tuple[str, ...]]:
    """Conditions of the query, each dimension as often as it is named. An agent's own contacts, whatever she asks; what
    is told of agents or contacts ``one_by_one`` is of those whom a supervisor oversees."""
    where: dict[Dimension, tuple[str, ...]] = {
        dimension: tuple(request.query.getall(dimension)[:MOST_VALUES])
        for dimension in DIMENSIONS
        if dimension in request.query
    }
    if not _sees_all(agent):
        if any(value != agent.id for value in where.get("agent", ())):
            raise Refused(
                "다른 상담사의 통계는 볼 수 없습니다 / other agents' figures are not yours", code="not_allowed"
            )
        where["agent"] = (agent.id,)
    elif agent.people is not None and (one_by_one or "agent" in where):
        if not all(agent.oversees(value) for value in where.get("agent", ())):
            raise Refused("다른 팀의 통계는 볼 수 없습니다 / another team's figures are not yours", code="not_allowed")
        where.setdefault("agent", (*agent.people, ""))
    return where


def _cursor(facts: ContactFacts) -> str:
    return f"{facts.day}|{facts.started.isoformat()}|{facts.contact_id}"


def _after(cursor: str) -> tuple[int, datetime, str] | None:
    if not cursor:
        return None
    try:
        day_number, started, contact_id = cursor.split("|", 2)
        return int(day_number), datetime.fromisoformat(started), contact_id
    except ValueError as wrong:
        raise BadInput("after는 앞 쪽에서 받은 값이어야 합니다 / 'after' is what the page before gave") from wrong


def statistics_routes(house: StatisticsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = StatisticsAnswers(house)
    return (
        RecordsRoute("GET", "statistics/measures", AGENTS, answers.measures),
        RecordsRoute("GET", "statistics/today", AGENTS, answers.today),
        RecordsRoute("GET", "statistics/live", AGENTS, answers.live),
        RecordsRoute("GET", "statistics/values", AGENTS, answers.values),
        RecordsRoute("GET", "statistics/query", AGENTS, answers.query),
        RecordsRoute("GET", "statistics/query.csv", AGENTS, answers.table),
        RecordsRoute("GET", "statistics/contacts", AGENTS, answers.contacts),
        RecordsRoute("GET", "statistics/rising", SUPERVISOR, answers.rising),
    )
