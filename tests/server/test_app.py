"""A node that stops: whatever its callers are doing, pages hear that it comes back, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from core.config import AgentConfig, ArsConfig, AssistConfig, Config, NodeConfig, SipConfig, SttConfig, WebConfig
from core.events import CallEnded, Event, Party
from core.home import Home
from core.store.sql_store import open_store
from server.app import Node
from tests.ars.small import SMALL
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.quiet_node import hush
from tests.patience import until

ALWAYS = 'opens = "00:00", closes = "23:59:59", days = [1, 2, 3, 4, 5, 6, 7]'


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Of a small site with the small menu, open all day; no speech."""
    hush(monkeypatch)
    menu = tmp_path / "menu.toml"
    menu.write_text(SMALL.replace('opens = "09:00", closes = "18:00"', ALWAYS), "utf-8")
    return Config(
        node=NodeConfig(grace_s=0.1),
        web=WebConfig(port=0),
        sip=SipConfig(outbound="sip:{number}@trunk", ring_timeout_s=60.0),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=0),
        ars=ArsConfig(menu=str(menu), link_on_ring=False),
        agents=(AgentConfig(id="kim", name="김하늘", uri="sip:kim"),),
    )


class Site:
    """A node, its bridge, and what comes out of it."""

    def __init__(self, node: Node, bridge: ScriptedBridge) -> None:
        self.node = node
        self.bridge = bridge
        self.stop = asyncio.Event()

    async def call(self, keys: str = "", number: str = "01000001111") -> ScriptedCall:
        call = self.bridge.ring(Party(number=number))
        await until(lambda: self.node.parts.ars.visits.of_call(call.call_id) is not None)
        await call.answered.wait()
        call.press("caller", keys)
        return call

    def here(self, call: ScriptedCall) -> str:
        visit = self.node.parts.ars.visits.of_call(call.call_id)
        return visit.state.here.id if visit is not None else ""


async def test_it_stops_while_callers_read_wait_write_and_are_called(
    config: Config, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = ScriptedBridge(prompt_s=60.0)
    bridge.script("sip:01000009999@trunk", "no_answer")
    unraised: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: unraised.append(about))
    heard: list[Any] = []
    jar = aiohttp.CookieJar(unsafe=True)
    async with Node(config, home, bridge=bridge) as node, aiohttp.ClientSession(cookie_jar=jar) as browser:
        site = Site(node, bridge)
        reads, waits, books = await site.call(), await site.call("0"), await site.call("011", "01000009999")
        await until(lambda: site.here(waits) == "@wait" and site.here(books) == "@booked")
        books.party_hangs_up("caller")
        await until(lambda: len(node.callbacks.open) == 1)
        waits.press("caller", "#")
        visit = node.parts.ars.visits.of_call(reads.call_id)
        assert visit is not None
        page = node.parts.ars.link(visit)
        origin = node.desk_url.rstrip("/")
        async with browser.get(page, headers={"Accept": "text/html"}) as answer:
            assert answer.status == 200
        async with browser.ws_connect(f"{page}/ws", headers={"Origin": origin}) as socket:
            heard.append((await socket.receive_json(timeout=10))["type"])
            waits.party_hangs_up("caller")
            await node.dispatcher.wish("kim", "ready")
            await until(lambda: any(call.outgoing for call in bridge.all_calls))
            called = bridge.all_calls[-1]
            assert node.dispatcher.roster.agent("kim").state == "offered"
            for digit in "1#1#1#":
                reads.press("caller", digit)
            site.stop.set()
            closing = asyncio.create_task(node.serve_until(site.stop))
            await closing
            assert reads.ended.is_set()
            assert called.ended.is_set()
            leaving = asyncio.create_task(node.__aexit__(None, None, None))
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    heard.append(msgspec.json.decode(message.data))
            await leaving
    assert heard[-1] == {"type": "Gone", "reason": "node"}
    assert node.dispatcher.roster.agent("kim").state == "ready"
    assert len(node._side) == 0
    assert len(node.calls) == 0
    gc.collect()  # a task that was left pending would be told now
    await asyncio.sleep(0)
    assert unraised == []
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


async def test_all_that_its_calls_said_is_kept(config: Config, home: Home) -> None:
    bridge = ScriptedBridge()
    async with Node(config, home, bridge=bridge) as node:
        call = await Site(node, bridge).call("1")
        await until(lambda: Site(node, bridge).here(call) == "documents")
        # nobody says stop: the node goes as in a fault, and its calls end properly all the same
    assert call.ended.is_set()
    store = await open_store(config.store.url, home)
    events: list[Event] = await store.events(call.call_id)
    await store.close()
    ended = [event for event in events if isinstance(event, CallEnded)]
    assert [event.reason for event in ended] == ["node_stopped"]
