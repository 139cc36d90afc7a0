"""Agents at any desk: who sits where, who is set away, who is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, web

from agent_assist.desk_pages import DeskPages
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.errors import BadInput, Refused
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from tests.fakes.accounts import MemoryAccounts, SmallSignIn, cheap

SIP = SipConfig(phone="sip:{extension}@pbx", extensions="2[0-9]{3}")
PASSWORD = "hanbit-2107"
HASH = cheap(PASSWORD)
AGENTS = (
    AgentConfig(id="kim", name="김하늘", extension="2101", uri="sip:kim@home", password_hash=HASH),
    AgentConfig(id="lee", name="이바다", password_hash=HASH),
)


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


async def test_the_next_shift_waits_until_the_call_is_over_and_nothing_is_taken_from_it(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("lee", "2155")
    await dispatcher.joined("lee", "c1")
    await seats.sit("kim", "2155")
    assert sits(dispatcher, "lee") == ("2155", "sip:2155@pbx"), "her call is still there"
    kim = dispatcher.roster.seen("kim")
    assert (kim.state, kim.reason, kim.extension, seats.waits_for("kim")) == ("away", "seat_waits", "", "2155")
    with pytest.raises(Refused) as refusal:
        await seats.sit("lee", "2156")
    assert refusal.value.code == "busy_with_call"
    await dispatcher.released("lee")
    assert sits(dispatcher, "kim") == ("2155", "sip:2155@pbx")
    assert dispatcher.roster.seen("kim").reason == "seat_yours"
    lee = dispatcher.roster.seen("lee")
    assert (sits(dispatcher, "lee"), lee.state, lee.reason) == (("", ""), "away", "extension_taken")


async def test_the_wrap_up_of_the_former_stays_hers() -> None:
    dispatcher = Dispatcher(AGENTS, MemoryBus(), wrap_up_s=60, spawn=spawn)
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("lee", "2155")
    await dispatcher.joined("lee", "c1")
    await seats.sit("kim", "2155")
    await dispatcher.wish("kim", "ready")
    await dispatcher.released("lee")
    lee = dispatcher.roster.seen("lee")
    assert (lee.state, lee.busy_call, lee.extension) == ("wrap_up", "c1", ""), "her record and her time to write"
    assert dispatcher.roster.seen("kim").state == "ready", "who was ready already gets the next call"
    ready = dispatcher.roster.longest_ready()
    assert ready is not None
    assert ready.id == "kim"
    await dispatcher._rest_over("lee", lee.since)
    assert dispatcher.roster.seen("lee").state == "away"


async def test_one_may_wait_for_a_seat_and_give_up(dispatcher: Dispatcher) -> None:
    three = (*AGENTS, AgentConfig(id="choi", name="최나무"))
    dispatcher = Dispatcher(three, MemoryBus(), wrap_up_s=0, spawn=spawn)
    seats = HotDesk(dispatcher, SIP, three)
    await seats.sit("lee", "2155")
    await dispatcher.joined("lee", "c1")
    await seats.sit("kim", "2155")
    await seats.sit("kim", "2155")
    with pytest.raises(Refused) as refusal:
        await seats.sit("choi", "2155")
    assert refusal.value.code == "extension_busy"
    await seats.leave("kim")
    await seats.sit("choi", "2155")
    await dispatcher.released("lee")
    assert sits(dispatcher, "choi")[0] == "2155"
    assert sits(dispatcher, "kim") == ("2101", "sip:kim@home")


async def test_who_signs_out_in_a_call_keeps_it_and_gets_no_other(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await seats.sit("lee", "2155")
    await dispatcher.joined("lee", "c1")
    await seats.leave("lee")
    assert (dispatcher.roster.seen("lee").state, sits(dispatcher, "lee")[0]) == ("talking", "2155")
    await dispatcher.released("lee")
    lee = dispatcher.roster.seen("lee")
    assert (lee.state, lee.reason, lee.extension) == ("away", "signed_out", "")


async def test_who_signs_out_while_her_telephone_rings_is_away_when_the_caller_gives_up(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    for agent_id, extension in (("lee", "2155"), ("kim", "2101")):
        await dispatcher.wish(agent_id, "ready")
        await seats.sit(agent_id, extension)
        await dispatcher.offer(agent_id, "c1")
        await seats.leave(agent_id)
        assert sits(dispatcher, agent_id)[0] == extension, "the telephone rings still"
        await dispatcher.withdraw(agent_id)
        seen = dispatcher.roster.seen(agent_id)
        assert (seen.state, seen.reason) == ("away", "signed_out")
        assert dispatcher.roster.longest_ready() is None
    assert sits(dispatcher, "lee") == ("", "")
    assert sits(dispatcher, "kim") == ("2101", "sip:kim@home")


async def test_who_is_back_before_her_wrap_up_is_over_is_ready_after_it() -> None:
    dispatcher = Dispatcher(AGENTS, MemoryBus(), wrap_up_s=60, spawn=spawn)
    seats = HotDesk(dispatcher, SIP, AGENTS)
    await dispatcher.joined("kim", "c1")
    await seats.leave("kim")
    await dispatcher.released("kim")
    await seats.sit("kim", "")
    await dispatcher._rest_over("kim", dispatcher.roster.seen("kim").since)
    assert dispatcher.roster.seen("kim").state == "ready"


async def test_another_home_is_moved_into_once_no_call_needs_the_old(dispatcher: Dispatcher) -> None:
    seats = HotDesk(dispatcher, SIP, AGENTS)
    moved = AgentConfig(id="kim", name="김하늘", extension="2102", uri="sip:kim@new")
    await seats.move_home(moved)
    assert sits(dispatcher, "kim") == ("2102", "sip:kim@new")
    await seats.sit("kim", "2155")
    await seats.move_home(AGENTS[0])
    assert sits(dispatcher, "kim")[0] == "2155", "she sits at a desk that she chose"
    await seats.sit("kim", "")
    assert sits(dispatcher, "kim") == ("2101", "sip:kim@home")


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

    def __init__(self, dispatcher: Dispatcher, store: MemoryAccounts) -> None:
        self._sign_in = SmallSignIn(AGENTS, DeskPages(), store=store, seats=HotDesk(dispatcher, SIP, AGENTS))
        self._app = web.Application()
        self._sign_in.setup(self._app)

    async def __aenter__(self) -> ClientSession:
        await self._sign_in.auth.open()
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
def kept() -> MemoryAccounts:
    return MemoryAccounts()


async def test_signing_in_at_a_desk_outlives_a_restart_and_ends_with_the_sign_out(
    dispatcher: Dispatcher, kept: MemoryAccounts
) -> None:
    async with Door(dispatcher, kept) as browser:
        page = await (await browser.get("/signin")).text()
        assert 'inputmode="numeric"' in page
        assert 'id="seat" >' in page
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
    async with Door(third, kept):
        pass
    assert sits(third, "lee") == ("", "")


async def test_a_seat_that_is_refused_is_told_in_words_and_signs_nobody_in(
    dispatcher: Dispatcher, kept: MemoryAccounts
) -> None:
    async with Door(dispatcher, kept) as browser:
        answer = await sign_in(browser, "lee", "9999")
        page = await answer.text()
        assert (answer.status, "내선번호가 아닙니다" in page, 'value="9999"' in page) == (409, True, True)


async def test_signing_in_where_a_colleague_talks_waits_for_the_seat(
    dispatcher: Dispatcher, kept: MemoryAccounts
) -> None:
    async with Door(dispatcher, kept) as browser:
        await dispatcher.sit("kim", "2155", "sip:2155@pbx")
        await dispatcher.joined("kim", "c1")
        assert (await sign_in(browser, "lee", "2155")).status == 303
        assert sits(dispatcher, "lee") == ("", "")
        await dispatcher.released("kim")
        assert sits(dispatcher, "lee")[0] == "2155"
