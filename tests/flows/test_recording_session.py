"""A call that the exchange keeps: its recording session becomes words on the agent's desk, also over a node's death."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.audio import SILENCE
from core.g711 import encode
from tests.flows.node_process import NodeProcess
from tests.flows.spoken import spoken
from tests.sip.recording_client import BADA, CALLER, HANEUL, RecordingClient

pytestmark = [pytest.mark.sip, pytest.mark.slow]

RECORDER = """
[[agents]]
id = "lee"
name = "이바다"
extension = "2108"
[[peers]]
name = "sbc"
networks = ["127.0.0.1/32"]
recorder = true
"""


def said(sentence: str, voice: str, before: int, after: int) -> bytes:
    """A-law of a sentence between silences, in frames."""
    pcm = SILENCE * before + spoken(sentence, voice) + SILENCE * after
    return encode("alaw", np.frombuffer(pcm, "<i2"))


def of(speaker: str, word: str) -> Callable[[dict[str, Any]], bool]:
    return lambda line: line["speaker"] == speaker and word in line["text"]


async def test_a_recording_session_is_transcribed_and_outlives_the_node(
    tmp_path: Path, site: Callable[..., Path]
) -> None:
    settings = site("sip:2107@127.0.0.1:9", RECORDER)
    speech = (
        said("대형 폐기물 스티커는 어디에서 사나요", "f2", 20, 60),
        said("주민 센터에서 사실 수 있습니다", "m3", 90, 20),
    )
    async with NodeProcess(settings, tmp_path) as node, RecordingClient(node.sip[0], speech=speech) as sbc:
        assert await sbc.record(CALLER, HANEUL) == 200
        started = await node.line("CallStarted")
        assert (started["way"], started["caller"]["number"]) == ("recording", "01012345678")
        joined = await node.line("CallJoined")
        assert (joined["agent_id"], joined["agent_name"]) == ("kim", "김하늘")
        shown = await node.line("AgentStateChanged", lambda line: line["state"] == "talking")
        assert shown["busy_call"] == started["call_id"]
        await node.line("TranscriptFinal", of("caller", "폐기물"))
        await node.line("TranscriptFinal", of("agent", "센터"))
        await node.kill()
        async with NodeProcess(settings, tmp_path) as second:
            await second.line("CallAdopted", lambda line: line["call_id"] == started["call_id"])
            await second.line("AgentStateChanged", lambda line: line["state"] == "talking")
            assert await sbc.update(CALLER, BADA) == 200
            passed_on = await second.line("CallJoined", lambda line: line["agent_id"] == "lee")
            assert passed_on["call_id"] == started["call_id"]
            await second.line("TranscriptFinal", of("caller", "폐기물"))
            await sbc.ask("BYE")
            assert (await second.line("CallEnded"))["reason"] == "caller_hung_up"
