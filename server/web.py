"""The web application: sign-in, the desk, health and metrics on one port.

Everything needs a sign-in except /healthz, /readyz (which tell yes or no) and, from allowed networks, /metrics.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Final

from aiohttp import web

from core import metrics
from core.config import WebConfig
from core.errors import EnvironmentFault, PortTaken

Setup = Callable[[web.Application], None]
Health = Callable[[], Awaitable[Mapping[str, str]]]
"""What keeps the node from being ready, by part; empty = ready."""

CLOSE_S = 3.0
"""Open pages get so long to say goodbye; they come back by themselves."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_ALWAYS: Final = ("/healthz", "/readyz", "/metrics")
"""Answered from the start."""


class Web:
    """The running web server. ``start`` binds the port or says who holds it.

    Pages are answered when ``open_doors`` was called: a phone that comes back to a restarted node must not be told that
    its link is unknown, only because its call is just being taken up.
    """

    def __init__(self, config: WebConfig, health: Health, rooms: tuple[Setup, ...]) -> None:
        self._config = config
        self._health = health
        self._doors = asyncio.Event()
        self._app = web.Application(client_max_size=2**20, middlewares=[self._at_the_door])
        self._networks = [ip_network(network) for network in config.metrics_allow]
        self._app.router.add_get("/healthz", self._healthz)
        self._app.router.add_get("/readyz", self._readyz)
        self._app.router.add_get("/metrics", self._metrics)
        for room in rooms:
            room(self._app)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=CLOSE_S)
        self.url = ""

    async def start(self) -> None:
        """Ports bound, pages served. Raises ``PortTaken``."""
        host, port = self._config.host, self._config.port
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=1024)
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
            return web.json_response({"ready": True})
        return web.json_response({"ready": False, "missing": dict(missing)}, status=503)

    async def _metrics(self, request: web.Request) -> web.Response:
        peer = ip_address(request.remote or "::")
        if not any(peer in network for network in self._networks):
            raise web.HTTPForbidden(text="not from here: see web.metrics_allow\n")
        return web.Response(body=metrics.render(), headers={"Content-Type": metrics.CONTENT_TYPE})
