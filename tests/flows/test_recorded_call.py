"""A recorded call, heard by the real recogniser: the resident number that was spoken is silent in the file, on both
legs, and what was said around it is heard."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest

from core.audio import FRAME_S, RATE, SILENCE
from core.bus.contract import Overflow, Subscription
from core.config import AgentConfig, Config, NodeConfig, RecordingConfig, SttConfig, WebConfig
from core.events import CallEnded, Party, RecordingChanged, TranscriptFinal
from core.home import open_home
from core.store.recordings import Recording
from records.recording.codec import decode
from server.app import Node
from tests.fakes.bridge import ScriptedBridge
from tests.flows.spoken import spoken

pytestmark = pytest.mark.slow

RESIDENT = " ".join("구공공일일오일이삼사오육칠")
WAITS_S = 20.0


def a_config(home: Path) -> Config:
    return Config(
        node=NodeConfig(home=str(home), grace_s=0.5),
        web=WebConfig(port=0),
        stt=SttConfig(workers=1),
        recording=RecordingConfig(start="always", codec="flac", floor_mb=50),
        agents=(AgentConfig(id="kim", name="김하늘", uri="sip:kim", starts="ready"),),
    )


async def kept(node: Node, call_id: str, told: Subscription) -> Recording:
    async with asyncio.timeout(WAITS_S):
        async for event in told:
            if isinstance(event, RecordingChanged) and event.state == "kept":
                break
    [recording] = await node.store.recordings.of_call(call_id)
    return recording


async def test_a_spoken_resident_number_is_silent_in_the_file(tmp_path: Path) -> None:
    before, number, after = spoken("대형 폐기물 스티커는 어디에서 사나요"), spoken(RESIDENT), spoken("네 고맙습니다")
    pause = SILENCE * 60
    bridge = ScriptedBridge()
    async with Node(a_config(tmp_path), open_home(tmp_path), bridge=bridge) as node:
        told = node.bus.subscribe(name="test", limit=1000, overflow=Overflow.DROP_OLDEST)
        call = bridge.ring(Party(number="01000000001"))
        await asyncio.wait_for(call.joined.wait(), WAITS_S)
        assert call.done[1].startswith("play "), "the notice, before anybody is rung"
        assert call.done[-1] == "dial sip:kim kim answered"
        said = before + pause + number + pause + after + pause
        hum = np.full(len(said) // 2, 900, "<i2").tobytes()  # the agent's side: loud all the time
        await asyncio.gather(call.say("caller", said, pace_s=FRAME_S), call.say("agent", hum, pace_s=FRAME_S))
        call.party_hangs_up("caller")
        recording = await kept(node, call.call_id, told)
        sound = decode(io.BytesIO(node.recordings.shelf.read(recording, 0, recording.audio_size))).astype(int)
        events = await node.store.events(call.call_id)
        states = [event.state for event in events if isinstance(event, RecordingChanged)]
    assert states[:2] == ["started", "stopped"]
    assert any(isinstance(event, CallEnded) for event in events)
    masked = [event for event in events if isinstance(event, TranscriptFinal) and event.masked]
    assert masked
    assert all(event.silenced for event in masked)
    silences = [part for part in recording.silences if part.why == "number"]
    assert silences
    for part in silences:
        assert not sound[round(part.start * RATE) : round(part.end * RATE)].any()
    # Where the number was spoken nothing of the caller's voice is left, and hardly more than it was taken.
    begin = len(before + pause) // 2
    lead = round(recording.offset_s * RATE)
    spoken_number = sound[begin - lead : begin + len(number) // 2 - lead, 0]
    assert (spoken_number != 0).mean() < 0.03
    heard = sound[: begin - len(pause) // 2 - lead, 0]
    assert np.abs(heard).max() > 3000
    assert (sound[:, 1] != 0).mean() > 0.5
