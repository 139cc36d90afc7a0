"""What a supervisor does from the wall; the addresses are in ``routes``."""

from __future__ import annotations

from aiohttp import web

from agent_assist.wall.house import WallHouse
from agent_assist.wall.hub import Hub
from agent_assist.wall.messages import Care, NotesSent, SendNote, SetState, Supervise, TakeOver
from core.agent import Agent
from core.errors import Refused
from core.web.door import Missing, sent


class WallAnswers:
    """None = done, nothing to say."""

    def __init__(self, house: WallHouse, hub: Hub) -> None:
        self._house = house
        self._hub = hub

    async def supervise(self, request: web.Request, agent: Agent) -> None:
        wished = await sent(request, Supervise)
        await self._house.supervise(_call(request), agent.id, wished.mode)

    async def take_over(self, request: web.Request, agent: Agent) -> None:
        wished = await sent(request, TakeOver)
        await self._house.take_over(_call(request), agent.id, wished.reason.strip())

    async def set_state(self, request: web.Request, agent: Agent) -> None:
        wished, whom = await sent(request, SetState), request.match_info["agent_id"]
        if wished.state == "away_after_call":
            await self._house.away_after_call(whom, reason=wished.reason.strip(), by=agent.id)
        elif wished.state == "signed_out":
            await self._house.sign_out(whom, reason=wished.reason.strip(), by=agent.id)
        else:
            await self._house.set_state(whom, wished.state, reason=wished.reason.strip(), by=agent.id)

    async def stays(self, request: web.Request, agent: Agent) -> None:
        await self._house.stays(request.match_info["agent_id"], by=agent.id)

    async def send_note(self, request: web.Request, agent: Agent) -> NotesSent:
        wished = await sent(request, SendNote)
        desks = await self._house.send_note(wished.text.strip(), agent=wished.agent, team=wished.team, by=agent)
        return NotesSent(desks)

    async def care(self, request: web.Request, agent: Agent) -> None:
        wished = await sent(request, Care)
        row = self._hub.picture.alerts.get(wished.alert)
        if row is None:
            raise Missing("이 알림은 이미 끝났습니다 / this alert is over")
        if not agent.oversees(row.agent):
            raise Refused("다른 팀의 일입니다 / this is another team's", code="not_your_team")
        since = await self._house.care(wished.alert, agent, wished.on, call=row.call, kind=row.kind)
        self._hub.care(wished.alert, agent, since if wished.on else None)

    async def issue_seen(self, request: web.Request, agent: Agent) -> None:
        await self._house.issue_seen(request.match_info["issue_id"], agent.id)


def _call(request: web.Request) -> str:
    return request.match_info["call_id"]
