"""kill -9 of the node in mid-call: the humans talk on, and the page of the adopted call comes back by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser

from telephony.softphone import Answering, Softphone
from tests.flows.conftest import PASSWORD
from tests.flows.node_process import NodeProcess
from tests.flows.visual_ars.stage import MENU, a_phone
from tests.sip.sipp import free_port

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_the_page_comes_back_with_the_next_node(
    tmp_path: Path, site: Callable[[str, str], Path], chromium: Browser
) -> None:
    async with (
        Softphone(user="2107", answering=Answering()) as agent,
        Softphone(user="01000001012") as caller,
        a_phone(chromium) as phone,
    ):
        phone.forgiven = True
        settings = site(agent.uri, f'[ars]\nmenu = "{MENU}"\n')
        settings.write_text(
            settings.read_text("utf-8").replace("[web]\nport = 0", f"[web]\nport = {free_port()}"), "utf-8"
        )
        async with NodeProcess(settings, tmp_path) as node:
            call = await caller.dial(f"sip:120@{node.sip[0]}")
            await call.answered()
            await node.line("MessageSent")
            (message,) = (await node.get("outbox", "kim", PASSWORD))["messages"]
            await phone.open(message["links"][0])
            await phone.tap("0")
            await node.line("CallJoined")
            await phone.on("@talk")
            await node.kill()
        await phone.says(phone.status, "인터넷이 끊겼습니다")
        await phone.shot("12-killed")
        assert call.up
        async with NodeProcess(settings, tmp_path) as node:
            await node.line("CallAdopted")
            await phone.says(phone.status, "통화 중입니다")
            await phone.on("@talk")
            await phone.tap("@captions")
            await phone.on("@captions")
            await phone.shot("12-adopted")
            await call.hang_up()
            await node.line("CallEnded")
            await phone.says(phone.status, "통화가 끝났습니다")
