"""The office application on a real port, over a real SQLite database and the real services."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from msgspec.structs import replace

from agent_assist.desk_pages import DeskPages
from core.agent import Agent
from core.config import Role
from core.home import open_home
from core.store.sql_store import open_store
from records.routes.route import RecordsRoute
from server.records_parts import OfficeHouse, office
from server.web import Setup
from tests.fakes.accounts import SmallSignIn, agents_of, cheap
from tests.fakes.records import Records
from tests.fakes.served import Served

PASSWORD: Final = "hanbit-2107"
_HASH: Final = cheap(PASSWORD)


def _agent(id: str, name: str, *roles: Role) -> Agent:
    return Agent(id=id, name=name, roles=roles)


AGENTS: Final[dict[str, Agent]] = {
    agent.id: agent
    for agent in (
        _agent("agent", "김하늘", "agent"),
        _agent("second", "이바다", "agent"),
        _agent("editor", "박편집", "editor"),
        _agent("supervisor", "정감독", "supervisor"),
        replace(_agent("lead", "오팀장", "supervisor"), people=("agent", "lead")),
        _agent("admin", "한관리", "admin"),
    )
}


class RecordsSite(Served):
    """``async with RecordsSite(tmp_path) as site``: ``site.url`` answers; ``site.ask("GET", "me", by="agent")``."""

    api = "/records/api"
    usual = "agent"

    def __init__(self, folder: Path, rooms: Callable[[RecordsSite], Sequence[Setup]] = lambda _site: ()) -> None:
        """``rooms``: further addresses of other rooms, made once the store is open."""
        self._rooms = rooms
        self._folder = folder

    async def __aenter__(self) -> RecordsSite:
        self.home = open_home(self._folder / "home")
        self.store = await open_store("", self.home)
        self.records = Records(self.store, {agent.id: agent.name for agent in AGENTS.values()})
        await self.records.keeping.open()
        self._keeping = asyncio.create_task(self.records.keeping.run())
        desk_pages = DeskPages()
        sign_in = SmallSignIn(agents_of(dict.fromkeys(AGENTS, _HASH)), desk_pages)
        await sign_in.auth.open()
        self._auth = sign_in.auth
        app = web.Application(client_max_size=2**20)
        sign_in.setup(app)
        app.router.add_get("/desk/static/{path:.+}", desk_pages.static)
        office(OfficeHouse(centre="한빛시 민원콜센터", who=self.who), self.records.desk, *self.tables())(app)
        for setup in self._rooms(self):
            setup(app)
        await self.serve(app)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.unserve()
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        await self.store.close()

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        """Further tables of the office application; for those who inherit."""
        return ()

    def who(self, request: web.Request) -> Agent | None:
        if "X-Agent" in request.headers:
            return AGENTS.get(request.headers["X-Agent"])
        return AGENTS.get(self._auth.who(request) or "")
