"""The sign-in alone on a port, its clock, and one browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pyotp
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from yarl import URL

from agent_assist.desk_pages import DeskPages
from core.config import AgentConfig, SignInConfig
from server.signing_in.auth import COOKIE
from tests.fakes.accounts import MemoryAccounts, SmallSignIn, cheap

PASSWORD = "hanbit-2107"
KIM = AgentConfig(id="kim", name="김하늘", password_hash=cheap(PASSWORD))
BOSS = AgentConfig(id="boss", name="박반장", password_hash=cheap(PASSWORD), roles=("admin",))
NEW = AgentConfig(id="new", name="새사람")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **much: float) -> None:
        self.now += timedelta(**much)


class Site:
    """``await site.sign_in()``; ``site.sign_in_parts`` is what runs."""

    def __init__(self, parts: SmallSignIn, url: str, browser: ClientSession, clock: Clock) -> None:
        self.parts = parts
        self.url = url
        self.browser = browser
        self.clock = clock

    async def post(self, path: str, **form: str) -> ClientResponse:
        headers = {"Origin": self.url}
        return await self.browser.post(path, data=form, headers=headers, allow_redirects=False)

    async def sign_in(self, account_id: str = "kim", password: str = PASSWORD, **form: str) -> ClientResponse:
        return await self.post("/signin", id=account_id, password=password, **form)

    async def page(self, path: str) -> str:
        async with self.browser.get(path) as answer:
            return await answer.text()

    async def who(self) -> str:
        return await self.page("/who")

    @property
    def cookie(self) -> str:
        return self.browser.cookie_jar.filter_cookies(self.browser._base_url)[COOKIE].value  # type: ignore[arg-type]

    def take(self, cookie: str) -> None:
        self.browser.cookie_jar.update_cookies({COOKIE: cookie}, URL(self.url))

    def code(self, secret: str, steps: int = 0) -> str:
        """What her app shows now, or so many steps later."""
        return pyotp.TOTP(secret.replace(" ", "")).at(self.clock.now, counter_offset=steps)


@asynccontextmanager
async def site_of(
    agents: Sequence[AgentConfig] = (KIM, BOSS, NEW),
    *,
    store: MemoryAccounts | None = None,
    config: SignInConfig | None = None,
    clock: Clock | None = None,
    rooms: Callable[[SmallSignIn], Sequence[Callable[[web.Application], None]]] = lambda _parts: (),
    **more: object,
) -> AsyncIterator[Site]:
    """A node's sign-in, started; again with the same ``store`` is a restart."""
    clock = clock or Clock()
    parts = SmallSignIn(agents, DeskPages(), store=store, config=config, clock=clock, **more)  # type: ignore[arg-type]
    await parts.auth.open()

    async def who(request: web.Request) -> web.Response:
        return web.Response(text=str(parts.auth.who(request)))

    app = web.Application()
    parts.setup(app)
    app.router.add_get("/who", who)
    for room in rooms(parts):
        room(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = parts.public_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as browser:
            yield Site(parts, url, browser, clock)
    finally:
        await runner.cleanup()


def secret_on(page: str) -> str:
    """The secret of the second factor, as the page shows it to be typed."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found, page
    return found[1]
