"""The receiver of ``tests.peers.webhook_receiver`` in its own process, and a node's webhooks over a real store."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from core.bus.memory_bus import MemoryBus
from core.config import OutwardConfig
from core.events import Event, now
from core.keyring import Keyring, new_key
from core.store.contract import Store
from server.webhooks.office import WebhookOffice
from server.webhooks.service import Webhooks

PEER: Final = Path(__file__).parents[2] / "peers" / "webhook_receiver.py"


class Receiver:
    """``await receiver.next()`` = what came next; ``receiver.answers("slow")`` from now on."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}/hook"

    async def next(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            line = await self.process.stdout.readline()
        told: dict[str, Any] = json.loads(line)
        return told

    async def answers(self, how: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{how}\n".encode())
        await self.process.stdin.drain()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def receiver(port: int = 0) -> AsyncIterator[Receiver]:
    """Listening when entered."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, str(PEER), str(port), stdin=pipe, stdout=pipe)
    try:
        assert process.stdout is not None
        yield Receiver(process, int(await process.stdout.readline()))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Clock:
    """Real time, and what was added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


class Site:
    """A node's webhooks; ``kill`` and ``start`` as often as one likes."""

    def __init__(self, store: Store, *, limit: int = 100, timeout_s: float = 5.0, ring: Keyring | None = None) -> None:
        self.store = store
        self.clock = Clock()
        self.bus = MemoryBus()
        self.ring = ring or Keyring([new_key()])
        self._config = OutwardConfig(
            webhook_networks=("127.0.0.0/8",), webhook_queue=limit, webhook_timeout_s=timeout_s
        )

    def make(self) -> None:
        """What ``start`` starts."""
        self.webhooks = Webhooks(
            self.store, self.ring, self.bus, self._config, flushed=_nothing, clock=self.clock, chance=lambda: 0.0
        )
        self.office = WebhookOffice(self.webhooks, self.store.audit)

    async def start(self) -> None:
        self.make()
        await self.begin()

    async def begin(self) -> None:
        await self.webhooks.open()
        self._task = asyncio.create_task(self.webhooks.run())
        await asyncio.sleep(0)

    async def kill(self) -> None:
        """Whatever it is doing."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.webhooks.close()

    async def say(self, *events: Event) -> None:
        """As a line does: kept, then told."""
        await self.store.append(events)
        for event in events:
            await self.bus.publish(event)

    async def later(self, **time: float) -> None:
        """The clock goes on; whoever waits for a moment looks again."""
        self.clock.ahead += timedelta(**time)
        for one in self.webhooks.subscribers:
            self.webhooks.nudge(one.subscriber_id)


async def _nothing() -> None:
    pass
