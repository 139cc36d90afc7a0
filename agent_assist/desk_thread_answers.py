"""The desk's answers about written contacts.

=====  ================================  ============================================================================
GET    ``/desk/api/written``             ``WrittenList``: hers and those that wait; for supervisors all that are open
GET    ``/desk/api/written/closed``      ``WrittenPage``; ``?mine=1`` hers alone, ``?before=`` the last ``last_at``
GET    ``/desk/api/written/ID``          ``WrittenFile``: what was said with that person, and the events of the contact;
                                         neither of one that is not hers (``agent_assist.written_sight``)
POST   ``/desk/api/written/ID/take``     it is hers from now on, whoever has it; 204, or 409
POST   ``/desk/api/written/ID/hand``     ``{"to"}``: to a colleague who is there; 204, or 409
POST   ``/desk/api/written/ID/back``     it waits for somebody else; 204, or 409
POST   ``/desk/api/written/ID/close``    ``{"reason"}``: it is over; 204, or 409
GET    ``/desk/api/colleagues``          ``ColleagueList``: who is there, and how much she owes
=====  ================================  ============================================================================

Cards, texts and alerts of a written contact go by the addresses of a call's, with its id. Each deed is logged with who
and which contact, never with what was written.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from agent_assist.desk_json import before, body, fault, limit
from agent_assist.desk_threads import CloseWritten, ColleagueList, DeskThreads, HandTo, WrittenList, WrittenPage
from core.agent import Agent
from core.log import get_logger

log = get_logger("agent_assist.desk")

PAGE: Final = 50


class ThreadAnswers:
    """See the module; the addresses are joined in ``desk.py``."""

    def __init__(self, house: DeskThreads) -> None:
        self._house = house
        self.table = (
            ("GET", "written", self.open),
            ("GET", "written/closed", self.closed),
            ("GET", "written/{contact_id}", self.file),
            ("POST", "written/{contact_id}/take", self.take),
            ("POST", "written/{contact_id}/hand", self.hand),
            ("POST", "written/{contact_id}/back", self.back),
            ("POST", "written/{contact_id}/close", self.close),
            ("GET", "colleagues", self.colleagues),
        )

    async def open(self, request: web.Request, agent: Agent) -> WrittenList:
        return await self._house.written_open(agent, address=request.remote or "")

    async def closed(self, request: web.Request, agent: Agent) -> WrittenPage:
        mine = request.query.get("mine") == "1" or not agent.may("supervisor")
        return await self._house.written_closed(
            agent, limit=limit(request, PAGE), before=before(request), mine=mine, address=request.remote or ""
        )

    async def file(self, request: web.Request, agent: Agent) -> Any:
        found = await self._house.written_file(_contact(request), agent, address=request.remote or "")
        if found is None:
            return fault(404, "written_over", "there is no such written contact")
        log.info("desk.written_opened", agent=agent.id, contact_id=_contact(request))
        return found

    async def take(self, request: web.Request, agent: Agent) -> None:
        await self._house.written_take(_contact(request), agent.id)

    async def hand(self, request: web.Request, agent: Agent) -> None:
        wish = await body(request, HandTo, '{"to": "an agent\'s id"}')
        await self._house.written_hand(_contact(request), agent.id, wish.to)

    async def back(self, request: web.Request, agent: Agent) -> None:
        await self._house.written_back(_contact(request), agent.id)

    async def close(self, request: web.Request, agent: Agent) -> None:
        wish = await body(request, CloseWritten, '{"reason": "answered"}, "no_answer_needed" or "spam"')
        await self._house.written_close(_contact(request), agent.id, wish.reason)

    async def colleagues(self, _request: web.Request, agent: Agent) -> ColleagueList:
        return ColleagueList(colleagues=self._house.colleagues(agent.id))


def _contact(request: web.Request) -> str:
    return request.match_info["contact_id"]
