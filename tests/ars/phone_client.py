"""What the tests of the caller's page share: a browser without eyes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar

from tests.fakes.phone_site import PhoneSite

JSON = {"Accept": "application/json"}


class Phone:
    """One browser with its own cookies. ``async with Phone(site) as phone``."""

    def __init__(self, site: PhoneSite) -> None:
        self.site = site
        self.session = ClientSession(site.url, cookie_jar=CookieJar(unsafe=True))

    async def __aenter__(self) -> Phone:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.session.close()

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> ClientResponse:
        """A GET, read whole, redirects not followed."""
        async with self.session.get(path, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def post(
        self, path: str, data: Any = None, headers: Mapping[str, str] | None = None, origin: str | None = None
    ) -> ClientResponse:
        """A POST of our own page, read whole, redirects not followed. ``origin``: another one, '' = none."""
        from_where = self.site.url if origin is None else origin
        sent = {**({"Origin": from_where} if from_where else {}), **(headers or {})}
        async with self.session.post(path, data=data, headers=sent, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def socket(self, path: str) -> Line:
        """The page's WebSocket."""
        return Line(await self.session.ws_connect(f"{path}/ws", headers={"Origin": self.site.url}))


class Line:
    """A WebSocket with typed words."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def say(self, kind: str, **fields: Any) -> None:
        await self.socket.send_str(msgspec.json.encode({"type": kind, **fields}).decode())

    async def until(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next message of that kind with those fields."""
        async with asyncio.timeout(10):
            while True:
                message = msgspec.json.decode(await self.socket.receive_str())
                if message["type"] == kind and all(message[name] == value for name, value in wanted.items()):
                    return dict(message)

    async def closed(self) -> int:
        """Read until it is closed; the close code."""
        async with asyncio.timeout(10):
            async for _ in self.socket:
                pass
        assert self.socket.close_code is not None
        return self.socket.close_code
