"""The page's lines that stay open: WebSocket and, where that is not let through, server-sent events.

Both carry a visit's feed and know how to end. Close codes: 1001 the node goes down (come back), 1013 the phone is too
slow (come back), 1008 it sent far too much, 4410 load the page again (it says why), 4429 no line for this page (go on
with form posts).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final
from weakref import WeakSet

from aiohttp import WSCloseCode, WSMsgType, hdrs, web

from ars.messages import ASK, LONGEST_MESSAGE, Screen, Still, ToPage, encode
from ars.page_feed import PageFeed
from ars.phone.answers import HEADERS
from ars.phone.door import Door, Guest, Shut
from ars.phone.talk import Talk
from core import metrics
from core.log import get_logger
from core.web.rate import Bucket, Buckets

log = get_logger("ars.phone")

LOAD_AGAIN: Final = 4410
NO_LINE: Final = 4429
HEARTBEAT_S: Final = 25.0
"""A ping so often; a phone that does not answer it is gone. The phone itself asks by '?', for it cannot see pings."""
STILL_S: Final = 8.0
"""An event stream gives a sign of life so often."""
SEND_S: Final = 10.0
"""A phone that takes no byte for so long is too slow."""
WRITE_LIMIT: Final = 16 * 1024
"""Bytes that may wait in the socket before sending waits; kept small, for there may be 10,000 of them."""
RATE: Final = 10.0
"""Messages a second that a page may send in the long run."""
BURST: Final = 20.0
"""And at once."""
OF_A_VISIT: Final = 2
"""So many times more all pages of one visit together."""
FLOOD_RATE: Final = 50.0
"""Frames a second of any kind, pings among them; who sends more is no page of ours, and is cut off: answering each one
of those that fit into one packet holds up everybody else."""
FLOOD_BURST: Final = 200.0
"""And at once."""
_STILL: Final = encode(Still())


class PhoneSockets:
    """All open lines of this node's pages."""

    def __init__(self, talk: Talk, door: Door, limit: int) -> None:
        """``limit``: lines at a time."""
        self._talk = talk
        self._door = door
        self._limit = limit
        self._visits = Buckets(RATE * OF_A_VISIT, BURST * OF_A_VISIT)
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()
        self._streams: set[PageFeed] = set()
        self._lines = 0

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """GET /v/TOKEN/ws."""
        self._door.require_our_page(request)
        # No compression: its window costs 70 KiB a socket, our messages are short.
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S,
            autoping=False,  # so that pings are counted
            compress=False,
            max_msg_size=LONGEST_MESSAGE,
            timeout=2.0,
            writer_limit=WRITE_LIMIT,
        )
        await socket.prepare(request)
        try:
            guest = self._door.enter(request)
        except Shut as shut:
            # A browser cannot see the status of a refused handshake, only a close code; the page itself says why.
            # Where cookies are off it would not: that is told when something is pressed.
            await socket.close(code=NO_LINE if shut.why == "no_cookie" else LOAD_AGAIN)
            return socket
        feed = guest.visit.open_page() if self._lines < self._limit else None
        if feed is None:
            await socket.close(code=NO_LINE)
            return socket
        self._open.add(socket)
        with _Counted(self):
            try:
                async with asyncio.TaskGroup() as tasks:
                    line = _Line(guest, feed)
                    tasks.create_task(self._listen(socket, line, request.transport), name="phone")
                    code = await self._carry(socket, line)
                    await socket.close(code=code, drain=False)
            finally:
                self._door.visit(guest).close_page(feed)
        return socket

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /v/TOKEN/events: server-sent events (HTML Living Standard, section 9.2)."""
        guest = self._door.enter(request)
        feed = guest.visit.open_page() if self._lines < self._limit else None
        if feed is None:
            raise Shut("too_many")
        response = web.StreamResponse(
            headers={
                **HEADERS,
                hdrs.CONTENT_TYPE: "text/event-stream",
                hdrs.CACHE_CONTROL: "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        self._streams.add(feed)
        with _Counted(self):
            try:
                await response.prepare(request)
                async with asyncio.TaskGroup() as tasks:
                    still = tasks.create_task(_keep_alive(response), name="phone still")
                    async with aclosing(self._messages(_Line(guest, feed))) as messages:
                        async for message in messages:
                            async with asyncio.timeout(SEND_S):
                                await response.write(_event(message))
                    still.cancel()
            except* (ConnectionError, TimeoutError):
                metrics.ARS_PAGES_LOST.inc()
            finally:
                self._streams.discard(feed)
                self._door.visit(guest).close_page(feed)
        return response

    async def close(self, _app: web.Application) -> None:
        """The node goes down: every page comes back by itself."""
        for feed in list(self._streams):
            feed.gone("node")
        async with asyncio.TaskGroup() as tasks:
            for socket in list(self._open):
                tasks.create_task(socket.close(code=WSCloseCode.GOING_AWAY, drain=False))

    async def _messages(self, line: _Line) -> AsyncGenerator[bytes, None]:
        async for due in line.feed:
            for message in self._talk.messages(self._door.visit(line.guest), line.guest.base, due):
                if isinstance(message, Screen):
                    line.sent(message.number)
                yield encode(message)

    async def _carry(self, socket: web.WebSocketResponse, line: _Line) -> int:
        """Send until there is nothing more to send; returns the close code."""
        try:
            async with aclosing(self._messages(line)) as messages:
                async for message in messages:
                    async with asyncio.timeout(SEND_S):
                        await socket.send_frame(message, WSMsgType.TEXT)
        except ConnectionError:
            metrics.ARS_PAGES_LOST.inc()
        except TimeoutError:
            metrics.ARS_PAGES_LOST.inc()
            log.info("phone.too_slow", visit=line.guest.visit.visit_id)
            return WSCloseCode.TRY_AGAIN_LATER
        return WSCloseCode.GOING_AWAY

    async def _listen(self, socket: web.WebSocketResponse, line: _Line, transport: asyncio.Transport | None) -> None:
        """Do what the page says; when it is gone, end its feed."""
        guest = line.guest
        clock = asyncio.get_running_loop().time
        bucket, flood = Bucket(RATE, BURST), Bucket(FLOOD_RATE, FLOOD_BURST)
        told = -1.0
        try:
            async for message in socket:
                if not flood.take(clock()):
                    metrics.ARS_MESSAGES_REFUSED.labels(why="flood").inc()
                    log.warning("phone.flood", visit=guest.visit.visit_id)
                    await _cut_off(socket, transport)
                    break
                if message.type is WSMsgType.PING:
                    await socket.pong(message.data)
                    continue
                if message.type is WSMsgType.PONG:
                    continue
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    too_large = getattr(message.data, "code", 0) == WSCloseCode.MESSAGE_TOO_BIG
                    metrics.ARS_MESSAGES_REFUSED.labels(why="too_large" if too_large else "message").inc()
                    break  # aiohttp closes the socket, with that code
                if message.data == ASK:
                    self._talk.renew_code(self._door.visit(guest))
                    answers: list[ToPage] = []
                    await socket.send_frame(_STILL, WSMsgType.TEXT)
                elif bucket.take(clock()) and self._visits.take(guest.visit.visit_id, clock()):
                    answers = await self._talk.take(self._door.visit(guest), guest.base, message.data, line.drawn)
                else:
                    answers = [self._talk.refused(self._door.visit(guest), "too_fast", "page.too_fast")]
                    if clock() - told < 1:
                        continue  # said a moment ago
                    told = clock()
                for answer in answers:
                    async with asyncio.timeout(SEND_S):
                        await socket.send_frame(encode(answer), WSMsgType.TEXT)
                await asyncio.sleep(0)  # what has come with it is not done in one go: others have their turn
        except (ConnectionError, TimeoutError):
            log.debug("phone.gone_while_answering")
        line.feed.close()


class _Line:
    """One page's line: whose, what it is told, and when its last screen was sent."""

    __slots__ = ("_at", "_number", "feed", "guest")

    def __init__(self, guest: Guest, feed: PageFeed) -> None:
        self.guest = guest
        self.feed = feed
        self._number = -1
        self._at = 0.0

    def sent(self, number: int) -> None:
        """A screen is on its way."""
        self._number, self._at = number, asyncio.get_running_loop().time()

    def drawn(self, number: int) -> None:
        """The phone says that it has drawn a screen; measured once."""
        if number == self._number:
            metrics.ARS_DRAWN.observe(asyncio.get_running_loop().time() - self._at)
            self._number = -1


class _Counted:
    """A line is open."""

    def __init__(self, sockets: PhoneSockets) -> None:
        self._sockets = sockets

    def __enter__(self) -> None:
        self._sockets._lines += 1
        metrics.ARS_PAGES.inc()

    def __exit__(self, *exc: object) -> None:
        self._sockets._lines -= 1
        metrics.ARS_PAGES.dec()


async def _cut_off(socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
    """Say why, and read no byte more: a proper goodbye would read on for seconds."""
    await socket.send_frame(WSCloseCode.POLICY_VIOLATION.to_bytes(2, "big"), WSMsgType.CLOSE)
    if transport is not None:
        transport.close()


def _event(message: bytes) -> bytes:
    """JSON has no line breaks, so it is one line of data."""
    return b"data: " + message + b"\n\n"


async def _keep_alive(response: web.StreamResponse) -> None:
    while True:
        await asyncio.sleep(STILL_S)
        async with asyncio.timeout(SEND_S):
            await response.write(_event(_STILL))
