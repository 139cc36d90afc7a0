"""The recording server with a recording client of its own words, and with SIPp."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.config import PeerConfig
from core.events import Party
from telephony.contract import AudioBack, AudioLost, Held, Identified, LegEnded, LegSound, Resumed
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.patience import until
from tests.sip.attendant import Attendant, Attended
from tests.sip.conftest import CONFIG, short
from tests.sip.recording_client import (
    AGENT_HZ,
    BADA,
    CALLER,
    CALLER_HZ,
    HANEUL,
    MULTIPART,
    REQUIRE,
    Recorder,
    RecordingClient,
)
from tests.sip.sipp import Sipp
from tests.telephony.siprec.messages import body, sdp

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

TRUNK = "127.0.0.2"
"""An address of the trunks, which is no recorder."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recorders(build: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SipBridge]:
    """A bridge with a recording client at 127.0.0.1."""
    peers = [PeerConfig(name="sbc", networks=("127.0.0.1/32",), recorder=True)]
    async with SipBridge(CONFIG, run_dir=short(tmp_path_factory) / "run", peers=peers) as one:
        yield one


@asynccontextmanager
async def recorded(bridge: SipBridge, *people: Any, **more: Any) -> AsyncIterator[tuple[RecordingClient, Attended]]:
    """A session that is taken and heard."""
    async with Recorder(bridge).at_work() as recorder, RecordingClient(bridge.addresses[0]) as sbc:
        assert await sbc.record(*people, **more) == 200
        yield sbc, await recorder.joined()
        await sbc.ask("BYE")
        await recorder.over()


def told(attended: Attended) -> list[Any]:
    """Signals but for the sound's figures."""
    return [signal for signal in attended.signals if not isinstance(signal, LegSound)]


async def heard(attended: Attended, caller: set[int], agent: set[int]) -> None:
    await until(lambda: attended.tones("caller") >= caller and attended.tones("agent") >= agent)


async def test_both_voices_with_their_names_and_nothing_said_back(recorders: SipBridge) -> None:
    async with recorded(recorders, CALLER, HANEUL) as (sbc, session):
        call = session.call
        assert (call.way, call.adopted_agent) == ("recording", "")
        assert call.caller == Party(number="01012345678", name="홍길동")
        assert call.agent == Party(number="2107", name="김하늘")
        await heard(session, {CALLER_HZ}, {AGENT_HZ})
        assert (session.tones("caller"), session.tones("agent")) == ({CALLER_HZ}, {AGENT_HZ})
        assert sbc.answered_directions == ["recvonly", "recvonly"]
        assert not any(text.startswith("SIP/2.0 18") for text in sbc.received)
        assert any(";+sip.srs" in text for text in sbc.received)
        assert all(not voice.heard for voice in sbc.voices)
    assert session.ended.reason == "" and session.ended.by_peer
    assert {signal.speaker for signal in told(session) if isinstance(signal, LegEnded)} == {"caller", "agent"}


async def test_the_agents_stream_first(recorders: SipBridge) -> None:
    async with recorded(recorders, (*HANEUL[:3], "1"), (*CALLER[:3], "2")) as (_, session):
        await heard(session, {AGENT_HZ}, {CALLER_HZ})
        assert session.call.agent.name == "김하늘"


async def test_hold_a_stream_that_goes_and_a_transfer(recorders: SipBridge) -> None:
    async with recorded(recorders, CALLER, HANEUL) as (sbc, session):
        await heard(session, {CALLER_HZ}, {AGENT_HZ})
        assert await sbc.update(CALLER, HANEUL, directions=("inactive", "inactive")) == 200
        assert sbc.answered_directions == ["inactive", "inactive"]
        assert await sbc.update(CALLER, HANEUL, method="UPDATE") == 200
        assert await sbc.update(CALLER, HANEUL, directions=("sendonly", "gone")) == 200
        assert sbc.ports[0] and not sbc.ports[1]
        assert await sbc.update(CALLER, BADA) == 200
        sbc.speak()
        await until(lambda: len(told(session)) >= 5)
        assert told(session)[:5] == [
            Held(speaker="agent"),
            Resumed(speaker="agent"),
            AudioLost(speaker="agent"),
            Identified(speaker="agent", party=Party(number="2108", name="이바다")),
            AudioBack(speaker="agent"),
        ]
        session.frames["agent"].clear()
        await heard(session, {CALLER_HZ}, {AGENT_HZ})


