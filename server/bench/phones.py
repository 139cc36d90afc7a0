"""Bench ``phones``: callers' pages on one process: how fast a tap and a push are seen, and what 10,000 of them cost.

Beside it, in the same run and on the same machine, a bare aiohttp WebSocket echo: the floor of what a line can cost.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, Self, TypeVar

import aiohttp
import msgspec

from ars import messages
from core.errors import EnvironmentFault
from server.bench.figures import Figure, Report, percentile
from server.bench.open_files import allow_files
from server.bench.phones_site import Answer, Begin, Begun, Send, Sent, Up
from server.bench.processes import cpu_s, resident_kib
from server.bench.stage import Stage

A = TypeVar("A")

BUSY: Final = 1_000
"""Pages that are open while taps and pushes are measured."""
MANY: Final = 10_000
SAMPLES: Final = 300
TAP_S: Final = 0.1
PUSH_S: Final = 0.1
PAGE_KIB: Final = 40.0
IDLE_S: Final = 20.0
ASKS_S: Final = 4.0
"""How often an open page asks for a sign of life (``ars/web/line.js``)."""
_AT_ONCE: Final = 100
_SETTLE_S: Final = 3.0
_ANSWER_S: Final = 20.0
_FILES: Final = MANY + 1000


async def measure(stage: Stage) -> Report:
    """First ours, then the echo."""
    allow_files(_FILES)
    async with Site("pages", stage) as site:
        taps, pushes = await _answers(site, stage)
        page_kib, page_idle = await _crowd(site, stage)
    async with Site("echo", stage) as echo:
        rounds = await _rounds(echo, stage)
        echo_kib, echo_idle = await _crowd(echo, stage)
    ms = 1000.0
    return Report(
        figures=(
            Figure(name=f"tap to new screen, {BUSY} pages, p50", value=ms * percentile(taps, 0.5), unit="ms"),
            Figure(
                name=f"tap to new screen, {BUSY} pages, p95",
                value=ms * percentile(taps, 0.95),
                unit="ms",
                bound=ms * TAP_S,
            ),
            Figure(
                name=f"agent's push to page, {BUSY} pages, p95",
                value=ms * percentile(pushes, 0.95),
                unit="ms",
                bound=ms * PUSH_S,
            ),
            Figure(name=f"echo's round trip, {BUSY} sockets, p95", value=ms * percentile(rounds, 0.95), unit="ms"),
            Figure(name=f"a page, {MANY} of them", value=page_kib, unit="KiB", bound=PAGE_KIB),
            Figure(name=f"an echo's socket, {MANY} of them", value=echo_kib, unit="KiB"),
            Figure(name=f"CPU of {MANY} idle pages", value=100 * page_idle, unit="% of a core"),
            Figure(name=f"CPU of {MANY} idle echoes", value=100 * echo_idle, unit="% of a core"),
        ),
        notes=(
            "loopback; a page's tap is answered with the screen as HTML; resident memory of the serving process",
            f"idle pages ask for a sign of life every {ASKS_S:.0f} s, as the page does; idle echoes echo as often",
        ),
    )


async def _answers(site: Site, stage: Stage) -> tuple[list[float], list[float]]:
    stage.tell(f"{BUSY} pages")
    await site.open(BUSY)
    rng = random.Random(1)
    taps, pushes = [], []
    for sample in range(SAMPLES):
        stage.tell(f"tap {sample}")
        page = site.pages[rng.randrange(BUSY)]
        taps.append(await page.tap("@language" if page.screen.id != "@language" else "#"))
        await asyncio.sleep(0.005)
    for sample in range(SAMPLES):
        stage.tell(f"push {sample}")
        number = rng.randrange(BUSY)
        page = site.pages[number]
        arrived = page.next_screen()
        sent = await site.push(number)
        pushes.append(await arrived - sent)
        await asyncio.sleep(0.005)
    return taps, pushes


async def _rounds(site: Site, stage: Stage) -> list[float]:
    stage.tell(f"{BUSY} echoes")
    await site.open(BUSY)
    rng = random.Random(1)
    rounds = []
    for _ in range(SAMPLES):
        rounds.append(await site.pages[rng.randrange(BUSY)].echo())
        await asyncio.sleep(0.005)
    return rounds


async def _crowd(site: Site, stage: Stage) -> tuple[float, float]:
    """KiB of a page, and cores that all of them take while nothing happens."""
    await asyncio.sleep(_SETTLE_S)
    before, there = resident_kib(site.pid), len(site.pages)
    while len(site.pages) < MANY:
        stage.tell(f"{len(site.pages)} open")
        await site.open(_AT_ONCE * 5)
    await asyncio.sleep(_SETTLE_S)
    each = (resident_kib(site.pid) - before) / (MANY - there)
    stage.tell(f"{MANY} idle")
    asking = asyncio.create_task(site.ask_all())
    await asyncio.sleep(ASKS_S)
    began, cpu = time.monotonic(), cpu_s(site.pid)
    await asyncio.sleep(IDLE_S)
    idle = (cpu_s(site.pid) - cpu) / (time.monotonic() - began)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    return each, idle


class Page:
    """One open page, or one echo's socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._waiting: asyncio.Future[float] | None = None
        self.screen = messages.Screen(number=0, id="", title="", language="ko", phase="web", html="")
        self.reading = asyncio.create_task(self._read(), name="page of the bench")

    def next_screen(self) -> asyncio.Future[float]:
        """When the next screen, or echo, arrives."""
        self._waiting = asyncio.get_running_loop().create_future()
        return self._waiting

    async def tap(self, choice: str) -> float:
        """Seconds from the tap to the new screen."""
        arrived = self.next_screen()
        began = time.monotonic()
        await self._socket.send_str(messages.encode(messages.Tap(number=self.screen.number, choice=choice)).decode())
        async with asyncio.timeout(_ANSWER_S):
            return await arrived - began

    async def echo(self) -> float:
        """Seconds for a message of a tap's size to come back."""
        arrived = self.next_screen()
        began = time.monotonic()
        await self._socket.send_str('{"type":"Tap","number":1,"choice":"1"}')
        async with asyncio.timeout(_ANSWER_S):
            return await arrived - began

    async def ask(self) -> None:
        """Are you there?"""
        await self._socket.send_str(messages.ASK)

    async def _read(self) -> None:
        async for frame in self._socket:
            now = time.monotonic()
            data = frame.data
            if data.startswith('{"type":"Screen"'):
                self.screen = msgspec.json.decode(data, type=messages.Screen)
            elif not data.startswith('{"type":"Tap"'):
                continue
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(now)


