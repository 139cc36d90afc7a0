"""The desk's WebSocket with a real client: who may listen, how it ends, what it costs."""

from __future__ import annotations

import asyncio
import base64
import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType

from core.errors import StoreFault
from core.events import Event, QueueChanged, TranscriptFinal
from core.web.sockets import SIGN_IN_OVER
from tests.fakes.desk_site import PASSWORD, DeskSite
from tests.fakes.house import AGENT, FakeHouse


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse()) as site:
        site.everybody_is(AGENT)
        yield site


@pytest.fixture
async def browser() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


def listen(browser: ClientSession, site: DeskSite, query: str = "") -> aiohttp.client._BaseRequestContextManager:  # type: ignore[type-arg]
    return browser.ws_connect(f"{site.url}/desk/ws{query}", origin=site.url)  # type: ignore[return-value]


async def test_follows_a_call_and_comes_back_with_its_number(site: DeskSite, browser: ClientSession) -> None:
    house = site.house
    async with listen(browser, site) as socket:
        assert (await socket.receive_json())["type"] == "Hello"
        await house.start_call("c1")
        assert [(await socket.receive_json())["type"] for _ in range(3)][:2] == ["AgentStateChanged", "History"]
        final = await house.final("c1", "caller", 1, "등본이요")
        assert (await socket.receive_json())["seq"] == final.seq

    await house.final("c1", "caller", 2, "두 통이요")
    async with listen(browser, site, f"?call=c1&after={final.seq}") as socket:
        await socket.receive_json()
        history = await socket.receive_json()
        assert [event["text"] for event in history["events"]] == ["두 통이요"]


@pytest.mark.parametrize("nonsense", ["after=-1", "after=x", "after=٣", "after=99999999999999999999"])
async def test_a_nonsense_number_means_from_the_start(site: DeskSite, browser: ClientSession, nonsense: str) -> None:
    await site.house.start_call("c1")
    async with listen(browser, site, f"?call=c1&{nonsense}") as socket:
        await socket.receive_json()
        assert (await socket.receive_json())["after"] == 0


async def test_without_a_sign_in_it_closes_with_a_code_that_browsers_can_see(
    site: DeskSite, browser: ClientSession
) -> None:
    site.house.signed_in = lambda _request: None
    async with listen(browser, site) as socket:
        message = await socket.receive(timeout=5)
    assert (message.type, message.data) == (WSMsgType.CLOSE, SIGN_IN_OVER)


async def test_a_session_that_is_revoked_closes_its_socket_at_once(browser: ClientSession) -> None:
    async with DeskSite(FakeHouse()) as site:
        form = {"id": AGENT.id, "password": PASSWORD}
        await browser.post(f"{site.url}/signin", data=form, headers={"Origin": site.url}, allow_redirects=False)
        async with listen(browser, site) as socket:
            assert (await socket.receive_json())["type"] == "Hello"
            await site.auth.end_all(AGENT.id)
            message = await socket.receive(timeout=5)
            assert (message.type, message.data) == (WSMsgType.CLOSE, SIGN_IN_OVER), "although nothing was to be said"


async def test_after_a_sign_out_not_one_more_word_is_sent(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    async with listen(browser, site) as socket:
        await socket.receive_json()
        await socket.receive_json()
        site.house.signed_in = lambda _request: None
        await site.house.final("c1", "caller", 1, "비밀")
        message = await socket.receive(timeout=5)
    assert (message.type, message.data) == (WSMsgType.CLOSE, SIGN_IN_OVER)


@pytest.mark.parametrize("origin", ["http://evil.example", None])
async def test_other_sites_pages_are_refused(site: DeskSite, browser: ClientSession, origin: str | None) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.ws_connect(f"{site.url}/desk/ws", origin=origin)
    assert refused.value.status == 403


async def test_a_slow_browser_is_told_to_come_back(
    site: DeskSite, browser: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_assist.desk_feed.LIMIT", 8)
    await site.house.start_call("c1")
    async with listen(browser, site) as socket:
        await socket.receive_json()
        await socket.receive_json()
        for number in range(40):  # without giving the socket a turn: it can't keep up
            await site.house.final("c1", "caller", number, "네")
        while (message := await socket.receive(timeout=5)).type is WSMsgType.TEXT:
            pass
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1013)


async def test_a_browser_that_takes_no_bytes_is_let_go(
    site: DeskSite, browser: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_assist.desk_socket.SEND_S", 0.2)
    await site.house.start_call("c1")
    reader, writer = await _handshake(site)
    for number in range(1, 40):
        await site.house.say(
            "c1",
            TranscriptFinal(speaker="caller", utterance=f"caller-{number}", start=0, end=1, text="가" * 100_000),
        )
        await asyncio.sleep(0.02)
    await _nobody_listens(site.house)
    writer.close()
    del reader


async def test_a_silent_call_can_be_told_from_a_dead_line(site: DeskSite, browser: ClientSession) -> None:
    async with listen(browser, site) as socket:
        await socket.receive_json()
        await socket.send_str("?")
        assert await socket.receive_json(timeout=5) == {"type": "Still"}


async def test_who_sends_much_is_cut_off(site: DeskSite, browser: ClientSession) -> None:
    async with listen(browser, site) as socket:
        await socket.receive_json()
        await socket.send_str("x" * 5000)
        message = await socket.receive(timeout=5)
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1009)


async def test_when_the_node_goes_down_it_says_so(site: DeskSite, browser: ClientSession) -> None:
    async with listen(browser, site) as socket:
        await socket.receive_json()
        stopping = asyncio.create_task(site.stop())
        message = await socket.receive(timeout=5)
    await stopping
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)


async def test_a_store_that_is_down_closes_the_socket_and_not_the_node(site: DeskSite, browser: ClientSession) -> None:
    async def broken(_call_id: str, _after: int) -> list[Event]:
        raise StoreFault("the database is gone")

    await site.house.start_call("c1")
    site.house.history = broken  # type: ignore[method-assign]
    async with listen(browser, site) as socket:
        await socket.receive_json()
        message = await socket.receive(timeout=5)
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1011)


async def test_a_browser_that_leaves_frees_its_place(site: DeskSite, browser: ClientSession) -> None:
    async with listen(browser, site) as socket:
        await socket.receive_json()
        assert len(site.house.bus._subscriptions) == 1
    await _nobody_listens(site.house)


async def test_an_idle_desk_costs_less_than_60_kib(site: DeskSite) -> None:
    warm = [await _handshake(site) for _ in range(20)]
    gc.collect()
    before = _resident()
    desks = [await _handshake(site) for _ in range(200)]
    await site.house.bus.publish(QueueChanged(waiting=1))
    await asyncio.sleep(0.1)
    gc.collect()
    each = (_resident() - before) / len(desks) / 1024
    for _, writer in warm + desks:
        writer.close()
    assert each < 60, f"{each:.1f} KiB, both ends counted"


async def _handshake(site: DeskSite) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A browser at its barest, so that nearly all memory counted is the server's."""
    host, port = site.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /desk/ws HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {site.url}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
    )
    assert b" 101 " in await reader.readline()
    return reader, writer


async def _nobody_listens(house: FakeHouse) -> None:
    for _ in range(500):
        if not house.bus._subscriptions:
            return
        await asyncio.sleep(0.01)
    pytest.fail("a desk that is gone still listens")


def _resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
