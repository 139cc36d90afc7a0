"""The hooks' door: how many from one address, how many at once, who cannot keep it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web

from channels.inbox import routes
from channels.inbox.incoming import Incoming, incoming
from channels.inbox.routes import Taken, texts_in
from core.config import InboxConfig
from core.errors import Refused
from core.web.client import Proxies


class Anybody:
    """An adapter that believes everything."""

    name = "any"

    def read(self, headers: object, body: bytes, now: datetime) -> Incoming:
        return incoming(gateway="any", reference=body.decode(), sender="01000001234", to="120", text="네")


class Slow:
    """A taker that waits until it is let go, or refuses."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.inside = 0
        self.most = 0
        self.refuses = ""

    async def take(self, message: Incoming) -> Taken:
        if self.refuses:
            raise Refused("no", code=self.refuses)
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.go_on.wait()
        self.inside -= 1
        return Taken(text_id=message.text_id)


async def served(taker: Slow, **config: int) -> AsyncIterator[str]:
    app = web.Application()
    texts_in(taker, (Anybody(),), InboxConfig(**config), Proxies(("127.0.0.1/32",)))(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/texts/any"
    await runner.cleanup()


async def post(client: aiohttp.ClientSession, url: str, body: str, address: str = "192.0.2.1") -> tuple[int, str]:
    async with client.post(url, data=body.encode(), headers={"X-Forwarded-For": address}) as answer:
        return answer.status, answer.headers.get("Retry-After", "")


async def test_an_address_that_sends_too_much_is_told_to_wait_and_others_are_not() -> None:
    taker = Slow()
    taker.go_on.set()
    async for url in served(taker, per_minute=60):
        async with aiohttp.ClientSession() as client:
            statuses = [(await post(client, url, str(n)))[0] for n in range(14)]
            assert statuses[:10] == [200] * 10 and 429 in statuses
            assert await post(client, url, "x", "192.0.2.2") == (200, "")


async def test_only_so_many_at_once_and_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WAITING", 12)
    taker = Slow()
    async for url in served(taker):
        async with aiohttp.ClientSession() as client:
            sent = [asyncio.create_task(post(client, url, str(n))) for n in range(20)]
            while sum(task.done() for task in sent) < 8:  # noqa: ASYNC110 - what was refused is answered at once
                await asyncio.sleep(0.01)
            assert taker.most <= routes.AT_ONCE
            taker.go_on.set()
            answers = [await task for task in sent]
            assert sorted(status for status, _ in answers) == [200] * 12 + [503] * 8
            assert ("10") in {again for status, again in answers if status == 503}


async def test_who_cannot_keep_it_says_when_to_come_again() -> None:
    taker = Slow()
    taker.refuses = "written_full"
    async for url in served(taker):
        async with aiohttp.ClientSession() as client:
            assert await post(client, url, "x") == (503, "10")
