"""SENS as its reference describes it, on a free port: checks what comes, and fails as a provider does when told so.

Written from the reference alone (api-gov.ncloud-docs.com), not from our client: it makes the signature itself.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import ssl
import time
from collections import deque
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Self

from aiohttp import web

ACCESS_KEY = "AKhanbit"
SECRET_KEY = "SKhanbit"
SERVICE = "ncp:sms:kr:000000000001:hanbit"
SENDER = "0330000120"
KST = timezone(timedelta(hours=9))
LIMITS = {"SMS": 90, "LMS": 2000}


class Sens:
    """``async with Sens() as sens``: listens on ``sens.url``. ``sens.taken`` holds the messages that callers get."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.taken: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str]] = []
        """Method and path with query of everything that came."""
        self.complaints: list[str] = []
        """What the reference forbids and somebody did."""
        self.posts: deque[str | int] = deque()
        """What becomes of the next POSTs: a status, 'lost' (taken, no answer), 'slow' (answered late), 'cut', 'html'.
        """
        self.gets: deque[str | int] = deque()
        """The same of the next GETs."""
        self.asked_before_done = 0
        """So often a message is still PROCESSING when it is asked for."""
        self.result = "0"
        """The carriers' result code of messages that complete from now on."""
        self.listed_after_s = 0.0
        """So long a taken message is missing from lists."""
        self.lists_all_numbers = False
        """Lists pass over the filter by number."""
        self.slow_s = 5.0
        self.most_at_once = 0
        self._at_once = 0
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/sms/v2/services/{service}/messages", self._messages)
        app.router.add_get("/sms/v2/services/{service}/messages/{message}", self._message)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{'https' if self._tls else 'http'}://{host}:{port}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def seen(self, method: str) -> int:
        """How many requests of a method came."""
        return sum(known == method for known, _path in self.requests)

    def _signed(self, request: web.Request) -> bool:
        stamp = request.headers.get("x-ncp-apigw-timestamp", "0")
        signed = f"{request.method} {request.raw_path}\n{stamp}\n{ACCESS_KEY}"
        wanted = base64.b64encode(hmac.new(SECRET_KEY.encode(), signed.encode(), hashlib.sha256).digest()).decode()
        return (
            abs(time.time() - int(stamp) / 1000) < 300
            and request.headers.get("x-ncp-iam-access-key") == ACCESS_KEY
            and request.headers.get("x-ncp-apigw-signature-v2") == wanted
        )

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.raw_path))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if not self._signed(request):
                return web.json_response({"status": 401, "error": "Unauthorized"}, status=401)
            if request.match_info["service"] != SERVICE:
                return web.json_response({"status": 404, "error": "Not Found"}, status=404)
            if request.method == "POST":
                return await self._post(request)
            return await self._list(request)
        finally:
            self._at_once -= 1

    async def _post(self, request: web.Request) -> web.StreamResponse:
        fate = self.posts.popleft() if self.posts else 202
        if isinstance(fate, int) and fate != 202:
            return web.json_response({"status": fate, "errorMessage": "no"}, status=fate)
        if fate == "html":
            return web.Response(text="<html>proxy</html>", content_type="text/html", status=202)
        wish = await request.json()
        if complaint := _complaint(request, wish):
            self.complaints.append(complaint)
            return web.json_response({"status": 400, "errorMessage": complaint}, status=400)
        number = next(self._numbers)
        request_id = f"RSSA-{number:013}-0000-00000000-hanbit"
        for receiver in wish["messages"]:
            self.taken.append(
                {
                    "requestId": request_id,
                    "messageId": f"{number:08}-0000-0000-0000-000000000000",
                    "requestTime": datetime.now(KST).strftime("%Y-%m-%d %H:%M:%S"),
                    "type": wish["type"],
                    "subject": wish.get("subject", ""),
                    "content": wish["content"],
                    "from": wish["from"],
                    "to": receiver["to"],
                    "since": time.monotonic(),
                    "asked": 0,
                    "result": self.result,
                }
            )
        if fate == "lost":
            assert request.transport is not None
            request.transport.close()
        if fate == "slow":
            await asyncio.sleep(self.slow_s)
        answer = {
            "requestId": request_id,
            "requestTime": datetime.now(UTC).isoformat(),
            "statusCode": "202",
            "statusName": "success",
        }
        if fate == "cut":
            response = web.StreamResponse(status=202, headers={"Content-Type": "application/json"})
            response.content_length = 1000
            await response.prepare(request)
            await response.write(b'{"requestId": "RSSA')
            assert request.transport is not None
            request.transport.close()
            return response
        return web.json_response(answer, status=202)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if (refused := await self._refused()) is not None:
            return refused
        query = request.query
        if "requestId" in query:
            found = [message for message in self.taken if message["requestId"] == query["requestId"]]
            for message in found:
                message["asked"] += 1
        elif "requestStartTime" in query and "requestEndTime" in query:
            found = [
                message
                for message in self.taken
                if query["requestStartTime"] <= message["requestTime"] <= query["requestEndTime"]
                and (self.lists_all_numbers or query.get("to", message["to"]) == message["to"])
                and time.monotonic() - message["since"] >= self.listed_after_s
            ]
        else:
            return web.json_response({"status": 400, "errorMessage": "no period"}, status=400)
        entries = [self._shown(message) for message in found[: int(query.get("pageSize", "20"))]]
        return web.json_response({"statusCode": "202", "statusName": "success", "messages": entries})

    async def _message(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.raw_path))
        if not self._signed(request):
            return web.json_response({"status": 401, "error": "Unauthorized"}, status=401)
        if (refused := await self._refused()) is not None:
            return refused
        found = [message for message in self.taken if message["messageId"] == request.match_info["message"]]
        if not found:
            return web.json_response({"status": 404, "error": "Not Found"}, status=404)
        entries = [self._shown(message) | {"content": message["content"]} for message in found]
        return web.json_response({"statusCode": "200", "statusName": "success", "messages": entries})

    async def _refused(self) -> web.StreamResponse | None:
        fate = self.gets.popleft() if self.gets else 200
        if fate == "slow":
            await asyncio.sleep(self.slow_s)
        if fate == "html":
            return web.Response(text="<html>proxy</html>", content_type="text/html")
        if isinstance(fate, int) and fate != 200:
            return web.json_response({"status": fate, "errorMessage": "no"}, status=fate)
        return None

    def _shown(self, message: dict[str, Any]) -> dict[str, Any]:
        done = message["asked"] > self.asked_before_done
        delivered = message["result"] == "0"
        return {
            "requestId": message["requestId"],
            "messageId": message["messageId"],
            "requestTime": message["requestTime"],
            "contentType": "COMM",
            "type": message["type"],
            "countryCode": "82",
            "from": message["from"],
            "to": message["to"],
            "completeTime": message["requestTime"] if done else None,
            "telcoCode": "SKT" if done else None,
            "status": "COMPLETED" if done else "PROCESSING",
            "statusCode": message["result"] if done else None,
            "statusName": ("success" if delivered else "fail") if done else None,
            "statusMessage": None,
        }


def _complaint(request: web.Request, wish: dict[str, Any]) -> str:
    """What is wrong with a POST, '' if nothing."""
    if request.content_type != "application/json":
        return "content type"
    if wish.get("type") not in LIMITS:
        return "type"
    if wish.get("from") != SENDER:
        return "from"
    if not 0 < len(wish.get("content", "").encode("cp949")) <= LIMITS[wish["type"]]:
        return "content"
    if len(wish.get("subject", "").encode("cp949")) > (40 if wish["type"] == "LMS" else 0):
        return "subject"
    if not wish.get("messages") or not all(str(one.get("to", "")).isdigit() for one in wish["messages"]):
        return "messages"
    return ""
