"""How agents' time was spent. An agent sees her own, a supervisor that of whom she oversees, which is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Protocol

import msgspec
from aiohttp import web

from core.agent import Agent
from core.audit import Audit, Note
from core.errors import BadInput, Refused
from core.store.floor import FloorStore
from core.store.statistics import day_number
from core.web.door import day, one_of
from records.routes.route import AGENTS, RecordsRoute
from records.statistics.agent_time import TIME_MEASURES, AgentTimeLine, TimeMeasure, lines

MOST_DAYS: Final = 400
DAYS_APART: Final = 62
"""So many days at most are told one by one."""


class AgentTimeHouse(Protocol):
    """What this room needs of the node."""

    floor: FloorStore
    audit: Audit

    def today(self) -> date:
        """In the city."""

    def names(self) -> Mapping[str, str]:
        """Agents by id."""


class AgentTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Times of a span of days."""

    first: date
    """First local day."""
    last: date
    """Last one, included."""
    lines: Sequence[AgentTimeLine]
    """By name and day."""
    total: AgentTimeLine
    """All together."""
    measures: Sequence[TimeMeasure] = TIME_MEASURES
    """What is computed, with its formula."""


class AgentTimeAnswers:
    """The address of agents' time."""

    def __init__(self, house: AgentTimeHouse) -> None:
        self._house = house

    async def times(self, request: web.Request, agent: Agent) -> AgentTimes:
        """Hours by state and reason, occupancy, utilisation."""
        house = self._house
        last = day(request, "last") or house.today()
        first = day(request, "first") or last
        by_day = one_of(request, "cut", ("day",)) == "day"
        if not 0 <= (last - first).days < (DAYS_APART if by_day else MOST_DAYS):
            raise BadInput(
                f"{MOST_DAYS}일까지, 하루씩은 {DAYS_APART}일까지 고르세요 / choose at most {MOST_DAYS} days, "
                f"{DAYS_APART} one by one",
                code="too_wide",
            )
        agents = _agents(request, agent)
        if agent.may("supervisor"):
            detail = f"time of agents {first} .. {last}"
            note = Note(who=agent.id, deed="saw", thing="statistics", address=request.remote or "", detail=detail)
            await house.audit.note(note)
        found = await house.floor.times(first=day_number(first), last=day_number(last), agents=agents)
        *told, total = lines(found, house.names(), by_day=by_day)
        return AgentTimes(first=first, last=last, lines=told, total=total)


def _agents(request: web.Request, agent: Agent) -> Sequence[str] | None:
    """Of whom; None = of all. ``Refused`` ('not_allowed') for one whom she may not see."""
    wanted = request.query.getall("agent", [])
    if not agent.may("supervisor"):
        allowed: Sequence[str] | None = (agent.id,)
    else:
        allowed = agent.people
    if allowed is not None and any(one not in allowed for one in wanted):
        raise Refused("다른 상담사의 통계는 볼 수 없습니다 / other agents' figures are not yours", code="not_allowed")
    return wanted or allowed


def agent_time_routes(house: AgentTimeHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    return (RecordsRoute("GET", "statistics/agent-time", AGENTS, AgentTimeAnswers(house).times),)
