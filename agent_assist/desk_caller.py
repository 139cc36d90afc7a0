"""The desk's answers about the caller's own screen: pushes, pictures, callbacks.

Each deed is logged with who, what kind and which call, callbacks by the house; never with what was sent.
"""

from __future__ import annotations

import re
from typing import Any, Final

from aiohttp import web

from agent_assist.desk_house import DeskHouse
from agent_assist.desk_json import before, body, fault, limit
from agent_assist.desk_messages import Switch
from agent_assist.desk_visits import Push
from core.agent import Agent
from core.log import get_logger

log = get_logger("agent_assist.desk")

PAGE: Final = 50
_PHOTO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PHOTO_HEADERS: Final = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": "inline",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class CallerAnswers:
    """See the module; the addresses are in ``desk.py``."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def reach(self, request: web.Request, agent: Agent) -> Any:
        return self._house.reach(_call(request), agent.id)

    async def push(self, request: web.Request, agent: Agent) -> None:
        what = await body(request, Push, '{"kind": "card"|"contact"|"screen"|"place", "id": "..."}')
        await self._house.push(_call(request), agent.id, what)
        log.info("desk.pushed", agent=agent.id, call_id=_call(request), kind=what.kind)

    async def send_link(self, request: web.Request, agent: Agent) -> None:
        await self._house.send_link(_call(request), agent.id)
        log.info("desk.link_sent", agent=agent.id, call_id=_call(request))

    async def read_typed(self, request: web.Request, agent: Agent) -> None:
        switch = await body(request, Switch, '{"on": true} or {"on": false}')
        await self._house.set_read_typed(_call(request), agent.id, switch.on)

    async def photo(self, request: web.Request, agent: Agent) -> web.StreamResponse:
        photo_id = request.match_info["photo_id"]
        preview = request.query.get("preview") == "1"
        path = await self._house.photo(photo_id, preview=preview) if _PHOTO_ID.fullmatch(photo_id) else None
        if path is None:
            return fault(404, "no_photo", "this picture is no longer kept")
        if not preview:
            await self._house.note_picture(photo_id, agent, address=request.remote or "")
        log.info("desk.photo_seen", agent=agent.id, photo=photo_id, preview=preview)
        return web.FileResponse(path, headers=_PHOTO_HEADERS)

    async def callbacks(self, request: web.Request, _agent: Agent) -> Any:
        return await self._house.callbacks(limit=limit(request, PAGE), before=before(request))

    async def callback_done(self, request: web.Request, agent: Agent) -> None:
        await self._house.callback_done(request.match_info["callback_id"], agent.id)

    async def callback_cancel(self, request: web.Request, agent: Agent) -> None:
        await self._house.callback_cancel(request.match_info["callback_id"], agent.id)


def _call(request: web.Request) -> str:
    return request.match_info["call_id"]