async def test_metadata_alone(recorders: SipBridge) -> None:
    async with recorded(recorders) as (sbc, session):
        assert session.call.agent == Party()
        await heard(session, {CALLER_HZ}, {AGENT_HZ})
        assert await sbc.metadata((*HANEUL[:3], "1"), (*CALLER[:3], "2")) == 200
        await until(lambda: session.call.agent.name == "김하늘")
        for frames in session.frames.values():
            frames.clear()
        await heard(session, {AGENT_HZ}, {CALLER_HZ})  # what was taken for the caller's voice is the agent's
        assert await sbc.metadata((*BADA[:3], "1"), (*CALLER[:3], "2"), method="INVITE") == 200
        await until(lambda: session.call.agent.name == "이바다")


async def test_a_mono_mix_is_one_voice(recorders: SipBridge) -> None:
    async with recorded(recorders, CALLER, (*HANEUL[:3], "1"), directions=("sendonly",)) as (_, session):
        assert (session.call.caller.name, session.call.agent.name) == ("홍길동", "김하늘")
        await heard(session, {CALLER_HZ}, set())
        assert told(session) == []


async def test_one_stream_of_two_is_refused_by_the_client(recorders: SipBridge) -> None:
    async with recorded(recorders, CALLER, HANEUL, directions=("sendonly", "gone")) as (sbc, session):
        await heard(session, {CALLER_HZ}, set())
        await until(lambda: told(session) == [AudioLost(speaker="agent")])
        assert await sbc.update(CALLER, HANEUL) == 200
        sbc.speak()
        await heard(session, {CALLER_HZ}, {AGENT_HZ})
        assert AudioBack(speaker="agent") in told(session)


async def test_a_voice_that_stops_coming(recorders: SipBridge) -> None:
    async with recorded(recorders, CALLER, HANEUL) as (sbc, session):
        await heard(session, {CALLER_HZ}, {AGENT_HZ})
        sbc.voices[1].hush()
        await until(lambda: AudioLost(speaker="agent") in session.signals)
        assert AudioLost(speaker="caller") not in session.signals
        sbc.speak()
        await until(lambda: AudioBack(speaker="agent") in session.signals)


async def test_two_conversations_in_one_session(recorders: SipBridge) -> None:
    other = ("p9", "sip:01055556666@10.0.0.9", "", "1")
    async with Recorder(recorders).at_work() as recorder, RecordingClient(recorders.addresses[0]) as sbc:
        assert await sbc.record(CALLER, HANEUL) == 200
        first = await recorder.joined()
        await heard(first, {CALLER_HZ}, {AGENT_HZ})
        assert await sbc.metadata(CALLER, HANEUL, stopped=True) == 200
        assert (await recorder.over()).ended.by_peer
        assert await sbc.update(other, BADA, session="s2") == 200
        second = await recorder.joined(1)
        assert (second.call.caller.number, second.call.agent.name) == ("01055556666", "이바다")
        assert second.call.call_id != first.call.call_id
        await heard(second, {CALLER_HZ}, {AGENT_HZ})
        await sbc.ask("BYE")
        await recorder.over(1)


