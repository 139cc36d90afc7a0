"""Calls that we make: room for them, their end with a worker or the node, and what the exchange sees."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from core.config import SipConfig
from core.errors import BadInput, Refused
from core.events import Party
from telephony import sip_seat
from telephony.contract import AnySignal, Call, LegEnded, PromptDone
from telephony.sip import SipBridge
from telephony.softphone import Answering, Softphone
from tests.sip.lone_node import CONFIG as LONE_CONFIG
from tests.sip.test_workers import lone_node

pytestmark = pytest.mark.sip

CONFIG = SipConfig(port=0, rtp_port=0, workers=2, caller_id='"Hanbit City" <sip:120@127.0.0.1>')


async def everything(call: Call) -> list[AnySignal]:
    async with asyncio.timeout(20):
        return [told async for told in call.signals()]


async def test_it_takes_the_room_of_a_call_in_the_emptiest_worker_and_gives_it_back(tmp_path: Path) -> None:
    async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge, Softphone(user="010", lines=8) as phone:
        capacity = sum(state.capacity for state in bridge.workers())
        calls = [await bridge.call_out(phone.uri) for _ in range(capacity)]
        assert [state.calls for state in bridge.workers()] == [capacity // 2] * 2
        with pytest.raises(Refused, match="no line is free") as caught:
            await bridge.call_out(phone.uri)
        assert caught.value.code == "no_line"
        refused = await phone.dial(f"sip:120@{bridge.addresses[0]}")
        assert (await refused.over()).status == 503, "one that comes in finds none either"
        given_up = calls.pop()
        await given_up.hang_up()
        await everything(given_up)
        again = await bridge.call_out(phone.uri)
        await again.answer()
        assert not await still_ringing(again)
        for call in [*calls, again]:
            await call.hang_up()
        assert all([isinstance((await everything(call))[-1], LegEnded) for call in [*calls, again]])
        assert [state.calls for state in bridge.workers()] == [0, 0]


async def still_ringing(call: Call) -> bool:
    """Whether no voice comes from the caller yet."""
    try:
        async with asyncio.timeout(5):
            async for _ in call.frames("caller"):
                return False
    except TimeoutError:
        pass
    return True


async def test_the_citizen_sees_the_number_of_the_city(tmp_path: Path) -> None:
    async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge, Softphone(user="01000002222") as phone:
        call = await bridge.call_out(phone.uri, reference="callback-7")
        assert (call.caller, call.called, call.reference) == (Party(number="01000002222"), "120", "callback-7")
        assert call.trunk.startswith("sip") and "01000002222" not in call.trunk
        await call.answer()
        incoming = (await phone.next_call()).incoming
        assert incoming is not None and incoming.from_uri == '"Hanbit City" <sip:120@127.0.0.1>'


@pytest.mark.parametrize("when", ["reserved", "ringing", "answered", "joined"])
async def test_a_worker_that_dies_ends_it(tmp_path: Path, when: str) -> None:
    mode = "ring" if when == "ringing" else "auto"
    async with (
        SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge,
        Softphone(user="010", answering=Answering(mode=mode)) as citizen,  # type: ignore[arg-type]
        Softphone(user="2101") as agent,
    ):
        call = await bridge.call_out(citizen.uri)
        answering = asyncio.create_task(call.answer()) if when != "reserved" else None
        if when == "ringing":
            await citizen.next_call()
        elif answering is not None:
            await answering
        if when == "joined":
            assert await call.dial(agent.uri, reference="kim", ring_timeout_s=5) == "answered"
        (pid,) = [state.pid for state in bridge.workers() if state.calls]
        os.kill(pid, signal.SIGKILL)
        told = await everything(call)
        if answering is not None:
            await answering
        assert told[-1] == LegEnded(speaker="caller", by_peer=False, reason="worker_lost")
        assert len(told) == (2 if when == "joined" else 1)


async def test_no_worker_no_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sip_seat, "RESERVING_S", 0.3)
    async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge:
        for state in bridge.workers():
            os.kill(state.pid, signal.SIGSTOP)
        try:
            with pytest.raises(Refused):
                await bridge.call_out("sip:010@127.0.0.1:9")
        finally:
            for state in bridge.workers():
                os.kill(state.pid, signal.SIGCONT)
        await asyncio.sleep(1.0)
        assert [state.calls for state in bridge.workers()] == [0, 0]
        monkeypatch.undo()
        late = await bridge.call_out("sip:010@127.0.0.1:9")  # the room kept for the late ones was given back
        await late.hang_up()


@pytest.mark.parametrize("uri", ["", "01000001111", "sip:010@h\r\nX-Evil: 1", "sip:010@h> <sip:119@h"])
async def test_what_is_no_address(tmp_path: Path, uri: str) -> None:
    bridge = SipBridge(CONFIG, run_dir=tmp_path / "run")
    with pytest.raises(BadInput, match=r"sip\.outbound"):
        await bridge.call_out(uri)


async def test_an_address_that_the_stack_cannot_use_ends_the_call(tmp_path: Path) -> None:
    async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge:
        call = await bridge.call_out("sip:010@127.0.0.1:99999999")
        async with asyncio.timeout(20):
            await call.answer()
        (ended,) = await everything(call)
        assert isinstance(ended, LegEnded) and ended.status >= 400


async def test_the_next_node_adopts_it_joined(tmp_path: Path) -> None:
    run = tmp_path / "run"
    async with (
        Softphone(user="01000002222") as citizen,
        Softphone(user="2101") as agent,
        lone_node(run, agent.uri, citizen.uri) as node,
    ):
        await node.line()
        assert await node.line() == ["joined"]
        node.process.kill()
        await node.process.wait()
        async with SipBridge(LONE_CONFIG, run_dir=run) as bridge:
            adopted = await anext(aiter(bridge.calls()))
            assert (adopted.adopted_agent, adopted.outgoing, adopted.reference) == ("kim", True, "callback-7")
            assert adopted.caller == Party(number="01000002222")
            await adopted.play("ding", to="agent")
            signals = adopted.signals()
            async with asyncio.timeout(10):
                assert await anext(signals) == PromptDone(prompt="ding", speaker="agent")
            await (await citizen.next_call()).hang_up()
            assert [type(told) async for told in signals] == [LegEnded, LegEnded]
