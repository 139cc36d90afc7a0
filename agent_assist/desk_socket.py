"""The desk's WebSocket: carries a ``Feed`` to one browser and knows how to end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from weakref import WeakSet

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from agent_assist.desk_feed import Feed
from agent_assist.desk_house import DeskHouse
from agent_assist.desk_messages import Still
from core import metrics
from core.agent import Agent
from core.errors import MinwonError
from core.log import get_logger
from core.web.guard import require_same_origin
from core.web.sockets import SIGN_IN_OVER, closing_when_over

log = get_logger("agent_assist.desk")

HEARTBEAT_S = 25.0
"""A ping so often; a browser that does not answer it is gone."""
SEND_S = 10.0
"""A browser that takes no byte for so long is too slow."""
STILL_THERE = msgspec.json.encode(Still())
"""A page cannot see WebSocket pings, so it asks for this, to know a dead line from a silent call."""
WRITE_LIMIT = 64 * 1024
"""Bytes that may wait in the socket before sending waits."""


class DeskSockets:
    """All open desks of this node."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """GET /desk/ws."""
        require_same_origin(request)
        # No compression: its window costs 70 KiB a socket, our messages are short.
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S, compress=False, max_msg_size=1024, timeout=2.0, writer_limit=WRITE_LIMIT
        )
        await socket.prepare(request)
        agent = self._house.who(request)
        if agent is None:
            # Not 401: a browser's WebSocket cannot see the status of a refused handshake, only a close code.
            await socket.close(code=SIGN_IN_OVER)
            return socket
        feed = Feed(self._house, agent, call_id=request.query.get("call", ""), after=_seq(request.query.get("after")))
        self._open.add(socket)
        with metrics.DESK_SOCKETS.track_inprogress():
            async with closing_when_over(socket, self._house.over(request)), asyncio.TaskGroup() as tasks:
                tasks.create_task(_until_closed(socket, feed), name=f"desk {agent.id}")
                code = await self._carry(feed, socket, request, agent)
                await socket.close(code=code, drain=False)
        if code == WSCloseCode.TRY_AGAIN_LATER:
            metrics.DESK_LAGGED.inc()
        return socket

    async def close(self, _app: web.Application) -> None:
        """The node goes down: tell every desk, which will come back by itself."""
        async with asyncio.TaskGroup() as tasks:
            for socket in list(self._open):
                tasks.create_task(socket.close(code=WSCloseCode.GOING_AWAY, drain=False))

    async def _carry(self, feed: Feed, socket: web.WebSocketResponse, request: web.Request, agent: Agent) -> int:
        """Send until there is nothing more to send; returns the close code."""
        try:
            async with aclosing(feed.messages()) as messages:  # type: ignore[type-var]
                async for message in messages:
                    if self._house.who(request) is None:
                        return SIGN_IN_OVER  # signed out in another tab: not one more word
                    async with asyncio.timeout(SEND_S):
                        await socket.send_frame(message, WSMsgType.TEXT)
        except ConnectionError:
            return WSCloseCode.GOING_AWAY  # the browser left while we sent; nobody reads this code
        except TimeoutError:
            log.warning("desk.too_slow", agent=agent.id)
            return WSCloseCode.TRY_AGAIN_LATER
        except MinwonError as fault:
            log.error("desk.failed", agent=agent.id, code=fault.code, reason=str(fault))
            return WSCloseCode.INTERNAL_ERROR
        if feed.lagged:
            log.warning("desk.too_slow", agent=agent.id)
            return WSCloseCode.TRY_AGAIN_LATER
        return WSCloseCode.GOING_AWAY


async def _until_closed(socket: web.WebSocketResponse, feed: Feed) -> None:
    """Answer whatever the browser says with a sign of life; when it is gone, end the feed."""
    try:
        async for _message in socket:
            await socket.send_frame(STILL_THERE, WSMsgType.TEXT)
    except ConnectionError:
        log.debug("desk.gone_while_answering")
    feed.close()


def _seq(text: str | None) -> int:
    """A number that the browser sent; nonsense means 'from the start'."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
