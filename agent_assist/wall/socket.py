"""The wall's WebSockets: carry a ``Viewer``'s messages to one browser and know how to end, as the desk's do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from weakref import WeakSet

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from agent_assist.desk_socket import HEARTBEAT_S, SEND_S, WRITE_LIMIT
from agent_assist.wall.entries import Entries
from agent_assist.wall.house import WallHouse
from agent_assist.wall.hub import Hub, Viewer
from agent_assist.wall.messages import Still
from core import metrics
from core.agent import Agent
from core.errors import MinwonError
from core.log import get_logger
from core.web.guard import require_same_origin
from core.web.sockets import SIGN_IN_OVER, closing_when_over

log = get_logger("agent_assist.wall")

NOT_ALLOWED = 4403
"""Close code: your role may not see this."""
STILL_THERE = msgspec.json.encode(Still())


class WallSockets:
    """All open walls and big screens of this node."""

    def __init__(self, house: WallHouse, hub: Hub) -> None:
        self._house = house
        self._hub = hub
        self._entries = Entries(house.audit)
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()

    async def wall(self, request: web.Request) -> web.WebSocketResponse:
        """GET /wall/ws. That she sees what is said in calls is noted before the first word."""
        socket = await self._prepared(request)
        agent = self._house.who(request)
        if agent is None or not agent.may("supervisor"):
            # No HTTP status: a browser's WebSocket cannot see that of a refused handshake, only a close code.
            await socket.close(code=SIGN_IN_OVER if agent is None else NOT_ALLOWED)
            return socket
        try:
            await self._entries.note(agent, str(request.remote or ""))
        except MinwonError as fault:
            log.error("wall.not_noted", agent=agent.id, code=fault.code)
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return socket
        async with closing_when_over(socket, self._house.over(request)):
            viewer = await self._hub.watch(agent)
            await self._serve(socket, viewer, lambda: self._still(request, agent))
        return socket

    async def board(self, request: web.Request) -> web.WebSocketResponse:
        """GET /wallboard/ws."""
        socket = await self._prepared(request)
        if not self._house.may_show_board(request):
            await socket.close(code=SIGN_IN_OVER)
            return socket
        viewer = await self._hub.watch_board()
        await self._serve(socket, viewer, lambda: 0 if self._house.may_show_board(request) else SIGN_IN_OVER)
        return socket

    def _still(self, request: web.Request, agent: Agent) -> int:
        now = self._house.who(request)
        if now is None:
            return SIGN_IN_OVER
        return 0 if now.people == agent.people else WSCloseCode.GOING_AWAY  # her team is another: she comes back

    async def close(self, _app: web.Application) -> None:
        """The node goes down: tell every wall, which will come back by itself."""
        await self._hub.close()
        async with asyncio.TaskGroup() as tasks:
            for socket in list(self._open):
                tasks.create_task(socket.close(code=WSCloseCode.GOING_AWAY, drain=False))

    async def _prepared(self, request: web.Request) -> web.WebSocketResponse:
        require_same_origin(request)
        # No compression: each socket would pack by itself what is encoded once for all.
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S, compress=False, max_msg_size=1024, timeout=2.0, writer_limit=WRITE_LIMIT
        )
        await socket.prepare(request)
        return socket

    async def _serve(self, socket: web.WebSocketResponse, viewer: Viewer, ends: Callable[[], int]) -> None:
        self._open.add(socket)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_until_closed(socket, viewer), name="wall")
                code = await _carry(socket, viewer, ends)
                await socket.close(code=code, drain=False)
        finally:
            self._hub.leave(viewer)
        if code == WSCloseCode.TRY_AGAIN_LATER:
            log.warning("wall.too_slow")
            metrics.WALLS_LAGGED.inc()


async def _carry(socket: web.WebSocketResponse, viewer: Viewer, ends: Callable[[], int]) -> int:
    """Send until there is nothing more to send; returns the close code."""
    try:
        async with aclosing(viewer.messages()) as messages:  # type: ignore[type-var]
            async for message in messages:
                if code := ends():
                    return code  # signed out in another tab, or the token was revoked: not one more word
                async with asyncio.timeout(SEND_S):
                    await socket.send_frame(message, WSMsgType.TEXT)
    except ConnectionError:
        return WSCloseCode.GOING_AWAY  # the browser left while we sent; nobody reads this code
    except TimeoutError:
        return WSCloseCode.TRY_AGAIN_LATER
    return WSCloseCode.TRY_AGAIN_LATER if viewer.lagged else WSCloseCode.GOING_AWAY


async def _until_closed(socket: web.WebSocketResponse, viewer: Viewer) -> None:
    """Answer whatever the browser says with a sign of life; when it is gone, end its messages."""
    try:
        async for _message in socket:
            await socket.send_frame(STILL_THERE, WSMsgType.TEXT)
    except ConnectionError:
        log.debug("wall.gone_while_answering")
    viewer.close()
