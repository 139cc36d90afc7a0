"""The WebSocket port of forks: a handshake with a token or a certificate, then one stream a connection.

No compression (its memory is an attacker's to choose), messages of at most ``LARGEST`` bytes, nothing sent but pings
and the goodbye.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from ssl import SSLContext
from typing import Any, Final

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import Event
from websockets.typing import Subprotocol

from core.errors import BadInput, MinwonError, Refused
from core.log import get_logger
from telephony.forks.about import parameters
from telephony.forks.allowance import Allowance
from telephony.forks.call import Why
from telephony.forks.dialects import reader_for
from telephony.forks.gate import Gate
from telephony.forks.joining import Joining
from telephony.forks.said import Reader
from telephony.forks.stream import HELLO_S, Stream
from telephony.forks.token import shows

log = get_logger("telephony.forks")

LARGEST: Final = 1 << 16
"""Bytes of a message; Asterisk's own limit."""
FRAMES: Final = 4000
"""Frames of a connection that may come at once; then ``FRAMES_PER_S``. A message is one, most often."""
FRAMES_PER_S: Final = 1000
UNREAD_MESSAGES: Final = 64
"""Messages that wait within ``websockets`` before it stops reading the socket."""
CLOSE_S: Final = 2.0
CODES: Final[dict[Why, int]] = {
    "over": 1000,
    "leaving": 1001,
    "refused": 1008,
    "flood": 1008,
    "stalled": 1008,
    "full": 1013,
}
"""Close codes (RFC 6455 section 7.4, 1013 of its registry: try again later)."""

# Its lines tell addresses with tokens in them. Nobody reads them.
_silent = logging.getLogger("telephony.forks.websockets")
_silent.disabled = True


class _Link:
    """A connection that is asked to close."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.why: Why = "over"

    def close(self, why: Why) -> None:
        """See ``stream.Link``."""
        if not self.asked.is_set():
            self.why = why
            self.asked.set()


class _Connection(ServerConnection):
    """Counts frames: pings, and pieces of a message that never ends, are no messages that a stream could count."""

    flooded = False
    _frames: Allowance | None = None

    def process_event(self, event: Event) -> None:
        """Each frame as it is read."""
        now = self.loop.time()
        if self._frames is None:
            self._frames = Allowance(FRAMES, FRAMES_PER_S, now)
        if self.flooded or not self._frames.takes(now):
            self.flooded = True
            self.transport.abort()
        else:
            super().process_event(event)


class WebSocketDoor:
    """``came`` and ``went`` keep the list of streams; ``came`` may raise ``Refused``, ``full`` tells before."""

    def __init__(
        self,
        joining: Joining,
        token: str,
        came: Callable[[Stream], None],
        went: Callable[[Stream], None],
        full: Callable[[], bool],
    ) -> None:
        self._joining = joining
        self._token = token
        self._came = came
        self._went = went
        self._full = full

    async def open(self, gate: Gate, context: SSLContext | None) -> Server:
        """Take connections of ``gate`` from now on."""
        return await serve(
            self._serve,
            sock=gate,
            ssl=context,
            compression=None,
            max_size=LARGEST,
            max_queue=UNREAD_MESSAGES,
            open_timeout=HELLO_S,
            close_timeout=CLOSE_S,
            process_request=self._admit,
            select_subprotocol=_first,
            server_header=None,
            create_connection=_Connection,
            logger=_silent,
        )

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """An HTTP answer for who may not come in, None for who may."""
        address = _address(connection)
        if self._token and not shows(self._token, request.headers.get("Authorization", ""), request.path):
            self._joining.refused("token", address, "the stream shows no token, or another: check forks.token")
            return _answer(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer, Basic"})
        if self._full():
            self._joining.refused("full", address, "more streams than forks.streams")
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "10"})
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        link = _Link()
        stream = Stream(self._joining, link, _address(connection))
        reading = asyncio.create_task(self._read(connection, stream), name="fork")
        asked = asyncio.create_task(link.asked.wait(), name="fork close")
        try:
            self._came(stream)
            await asyncio.wait({reading, asked}, return_when=asyncio.FIRST_COMPLETED)
        except MinwonError as fault:
            stream.fail(fault)
        finally:
            for task in (reading, asked):
                task.cancel()
            await asyncio.gather(reading, asked, return_exceptions=True)
            stream.over(broken=True)
            self._went(stream)
        await connection.close(CODES[link.why], link.why)

    async def _read(self, connection: ServerConnection, stream: Stream) -> None:
        """Until the stream ends, whoever ends it."""
        reader: Reader | None = None
        try:
            async for message in connection:
                if reader is None:
                    path = connection.request.path if connection.request is not None else ""
                    reader = reader_for(message, parameters(path))
                    stream.dialect = reader.dialect
                if not stream.take(reader.read(message)):
                    return
            stream.over(broken=False)
        except ConnectionClosed as closed:
            if isinstance(connection, _Connection) and connection.flooded:
                stream.fail(Refused(f"more than {FRAMES_PER_S} frames a second", code="flood"), "flood")
            elif closed.sent is not None and closed.rcvd is None:  # by websockets itself: too large, or no WebSocket
                stream.fail(BadInput("a message that is too large or no WebSocket's", code="protocol"))
            stream.over(broken=True)
        except MinwonError as fault:
            stream.fail(fault)
        except Exception as fault:  # one stream's fault is its own
            log.exception("fork.failed", error=type(fault).__name__)
            stream.fail(MinwonError("a fault of ours: see the log", code="failed"))


def _first(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Whatever name an exchange gives to what it sends: audio.jambonz.org, audio.drachtio.org, media."""
    return offered[0] if offered else None


def _address(connection: ServerConnection) -> str:
    remote: Any = connection.remote_address
    return str(remote[0]) if remote else ""


def _answer(status: HTTPStatus, more: dict[str, str]) -> Response:
    headers = Headers({"Content-Length": "0", "Connection": "close", **more})
    return Response(status.value, status.phrase, headers, b"")
