"""The agent's desk over HTTP: one page, one WebSocket, a few JSON answers.

Everything needs a signed-in agent: pages send her to ``/signin?next=...``, the rest answers 401. Whatever changes
something, and the WebSocket, must come from our own page (``Origin``), else 403. Errors are JSON
``{"code", "message"}``: the page says them by ``code`` from its catalogue, else as they are.

=======  ==============================  ===============================================================================
GET      ``/``                           to ``/desk``
GET      ``/desk``                       the page
GET      ``/desk/static/...``            its modules, styles and messages (no sign-in: nothing of ours is in them)
GET      ``/desk/ws?call=&after=``       the WebSocket, see below
POST     ``/desk/api/state``             ``ChooseState``: ready, away with its reason, wrap_up; 204, or 409 if refused
POST     ``/desk/api/notes/ID/seen``     a supervisor's note to her is seen; 204
POST     ``/desk/api/extension``         ``Seat``: she sits at another telephone; 204, 400 (no extension), or 409
POST     ``/desk/api/calls/ID/hangup``   204, or 409 if it is not her running call
POST     ``/desk/api/calls/ID/hold``     ``{"on": bool}``: hold music for her caller; 204, or 409
POST     ``.../calls/ID/language``       ``ChooseLanguage``: what her caller speaks; 204, or 409
GET      ``/desk/api/targets?q=``        ``TargetList``: to whom her caller may be passed on, free colleagues first
POST     ``/desk/api/calls/ID/transfer`` ``PassOn``: pass her caller on; 204, or 409 with the reason
POST     ``.../calls/ID/transfer/step``  ``TransferStep``: connect, all three, the caller back; 204, or 409
GET      ``/desk/api/search?q=``         ``{"results": [Suggestion, ...]}``, at most ten; ``&category=``,
                                         ``&department=``: only there, and without ``q`` what is there
GET      ``/desk/api/shelves``           ``Shelves``: where a search may be narrowed to
GET      ``/desk/api/entries/ID``        one entry, its text ready to be shown (``ReadEntry``), or 404
GET      ``.../entries/ID/attachments/`` and the file's id: a file of the entry, or 404
POST     ``/desk/api/entries/ID/wrong``  ``ReportEntry``: 'this is wrong'; 204, or 409
POST     ``/desk/api/calls/ID/cards``    ``UseCard``: what she did with a card; 204, or 409
GET      ``/desk/api/procedures``        ``ProcedureList``: what to do at each kind of alert
POST     ``.../calls/ID/alerts/AID``     ``AlertStep``: a step of the procedure; 204, 400 without its reason, or 409
POST     ``.../calls/ID/reminders/``     and ``RULE/dismiss``: she knows; 204, or 409
GET      ``/desk/api/alerts``            supervisors: ``AlertList``, of whom she oversees; 403 for others
GET      ``/desk/api/issues``            supervisors: ``IssueList``, ``?limit=`` (50); 403 for others
POST     ``/desk/api/issues/ID/seen``    supervisors: taken note of; 204, 403 or 409
GET      ``/desk/api/calls``             ``{"calls": [CallSummary, ...], "more": bool}``, newest first;
                                         ``?mine=1`` hers alone, ``?number=`` that caller's, ``?before=`` the last
                                         line's ``started`` to page on, ``?limit=`` (50)
GET      ``/desk/api/calls/ID``          ``{"call": CallSummary, "events": [...]}``, or 404
GET      ``/desk/api/calls/ID/reach``    ``Reach``: what may be sent to the caller of her call; 409 if it is not hers
POST     ``/desk/api/calls/ID/push``     ``Push``: a screen into the caller's hand; 204, or 409 with the reason
POST     ``/desk/api/calls/ID/link``     send the link of the caller's page; 204, or 409
POST     ``/desk/api/calls/ID/text``     ``{"text"}``: send a text message; 204, 400 (can't be carried), or 409
POST     ``/desk/api/calls/ID/read``     ``{"on": bool}``: typed words are spoken to her; 204, or 409
GET      ``/desk/api/entries/ID/text``   ``{"text"}``: the entry as a text message
POST     ``/desk/api/text_size``         ``{"text"}`` -> ``TextSize``, or 400
GET      ``/desk/api/photos/ID``         a caller's picture, ``?preview=1`` small; JPEG, or 404
GET      ``/desk/api/outbox``            ``OutboxPage``; ``?mine=1`` hers alone, ``?before=`` the last line's ``at``,
                                         ``?limit=`` (50)
GET      ``/desk/api/callbacks``         ``CallbackPage``; ``?before=`` the last closed line's ``since``, ``?limit=``
POST     ``/desk/api/callbacks/ID/...``  ``done``: she called herself; ``cancel``: no longer wanted; 204, or 409
=======  ==============================  ===============================================================================

The WebSocket speaks JSON text frames, server to browser:

1. ``{"type": "Hello", "agent": {...}, "centre", "wrap_up_s", "now", "state": AgentStateChanged, "queue":
   QueueChanged}``. ``state.busy_call`` is the call on the desk, '' if none.
2. ``{"type": "History", "call_id", "after", "events": [...]}`` if there is a call: its lasting events with seq >
   ``after``. ``after`` is what the browser asked for if it asked for this call, else 0: then it starts afresh.
3. Then events as they happen, one a frame: her own ``AgentStateChanged``, ``QueueChanged``, and every event of the
   call on her desk; ``NoteSent`` to her; for supervisors also ``IssueChanged``, and the ``AlertChanged`` of every other
   call. When ``busy_call`` changes to another call, a ``History`` of that call follows at once.

Nothing is doubled or missing: the socket subscribes first, then asks for history (which holds all that was published
before), then passes on lasting events only with seq above the highest sent. After a lost connection the browser comes
back with ``?call=`` and ``after=`` its highest lasting seq. Partials are not repeated: the next one carries all words.

The browser says nothing but "?", now and then, and is answered ``{"type": "Still"}``: silence after that means that the
line is dead.

Close codes: 1001 the node goes down, 1013 the browser was too slow (come back with the last seq), 4401 the sign-in
is over (sign in again).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from aiohttp import web

from agent_assist.desk_alerts import AlertAnswers
from agent_assist.desk_caller import CallerAnswers
from agent_assist.desk_calls import CallAnswers
from agent_assist.desk_cards import CardAnswers
from agent_assist.desk_house import DeskHouse
from agent_assist.desk_json import before, body, fault, json_handler, limit
from agent_assist.desk_messages import CallFile, CallsPage, ChooseState
from agent_assist.desk_notes import NoteAnswers
from agent_assist.desk_pages import DeskPages
from agent_assist.desk_record_answers import RecordAnswers
from agent_assist.desk_recording_answers import RecordingAnswers
from agent_assist.desk_socket import DeskSockets
from agent_assist.desk_state import ChosenState
from agent_assist.desk_text_answers import TextAnswers
from agent_assist.desk_thread_answers import ThreadAnswers
from core.agent import Agent
from core.events import AnyEvent
from core.log import get_logger
from core.web.noted import Sight, noted
from core.web.pages import language_of

__all__ = ["Agent", "ChosenState", "DeskHouse", "DeskPages", "desk"]

log = get_logger("agent_assist.desk")

PAGE = 50
_SIGHTS: Final = {
    "calls": Sight("searched", "contact", detail="calls"),
    "calls/{call_id}": Sight("saw", "contact", "call_id"),
    "outbox": Sight("saw", "text", detail="outbox"),
    "callbacks": Sight("saw", "contact", detail="callbacks"),
    "alerts": Sight("saw", "contact", detail="alerts"),
    "issues": Sight("saw", "contact", detail="issues"),
    "records": Sight("saw", "record", detail="unasked"),
    "written/closed": Sight("saw", "text", detail="closed threads"),
}
"""What is read here of contacts that are not her own running one. The rest is noted where it is known whose it is, or
stands on the contact's line with who did it."""