class Site:
    """The process with its pages."""

    def __init__(self, kind: str, stage: Stage) -> None:
        self._kind = kind
        self._stage = stage
        self._open = AsyncExitStack()
        self.pages: list[Page] = []

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "server.bench.phones_site", self._kind),
            cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 22,
        )
        self._open.push_async_callback(self._stop)
        connector = aiohttp.TCPConnector(limit=0)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        self._browser = await self._open.enter_async_context(session)
        self._open.push_async_callback(self._close_pages)
        up = await self._answer(Up)
        self._origin = f"http://127.0.0.1:{up.port}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    @property
    def pid(self) -> int:
        """The serving process."""
        return self._process.pid

    async def open(self, count: int) -> None:
        """So many more pages."""
        tokens = [""] * count
        if self._kind == "pages":
            tokens = (await self._order(Begin(count), Begun)).tokens
        for first in range(0, count, _AT_ONCE):
            self.pages += await asyncio.gather(*(self._page(token) for token in tokens[first : first + _AT_ONCE]))

    async def push(self, visit: int) -> float:
        """When the agent's push was made."""
        return (await self._order(Send(visit), Sent)).at

    async def ask_all(self) -> None:
        """Every page asks for a sign of life, evenly spread; for ever."""
        pause = ASKS_S / len(self.pages)
        began, asked = time.monotonic(), 0
        while True:
            due = int((time.monotonic() - began) / pause)
            for number in range(asked, due):
                await self.pages[number % len(self.pages)].ask()
            asked = due
            await asyncio.sleep(0.02)

    async def _page(self, token: str) -> Page:
        path = f"/v/{token}/ws" if token else "/echo"
        headers = {"Origin": self._origin, "Cookie": f"minwon_visit={token}"}
        socket = await self._browser.ws_connect(f"{self._origin}{path}", headers=headers, max_msg_size=0)
        return Page(socket)

    async def _order(self, order: object, kind: type[A]) -> A:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        await self._process.stdin.drain()
        return await self._answer(kind)

    async def _answer(self, kind: type[A]) -> A:
        assert self._process.stdout is not None
        async with asyncio.timeout(_ANSWER_S):
            line = await self._process.stdout.readline()
        if not line:
            raise EnvironmentFault("the site of the bench died; its stderr tells why")
        answer: Answer = msgspec.json.decode(line, type=Answer)
        assert isinstance(answer, kind)
        return answer

    async def _close_pages(self) -> None:
        for page in self.pages:
            page.reading.cancel()
        await asyncio.gather(*(page.reading for page in self.pages), return_exceptions=True)

    async def _stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_ANSWER_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
