"""JSON answers of the desk: who asks, from where, and errors in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from agent_assist.desk_messages import Fault
from core.agent import Agent
from core.errors import BadInput, MinwonError, Refused
from core.log import get_logger
from core.web.door import Knows
from core.web.guard import require_same_origin

log = get_logger("agent_assist.desk")

_encode = msgspec.json.Encoder().encode

Answer = Callable[[web.Request, Agent], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
T = TypeVar("T")


def json_handler(house: Knows, answer: Answer) -> Handler:
    """An answer as a handler: None = done, nothing to say; a response as it is; anything else as JSON."""

    async def handle(request: web.Request) -> web.StreamResponse:
        agent = house.who(request)
        if agent is None:
            return fault(401, "signed_out", "sign in again")
        if request.method != "GET":
            require_same_origin(request)
        try:
            found = await answer(request, agent)
        except Refused as refusal:
            return fault(409, refusal.code, str(refusal))
        except BadInput as wrong:
            return fault(400, wrong.code, str(wrong))
        except MinwonError as trouble:
            log.error("desk.failed", agent=agent.id, code=trouble.code, reason=str(trouble))
            return fault(503, trouble.code, str(trouble))
        if isinstance(found, web.StreamResponse):
            return found
        if found is None:
            return web.Response(status=204)
        return _response(200, found)

    return handle


def fault(status: int, code: str, message: str) -> web.Response:
    """What went wrong, as JSON."""
    return _response(status, Fault(code, message))


def _response(status: int, content: Any) -> web.Response:
    return web.Response(
        status=status, body=_encode(content), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


async def body(request: web.Request, kind: type[T], example: str) -> T:
    """What the page sent. ``BadInput`` shows the example."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"send {example}") from wrong


def limit(request: web.Request, usual: int) -> int:
    """How many the page wants: ``?limit=``."""
    text = request.query.get("limit", str(usual))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 200):
        raise BadInput("limit is a number from 1 to 200")
    return int(text)


def before(request: web.Request) -> datetime | None:
    """Where the page wants to go on: ``?before=``."""
    text = request.query.get("before")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput("before is a moment like 2026-11-23T09:00:00Z") from wrong
    if moment.tzinfo is None:
        raise BadInput("before needs its zone, like 2026-11-23T09:00:00Z")
    return moment
