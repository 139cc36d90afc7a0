"""Calls that the exchange keeps: copies of their voices become words on the desk of the agent who talks there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import numpy as np
import pytest
import soxr
from websockets.asyncio.client import connect

from core.audio import FRAME_BYTES, FRAME_S, SILENCE
from core.config import ForksConfig
from core.events import CallStarted
from core.home import open_home
from server.app import Node
from telephony.forks.audiosocket import message
from telephony.forks.telling_uuid import telling_uuid
from tests.fakes.bridge import ScriptedBridge
from tests.flows.spoken import spoken
from tests.flows.test_call_to_desk import SENTENCE, Running, a_config, password_hash, until

pytestmark = pytest.mark.slow

__all__ = ["password_hash"]
QUIET = SILENCE * 60
TOKEN = "the city's token"


@pytest.fixture
async def running(tmp_path: Path, password_hash: str) -> AsyncIterator[Running]:
    forks = ForksConfig(port=0, audiosocket_port=0, token=TOKEN)
    config = msgspec.structs.replace(a_config(tmp_path, password_hash), forks=forks)
    bridge = ScriptedBridge()
    async with (
        Node(config, open_home(tmp_path), bridge=bridge) as node,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        yield Running(node, bridge, browser)


async def in_real_time(pcm: bytes, send: Callable[[bytes], Awaitable[None]], size: int = FRAME_BYTES) -> None:
    """A piece every 20 ms, by the clock."""
    began = asyncio.get_running_loop().time()
    for number, at in enumerate(range(0, len(pcm), size)):
        await send(pcm[at : at + size])
        await asyncio.sleep(max(0.0, began + number * FRAME_S - asyncio.get_running_loop().time()))


@asynccontextmanager
async def audiosocket(node: Node, speaker: Any) -> AsyncIterator[Callable[[int, bytes], Awaitable[None]]]:
    """Asterisk's connection with that voice; sends a message of a kind."""
    host, _, port = node.fork_addresses["audiosocket"].rpartition(":")
    _reader, writer = await asyncio.open_connection(host, int(port))

    async def send(kind: int, payload: bytes) -> None:
        writer.write(message(kind, payload))

    try:
        await send(0x01, telling_uuid("171234567842", speaker, number="01000000001", extension="2107").bytes)
        yield send
    finally:
        writer.close()


async def test_two_audiosockets_are_a_conversation_on_the_desk(running: Running) -> None:
    await running.sign_in()
    node = running.node
    async with running.socket() as desk, audiosocket(node, "caller") as ann, audiosocket(node, "agent") as kim:
        talking = await until(desk, "AgentStateChanged", state="talking")
        started = (await node.calls.history(talking["busy_call"], 0))[0]
        assert isinstance(started, CallStarted) and talking["agent_id"] == "kim"
        assert (started.way, started.caller.number) == ("fork", "01000000001")
        await asyncio.gather(
            in_real_time(spoken("무엇을 도와 드릴까요", voice="m7") + QUIET, partial(kim, 0x10)),
            in_real_time(spoken(SENTENCE) + QUIET, partial(ann, 0x10)),
        )
        finals = [await until(desk, "TranscriptFinal") for _ in range(2)]
        said = {final["speaker"]: final["text"] for final in finals}
        assert "폐기물" in said["caller"] and "폐기물" not in said["agent"]
        await ann(0x00, b"")
        assert (await until(desk, "CallEnded"))["reason"] == "caller_hung_up"


async def test_a_wide_stereo_stream_that_breaks_off(running: Running) -> None:
    await running.sign_in()
    voice = np.frombuffer(spoken(SENTENCE) + QUIET, "<i2")
    wide = soxr.resample(voice.astype(np.float32) / 32768, 8000, 16000)
    both = np.stack([wide * 32767, np.zeros_like(wide)], axis=1).astype("<i2").tobytes()
    async with running.socket() as desk:
        address = f"ws://{running.node.fork_addresses['ws']}/?agent=2107"
        async with connect(address, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as exchange:
            first = {"callSid": "1", "from": "01000000001", "to": "120", "sampleRate": 16000, "mixType": "stereo"}
            await exchange.send(msgspec.json.encode(first).decode())
            await in_real_time(both, exchange.send, 4 * FRAME_BYTES)
            final = await until(desk, "TranscriptFinal")
            assert final["speaker"] == "caller" and "폐기물" in final["text"]
            exchange.transport.abort()
        assert (await until(desk, "CallEnded"))["reason"] == "source_ended"
