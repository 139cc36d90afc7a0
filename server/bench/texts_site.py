"""A provider over HTTP to be killed: Naver Cloud SENS as far as our gateway needs it, in a process of its own.

    python -m server.bench.texts_site PORT FOLDER

It says 'up' when it listens. What it took is in FOLDER/taken before it is answered; a new one lists it all.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from aiohttp import web

_KOREA: Final = timezone(timedelta(hours=9))


class Site:
    """Every text is completed at once."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "taken").open("a", buffering=1)
        lines = [line.split() for line in (folder / "taken").read_text("ascii").splitlines()]
        self._taken = {request: (number, text) for request, number, text in lines}
        self._by_number: dict[str, list[str]] = {}
        for request, (number, _text) in self._taken.items():
            self._by_number.setdefault(number, []).append(request)

    def app(self) -> web.Application:
        """Three routes."""
        app = web.Application()
        app.router.add_post("/sms/v2/services/{service}/messages", self._post)
        app.router.add_get("/sms/v2/services/{service}/messages", self._list)
        app.router.add_get("/sms/v2/services/{service}/messages/{request}", self._one)
        return app

    async def _post(self, request: web.Request) -> web.Response:
        wish = await request.json()
        number, text = wish["messages"][0]["to"], wish["content"].encode().hex()
        known = f"{len(self._taken) + 1:06d}"
        self._taken[known] = number, text
        self._by_number.setdefault(number, []).append(known)
        self._file.write(f"{known} {number} {text}\n")
        return web.json_response({"requestId": known, "statusCode": "202"}, status=202)

    async def _list(self, request: web.Request) -> web.Response:
        if "requestId" in request.query:
            wanted = [request.query["requestId"]]
        else:
            wanted = self._by_number.get(request.query["to"], [])
        return web.json_response({"messages": [self._shown(known) for known in wanted if known in self._taken]})

    async def _one(self, request: web.Request) -> web.Response:
        return web.json_response({"messages": [self._shown(request.match_info["request"])]})

    def _shown(self, known: str) -> dict[str, str]:
        number, text = self._taken[known]
        return {
            "requestId": known,
            "messageId": known,
            "to": number,
            "content": bytes.fromhex(text).decode(),
            "requestTime": datetime.now(_KOREA).strftime("%Y-%m-%d %H:%M:%S"),
            "status": "COMPLETED",
            "statusCode": "0",
            "statusName": "success",
        }


async def main(port: int, folder: Path) -> None:
    """Until killed."""
    runner = web.AppRunner(Site(folder).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("up", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
