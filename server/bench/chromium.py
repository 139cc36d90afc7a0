"""A Chromium for benches, spoken to by its own DevTools protocol: one page, scripts in it, what it costs.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

import aiohttp

from core.errors import EnvironmentFault

START_S: Final = 20.0
_ARGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-port=0",
)


class Chromium:
    """``async with Chromium(folder) as page``: an empty page of 1440x900."""

    def __init__(self, folder: Path) -> None:
        """``folder``: where its profile may lie."""
        self._folder = folder
        self._open = AsyncExitStack()
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        program = shutil.which("chromium")
        if program is None:
            raise EnvironmentFault("no Chromium on this machine: apt-get install chromium")
        self._process = await asyncio.create_subprocess_exec(
            program,
            *_ARGS,
            "--window-size=1440,900",
            f"--user-data-dir={self._folder}",
            stderr=asyncio.subprocess.PIPE,
        )
        self._open.push_async_callback(self._end)
        try:
            async with asyncio.timeout(START_S):
                port = await self._port()
                session = await self._open.enter_async_context(aiohttp.ClientSession())
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = [page for page in await answer.json() if page["type"] == "page"]
                self._socket = await self._open.enter_async_context(
                    session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0)
                )
        except BaseException:
            await self._open.aclose()
            raise
        await self.ask("Page.enable")
        await self.ask("Performance.enable")
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One question of the protocol."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = await self._socket.receive_json()
            if message.get("id") == number:
                if "error" in message:
                    raise EnvironmentFault(f"Chromium refuses {method}: {message['error'].get('message')}")
                answer: dict[str, Any] = message["result"]
                return answer

    async def run(self, script: str) -> Any:
        """The value of an expression; a promise is waited for."""
        answer = await self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise EnvironmentFault(f"the page's script failed: {answer['exceptionDetails'].get('text')}")
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait until an expression is true, looked at with every frame."""
        look = f"const look = () => ({script}) ? done(true) : requestAnimationFrame(look);"
        frames = f"new Promise((done) => {{ {look} look(); }})"
        async with asyncio.timeout(START_S):
            await self.run(frames)

    async def busy_s(self) -> float:
        """Seconds that the page's main thread has worked so far."""
        metrics = (await self.ask("Performance.getMetrics"))["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    async def _port(self) -> int:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            _, found, address = line.decode("utf-8", "replace").partition("DevTools listening on ws://127.0.0.1:")
            if found:
                return int(address.partition("/")[0])
        raise EnvironmentFault("Chromium does not start: run `chromium --headless` to see why")

    async def _end(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
