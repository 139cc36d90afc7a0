"""A web application on a real port, and a client that asks it as the page or somebody would."""

from __future__ import annotations

from typing import Any

import aiohttp
from aiohttp import web


class OnPort:
    """``await self.serve(app)`` at the end of entering, ``await self.unserve()`` when left."""

    url = ""

    async def serve(self, app: web.Application) -> None:
        """``self.url`` answers from now on."""
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.client = aiohttp.ClientSession(self.url, headers={"Origin": self.url})

    async def unserve(self) -> None:
        """The port is closed."""
        await self.client.close()
        await self._runner.cleanup()


class Served(OnPort):
    """One that is asked by its API."""

    api: str
    """Where it begins: '/kb/api'."""
    usual: str
    """Who asks where a test does not say."""

    async def ask(self, method: str, path: str, content: Any = None, *, by: str | None = None, data: Any = None) -> Any:
        """(status, content) of one address of the API. ``by``: who asks, '' = nobody who has signed in."""
        who = self.usual if by is None else by
        body = {"data": data} if data is not None else {"json": content}
        headers = {"X-Agent": who} if who else {}
        async with self.client.request(method, f"{self.api}/{path}", headers=headers, **body) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else await answer.read()

    async def get(self, path: str, *, by: str | None = None) -> Any:
        """What a GET answers, which must be 200."""
        status, content = await self.ask("GET", path, by=by)
        assert status == 200, (path, status, content)
        return content

    async def post(self, path: str, content: Any = None, *, by: str | None = None) -> Any:
        """What a POST answers, which must be 200 or 204."""
        status, answer = await self.ask("POST", path, content, by=by)
        assert status in (200, 204), (path, status, answer)
        return answer
