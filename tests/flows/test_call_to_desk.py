"""A call to the desk: everything but the telephone is real. The caller's voice goes in, words and cards come out.

The telephone itself is real in ``tests/sip`` and ``tests/flows/test_demo.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.audio import FRAME_BYTES, FRAME_S, SILENCE
from core.config import AgentConfig, AssistConfig, Config, NodeConfig, SttConfig, WebConfig
from core.events import Party
from core.home import open_home
from server.app import Node
from server.knowledge import sample_entries
from server.signing_in.passwords import hash_password
from tests import patience
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.flows.spoken import spoken

pytestmark = pytest.mark.slow

PASSWORD = "한빛시 상담석 열쇠"
SENTENCE = "대형 폐기물 스티커는 어디에서 사나요"
WAITS_S = 20.0


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


class Running:
    """A node with one agent, over a scripted bridge, and its browser."""

    def __init__(self, node: Node, bridge: ScriptedBridge, browser: aiohttp.ClientSession) -> None:
        self.node = node
        self.bridge = bridge
        self.browser = browser

    async def sign_in(self) -> None:
        origin = self.node.desk_url.rstrip("/")
        form = {"id": "kim", "password": PASSWORD, "next": "/desk"}
        async with self.browser.post(f"{origin}/signin", data=form, headers={"Origin": origin}) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.url.path == "/desk"

    def socket(self, query: str = "") -> Any:
        origin = self.node.desk_url.rstrip("/")
        return self.browser.ws_connect(f"{origin}/desk/ws{query}", headers={"Origin": origin})

    async def call(self) -> ScriptedCall:
        call = self.bridge.ring(Party(number="01000000001"))
        await asyncio.wait_for(call.joined.wait(), WAITS_S)
        return call


def a_config(home: Path, password_hash: str) -> Config:
    return Config(
        node=NodeConfig(home=str(home), grace_s=0.5),
        web=WebConfig(port=0),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=1.0),
        agents=(
            AgentConfig(
                id="kim", name="김하늘", extension="2107", uri="sip:kim", password_hash=password_hash, starts="ready"
            ),
        ),
    )


@pytest.fixture
async def running(tmp_path: Path, password_hash: str) -> AsyncIterator[Running]:
    bridge = ScriptedBridge()
    config = a_config(tmp_path, password_hash)
    async with Node(config, open_home(tmp_path), bridge=bridge) as node:
        await node.store.put_entries(sample_entries())
        await node.assistant.load(await node.store.entries())
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            yield Running(node, bridge, browser)


async def until(socket: aiohttp.ClientWebSocketResponse, kind: str, **having: Any) -> dict[str, Any]:
    """The next message of that type, with those values."""
    async with asyncio.timeout(WAITS_S):
        while True:
            message: dict[str, Any] = await socket.receive_json()
            if message["type"] == kind and all(message.get(key) == value for key, value in having.items()):
                return message


async def talk(call: ScriptedCall, speaker: Any, pcm: bytes) -> None:
    """Real time: the bounded queue of a leg holds two seconds."""
    await call.say(speaker, pcm + SILENCE * 60, pace_s=FRAME_S)


async def test_spoken_words_become_a_transcript_and_a_card(running: Running) -> None:
    await running.sign_in()
    async with running.socket() as socket:
        hello = await until(socket, "Hello")
        assert hello["agent"]["name"] == "김하늘"
        call = await running.call()
        await until(socket, "AgentStateChanged", state="talking")
        talking = asyncio.create_task(talk(call, "caller", spoken(SENTENCE)))
        partial = await until(socket, "TranscriptPartial", speaker="caller")
        final = await until(socket, "TranscriptFinal", speaker="caller")
        assert final["utterance"] == partial["utterance"]
        assert "폐기물" in final["text"]
        assert final["words"]
        suggested = await until(socket, "Suggested")
        assert any("폐기물" in card["title"] for card in suggested["suggestions"])
        await talking
        call.party_hangs_up("caller")
        ended = await until(socket, "CallEnded")
        assert ended["reason"] == "caller_hung_up"


async def test_both_sides_are_told_apart(running: Running) -> None:
    await running.sign_in()
    async with running.socket() as socket:
        call = await running.call()
        await talk(call, "agent", spoken("무엇을 도와 드릴까요", voice="m7"))
        assert (await until(socket, "TranscriptFinal"))["speaker"] == "agent"
        await talk(call, "caller", spoken(SENTENCE))
        assert (await until(socket, "TranscriptFinal"))["speaker"] == "caller"


async def test_a_page_that_comes_back_misses_and_doubles_nothing(running: Running) -> None:
    await running.sign_in()
    async with running.socket() as socket:
        call = await running.call()
        talking = asyncio.create_task(talk(call, "caller", spoken(SENTENCE)))
        final = await until(socket, "TranscriptFinal")
    await talking
    call.party_holds("agent")
    async with running.socket(f"?call={call.call_id}&after={final['seq']}") as socket:
        history = await until(socket, "History")
        assert all(event["seq"] > final["seq"] for event in history["events"])
        seen = [event["seq"] for event in history["events"]]
        call.party_holds("agent", False)
        resumed = await until(socket, "CallResumed")
        assert resumed["seq"] not in seen
    async with running.socket() as socket:
        whole = (await until(socket, "History"))["events"]
        assert [e["type"] for e in whole if e["type"] == "TranscriptFinal"] == ["TranscriptFinal"]
        assert [e["type"] for e in whole if e["type"] in ("CallHeld", "CallResumed")] == ["CallHeld", "CallResumed"]
        assert [e["seq"] for e in whole] == sorted({e["seq"] for e in whole})


async def test_the_history_holds_the_call_afterwards(running: Running) -> None:
    await running.sign_in()
    call = await running.call()
    await talk(call, "caller", spoken(SENTENCE))
    call.party_hangs_up("caller")
    origin = running.node.desk_url.rstrip("/")
    await patience.until(lambda: len(running.node.calls) == 0, WAITS_S)
    async with running.browser.get(f"{origin}/desk/api/calls") as answer:
        (line,) = (await answer.json())["calls"]
    assert line["call_id"] == call.call_id
    assert line["reason"] == "caller_hung_up"
    assert "폐기물" in line["topic"]
    async with running.browser.get(f"{origin}/desk/api/calls/{call.call_id}") as answer:
        types = [event["type"] for event in (await answer.json())["events"]]
    assert types[0] == "CallStarted"
    assert types[-1] == "CallEnded"
    assert "TranscriptFinal" in types


async def test_silence_and_noise_bring_no_words(running: Running) -> None:
    seen: list[str] = []
    await running.sign_in()
    async with running.socket() as socket:
        call = await running.call()
        await call.say("caller", bytes(FRAME_BYTES) * 150, pace_s=FRAME_S / 4)
        call.party_hangs_up("caller")
        async with asyncio.timeout(WAITS_S):
            while "CallEnded" not in seen:
                seen.append((await socket.receive_json())["type"])
    assert "TranscriptFinal" not in seen


async def test_the_desk_hangs_up_and_wrap_up_ends_by_itself(running: Running) -> None:
    await running.sign_in()
    origin = running.node.desk_url.rstrip("/")
    async with running.socket() as socket:
        call = await running.call()
        url = f"{origin}/desk/api/calls/{call.call_id}/hangup"
        async with running.browser.post(url, headers={"Origin": origin}) as answer:
            assert answer.status == 204, await answer.text()
        await until(socket, "CallEnded", reason="desk_hung_up")
        await until(socket, "AgentStateChanged", state="wrap_up")
        await until(socket, "AgentStateChanged", state="ready")


async def test_a_stopping_node_lets_calls_end_and_says_so(running: Running) -> None:
    stop = asyncio.Event()
    serving = asyncio.create_task(running.node.serve_until(stop))
    call = await running.call()
    stop.set()
    await asyncio.sleep(0.1)
    assert not call.ended.is_set()
    assert "node" in await running.node.missing()
    await asyncio.wait_for(serving, WAITS_S)
    assert call.ended.is_set()
    assert (await running.node.store.call(call.call_id)).reason == "node_stopped"  # type: ignore[union-attr]


async def test_health_is_open_and_the_rest_is_not(running: Running) -> None:
    origin = running.node.desk_url.rstrip("/")
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/desk/api/calls", 401)):
        async with running.browser.get(f"{origin}{path}") as answer:
            assert answer.status == status, path