async def test_bodies_that_lie_cost_the_names_not_the_session(recorders: SipBridge) -> None:
    async with Recorder(recorders).at_work() as recorder, RecordingClient(recorders.addresses[0]) as sbc:
        assert await sbc.record(CALLER, HANEUL) == 200
        session = await recorder.joined()
        offer = sbc_offer(sbc)
        for xml in ("<recording><!DOCTYPE x>", "\x00\x01", "<html/>"):
            lie = body(offer, xml).replace("\r", "").replace("\n", "\r\n")
            assert await sbc.ask("INVITE", body=lie, headers=REQUIRE, content=MULTIPART) == 200
        no_labels = offer.replace("a=label:1\r\n", "").replace("a=label:2\r\n", "")
        assert await sbc.ask("INVITE", body=no_labels, headers=REQUIRE) == 200
        for broken in (b"--", b"--uniqueBoundary\r\n", b"--uniqueBoundary\r\nContent-Type: application/sdp\r\n\r\nv=0"):
            await sbc.ask("INVITE", body=broken.decode(), headers=REQUIRE, content=MULTIPART)
        assert await sbc.update(CALLER, HANEUL) == 200
        await heard(session, {CALLER_HZ}, {AGENT_HZ})
        await sbc.ask("BYE")
        await recorder.over()
    assert all(worker.restarts == 0 for worker in recorders.workers())


def sbc_offer(sbc: RecordingClient) -> str:
    one, two = (voice.port for voice in sbc.voices)
    return sdp(f"{one} 1 sendonly", f"{two} 2 sendonly").replace("\n", "\r\n")


async def test_without_an_offer(recorders: SipBridge) -> None:
    async with RecordingClient(recorders.addresses[0]) as sbc:
        assert await sbc.ask("INVITE", headers=REQUIRE) == 488


async def test_who_is_no_recorder_is_refused_and_counted(recorders: SipBridge) -> None:
    async with RecordingClient(recorders.addresses[0], host=TRUNK) as stranger:
        assert await stranger.record(CALLER, HANEUL) == 403
    await until(lambda: recorders.workers()[0].refused_by.get("siprec") == 1)


async def test_a_call_in_the_path_of_the_same_worker_hears_nothing_of_it(recorders: SipBridge, tmp_path: Path) -> None:
    class Both(Recorder):
        async def _connect(self, attended: Attended) -> bool:
            if attended.call.way == "recording":
                return await super()._connect(attended)
            return await Attendant._connect(self, attended)

    async with (
        Sipp(tmp_path, "agent", hertz=1200) as agent,
        Both(recorders, [agent.uri]).at_work() as house,
        Sipp(tmp_path, "caller", to=recorders.addresses[0], host=TRUNK, hertz=600, talk_s=1.5) as caller,
    ):
        joined = await house.joined()
        async with RecordingClient(recorders.addresses[0]) as sbc:
            assert await sbc.record(CALLER, HANEUL) == 200
            await house.joined(1)
            await sbc.ask("INVITE", body="v=0\r\nm=audio -1 x\r\n", headers=REQUIRE)
            assert await sbc.ask("BYE") == 200
        assert (await house.over()).ended.by_peer
        await caller.finished()
    assert (joined.call.way, joined.tones("caller"), joined.tones("agent")) == ("bridge", {600}, {1200})


async def test_a_node_that_refuses(recorders: SipBridge) -> None:
    async with (
        Recorder(recorders, refuse=lambda call: True).at_work(),
        RecordingClient(recorders.addresses[0]) as sbc,
    ):
        assert await sbc.record(CALLER, HANEUL) == 486


async def test_sipp_as_recording_client(recorders: SipBridge, tmp_path: Path) -> None:
    async with (
        Recorder(recorders).at_work() as recorder,
        Sipp(tmp_path, "recording_client", to=recorders.addresses[1], hertz=CALLER_HZ, talk_s=1.0) as sbc,
    ):
        session = await recorder.over()
        await sbc.finished()
    assert session.call.agent == Party(number="2107", name="김하늘")
    assert session.tones("caller") == {CALLER_HZ}