def desk(house: DeskHouse, pages: DeskPages) -> Callable[[web.Application], None]:
    """What adds the desk to a web application."""
    answers, caller, sockets = _Answers(house), CallerAnswers(house), DeskSockets(house)
    texts = TextAnswers(house)
    cards, alerts, running = CardAnswers(house), AlertAnswers(house), CallAnswers(house)

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
        for method, path, answer in (
            ("POST", "state", answers.set_state),
            ("POST", "notes/{note_id}/seen", NoteAnswers(house).seen),
            ("POST", "extension", running.sit),
            ("POST", "calls/{call_id}/hangup", answers.hang_up),
            ("POST", "calls/{call_id}/hold", running.hold),
            ("POST", "calls/{call_id}/language", running.speaks),
            ("GET", "targets", running.targets),
            ("POST", "calls/{call_id}/transfer", running.pass_on),
            ("POST", "calls/{call_id}/transfer/step", running.step),
            ("GET", "search", cards.search),
            ("GET", "shelves", cards.shelves),
            ("GET", "entries/{entry_id}", cards.entry),
            ("GET", "entries/{entry_id}/attachments/{attachment_id}", cards.attachment),
            ("POST", "entries/{entry_id}/wrong", cards.wrong),
            ("POST", "calls/{call_id}/cards", cards.used),
            ("GET", "procedures", alerts.procedures),
            ("POST", "calls/{call_id}/alerts/{alert_id}", alerts.step),
            ("POST", "calls/{call_id}/reminders/{rule_id}/dismiss", alerts.dismiss_reminder),
            ("GET", "alerts", alerts.alerts),
            ("GET", "issues", alerts.issues),
            ("POST", "issues/{issue_id}/seen", alerts.issue_seen),
            ("GET", "calls", answers.calls),
            ("GET", "calls/{call_id}", answers.call),
            ("GET", "calls/{call_id}/reach", caller.reach),
            ("POST", "calls/{call_id}/push", caller.push),
            ("POST", "calls/{call_id}/link", caller.send_link),
            ("GET", "calls/{call_id}/text", texts.offer),
            ("POST", "calls/{call_id}/text", texts.send),
            ("POST", "calls/{call_id}/number", texts.ask_number),
            ("POST", "texts/{message_id}/back", texts.take_back),
            ("POST", "texts/{message_id}/again", texts.again),
            ("POST", "calls/{call_id}/read", caller.read_typed),
            ("POST", "text_look", texts.look),
            ("GET", "photos/{photo_id}", caller.photo),
            ("GET", "outbox", texts.outbox),
            ("GET", "callbacks", caller.callbacks),
            ("POST", "callbacks/{callback_id}/done", caller.callback_done),
            ("POST", "callbacks/{callback_id}/cancel", caller.callback_cancel),
            *ThreadAnswers(house).table,
            *RecordAnswers(house).table,
            *RecordingAnswers(house).table,
        ):
            sight = _SIGHTS.get(path) if method == "GET" else None
            app.router.add_route(method, f"/desk/api/{path}", json_handler(house, noted(house, sight, answer)))
        app.on_shutdown.append(sockets.close)

    return setup


class _Answers:
    """What the JSON addresses answer; None = done, nothing to say."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def set_state(self, request: web.Request, agent: Agent) -> None:
        wish = await body(request, ChooseState, '{"state": "ready"}, {"state": "away"} or {"state": "wrap_up"}')
        await self._house.set_state(agent.id, wish.state, wish.reason)

    async def hang_up(self, request: web.Request, agent: Agent) -> None:
        await self._house.hang_up(request.match_info["call_id"], agent.id)

    async def calls(self, request: web.Request, agent: Agent) -> CallsPage:
        query = request.query
        most = limit(request, PAGE)
        calls = await self._house.store.calls(
            agent_id=agent.id if query.get("mine") == "1" else None,
            number=query.get("number") or None,
            before=before(request),
            limit=most + 1,
        )
        return CallsPage(calls[:most], len(calls) > most)

    async def call(self, request: web.Request, agent: Agent) -> Any:
        call_id = request.match_info["call_id"]
        call = await self._house.store.call(call_id)
        if call is None:
            return fault(404, "no_call", "this call is not in the history")
        log.info("desk.call_opened", agent=agent.id, call_id=call_id)
        return CallFile(call, cast("list[AnyEvent]", await self._house.history(call_id, 0)))
