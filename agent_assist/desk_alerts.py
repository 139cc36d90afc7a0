"""The desk's answers about alerts, reminders and issues. What is done about them is the house's to log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from agent_assist.alert_sight import sees_alerts
from agent_assist.desk_assist import AlertStep
from agent_assist.desk_house import DeskHouse
from agent_assist.desk_json import body, fault, limit
from agent_assist.desk_messages import AlertList, IssueList, ProcedureList
from core.agent import Agent
from core.errors import BadInput

PAGE: Final = 50
_REASONED: Final = ("ended", "dismissed")


class AlertAnswers:
    """See the module; the addresses are in ``desk.py``."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def procedures(self, _request: web.Request, _agent: Agent) -> ProcedureList:
        return ProcedureList(self._house.procedures())

    async def step(self, request: web.Request, agent: Agent) -> None:
        step = await body(request, AlertStep, '{"step": "warned"} or {"step": "ended", "reason": "..."}')
        if step.step in _REASONED and not step.reason.strip():
            raise BadInput("이유를 적어 주세요. / Say why.", code="no_reason")
        await self._house.alert_step(request.match_info["call_id"], agent.id, request.match_info["alert_id"], step)

    async def dismiss_reminder(self, request: web.Request, agent: Agent) -> None:
        await self._house.dismiss_reminder(request.match_info["call_id"], agent.id, request.match_info["rule_id"])

    async def alerts(self, _request: web.Request, agent: Agent) -> Any:
        if not agent.may("supervisor"):
            return _not_hers()
        house = self._house
        return AlertList([alert for alert in house.alerts() if sees_alerts(agent, house.holder(alert.call_id))])

    async def issues(self, request: web.Request, agent: Agent) -> Any:
        if not agent.may("supervisor"):
            return _not_hers()
        most = limit(request, PAGE)
        issues: Sequence[Any] = await self._house.issues(limit=most)
        return IssueList(issues[:most])

    async def issue_seen(self, request: web.Request, agent: Agent) -> Any:
        if not agent.may("supervisor"):
            return _not_hers()
        await self._house.issue_seen(request.match_info["issue_id"], agent.id)
        return None


def _not_hers() -> web.Response:
    return fault(403, "not_allowed", "관리자만 볼 수 있습니다. / Only supervisors see this.")
