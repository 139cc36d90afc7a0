"""What an agent does with what words bring: chips, an emergency's procedure, a card's deeds, a wrong entry, a draft.

Everything but the telephone is real, see ``test_call_to_desk.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.config import AgentConfig, AssistConfig, Config, NodeConfig, SttConfig, WebConfig
from core.home import open_home
from server.app import Node
from server.knowledge import sample_entries
from server.signing_in.passwords import hash_password
from tests.fakes.bridge import ScriptedBridge
from tests.flows.spoken import spoken
from tests.flows.test_call_to_desk import PASSWORD, Running, talk, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
async def running(tmp_path: Path, password_hash: str) -> AsyncIterator[Running]:
    bridge = ScriptedBridge()
    agent = AgentConfig(
        id="kim",
        name="김하늘",
        extension="2107",
        uri="sip:kim",
        password_hash=password_hash,
        starts="ready",
        roles=("agent", "supervisor"),
    )
    config = Config(
        node=NodeConfig(home=str(tmp_path), grace_s=0.5),
        web=WebConfig(port=0),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=1.0, districts=("송천동",), streets=("해안도로",)),
        agents=(agent,),
    )
    async with Node(config, open_home(tmp_path), bridge=bridge) as node:
        await node.store.put_entries(sample_entries())
        await node.knowing.reload()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            yield Running(node, bridge, browser)


async def post(running: Running, path: str, body: dict[str, Any] | None = None, expect: int = 204) -> None:
    origin = running.node.desk_url.rstrip("/")
    async with running.browser.post(f"{origin}/desk/api/{path}", json=body, headers={"Origin": origin}) as answer:
        assert answer.status == expect, await answer.text()


async def test_an_emergency_is_handled_step_by_step(running: Running) -> None:
    await running.sign_in()
    async with running.socket() as socket:
        hello = await until(socket, "Hello")
        assert "supervisor" in hello["agent"]["roles"]
        call = await running.call()
        await until(socket, "AgentStateChanged", state="talking")
        talking = asyncio.create_task(
            talk(call, "caller", spoken("할아버지가 길에서 쓰러졌어요") + spoken("송천동 해안도로 십 번지예요"))
        )
        alert = await until(socket, "AlertChanged")
        assert (alert["kind"], alert["state"]) == ("emergency", "raised")
        assert any("쓰러" in words for words in alert["words"])
        path = f"calls/{call.call_id}/alerts/{alert['alert_id']}"
        await post(running, path, {"step": "warned"})
        assert (await until(socket, "AlertChanged"))["steps"] == ["warned"]
        played = [deed for deed in call.done if deed.startswith("play /")]
        assert played, "the caller hears where to turn"
        await post(running, path, {"step": "ended", "reason": "x"}, expect=409)
        await post(running, path, {"step": "closed"})
        assert (await until(socket, "AlertChanged"))["state"] == "closed"
        await talking
        call.party_hangs_up("caller")
        draft = (await until(socket, "RecordDrafted"))["draft"]
        assert "쓰러" in draft["need"]
    events = await running.node.calls.history(call.call_id, 0)
    values = [value for event in events for value in getattr(event, "values", ())]
    assert any(value.kind == "address" and "해안도로 10" in value.value for value in values), values


async def test_a_card_is_used_and_a_wrong_entry_becomes_a_task(running: Running) -> None:
    await running.sign_in()
    async with running.socket() as socket:
        call = await running.call()
        await until(socket, "AgentStateChanged", state="talking")
        talking = asyncio.create_task(talk(call, "caller", spoken("대형 폐기물 스티커는 어디에서 사나요")))
        final = await until(socket, "TranscriptFinal", speaker="caller")
        suggested = await until(socket, "Suggested", utterance=final["utterance"])
        card = suggested["suggestions"][0]
        assert card["version"] == 1
        await post(running, f"calls/{call.call_id}/cards", {"entry_id": card["id"], "deed": "accepted"})
        used = await until(socket, "CardUsed")
        assert (used["entry_id"], used["deed"], used["agent_id"]) == (card["id"], "accepted", "kim")
        await post(running, f"calls/{call.call_id}/cards", {"entry_id": "no such", "deed": "accepted"}, expect=409)
        await post(running, f"entries/{card['id']}/wrong", {"note": "수수료가 올랐어요", "call_id": call.call_id})
        await talking
    (task,) = await running.node.store.knowledge.tasks()
    assert (task.entry_id, task.kind, task.note, task.by) == (card["id"], "correction", "수수료가 올랐어요", "kim")
    await running.node.knowing.write()
    assert {lesson.entry_id for lesson in await running.node.store.knowledge.lessons()} == {card["id"]}
