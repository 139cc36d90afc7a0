"""All addresses of the supervisor's wall and the big screen, and who may ask what.

=======  ===================================  =========================================================================
GET      ``/wall``                            the page; supervisors and administrators
GET      ``/wall/ws``                         the WebSocket, see below
POST     ``/wall/api/calls/ID/supervision``   ``Supervise``: her phone takes part; 204, 403 or 409 with the reason
POST     ``/wall/api/calls/ID/takeover``      ``TakeOver``: the call is hers, the agent is free; 204, 409
POST     ``/wall/api/agents/ID/state``        ``SetState``: with a reason; 204, 400 without one, 409
POST     ``/wall/api/agents/ID/stays``        away after this call is taken back; 204, 409
POST     ``/wall/api/notes``                  ``SendNote`` -> ``NotesSent``; 409
POST     ``/wall/api/alerts/care``            ``Care``: who takes care of an alert; 204, 404 when it is over
POST     ``/wall/api/issues/ID/seen``         taken note of; 204, 404
GET      ``/wallboard``                       the big screen: numbers alone; a token of scope 'wallboard'
GET      ``/wallboard/ws``                    its WebSocket: ``Board`` whenever something has changed, at most once a
                                              second
=======  ===================================  =========================================================================

The wall's WebSocket speaks JSON text frames, server to browser: first ``{"type": "WallPicture", ...}``, the house as it
stands; then ``{"type": "WallDifference", "patch": ...}``, a JSON merge patch (RFC 7396) of the picture, once a second
if something has changed, and at once (50 ms are gathered) for states of agents, alerts, alarms and who joins. A second
``WallPicture`` replaces the first: the page begins afresh. The browser says nothing but '?', answered ``Still``.

Close codes: 1001 the node goes down, or her team is another (come back), 1013 the browser was too slow (come back),
4401 the sign-in is over, 4403 no supervisor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aiohttp import web

from agent_assist.desk_pages import DeskPages
from agent_assist.wall.answers import WallAnswers
from agent_assist.wall.house import WallHouse
from agent_assist.wall.hub import Hub
from agent_assist.wall.socket import WallSockets
from core.config import Role
from core.web.door import guarded
from core.web.pages import language_of

SUPERVISOR: Final[tuple[Role, ...]] = ("supervisor",)


def wall(house: WallHouse, pages: DeskPages) -> Callable[[web.Application], None]:
    """What adds wall and big screen to a web application. Their files are the desk's: ``/desk/static/wall/``."""
    hub = Hub(house)
    answers, sockets = WallAnswers(house, hub), WallSockets(house, hub)

    async def page(request: web.Request) -> web.Response:
        agent = house.who(request)
        if agent is None:
            raise web.HTTPFound("/signin?next=/wall")
        if not agent.may("supervisor"):
            raise web.HTTPFound("/desk")
        return pages.html("wall.html", language_of(request), OPENING[language_of(request)])

    async def board(request: web.Request) -> web.Response:
        return pages.html("wallboard.html", language_of(request), OPENING[language_of(request)])

    def setup(app: web.Application) -> None:
        app.router.add_get("/wall", page)
        app.router.add_get("/wall/ws", sockets.wall)
        app.router.add_get("/wallboard", board)
        app.router.add_get("/wallboard/ws", sockets.board)
        for path, answer in (
            ("calls/{call_id}/supervision", answers.supervise),
            ("calls/{call_id}/takeover", answers.take_over),
            ("agents/{agent_id}/state", answers.set_state),
            ("agents/{agent_id}/stays", answers.stays),
            ("notes", answers.send_note),
            ("alerts/care", answers.care),
            ("issues/{issue_id}/seen", answers.issue_seen),
        ):
            app.router.add_post(f"/wall/api/{path}", guarded(house, SUPERVISOR, answer))
        app.on_shutdown.append(sockets.close)

    return setup


OPENING: Final = {
    "ko": {"title": "상황판 · 민원콜센터", "opening": "상황판을 여는 중입니다…"},
    "en": {"title": "Wall · Call centre", "opening": "Opening the wall…"},
}
"""What the pages say before their own words are loaded."""
