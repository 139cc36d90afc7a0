"""The scripted smartphone and the stage, against the real page over a small menu."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from ars.guesses import Guesses
from ars.phone.routes import phone
from ars.photos import Photos
from ars.visit import Visit
from ars.visits import Visits
from channels.contract import Message
from channels.outbox import Outbox
from core.errors import Refused
from core.events import now
from core.pictures.shelf import Pictures
from core.web.client import Proxies
from server.demo.around import Inbox, own_address
from server.demo.phone import SmartPhone
from server.demo.stage import Stage
from tests.ars.small import small_menu
from tests.fakes.visit_house import FakeVisitHouse


class Site:
    """The caller's page and the stage on a real port."""

    def __init__(self, folder: Path) -> None:
        self.house = FakeVisitHouse()
        self.visits: Visits = self.house.visits(small_menu())
        self.stage = Stage()
        self.app = web.Application()
        phone(
            self.visits,
            menu=small_menu,
            search=lambda _query, _limit: (),
            photos=Photos(Pictures(folder, most_mb=10, days=1)),
            guesses=Guesses(),
            proxies=Proxies(()),
        )(self.app)
        self.stage.setup(self.app)
        self.url = ""

    def visit(self) -> tuple[Visit, str]:
        visit = self.visits.begin_web("ko")
        return visit, f"{self.url}/v/{self.visits.link(visit)}"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path)
    runner = web.AppRunner(site.app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


async def test_a_smartphone_opens_its_link_and_taps(site: Site) -> None:
    visit, link = site.visit()
    async with SmartPhone(link) as own:
        assert own.screen is not None and own.screen.id == "main"
        await own.tap("1")
        assert own.screen.id == "documents" and visit.state.here.id == "documents"
        await own.tap("#")
        await own.tap("2")
        await own.send({"where": "한빛대로 1", "plate": "12가 3456", "agreed": "yes"})
        assert own.screen.id == "@code", "before the call nobody would get the form: it waits for it"


async def test_a_link_that_is_none_is_refused(site: Site) -> None:
    with pytest.raises(Refused, match="404"):
        await SmartPhone(f"{site.url}/v/nothing").__aenter__()


async def test_a_page_that_is_over_ends_what_waits(site: Site) -> None:
    visit, link = site.visit()
    async with SmartPhone(link) as own:
        waiting = asyncio.create_task(own.until(lambda: False))
        await asyncio.sleep(0)
        site.visits.end(visit)
        with pytest.raises(Refused):
            await waiting


async def test_the_stage_wants_a_sign_in_and_shows_the_scripted_phone(site: Site) -> None:
    _visit, link = site.visit()
    async with (
        SmartPhone(link) as own,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        async with browser.get(f"{site.url}/demo", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/signin?next=/demo"
        async with browser.get(f"{site.url}/demo/now") as answer:
            assert answer.status == 401
        site.stage.signed_in = lambda _request: True
        site.stage.phone = lambda: own
        async with browser.get(f"{site.url}/demo/now") as answer:
            assert await answer.json() == {"page": own.path}
        async with browser.get(f"{site.url}/demo") as answer:
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        async with browser.get(f"{site.url}/demo/phone") as answer:
            assert answer.status == 200 and answer.url.path == own.path, "the same browser as the script's"
        async with browser.get(f"{site.url}/demo/../../etc/passwd") as answer:
            assert answer.status == 404


async def test_each_message_is_read_once() -> None:
    outbox = Outbox()
    inbox = Inbox(outbox)
    for number, link in (("1", "https://a.example/v/x"), ("2", "https://a.example/v/y")):
        message = Message(
            message_id=number, to="01000000001", text=f"[한빛시] {link}", kind="sms", secrets=(link,), at=now()
        )
        await outbox.send(message)
    assert await inbox.link("01000000001") == "https://a.example/v/x"
    assert await inbox.link("01000000001") == "https://a.example/v/y"


async def test_a_message_that_never_comes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.demo.around.ARRIVES_S", 0.05)
    with pytest.raises(Refused):
        await Inbox(Outbox()).link("01000000001")


def test_our_own_address_is_one() -> None:
    assert len(own_address().split(".")) == 4
