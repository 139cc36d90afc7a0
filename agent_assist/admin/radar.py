"""What the issue radar saw, now and before."""

from __future__ import annotations

import msgspec
from aiohttp import web

from agent_assist.admin.house import AdminHouse
from agent_assist.desk_json import before
from core.agent import Agent
from core.store.knowledge import IssueRecord
from core.web.door import number


class IssuesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Issues, newest first."""

    issues: list[IssueRecord]
    """Newest first."""
    more: bool
    """There are more after these."""


class RadarAnswers:
    """The addresses of the radar."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def issues(self, request: web.Request, _agent: Agent) -> IssuesPage:
        limit = number(request, "limit", 50, least=1, most=200)
        found = await self._house.knowledge.issues(limit=limit + 1, before=before(request))
        return IssuesPage(issues=found[:limit], more=len(found) > limit)

    async def seen(self, request: web.Request, agent: Agent) -> None:
        await self._house.issue_seen(request.match_info["issue_id"], agent.id)
