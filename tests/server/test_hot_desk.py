"""Agents at any desk: who sits where, who is set away, who is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, web

from agent_assist.desk_pages import DeskPages
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.errors import BadInput, Refused
from server.auth import Auth
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from server.passwords import hash_password

SIP = SipConfig(phone="sip:{extension}@pbx", extensions="2[0-9]{3}")
AGENTS = (
    AgentConfig(id="kim", name="김하늘", extension="2101", uri="sip:kim@home"),
    AgentConfig(id="lee", name="이바다"),
)
PASSWORD = "hanbit-2107"
HASHES = {agent.id: hash_password(PASSWORD, cost=(2**8, 8, 1)) for agent in AGENTS}


def spawn(work: Coroutine[Any, Any, None], _name: str) -> object:
    return asyncio.ensure_future(work)


@pytest.fixture
def dispatcher() -> Dispatcher:
    return Dispatcher(AGENTS, MemoryBus(), wrap_up_s=0, spawn=spawn)


def sits(dispatcher: Dispatcher, agent_id: str) -> tuple[str, str]:
    agent = dispatcher.roster.agent(agent_id)
    return agent.extension, agent.uri


async def test_she_has_the_telephone_of_the_desk_and_then_her_own_again(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("kim", "2155")
    assert sits(dispatcher, "kim") == ("2155", "sip:2155@pbx")
    assert (seats.extension("kim"), seats.extension("lee")) == ("2155", "")
    await seats.leave("kim")
    assert sits(dispatcher, "kim") == ("2101", "sip:kim@home")


async def test_who_sat_there_is_set_away_and_told(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("lee", "2155")
    await dispatcher.wish("lee", "ready")
    await seats.sit("kim", "2155")
    lee = dispatcher.roster.seen("lee")
    assert (lee.state, lee.reason, lee.extension) == ("away", "extension_taken", "")
    assert sits(dispatcher, "lee") == ("", "")


async def test_nobody_is_moved_in_the_middle_of_a_call(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("lee", "2155")
    await dispatcher.joined("lee", "c1")
    for agent, code in (("kim", "extension_busy"), ("lee", "busy_with_call")):
        with pytest.raises(Refused) as refusal:
            await seats.sit(agent, "2155" if agent == "kim" else "2156")
        assert refusal.value.code == code
    await seats.leave("lee")
    assert sits(dispatcher, "lee") == ("2155", "sip:2155@pbx"), "her call is still there"


async def test_her_own_telephone_is_hers_unless_somebody_sits_there(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("kim", "2155")
    await seats.sit("lee", "2101")
    assert sits(dispatcher, "lee") == ("2101", "sip:2101@pbx")
    await seats.sit("kim", "")
    assert sits(dispatcher, "kim") == ("", "")
    await seats.sit("kim", "2101")
    assert sits(dispatcher, "kim") == ("2101", "sip:kim@home")
    assert dispatcher.roster.seen("lee").reason == "extension_taken"


@pytest.mark.parametrize("extension", ["3101", "21011", "2101@evil", "abc"])
async def test_what_is_no_extension_here_is_refused(dispatcher: Dispatcher, extension: str) -> None:
    with pytest.raises(BadInput, match=r"sip\.extensions"):
        await HotDesk(dispatcher, SIP, AGENTS).sit("lee", extension)
    with pytest.raises(Refused, match=r"sip\.phone"):
        await HotDesk(dispatcher, SipConfig(), AGENTS).sit("lee", "2155")


class Door:
    """The sign-in on a port."""

    def __init__(self, dispatcher: Dispatcher, file: Path) -> None:
        self.auth = Auth(HASHES, DeskPages(), file=file, seats=HotDesk(dispatcher, SIP, AGENTS))
        self._app = web.Application()
        self.auth.setup(self._app)

    async def __aenter__(self) -> ClientSession:
        self._runner = web.AppRunner(self._app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.browser = ClientSession(f"http://{host}:{port}")
        return self.browser

    async def __aexit__(self, *exc: object) -> None:
        await self.browser.close()
        await self._runner.cleanup()


async def sign_in(browser: ClientSession, agent: str, extension: str) -> ClientResponse:
    form = {"id": agent, "password": PASSWORD, "extension": extension}
    origin = str(browser._base_url).rstrip("/")
    return await browser.post("/signin", data=form, headers={"Origin": origin}, allow_redirects=False)


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Path]:
    yield tmp_path / "sessions.json"


async def test_signing_in_at_a_desk_outlives_a_restart_and_ends_with_the_sign_out(
    dispatcher: Dispatcher, kept: Path
) -> None:
    async with Door(dispatcher, kept) as browser:
        page = await (await browser.get("/signin")).text()
        assert 'inputmode="numeric"' in page
        assert "<div hidden>" not in page
        answer = await sign_in(browser, "lee", "2155")
        assert answer.status == 303
        cookies = {name: cookie.value for name, cookie in answer.cookies.items()}
    again = Dispatcher(AGENTS, MemoryBus(), wrap_up_s=0, spawn=spawn)
    async with Door(again, kept) as browser:
        assert sits(again, "lee") == ("2155", "sip:2155@pbx")
        origin = str(browser._base_url).rstrip("/")
        await browser.post("/signout", cookies=cookies, headers={"Origin": origin}, allow_redirects=False)
        assert sits(again, "lee") == ("", "")
    third = Dispatcher(AGENTS, MemoryBus(), wrap_up_s=0, spawn=spawn)
    Door(third, kept)
    assert sits(third, "lee") == ("", "")


async def test_a_seat_that_is_refused_is_told_in_words_and_signs_nobody_in(dispatcher: Dispatcher, kept: Path) -> None:
    async with Door(dispatcher, kept) as browser:
        answer = await sign_in(browser, "lee", "9999")
        page = await answer.text()
        assert (answer.status, "내선번호가 아닙니다" in page, 'value="9999"' in page) == (409, True, True)
        await dispatcher.sit("kim", "2155", "sip:2155@pbx")
        await dispatcher.joined("kim", "c1")
        answer = await sign_in(browser, "lee", "2155")
        assert "통화 중" in await answer.text()
        assert not answer.cookies
