"""The running house as the wall sees it: ``agent_assist.wall.house.WallHouse`` over the dispatcher, calls and store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from agent_assist.wall.rows import AgentRow, AlertRow, FiguresRow
from core.agent import Agent
from core.audit import Audit, Deed, Note, Thing
from core.bus.contract import Bus
from core.errors import Refused, StoreFault
from core.events import (
    AgentState,
    AgentStateChanged,
    AlertChanged,
    Event,
    IssueChanged,
    QueueChanged,
    SupervisionMode,
    WrittenChanged,
    now,
)
from core.log import get_logger
from core.store.floor import AlertCare, FloorStore
from server.callflow import CallFlow
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.roster import Agent as OnRoster
from server.supervisor_notes import SupervisorNotes

log = get_logger("server.house_wall")

_BUSY: frozenset[AgentState] = frozenset({"offered", "talking", "wrap_up"})


class People:
    """Who the agents are, and who of them is there: of the sign-in, as the wall needs it."""

    def __init__(
        self,
        *,
        who: Callable[[web.Request], Agent | None],
        over: Callable[[web.Request], asyncio.Event],
        profile: Callable[[str], Agent | None],
        present: Callable[[], Collection[str]],
        sign_out: Callable[[str], Awaitable[object]],
        may_show_board: Callable[[web.Request], bool],
    ) -> None:
        """``present``: sign-in names of those with an open session. ``sign_out``: end all of hers."""
        self.who = who
        self.over = over
        self.profile = profile
        self.present = present
        self.sign_out = sign_out
        self.may_show_board = may_show_board


class HouseWall:
    """One object per node, shared by all walls."""

    def __init__(
        self,
        *,
        centre: str,
        bus: Bus,
        audit: Audit,
        floor: FloorStore,
        dispatcher: Dispatcher,
        calls: LiveCalls,
        people: People,
        notes: SupervisorNotes,
        reasons: Sequence[str],
        issues: Callable[[], Awaitable[Iterable[IssueChanged]]],
        issue_seen: Callable[[str, str], Awaitable[None]],
        written: Callable[[], Awaitable[Iterable[WrittenChanged | AlertChanged]]],
        figures: Callable[[], FiguresRow],
        troubles: Callable[[], Mapping[str, AlertRow]],
    ) -> None:
        self.centre = centre
        self.bus = bus
        self.audit = audit
        self._floor = floor
        self.reasons: Sequence[str] = tuple(reasons)
        self._dispatcher = dispatcher
        self._calls = calls
        self._people = people
        self._notes = notes
        self._issues = issues
        self._issue_seen = issue_seen
        self._written = written
        self.figures = figures
        self.troubles = troubles

    def who(self, request: web.Request) -> Agent | None:
        """See ``WallHouse``."""
        return self._people.who(request)

    def over(self, request: web.Request) -> asyncio.Event:
        """See ``WallHouse``."""
        return self._people.over(request)

    def may_show_board(self, request: web.Request) -> bool:
        """See ``WallHouse``."""
        if self._people.may_show_board(request):
            return True
        agent = self._people.who(request)
        return agent is not None and agent.may("supervisor")

    # What stands.

    def agents(self) -> Mapping[str, AgentRow]:
        """See ``WallHouse``. Who takes no calls, and has none, is no agent."""
        present, rows = self._people.present(), dict[str, AgentRow]()
        for agent in self._dispatcher.roster:
            profile = self._people.profile(agent.id)
            if profile is not None and ("agent" in profile.roles or agent.state != "away"):
                rows[agent.id] = self._row(agent, profile, agent.id in present)
        return rows

    def _row(self, agent: OnRoster, profile: Agent, present: bool) -> AgentRow:
        return AgentRow(
            name=profile.name,
            team=profile.team,
            department=profile.department,
            queues=agent.queues,
            present=present or agent.state in _BUSY or agent.state == "ready",
            unseen=len(self._notes.unseen(agent.id)),
        )

    def states(self) -> Iterable[AgentStateChanged]:
        """See ``WallHouse``."""
        return [self._dispatcher.roster.seen(agent.id) for agent in self._dispatcher.roster]

    def lines(self) -> Iterable[Sequence[Event]]:
        """See ``WallHouse``."""
        return [flow.line.past for flow in self._calls.flows]

    async def written(self) -> Iterable[WrittenChanged | AlertChanged]:
        """See ``WallHouse``."""
        return await self._written()

    async def issues(self) -> Iterable[IssueChanged]:
        """See ``WallHouse``."""
        return [issue for issue in await self._issues() if issue.state != "over"]

    def queue(self) -> QueueChanged:
        """See ``WallHouse``."""
        return self._dispatcher.queue()

    async def cares(self) -> Iterable[AlertCare]:
        """See ``WallHouse``. A wall without them is better than none."""
        try:
            return await self._floor.cares()
        except StoreFault as fault:
            log.warning("wall.cares_not_read", why=str(fault))
            return ()

    # What a supervisor does.

    async def care(self, alert: str, by: Agent, on: bool, *, call: str, kind: str) -> datetime:
        """See ``WallHouse``."""
        since = now()
        detail = f"alert {kind}: {'taken' if on else 'given back'}"
        await self._note(by.id, "changed", "wall", call or alert, detail=detail)
        try:
            if on:
                await self._floor.put_care(AlertCare(alert=alert, name=by.name, at=since))
            else:
                await self._floor.drop_care(alert)
        except StoreFault as fault:
            log.warning("wall.care_not_kept", why=str(fault))
        return since

    async def supervise(self, call_id: str, agent_id: str, mode: SupervisionMode | None) -> None:
        """See ``WallHouse``."""
        flow = self._flow(call_id)
        self._require_hers(agent_id, flow.agent_id)
        await self._note(agent_id, "heard", "contact", call_id, detail=mode or "leave")
        log.info("supervision.asked", call_id=call_id, supervisor=agent_id, mode=mode or "leave")
        await flow.supervision.change(self._dispatcher.roster.agent(agent_id), mode)

    async def take_over(self, call_id: str, agent_id: str, reason: str) -> None:
        """See ``WallHouse``."""
        flow = self._flow(call_id)
        self._require_hers(agent_id, flow.agent_id)
        await self._note(
            agent_id, "changed", "contact", call_id, detail=f"taken over from {flow.agent_id}", reason=reason
        )
        await flow.supervision.take_over(self._dispatcher.roster.agent(agent_id), reason)

    async def set_state(self, agent_id: str, state: AgentState, *, reason: str, by: str) -> None:
        """See ``WallHouse``."""
        self._dispatcher.roster.agent(agent_id)  # ``Refused`` before it is noted
        self._require_hers(by, agent_id)
        await self._note(by, "changed", "wall", agent_id, detail=f"state {state}", reason=reason)
        await self._dispatcher.wish(agent_id, state, reason=reason, by=by)
        log.info("agent.set_state", agent=agent_id, state=state, by=by)

    async def away_after_call(self, agent_id: str, *, reason: str, by: str) -> None:
        """See ``WallHouse``."""
        self._dispatcher.roster.agent(agent_id)
        self._require_hers(by, agent_id)
        await self._note(by, "changed", "wall", agent_id, detail="state away after this call", reason=reason)
        await self._dispatcher.leaves(agent_id, reason, by=by)
        log.info("agent.away_after_call", agent=agent_id, by=by)

    async def stays(self, agent_id: str, *, by: str) -> None:
        """See ``WallHouse``."""
        self._dispatcher.roster.agent(agent_id)
        self._require_hers(by, agent_id)
        await self._note(by, "changed", "wall", agent_id, detail="away after this call: taken back")
        await self._dispatcher.stays(agent_id)

    async def sign_out(self, agent_id: str, *, reason: str, by: str) -> None:
        """See ``WallHouse``. Away first: what a call forbids is refused before she loses her desk."""
        await self.set_state(agent_id, "away", reason=reason, by=by)
        await self._note(by, "changed", "session", agent_id, detail="signed out from the wall", reason=reason)
        await self._people.sign_out(agent_id)

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """See ``WallHouse``."""
        await self._issue_seen(issue_id, agent_id)
        log.info("issue.seen", agent=agent_id, issue=issue_id)

    async def send_note(self, text: str, *, agent: str, team: str, by: Agent) -> int:
        """See ``WallHouse``."""
        if agent:
            self._require_hers(by.id, agent)
        desks = [desk for desk in self._desks(agent, team) if by.oversees(desk)]
        if not desks:
            raise Refused("자리에 있는 상담사가 없습니다 / nobody is there", code="nobody_there")
        whom = agent or (f"team {team}" if team else "all")
        await self._note(by.id, "changed", "wall", agent, detail=f"note to {whom}, {len(desks)} desks")
        await self._notes.send(desks, text, by=by.id, by_name=by.name)
        return len(desks)

    def _desks(self, agent: str, team: str) -> list[str]:
        if agent:
            return [self._dispatcher.roster.agent(agent).id]
        there = {agent_id: row for agent_id, row in self.agents().items() if row.present}
        return [agent_id for agent_id, row in there.items() if not team or team in (row.team, row.department)]

    def _require_hers(self, supervisor_id: str, agent_id: str | None) -> None:
        """``Refused`` ('not_your_team') for one of whom she does not oversee; what waits for anybody is everybody's."""
        supervisor = self._people.profile(supervisor_id)
        if supervisor is None or not supervisor.oversees(agent_id or ""):
            raise Refused("다른 팀의 일입니다 / this is another team's", code="not_your_team")

    def _flow(self, call_id: str) -> CallFlow:
        flow = self._calls.flow(call_id)
        if flow is None:
            raise Refused("이 통화는 끝났습니다 / this call is over", code="no_call")
        return flow

    async def _note(
        self, who: str, deed: Deed, thing: Thing, subject: str, *, detail: str = "", reason: str = ""
    ) -> None:
        await self.audit.note(Note(who=who, deed=deed, thing=thing, subject=subject, detail=detail, reason=reason))
