"""The agent's desk over HTTP: one page, one WebSocket, a few JSON answers.

Everything needs a signed-in agent: pages send her to ``/signin?next=...``, the rest answers 401. Whatever changes
something, and the WebSocket, must come from our own page (``Origin``), else 403. Errors are JSON
``{"code", "message"}``: the page says them by ``code`` from its catalogue, else as they are.

=======  ==============================  ===============================================================================
GET      ``/``                           to ``/desk``
GET      ``/desk``                       the page
GET      ``/desk/static/...``            its modules, styles and messages (no sign-in: nothing of ours is in them)
GET      ``/desk/ws?call=&after=``       the WebSocket, see below
POST     ``/desk/api/state``             ``{"state": "ready"|"away"}``; 204, or 409 if refused
POST     ``/desk/api/calls/ID/hangup``   204, or 409 if it is not her running call
GET      ``/desk/api/search?q=``         ``{"results": [Suggestion, ...]}``, at most ten
GET      ``/desk/api/entries/ID``        one ``Entry``, or 404
GET      ``/desk/api/calls``             ``{"calls": [CallSummary, ...], "more": bool}``, newest first;
                                         ``?mine=1`` hers alone, ``?number=`` that caller's, ``?before=`` the last
                                         line's ``started`` to page on, ``?limit=`` (50)
GET      ``/desk/api/calls/ID``          ``{"call": CallSummary, "events": [...]}``, or 404
=======  ==============================  ===============================================================================

The WebSocket speaks JSON text frames, server to browser:

1. ``{"type": "Hello", "agent": {...}, "centre", "wrap_up_s", "now", "state": AgentStateChanged, "queue":
   QueueChanged}``. ``state.busy_call`` is the call on the desk, '' if none.
2. ``{"type": "History", "call_id", "after", "events": [...]}`` if there is a call: its lasting events with seq >
   ``after``. ``after`` is what the browser asked for if it asked for this call, else 0: then it starts afresh.
3. Then events as they happen, one a frame: her own ``AgentStateChanged``, ``QueueChanged``, and every event of the
   call on her desk. When ``busy_call`` changes to another call, a ``History`` of that call follows at once.

Nothing is doubled or missing: the socket subscribes first, then asks for history (which holds all that was published
before), then passes on lasting events only with seq above the highest sent. After a lost connection the browser comes
back with ``?call=`` and ``after=`` its highest lasting seq. Partials are not repeated: the next one carries all words.

The browser says nothing but "?", now and then, and is answered ``{"type": "Still"}``: silence after that means that the
line is dead.

Close codes: 1001 the node goes down, 1013 the browser was too slow (come back with the last seq), 4401 the sign-in
is over (sign in again).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import web

from agent_assist.desk_guard import require_same_origin
from agent_assist.desk_house import Agent, ChosenState, DeskHouse
from agent_assist.desk_pages import DeskPages, language_of
from agent_assist.desk_socket import DeskSockets
from core.errors import BadInput, MinwonError, Refused
from core.log import get_logger

__all__ = ["Agent", "ChosenState", "DeskHouse", "DeskPages", "desk"]

log = get_logger("agent_assist.desk")

RESULTS = 10
PAGE = 50
LONGEST_QUERY = 100

_encode = msgspec.json.Encoder().encode

Answer = Callable[[web.Request, Agent], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: ChosenState


def desk(house: DeskHouse, pages: DeskPages) -> Callable[[web.Application], None]:
    """What adds the desk to a web application."""
    answers, sockets = _Answers(house), DeskSockets(house)

    async def root(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/desk")

    async def page(request: web.Request) -> web.Response:
        if house.who(request) is None:
            raise web.HTTPFound("/signin?next=/desk")
        return pages.html("desk.html", language_of(request))

    def setup(app: web.Application) -> None:
        app.router.add_get("/", root)
        app.router.add_get("/desk", page)
        app.router.add_get("/desk/static/{path:.+}", pages.static)
        app.router.add_get("/desk/ws", sockets.connect)
        app.router.add_post("/desk/api/state", _json(house, answers.set_state))
        app.router.add_post("/desk/api/calls/{call_id}/hangup", _json(house, answers.hang_up))
        app.router.add_get("/desk/api/search", _json(house, answers.search))
        app.router.add_get("/desk/api/entries/{entry_id}", _json(house, answers.entry))
        app.router.add_get("/desk/api/calls", _json(house, answers.calls))
        app.router.add_get("/desk/api/calls/{call_id}", _json(house, answers.call))
        app.on_shutdown.append(sockets.close)

    return setup


def _json(house: DeskHouse, answer: Answer) -> Handler:
    """An answer as a handler: who asks, from where, and errors in words."""

    async def handle(request: web.Request) -> web.StreamResponse:
        agent = house.who(request)
        if agent is None:
            return _fault(401, "signed_out", "sign in again")
        if request.method != "GET":
            require_same_origin(request)
        try:
            found = await answer(request, agent)
        except Refused as fault:
            return _fault(409, fault.code, str(fault))
        except BadInput as fault:
            return _fault(400, fault.code, str(fault))
        except MinwonError as fault:
            log.error("desk.failed", agent=agent.id, code=fault.code, reason=str(fault))
            return _fault(503, fault.code, str(fault))
        if isinstance(found, web.Response):
            return found
        if found is None:
            return web.Response(status=204)
        return _response(200, found)

    return handle


def _fault(status: int, code: str, message: str) -> web.Response:
    return _response(status, {"code": code, "message": message})


def _response(status: int, content: Any) -> web.Response:
    return web.Response(
        status=status, body=_encode(content), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


class _Answers:
    """What the JSON addresses answer; None = done, nothing to say."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def set_state(self, request: web.Request, agent: Agent) -> None:
        try:
            wish = msgspec.json.decode(await request.read(), type=_Wish)
        except msgspec.MsgspecError as wrong:
            raise BadInput('send {"state": "ready"} or {"state": "away"}') from wrong
        await self._house.set_state(agent.id, wish.state)

    async def hang_up(self, request: web.Request, agent: Agent) -> None:
        await self._house.hang_up(request.match_info["call_id"], agent.id)

    async def search(self, request: web.Request, _agent: Agent) -> dict[str, Any]:
        query = request.query.get("q", "").strip()[:LONGEST_QUERY]
        return {"results": self._house.search(query, RESULTS) if query else ()}

    async def entry(self, request: web.Request, _agent: Agent) -> Any:
        found = self._house.entry(request.match_info["entry_id"])
        return found if found is not None else _fault(404, "no_entry", "the entry is no longer in the database")

    async def calls(self, request: web.Request, agent: Agent) -> dict[str, Any]:
        query = request.query
        limit = _limit(query.get("limit", str(PAGE)))
        calls = await self._house.store.calls(
            agent_id=agent.id if query.get("mine") == "1" else None,
            number=query.get("number") or None,
            before=_moment(query.get("before")),
            limit=limit + 1,
        )
        return {"calls": calls[:limit], "more": len(calls) > limit}

    async def call(self, request: web.Request, agent: Agent) -> Any:
        call_id = request.match_info["call_id"]
        call = await self._house.store.call(call_id)
        if call is None:
            return _fault(404, "no_call", "this call is not in the history")
        log.info("desk.call_opened", agent=agent.id, call_id=call_id)
        return {"call": call, "events": await self._house.history(call_id, 0)}


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 200):
        raise BadInput("limit is a number from 1 to 200")
    return int(text)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput("before is a moment like 2026-11-23T09:00:00Z") from wrong
    if moment.tzinfo is None:
        raise BadInput("before needs its zone, like 2026-11-23T09:00:00Z")
    return moment
