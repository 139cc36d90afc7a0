"""A node as the engineer runs it: `minwon run` in a process of its own, with its lines read as they come."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import aiohttp
import msgspec

START_S = 60.0
"""Generous: the machine may run other tests."""
WORDS_S = 30.0


class NodeProcess:
    """``async with NodeProcess(settings, home) as node``: ready when entered, ended when left."""

    def __init__(self, settings: Path, home: Path) -> None:
        self._settings = settings
        self._home = home
        self.log = home / "node.log"
        self.lines: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()
        self.desk = ""
        self.sip: list[str] = []

    async def __aenter__(self) -> Self:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "server", "run", "--json", "--config", str(self._settings)),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=os.environ | {"MINWON_HOME": str(self._home)},
                limit=1 << 20,
            )
        self._reading = asyncio.create_task(self._read())
        ready = await self.line("Ready", within_s=START_S)
        self.desk, self.sip = ready["desk"].rstrip("/"), ready["sip"]
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), 15)
            except TimeoutError:
                self.process.kill()
        await self._reading

    async def kill(self) -> None:
        """kill -9, as the kernel does when memory is short."""
        self.process.kill()
        await self.process.wait()
        await self._reading

    async def line(
        self, kind: str, where: Callable[[dict[str, Any]], bool] = lambda _: True, *, within_s: float = WORDS_S
    ) -> dict[str, Any]:
        """The first line of that type for which ``where`` holds, past or to come."""

        def found() -> dict[str, Any] | None:
            return next((line for line in self.lines if line["type"] == kind and where(line)), None)

        try:
            async with asyncio.timeout(within_s), self._changed:
                await self._changed.wait_for(lambda: found() is not None or self._reading.done())
        except TimeoutError:
            kinds = [line["type"] for line in self.lines]
            raise AssertionError(f"no {kind} among {kinds}; log: {self.log.read_text()[-3000:]}") from None
        line = found()
        assert line is not None, f"the node ended before {kind}: {self.log.read_text()[-3000:]}"
        return line

    async def history(self, call_id: str, agent: str, password: str) -> list[dict[str, Any]]:
        """The call's lasting events, as that agent's desk gets them."""
        events: list[dict[str, Any]] = (await self.get(f"calls/{call_id}", agent, password))["events"]
        return events

    async def get(self, path: str, agent: str, password: str) -> Any:
        """What that agent's desk is answered."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            form = {"id": agent, "password": password, "next": "/desk"}
            async with browser.post(f"{self.desk}/signin", data=form, headers={"Origin": self.desk}) as answer:
                assert answer.status == 200
            async with browser.get(f"{self.desk}/desk/api/{path}") as answer:
                return await answer.json()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._changed:
                self.lines.append(msgspec.json.decode(line))
                self._changed.notify_all()
        async with self._changed:
            self._changed.notify_all()
