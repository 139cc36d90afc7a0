"""The web application: sign-in, the desk, health and metrics on one port.

Everything needs a sign-in except /healthz, /readyz (which tell yes or no), the caller's page and, from allowed
networks, /metrics. What comes from the internet is bounded here before anything looks at it: how many are connected
(``server.connections``), how long a request may take to come, no packed bodies (no browser sends any, and a small one
may be a large one), one line of log for what is no HTTP.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from core import metrics
from core.config import WebConfig
from core.errors import EnvironmentFault, PortTaken
from server.connections import Places, places_here

Setup = Callable[[web.Application], None]
Health = Callable[[], Awaitable[Mapping[str, str]]]
"""What keeps the node from being ready, by part; empty = ready."""

CLOSE_S = 3.0
"""Open pages get so long to say goodbye; they come back by themselves."""
REQUEST_S: Final = 60.0
"""A connection on which no whole request has come for so long is closed."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_ALWAYS: Final = ("/healthz", "/readyz", "/metrics")
"""Answered from the start."""


class Web:
    """The running web server. ``start`` binds the port or says who holds it.

    Pages are answered when ``open_doors`` was called: a phone that comes back to a restarted node must not be told that
    its link is unknown, only because its call is just being taken up.
    """

    def __init__(
        self,
        config: WebConfig,
        health: Health,
        rooms: tuple[Setup, ...],
        *,
        notes: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """``health``: what keeps the node from taking calls, by part. ``notes``: what does not, and should be known."""
        self._config = config
        self._health = health
        self._notes = notes
        self._doors = asyncio.Event()
        self._app = web.Application(client_max_size=2**20, middlewares=[self._at_the_door])
        self._networks = [ip_network(network) for network in config.metrics_allow]
        self._app.router.add_get("/healthz", self._healthz)
        self._app.router.add_get("/readyz", self._readyz)
        self._app.router.add_get("/metrics", self._metrics)
        for room in rooms:
            room(self._app)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=CLOSE_S)
        logging.getLogger("aiohttp.server").addFilter(_NO_HTTP)
        self._places = Places(places_here(), config.proxies)
        self.url = ""

    async def start(self) -> None:
        """Ports bound, pages served. Raises ``PortTaken``."""
        host, port = self._config.host, self._config.port
        await self._runner.setup()
        site = _Site(self._runner, host, port, self._connection, backlog=self._places.backlog)
        try:
            await site.start()
        except OSError as fault:
            await self._runner.cleanup()
            if fault.errno == errno.EADDRINUSE:
                raise PortTaken(
                    f"web port {port} on {host} is taken by another program: stop it, or set web.port (0 = any free)"
                ) from fault
            raise EnvironmentFault(f"cannot listen on {host}:{port} ({fault.strerror}): check web.host") from fault
        bound = self._runner.addresses[0]
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        self.url = f"http://{shown}:{bound[1]}/"

    async def close(self) -> None:
        """Close pages and the port."""
        await self._runner.cleanup()

    def _connection(self) -> asyncio.Protocol:
        assert self._runner.server is not None
        return _Connection(self._runner.server, self._places)

    def open_doors(self) -> None:
        """Answer pages, also those that have asked meanwhile."""
        self._doors.set()

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in _ALWAYS:
            await self._doors.wait()
        return await handler(request)

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        missing = await self._health()
        if not missing:
            notes = self._notes()
            return web.json_response({"ready": True, **({"notes": dict(notes)} if notes else {})})
        return web.json_response({"ready": False, "missing": dict(missing)}, status=503)

    async def _metrics(self, request: web.Request) -> web.Response:
        peer = ip_address(request.remote or "::")
        if not any(peer in network for network in self._networks):
            raise web.HTTPForbidden(text="not from here: see web.metrics_allow\n")
        return web.Response(body=metrics.render(), headers={"Content-Type": metrics.CONTENT_TYPE})


class _Site(web.BaseSite):
    """A port whose connections are ours to make."""

    def __init__(
        self, runner: web.AppRunner, host: str, port: int, connection: Callable[[], asyncio.Protocol], *, backlog: int
    ) -> None:
        super().__init__(runner, backlog=backlog)
        self._host = host
        self._port = port
        self._connection = connection

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(
            self._connection, self._host, self._port, backlog=self._backlog
        )


class _Connection(web.RequestHandler):
    """One that takes a place, or is closed at once where there is none."""

    __slots__ = ("_address", "_places")

    def __init__(self, server: web.Server, places: Places) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]
            auto_decompress=False,
            keepalive_timeout=REQUEST_S,
        )
        self._places = places
        self._address: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        if why := self._places.take(address):
            metrics.WEB_REFUSED.labels(reason=why).inc()
            transport.abort()  # type: ignore[attr-defined]
            return
        self._address = address
        metrics.WEB_CONNECTIONS.set(len(self._places))
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._address is None:
            return
        self._places.leave(self._address)
        metrics.WEB_CONNECTIONS.set(len(self._places))
        super().connection_lost(exc)


class _NoHttp(logging.Filter):
    """What is no HTTP is counted, and no page of log is written for each line that a stranger sends."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if not isinstance(fault, HttpProcessingError):
            return True
        metrics.WEB_REFUSED.labels(reason="no_http").inc()
        return False


_NO_HTTP: Final = _NoHttp()
