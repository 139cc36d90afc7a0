"""Up to four people in a call: who hears whom, who goes and who stays, what outlives a node or a worker."""

from __future__ import annotations

import asyncio
import os
import signal
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from core.config import SipConfig
from telephony.contract import Call, HandedOver, LegEnded, LegSound, SupervisorLeft
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from telephony.softphone import Answering
from tests.sip.conftest import short
from tests.sip.four_phones import FourPhones, four_phones
from tests.sip.lone_node import CONFIG
from tests.sip.test_workers import lone_node

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]
ALL = "caller agent third supervisor"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_phones(build: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FourPhones]:
    folder = short(tmp_path_factory)
    config = SipConfig(port=0, rtp_port=0, workers=1, rtp_ports=8)
    async with SipBridge(config, run_dir=folder / "run") as bridge, four_phones(bridge, folder) as phones:
        yield phones


@pytest_asyncio.fixture(loop_scope="module")
async def phones(open_phones: FourPhones) -> AsyncIterator[FourPhones]:
    yield open_phones
    await open_phones.over()


async def ends(call: Call) -> list[tuple[str, bool, str]]:
    """How each leg ended, in order."""
    async with asyncio.timeout(15):
        return [(s.speaker, s.by_peer, s.reason) async for s in call.signals() if isinstance(s, LegEnded)]


async def test_who_hears_whom(phones: FourPhones) -> None:
    call = await phones.joined()
    await phones.until_heard(caller="agent", agent="caller")
    await call.hold(True)
    await phones.until_heard(caller="music")
    await call.hold(False)
    assert (
        await call.supervise(phones.uri("supervisor"), reference="boss", mode="listen", ring_timeout_s=9) == "answered"
    )
    await phones.comes("supervisor")
    await phones.until_heard(caller="agent", agent="caller", supervisor="caller agent")
    await call.set_supervision("whisper")
    await phones.until_heard(caller="agent", agent="caller supervisor", supervisor="caller agent")
    await call.set_supervision("barge")
    await phones.until_heard(caller="agent supervisor", agent="caller supervisor", supervisor="caller agent")
    assert await call.consult(phones.uri("third"), reference="tax", ring_timeout_s=9) == "answered"
    await phones.comes("third")
    await phones.until_heard(
        caller="music", agent="third supervisor", third="agent supervisor", supervisor="caller agent third"
    )
    await call.set_supervision("listen")
    await phones.until_heard(caller="music", agent="third", third="agent", supervisor="caller agent third")
    await call.conference()
    await phones.until_heard(
        caller="agent third", agent="caller third", third="caller agent", supervisor="caller agent third"
    )
    await phones.on["agent"].hold(True)
    await phones.until_heard(caller="third", third="caller", supervisor="caller third")
    await phones.on["agent"].hold(False)
    await call.hand_over()
    await phones.until_heard(caller="third", third="caller", supervisor="caller third")
    await phones.on["supervisor"].hang_up()
    await phones.on["third"].hang_up()
    assert [s for s in [s async for s in call.signals()] if isinstance(s, HandedOver | SupervisorLeft)] == [
        HandedOver(speaker="agent"),
        SupervisorLeft(),
    ]


async def test_while_a_third_rings_the_agent_hears_it_and_the_caller_when_the_agent_has_gone(
    phones: FourPhones,
) -> None:
    call = await phones.joined()
    await phones.house.answering(Answering(mode="ring"))
    try:
        consulting = asyncio.create_task(call.consult(phones.uri("third"), reference="tax", ring_timeout_s=20))
        await phones.until_heard(caller="music", agent="ringing")
        await phones.on["agent"].hang_up()
        await phones.until_heard(caller="ringing")
        ringing = await phones.house.next_call()
        await ringing.answer()
        assert await consulting == "answered"
        phones.on["third"] = ringing
        await phones.until_heard(third="caller")
    finally:
        await phones.house.answering(Answering())


@pytest.mark.parametrize("conference", [False, True])
async def test_the_caller_goes_and_all_are_let_go(phones: FourPhones, conference: bool) -> None:
    call = await phones.with_third()
    if conference:
        await call.conference()
    await phones.on["caller"].hang_up()
    assert await ends(call) == [("third", False, ""), ("agent", False, ""), ("caller", True, "")]
    for who in ("agent", "third"):
        assert (await phones.on[who].over()).by_peer  # type: ignore[index]


async def test_a_third_and_a_supervisor_take_no_leg_that_was_promised(phones: FourPhones) -> None:
    assert phones.bridge.workers()[0].capacity == 2
    first = await phones.joined()
    await phones.caller.dial(f"sip:120@{phones.bridge.addresses[0]}")
    second = await anext(aiter(phones.bridge.calls()))
    await second.answer()
    third, boss = phones.uri("third"), phones.uri("supervisor")
    assert await first.consult(third, reference="tax", ring_timeout_s=12) == "no_line"
    assert await first.supervise(boss, reference="boss", mode="listen", ring_timeout_s=9) == "no_line"
    assert first.on_hold
    await first.hold(False)
    assert await second.dial(phones.uri("agent"), reference="lee", ring_timeout_s=9) == "answered"
    await second.hang_up()
    assert await first.consult(third, reference="tax", ring_timeout_s=15) == "answered"
    refused = await phones.caller.dial(f"sip:120@{phones.bridge.addresses[0]}")
    assert (await refused.over()).status == 503, "one leg is free, and a call needs two"
    await first.hang_up()


