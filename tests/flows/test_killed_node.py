"""kill -9 of the node in the middle of a call: the humans talk on, no shown word is lost, the next node takes over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from telephony.softphone import Answering, Softphone
from tests.flows.conftest import PASSWORD, SpokenFile
from tests.flows.node_process import NodeProcess

pytestmark = [pytest.mark.sip, pytest.mark.slow]

COLLEAGUE = """
[[agents]]
id = "lee"
name = "이바다"
extension = "2108"
uri = "{uri}"
password_hash = "{password_hash}"
starts = "ready"
"""


async def test_a_killed_node_costs_no_word_that_was_shown_and_no_call(
    tmp_path: Path, site: Callable[..., Path], spoken_file: SpokenFile, password_hash: str
) -> None:
    """Two calls: one goes on over the node's death, the other ends while no node runs."""
    before, meanwhile, after = (
        spoken_file(text)
        for text in (
            "대형 폐기물 스티커는 어디에서 사나요",
            "여권을 다시 만들려고 합니다",
            "주민등록 등본을 떼려고 합니다",
        )
    )
    async with (
        Softphone(user="2107", answering=Answering()) as agent,
        Softphone(user="2108", answering=Answering()) as colleague,
        Softphone(user="01000000001", lines=2) as caller,
    ):
        settings = site(agent.uri, COLLEAGUE.format(uri=colleague.uri, password_hash=password_hash))
        async with NodeProcess(settings, tmp_path) as node:
            call = await caller.dial(f"sip:120@{node.sip[0]}")
            await call.answered()
            joined = await node.line("CallJoined")
            agents_call = await agent.next_call()
            short = await caller.dial(f"sip:120@{node.sip[0]}")
            short_joined = await node.line("CallJoined", lambda line: line["call_id"] != joined["call_id"])
            await call.say(before)
            shown = await node.line("TranscriptFinal")
            await node.kill()

        assert call.up
        assert agents_call.up
        await short.hang_up()
        recording = tmp_path / "agent-hears.wav"
        await agents_call.record(recording)
        await call.say(meanwhile)
        await agents_call.record(None)
        assert recording.stat().st_size > meanwhile.stat().st_size // 2

        async with NodeProcess(settings, tmp_path) as node:
            adopted = await node.line("CallAdopted")
            assert adopted["call_id"] == joined["call_id"]
            assert adopted["missing_s"] > 0
            await call.say(after)
            heard = await node.line("TranscriptFinal")
            assert "등본" in heard["text"]
            assert heard["utterance"] != shown["utterance"]
            history = await node.history(joined["call_id"], "kim", PASSWORD)
            assert shown in history
            assert [event["seq"] for event in history] == sorted({event["seq"] for event in history})
            ended_meanwhile = await node.history(short_joined["call_id"], "kim", PASSWORD)
            assert ended_meanwhile[-1]["type"] == "CallEnded"
            assert ended_meanwhile[-1]["reason"] == "node_stopped"
            await call.hang_up()
            ended = await node.line("CallEnded", lambda line: line["call_id"] == joined["call_id"])
            assert ended["reason"] == "caller_hung_up"
