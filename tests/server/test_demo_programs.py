"""The demo's programs hear of contacts by real webhooks."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from core.config import ArsConfig, Config, NodeConfig, SttConfig, WebConfig
from core.home import Home
from server.app import Node
from server.demo.programs import PATH, Programs, outward
from tests.fakes.bridge import ScriptedBridge
from tests.fakes.quiet_node import hush
from tests.patience import until
from tests.server.rest.site import a_call


async def test_one_listens_and_one_is_switched_off(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hush(monkeypatch)
    config = Config(
        node=NodeConfig(grace_s=0.1),
        web=WebConfig(port=0),
        stt=SttConfig(workers=1),
        ars=ArsConfig(link_on_ring=False),
        outward=outward(""),
    )
    programs = Programs()
    async with Node(config, home, bridge=ScriptedBridge(), rooms=(programs.setup,)) as node:
        await programs.seed(node)
        await node.store.append(a_call("c1", minutes=1))
        await node.bus.publish(a_call("c1", minutes=1)[-1])
        await until(lambda: programs.heard == 1)
        async with aiohttp.ClientSession() as client, client.post(node.desk_url.rstrip("/") + PATH, data=b"{}") as no:
            assert no.status == 401
        silent = next(one for one in (await node.outward.office.all()).webhooks if "text.state" in one.topics)
        await node.outward.office.test(silent.id, "boss", "")
        async with asyncio.timeout(20):
            while (await node.outward.office.one(silent.id)).failing != "connect":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert outward("192.0.2.7").webhook_networks == ("127.0.0.0/8", "192.0.2.7/32")