async def test_a_supervisor_stays_when_the_agent_is_let_go(phones: FourPhones) -> None:
    call = await phones.joined()
    assert (
        await call.supervise(phones.uri("supervisor"), reference="boss", mode="barge", ring_timeout_s=15) == "answered"
    )
    await phones.comes("supervisor")
    await call.release_agent()
    await phones.until_heard(caller="supervisor", supervisor="caller")
    headers = (("Call-Info", "<sip:127.0.0.1>;answer-after=0"), ("Answer-Mode", "Auto"))
    assert await call.dial(phones.uri("agent"), reference="kim", ring_timeout_s=15, headers=headers) == "answered"
    agent = await phones.comes("agent")
    assert agent.incoming is not None
    assert all(f"{name}: {value}" in agent.incoming.message for name, value in headers)
    await phones.until_heard(caller="agent supervisor", agent="caller supervisor", supervisor="caller agent")
    await phones.on["caller"].hang_up()
    assert await ends(call) == [("agent", False, ""), ("caller", True, "")]


async def test_a_supervisor_takes_the_call_over_and_the_caller_hears_no_gap(phones: FourPhones, tmp_path: Path) -> None:
    call = await phones.joined()
    assert (
        await call.supervise(phones.uri("supervisor"), reference="boss", mode="barge", ring_timeout_s=15) == "answered"
    )
    await phones.comes("supervisor")
    await phones.until_heard(caller="agent supervisor", agent="caller supervisor", supervisor="caller agent")
    heard = tmp_path / "caller.wav"
    await phones.on["caller"].record(heard)
    await asyncio.sleep(0.3)
    await call.take_over()
    await phones.until_heard(supervisor="caller")
    await phones.on["caller"].record(None)
    assert phones.on["agent"].ended is not None, "she is free"
    with wave.open(str(heard), "rb") as file:
        voice = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    strengths = [np.abs(piece).mean() for piece in np.split(voice, range(800, len(voice) - 800, 800))[1:-1]]
    assert min(strengths) > 500, "in every tenth of a second somebody is there"
    await phones.until_heard(caller="supervisor", supervisor="caller")
    voice_of = await anext(aiter(call.frames("agent")))
    assert len(voice_of.pcm) > 0
    await phones.on["supervisor"].hang_up()
    assert await ends(call) == [("agent", False, ""), ("agent", True, ""), ("caller", False, "")]


async def test_a_conference_outlives_its_node(phones: FourPhones, tmp_path: Path) -> None:
    manner = f"all {phones.uri('third')} {phones.uri('supervisor')}"
    async with lone_node(tmp_path / "run", phones.uri("agent"), manner) as node:
        _, address = await node.line()
        phones.on["caller"] = await phones.caller.dial(f"sip:120@{address}")
        await phones.speaks("caller")
        for who in ("agent", "third", "supervisor"):
            await phones.comes(who)  # type: ignore[arg-type]
        assert await node.line() == ["joined"]
        node.process.kill()
        await node.process.wait()
        await phones.until_heard(
            caller="agent third", agent="caller third", third="caller agent", supervisor="caller agent third"
        )
        async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge:
            call = await anext(aiter(bridge.calls()))
            adopted = (call.adopted_agent, call.adopted_third, call.adopted_supervisor, call.on_hold)
            assert adopted == (phones.uri("agent"), "tax", "boss", False)
            await call.hold(True)
            await call.set_supervision("whisper")
            await phones.until_heard(caller="music", agent="third supervisor", third="agent")
            assert await anext(aiter(call.frames("third")))
            await phones.on["agent"].hang_up()
            signals = [s async for s in _until_handed_over(call)]
            assert signals == [LegEnded(speaker="agent", status=200), HandedOver(speaker="agent")]
            await phones.until_heard(caller="third", third="caller supervisor")


async def _until_handed_over(call: Call) -> AsyncIterator[object]:
    async with asyncio.timeout(10):
        async for happened in call.signals():
            if not isinstance(happened, LegSound):
                yield happened
            if isinstance(happened, HandedOver):
                return


async def test_a_worker_that_dies_takes_all_legs_of_a_conference(phones: FourPhones) -> None:
    call = await phones.with_third()
    await call.conference()
    os.kill(phones.bridge.workers()[0].pid, signal.SIGKILL)
    lost = [(who, False, "worker_lost") for who in ("third", "agent", "caller")]
    assert await ends(call) == lost
