"""The desk and its sign-in on a real port over a ``FakeHouse``; may be stopped and started again like a node."""

from __future__ import annotations

import asyncio

from aiohttp import web

from agent_assist.desk import DeskPages, desk
from core.agent import Agent
from server.signing_in.auth import Seats
from tests.fakes.accounts import MemoryAccounts, SmallSignIn, agents_of, cheap
from tests.fakes.house import AGENT, FakeHouse

PASSWORD = "hanbit-2107"
_AGENTS = agents_of({AGENT.id: cheap(PASSWORD)})


class DeskSite:
    """``async with DeskSite(house) as site``: ``site.url`` answers."""

    def __init__(
        self,
        house: FakeHouse,
        *,
        prefill: tuple[str, str] | None = None,
        seats: Seats | None = None,
    ) -> None:
        self.house = house
        self.agent = AGENT
        """Who has signed in; may be replaced by her with other roles."""
        self.url = ""
        self._accounts = MemoryAccounts()
        self._prefill = prefill
        self._seats = seats
        self._port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> DeskSite:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Serve, on the same port as before."""
        pages = DeskPages()
        sign_in = SmallSignIn(_AGENTS, pages, store=self._accounts, prefill=self._prefill, seats=self._seats)
        await sign_in.auth.open()
        self.auth = sign_in.auth
        self.house.signed_in = lambda request: self.agent if sign_in.auth.who(request) else None
        self.house.over = sign_in.auth.over
        app = web.Application()
        sign_in.setup(app)
        desk(self.house, pages)(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    def everybody_is(self, agent: Agent) -> None:
        """Whoever asks is she, without a sign-in."""
        self.house.signed_in = lambda _request: agent
        self.house.over = lambda _request: asyncio.Event()

    async def stop(self) -> None:
        """Close all sockets and the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
