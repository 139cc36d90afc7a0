"""Where gateways deliver: ``POST /hooks/texts/NAME``. No sign-in: the signature is the door.

======  ==========================================================================================================
200     it is kept, or was before: ``{"text_id", "again"}``
204     signed, and nothing for us (a delivery, a test)
400     signed, and cannot be read: ``malformed``, ``no_words``, ``id_reused`` (the same id with another content)
401     not signed by the gateway (``signature``), or too old (``clock``): a replay
404     there is no such gateway, or no secret for it
413     larger than ``inbox.most_mb``, or a text that is too long
429     too many from this address; 503 we cannot keep it now: both say when to come again
======  ==========================================================================================================

Errors are JSON ``{"code", "message"}``. Bounds: ``inbox.per_minute`` from one address, ``AT_ONCE`` bodies in memory,
``BODY_S`` to come in. What was refused is counted by gateway and code, and logged without a word of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec
from aiohttp import web

from channels.inbox.incoming import Adapter, Incoming
from core import metrics
from core.config import InboxConfig
from core.errors import BadInput, MinwonError, Refused
from core.events import now
from core.log import get_logger
from core.web.client import Proxies
from core.web.rate import Buckets
from core.webhook_signature import Forged

log = get_logger("channels.inbox")

AT_ONCE: Final = 8
"""Webhooks whose bodies are in memory at a time."""
WAITING: Final = 64
"""Webhooks that wait for that; more are told to come again."""
BODY_S: Final = 30.0
"""The longest that a body may take to come in."""
LARGE: Final = 64 << 10
"""A larger body is read in a thread: voices must not wait for it."""
AGAIN_S: Final = 10


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered to a gateway."""

    text_id: str
    """Our own id of it."""
    again: bool = False
    """It had been kept before."""


class HookFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why it was not taken."""

    code: str
    """For machines."""
    message: str
    """For the engineer who sees it at the gateway."""


class Taker(Protocol):
    """Who keeps messages (``server.written``)."""

    async def take(self, message: Incoming) -> Taken:
        """Returns when it is kept. Raises ``BadInput`` ('id_reused'), ``StoreFault`` or ``Refused`` when it is not."""


def texts_in(
    taker: Taker, adapters: Sequence[Adapter], config: InboxConfig, proxies: Proxies
) -> Callable[[web.Application], None]:
    """What adds the hooks to a web application."""
    hooks = Hooks(taker, adapters, config, proxies)

    def setup(app: web.Application) -> None:
        app.router.add_post("/hooks/texts/{gateway}", hooks.take)

    return setup


class Hooks:
    """One for each node."""

    def __init__(
        self,
        taker: Taker,
        adapters: Sequence[Adapter],
        config: InboxConfig,
        proxies: Proxies,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._taker = taker
        self._adapters = {adapter.name: adapter for adapter in adapters}
        self._most = config.most_mb << 20
        self._buckets = Buckets(config.per_minute / 60, max(1.0, config.per_minute / 6))
        self._proxies = proxies
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)
        self._inside = 0

    async def take(self, request: web.Request) -> web.Response:
        """POST /hooks/texts/NAME."""
        adapter = self._adapters.get(request.match_info["gateway"])
        if adapter is None:
            metrics.TEXTS_IN.labels(gateway="unknown", result="no_gateway").inc()
            return _fault(404, "no_gateway", "no secret is set for such a gateway: see [inbox] in docs/texts-in.md")
        address = self._proxies.address(request.remote, request.headers.getall("X-Forwarded-For", []))
        if not self._buckets.take(address, time.monotonic()):
            return self._refused(adapter, 429, Refused("too many webhooks: come again later", code="rate"))
        if self._inside >= WAITING:
            return self._refused(adapter, 503, Refused("busy: come again later", code="busy"))
        self._inside += 1
        try:
            async with self._room:
                return await self._answer(adapter, request)
        finally:
            self._inside -= 1

    async def _answer(self, adapter: Adapter, request: web.Request) -> web.Response:
        try:
            body = await self._body(request)
            message = await self._read(adapter, request.headers, body)
            del body
            taken = await self._taker.take(message) if message is not None else None
        except Forged as forged:
            return self._refused(adapter, 401, forged)
        except BadInput as wrong:
            return self._refused(adapter, 413 if wrong.code == "text_too_long" else 400, wrong)
        except _TooLarge as large:
            return self._refused(adapter, 413, large)
        except MinwonError as trouble:
            return self._refused(adapter, 503, trouble)
        if taken is None:
            metrics.TEXTS_IN.labels(gateway=adapter.name, result="nothing").inc()
            return web.Response(status=204)
        metrics.TEXTS_IN.labels(gateway=adapter.name, result="again" if taken.again else "kept").inc()
        return _json(200, taken)

    async def _body(self, request: web.Request) -> bytes:
        """All of it, or ``_TooLarge`` as soon as that is known."""
        if (request.content_length or 0) > self._most:
            raise _TooLarge(self._most)
        whole = bytearray()
        try:
            async with asyncio.timeout(BODY_S):
                async for chunk in request.content.iter_any():
                    whole += chunk
                    if len(whole) > self._most:
                        raise _TooLarge(self._most)
        except TimeoutError as slow:
            raise BadInput(f"the body did not come within {BODY_S:.0f} s", code="slow") from slow
        return bytes(whole)

    async def _read(self, adapter: Adapter, headers: Mapping[str, str], body: bytes) -> Incoming | None:
        if len(body) > LARGE:
            return await asyncio.to_thread(adapter.read, headers, body, self._clock())
        return adapter.read(headers, body, self._clock())

    def _refused(self, adapter: Adapter, status: int, why: MinwonError) -> web.Response:
        metrics.TEXTS_IN.labels(gateway=adapter.name, result=why.code).inc()
        log.warning("text_in.refused", gateway=adapter.name, status=status, code=why.code)
        return _fault(status, why.code, str(why))


class _TooLarge(Refused):
    code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"a webhook has at most {most >> 20} MB: see inbox.most_mb")


def _fault(status: int, code: str, message: str) -> web.Response:
    response = _json(status, HookFault(code=code, message=message))
    if status in (429, 503):
        response.headers["Retry-After"] = str(AGAIN_S)
    return response


def _json(status: int, content: msgspec.Struct) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(content),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
