"""A process that serves nothing but callers' pages, or nothing but a bare WebSocket echo, for the bench ``phones``.

``python -m server.bench.phones_site pages|echo``: orders come as JSON lines on stdin, answers go to stdout; it ends
with its stdin. Visits are real, over the sample menu; only the call behind them is missing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import msgspec
from aiohttp import web

from ars.guesses import Guesses
from ars.inputs import Push
from ars.links import Links
from ars.menu_files.menu_file import find, load, menu_of
from ars.model import Language, Screen
from ars.phone.routes import phone
from ars.photos import Photos
from ars.state import Stop
from ars.visit import Visit
from ars.visits import Visits
from core import log
from core.config import LogConfig
from core.pictures.shelf import Pictures
from core.web.client import Proxies

MOST: Final = 20_000
CARD: Final = Stop(id="@card-1", pushed=Screen(title={"ko": "여권 재발급"}, text={"ko": "신분증을 가지고 오세요."}))


class Begin(msgspec.Struct, frozen=True, tag=True):
    """Begin so many visits; answered by ``Begun``."""

    visits: int


class Send(msgspec.Struct, frozen=True, tag=True):
    """Push a card to that visit, as an agent does; answered by ``Sent``."""

    visit: int


class Begun(msgspec.Struct, frozen=True, tag=True):
    """Their links' tokens."""

    tokens: list[str]


class Sent(msgspec.Struct, frozen=True, tag=True):
    """The push was made."""

    at: float
    """``time.monotonic()`` of this machine."""


class Up(msgspec.Struct, frozen=True, tag=True):
    """The site serves."""

    port: int


Order = Begin | Send
Answer = Begun | Sent | Up


class _House:
    """What visits need where there is no call."""

    def now(self) -> dt.datetime:
        return dt.datetime.now().astimezone()

    def spoken_language(self, language: Language) -> Language:
        return language

    async def send_text(self, visit: Visit, text: str, *, secrets: tuple[str, ...] = (), by: str = "") -> None:
        """Nobody is there to get it."""

    def link(self, visit: Visit) -> str:
        return ""

    def try_code(self, visit: Visit, code: str) -> bool:
        return False

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        _running.add(task)
        task.add_done_callback(_running.discard)


_running: set[asyncio.Task[None]] = set()


async def main(kind: str) -> None:
    """Serve until stdin ends."""
    log.setup(LogConfig(level="error"), "bench")
    app = web.Application()
    visits = None
    if kind == "echo":
        app.router.add_get("/echo", _echo)
    else:
        visits = _add_pages(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    _say(Up(port=runner.addresses[0][1]))
    begun: list[Visit] = []
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    async for line in orders:
        order: Order = msgspec.json.decode(line, type=Order)
        assert visits is not None, "an echo takes no orders"
        if isinstance(order, Begin):
            fresh = [visits.begin_web("ko") for _ in range(order.visits)]
            begun += fresh
            _say(Begun([visits.link(visit) for visit in fresh]))
        else:
            at = time.monotonic()
            begun[order.visit].put(Push(CARD))
            _say(Sent(at))
    await runner.cleanup()


def _add_pages(app: web.Application) -> Visits:
    file = find("hanbit")
    menu = menu_of(load(file), file.name)
    visits = Visits(_House(), lambda: menu, Links(MOST), limit=MOST, grace_s=900)
    phone(
        visits,
        menu=lambda: menu,
        search=lambda _query, _limit: (),
        photos=Photos(Pictures(Path(mkdtemp(prefix="phones-")), most_mb=10, days=1)),
        guesses=Guesses(),
        proxies=Proxies(()),
    )(app)
    return visits


async def _echo(request: web.Request) -> web.WebSocketResponse:
    """The floor: as little as a WebSocket server can do."""
    socket = web.WebSocketResponse(heartbeat=25.0, compress=False)
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
