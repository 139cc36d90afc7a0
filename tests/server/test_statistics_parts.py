"""Statistics of a whole node: a call ends and is counted by itself, on the wall and in the cells."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.config import AgentConfig, ArsConfig, AssistConfig, Config, NodeConfig, SipConfig, SttConfig, WebConfig
from core.events import Event, Party, WrapUpEnded
from core.home import Home
from server.app import Node
from server.statistics_parts import recompute_here
from tests.ars.small import SMALL
from tests.fakes.bridge import ScriptedBridge
from tests.fakes.quiet_node import hush
from tests.patience import STEP_S, until

ALWAYS = 'opens = "00:00", closes = "23:59:59", days = [1, 2, 3, 4, 5, 6, 7]'
FIELDS = ("offered", "answered", "handled", "menus")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """One agent, no speech, the small menu all day."""
    hush(monkeypatch)
    menu = tmp_path / "menu.toml"
    menu.write_text(SMALL.replace('opens = "09:00", closes = "18:00"', ALWAYS), "utf-8")
    return Config(
        node=NodeConfig(grace_s=0.1),
        web=WebConfig(port=0),
        sip=SipConfig(ring_timeout_s=60.0),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=0.05),
        ars=ArsConfig(menu=str(menu), link_on_ring=False),
        agents=(AgentConfig(id="kim", name="김하늘", uri="sip:kim"),),
    )


async def counted(node: Node) -> tuple[int, ...]:
    today = node.statistics.today()
    sums = await node.statistics.statistics.sums(FIELDS, first=today, last=today)
    return sums[0].fields if sums else (0,) * len(FIELDS)


async def test_a_call_counts_by_itself(config: Config, home: Home) -> None:
    bridge = ScriptedBridge(prompt_s=0.0)
    async with Node(config, home, bridge=bridge) as node:
        await node.dispatcher.wish("kim", "ready")
        call = bridge.ring(Party(number="01000001111"))
        await call.answered.wait()
        call.press("caller", "0")
        await until(lambda: node.statistics.live().answered == 1)
        assert await counted(node) == (0, 0, 0, 0)
        call.party_hangs_up("caller")
        events: list[Event] = []
        async with asyncio.timeout(10):
            while await counted(node) != (1, 1, 1, 1) or not any(isinstance(e, WrapUpEnded) for e in events):
                await asyncio.sleep(STEP_S)
                events = await node.store.events(call.call_id)
        await until(lambda: call.call_id in node.statistics._live._counted)
        live = node.statistics.live()
        assert (live.offered, live.answered, live.waiting, live.level_today) == (1, 1, 0, 1.0)
        assert node.statistics.wall().answered == 1
    told = await recompute_here(config, home, check=True)
    assert told.differing == 0
