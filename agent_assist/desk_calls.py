"""The desk's answers about running calls: holding, passing on, language; and where an agent sits.

What is done is logged with who by the house, never with a number of the outside.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from agent_assist.desk_house import DeskHouse
from agent_assist.desk_json import body
from agent_assist.desk_language import ChooseLanguage
from agent_assist.desk_messages import Switch
from agent_assist.desk_transfers import PassOn, Seat, TargetList, TransferStep
from core.agent import Agent

TARGETS: Final = 40
LONGEST: Final = 100
"""Characters of a search; beyond it nothing is read."""


class CallAnswers:
    """See the module; the addresses are in ``desk.py``."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def targets(self, request: web.Request, agent: Agent) -> TargetList:
        return TargetList(self._house.targets(request.query.get("q", "")[:LONGEST], agent.id, TARGETS))

    async def hold(self, request: web.Request, agent: Agent) -> None:
        switch = await body(request, Switch, '{"on": true} or {"on": false}')
        await self._house.hold(_call(request), agent.id, switch.on)

    async def speaks(self, request: web.Request, agent: Agent) -> None:
        chosen = await body(request, ChooseLanguage, '{"language": "en"}')
        await self._house.speaks(_call(request), agent.id, chosen.language)

    async def pass_on(self, request: web.Request, agent: Agent) -> None:
        what = await body(
            request,
            PassOn,
            '{"kind": "agent"|"department"|"person"|"entry"|"number", "id": "...", "way": "blind"|"consult"}',
        )
        await self._house.pass_on(_call(request), agent.id, what)

    async def step(self, request: web.Request, agent: Agent) -> None:
        wished = await body(request, TransferStep, '{"step": "connect"|"join"|"back"}')
        await self._house.transfer_step(_call(request), agent.id, wished.step)

    async def sit(self, request: web.Request, agent: Agent) -> None:
        seat = await body(request, Seat, '{"extension": "2107"}')
        await self._house.sit(agent.id, seat.extension.strip())


def _call(request: web.Request) -> str:
    return request.match_info["call_id"]
