"""Bench ``wall``: 300 agents and 150 lively calls on supervisors' walls: what a wall costs, how soon an alert is seen.

The floor itself (making up its events) is measured without a wall first, and taken off.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from typing import Any, Final, Self

import aiohttp
import msgspec

from core.errors import EnvironmentFault
from server.bench.chromium import Chromium
from server.bench.figures import Figure, Report, percentile
from server.bench.processes import cpu_s
from server.bench.stage import Stage
from server.bench.wall_site import AGENTS, CALLS, Alert, Answer, Order, Said, Settle, Up

WALLS: Final = 20
"""As many as a large centre may have open."""
WATCHED_S: Final = 10.0
SAMPLES: Final = 40
APART_S: Final = 0.25
SEEN_S: Final = 0.2
CPU: Final = 0.10
BEGIN_S: Final = 20.0
_NOTE_SEEN: Final = """
window.seen = {};
new MutationObserver(() => {
  for (const { dataset: { alert } } of document.querySelectorAll('.alerts li')) {
    if (seen[alert]) continue;
    seen[alert] = 1;
    // The second frame begins when the first is painted.
    requestAnimationFrame(() => requestAnimationFrame(() => { seen[alert] = Date.now(); }));
  }
}).observe(document.querySelector('aside'), { subtree: true, childList: true });
"""


async def measure(stage: Stage) -> Report:
    """The process alone, one wall, many walls; then a real page."""
    async with _Site() as site:
        stage.tell("the floor without a wall")
        alone = await site.watched()
        async with _Walls(site, 1) as one:
            stage.tell("one wall")
            begun, with_one = one.bytes, await site.watched()
            per_second = (one.bytes - begun) / WATCHED_S
            first, messages = one.first, one.messages / WATCHED_S
        async with _Walls(site, WALLS) as many:
            stage.tell(f"{WALLS} walls")
            with_many = await site.watched()
            stage.tell("alerts to sockets")
            arrivals = await many.alerts(SAMPLES)
        async with Chromium(stage.folder / "chromium") as page:
            stage.tell("a page in Chromium")
            busy, seen = await _page(site, page)
    ms = 1000.0
    return Report(
        figures=(
            Figure(
                name="CPU of a node's first wall", value=100 * (with_one - alone), unit="% of a core", bound=100 * CPU
            ),
            Figure(name=f"CPU of {WALLS} walls", value=100 * (with_many - alone), unit="% of a core", bound=100 * CPU),
            Figure(name="whole picture", value=first / 1024, unit="KiB"),
            Figure(name="differences", value=per_second / 1024, unit="KiB/s"),
            Figure(name="messages", value=messages, unit="1/s"),
            Figure(name=f"alert to {WALLS} sockets, p95", value=ms * percentile(arrivals, 0.95), unit="ms"),
            Figure(name="alert to the screen, p50", value=ms * percentile(seen, 0.5), unit="ms"),
            Figure(name="alert to the screen, p95", value=ms * percentile(seen, 0.95), unit="ms", bound=ms * SEEN_S),
            Figure(name="alert to the screen, worst", value=ms * max(seen), unit="ms", bound=ms * SEEN_S),
            Figure(name="CPU of the page's main thread", value=100 * busy, unit="% of a core"),
        ),
        notes=(
            f"{AGENTS} agents, {CALLS} calls, each with four partials a second; loopback; the floor's own "
            f"{100 * alone:.1f} % of a core are taken off",
            "an alert is seen when the frame after the one that shows it begins: it has been painted",
        ),
    )


async def _page(site: _Site, page: Chromium) -> tuple[float, list[float]]:
    """Share of a core that the page takes, and how long each alert took to be seen."""
    await page.ask("Page.navigate", url=f"{site.url}/wall")
    await page.until("document.querySelectorAll('.tile').length > 0")
    await asyncio.sleep(2)
    before = await page.busy_s()
    await asyncio.sleep(WATCHED_S)
    busy = (await page.busy_s() - before) / WATCHED_S
    await page.run(_NOTE_SEEN)
    said: list[Said] = []
    for sample in range(SAMPLES):
        said.append(await site.ask(Alert()))
        await asyncio.sleep(APART_S)
        if sample % 10 == 9:
            await site.ask(Settle())
            await asyncio.sleep(APART_S)
    await asyncio.sleep(1)
    seen: dict[str, float] = await page.run("seen")
    missing = [one.key for one in said if seen.get(one.key, 1) == 1]
    if missing:
        raise EnvironmentFault(f"{len(missing)} of {SAMPLES} alerts were never seen on the page")
    return busy, [seen[one.key] / 1000 - one.at for one in said]


class _Site:
    """The process with the floor."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.bench.wall_site",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        up = await self._answer()
        assert isinstance(up, Up)
        self.url = f"http://127.0.0.1:{up.port}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(BEGIN_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def watched(self) -> float:
        """Share of a core that it takes from now on."""
        before, began = cpu_s(self._process.pid), time.monotonic()
        await asyncio.sleep(WATCHED_S)
        return (cpu_s(self._process.pid) - before) / (time.monotonic() - began)

    async def ask(self, order: Order) -> Said:
        """Something shall happen."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        answer = await self._answer()
        assert isinstance(answer, Said)
        return answer

    async def _answer(self) -> Answer:
        assert self._process.stdout is not None
        async with asyncio.timeout(BEGIN_S):
            line = await self._process.stdout.readline()
        if not line:
            raise EnvironmentFault("the wall's process ended: run `python -m server.bench.wall_site` to see why")
        answer: Answer = msgspec.json.decode(line, type=Answer)
        return answer


class _Walls:
    """So many browsers without a screen."""

    def __init__(self, site: _Site, walls: int) -> None:
        self.bytes = self.messages = self.first = 0
        """What the first of them was sent."""
        self._site = site
        self._walls = walls
        self._open = AsyncExitStack()
        self._seen: dict[str, list[float]] = {}

    async def __aenter__(self) -> Self:
        headers = {"Origin": self._site.url}
        session = await self._open.enter_async_context(aiohttp.ClientSession(self._site.url, headers=headers))
        for number in range(self._walls):
            socket = await self._open.enter_async_context(session.ws_connect("/wall/ws", max_msg_size=0))
            first = await socket.receive_str()
            if number == 0:
                self.first = len(first.encode())
            task = asyncio.create_task(self._read(socket, number == 0), name="wall of the bench")
            self._open.callback(task.cancel)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, counts: bool) -> None:
        async for message in socket:
            arrived = time.time()
            if counts:
                self.bytes += len(message.data.encode())
                self.messages += 1
            if '"alerts"' in message.data:
                patch: dict[str, Any] = msgspec.json.decode(message.data)["patch"].get("alerts", {})
                for key in patch:
                    self._seen.setdefault(key, []).append(arrived)

    async def alerts(self, samples: int) -> list[float]:
        """How long each alert took to each of them."""
        took: list[float] = []
        for _ in range(samples):
            said = await self._site.ask(Alert())
            await asyncio.sleep(APART_S)
            took += [at - said.at for at in self._seen.get(said.key, ())]
        await self._site.ask(Settle())
        return took
