"""The administration pages on a real port, over a real SQLite database, the real assistant and the real services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web

from agent_assist.admin.routes import admin
from agent_assist.assistant import Assistant
from agent_assist.desk_pages import DeskPages
from agent_assist.knowledge.tasks import Tasks
from agent_assist.learning.lessons import Lessons
from core.agent import Agent
from core.config import Role
from core.errors import Refused
from core.home import open_home
from core.store.entry import Entry
from core.store.knowledge import Category, Department, Person
from core.store.sql_store import SqlStore, open_store
from server.house_admin import HouseAdmin
from tests.fakes.accounts import SmallSignIn, agents_of, cheap
from tests.fakes.served import Served

PASSWORD: Final = "hanbit-2107"
_HASH: Final = cheap(PASSWORD)
NOW: Final = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
CLEANING: Final = Department(id="dclean", name="청소행정과", phone="02-120-3400", hours="평일 9시~18시")
PASSPORTS: Final = Department(id="dpass", name="민원여권과", phone="02-120-2100")
OH: Final = Person(id="poh", name="오세라", department_id="dclean", phone="02-120-3401", duty="대형 폐기물")
SEO: Final = Person(id="pseo", name="서민준", department_id="dpass", phone="02-120-2101")
LIVING: Final = Category(id="cliving", name="생활")
WASTES: Final = Category(id="cwaste", name="폐기물", parent_id="cliving")


def _agent(id: str, name: str, *roles: Role, department: str = "") -> Agent:
    return Agent(id=id, name=name, roles=roles, department=department)


AGENTS: Final[dict[str, Agent]] = {
    agent.id: agent
    for agent in (
        _agent("agent", "김하늘", "agent"),
        _agent("editor", "박편집", "agent", "editor"),
        _agent("second", "최검토", "editor"),
        _agent("owner", "이담당", "owner", department="청소행정과"),
        _agent("supervisor", "정감독", "supervisor"),
        _agent("admin", "한관리", "admin"),
    )
}


@cache
def _pages() -> DeskPages:
    """Read once for all sites: files never change while tests run."""
    return DeskPages()


class Knowing:
    """What the running house knows beside its database."""

    def __init__(self, store: SqlStore) -> None:
        self.lessons = Lessons()
        self.tasks = Tasks(store.knowledge)
        self.seen: list[tuple[str, str]] = []

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        if issue_id != "i1":
            raise Refused("그런 이슈가 없습니다 / there is no such issue", code="no_issue")
        self.seen.append((issue_id, agent_id))


class AdminSite(Served):
    """``async with AdminSite(tmp_path) as site``: ``site.url`` answers; ``site.ask("GET", "me", by="editor")``."""

    api = "/kb/api"
    usual = "editor"

    def __init__(self, folder: Path, *, entries: Sequence[Entry] = (), own_review: bool = False) -> None:
        self.by_header = True
        """Who asks stands in the header X-Agent; else in the sign-in's cookie."""
        self._folder = folder
        self._entries = entries
        self._own_review = own_review

    async def __aenter__(self) -> AdminSite:
        home = open_home(self._folder / "home")
        self.store = await open_store("", home)
        for record in (CLEANING, PASSPORTS):
            await self.store.knowledge.put_department(record)
        for person in (OH, SEO):
            await self.store.knowledge.put_person(person)
        for category in (LIVING, WASTES):
            await self.store.knowledge.put_category(category)
        if self._entries:
            await self.store.put_entries(self._entries)
        self.knowing = Knowing(self.store)
        self.assistant = Assistant(taught=self.knowing.lessons)
        pages = _pages()
        sign_in = SmallSignIn(agents_of(dict.fromkeys(AGENTS, _HASH)), pages)
        await sign_in.auth.open()
        self._auth = sign_in.auth
        self.house = HouseAdmin(
            centre="한빛시 민원콜센터",
            own_review=self._own_review,
            store=self.store,
            assistant=self.assistant,
            knowing=self.knowing,
            home=home,
            who=self._who,
            names=lambda: {agent.id: agent.name for agent in AGENTS.values()},
        )
        app = web.Application(client_max_size=2**20)
        sign_in.setup(app)
        app.router.add_get("/desk/static/{path:.+}", pages.static)
        admin(self.house, pages)(app)
        await self.serve(app)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.unserve()
        self.assistant.close()
        await self.store.close()

    async def load(self) -> None:
        """What the node does when its database has changed."""
        await self.assistant.load(await self.store.entries(), await self.store.knowledge.synonyms())

    def _who(self, request: web.Request) -> Agent | None:
        if self.by_header and "X-Agent" in request.headers:
            return AGENTS.get(request.headers["X-Agent"])
        return AGENTS.get(self._auth.who(request) or "")
