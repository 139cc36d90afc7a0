"""The wall on a real port over a made-up floor."""

from __future__ import annotations

from aiohttp import web

from agent_assist.desk_pages import DeskPages
from agent_assist.wall.routes import wall
from server.bench.wall_floor import Floor


class WallSite:
    """``async with WallSite(floor) as site``: ``site.url`` answers."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> WallSite:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Serve, on the same port as before."""
        app = web.Application()
        pages = DeskPages()
        app.router.add_get("/desk/static/{path:.+}", pages.static)
        wall(self.floor, pages)(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Close all sockets and the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
