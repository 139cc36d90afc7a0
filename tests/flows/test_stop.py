"""SIGTERM: running calls may end, new ones are refused, nothing is left behind."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from telephony.softphone import Answering, Softphone
from tests.flows.node_process import NodeProcess

pytestmark = [pytest.mark.sip, pytest.mark.slow]


def processes_with(words: str) -> list[str]:
    """Command lines of living processes that name this folder."""
    lines: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended while we looked
            continue
        if words in command:
            lines.append(command)
    return lines


async def test_a_terminated_node_lets_the_call_end_and_leaves_nothing(
    tmp_path: Path, site: Callable[[str], Path]
) -> None:
    async with Softphone(user="2107", answering=Answering()) as agent, Softphone(user="01000000001") as caller:
        settings = site(agent.uri)
        settings.write_text(settings.read_text().replace("grace_s = 2.0", "grace_s = 60.0"))
        async with NodeProcess(settings, tmp_path) as node:
            call = await caller.dial(f"sip:120@{node.sip[0]}")
            await node.line("CallJoined")
            node.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            refused = await caller.dial(f"sip:120@{node.sip[0]}")
            assert (await refused.over()).status == 503
            assert call.up
            assert node.process.returncode is None
            await call.hang_up()
            assert (await node.line("CallEnded"))["reason"] == "caller_hung_up"
            assert await asyncio.wait_for(node.process.wait(), 20) == 0
        assert processes_with(str(tmp_path)) == []


async def test_calls_that_do_not_end_are_ended_after_the_grace_time(
    tmp_path: Path, site: Callable[[str], Path]
) -> None:
    async with (
        Softphone(user="2107", answering=Answering()) as agent,
        Softphone(user="01000000001") as caller,
        NodeProcess(site(agent.uri), tmp_path) as node,
    ):
        call = await caller.dial(f"sip:120@{node.sip[0]}")
        await node.line("CallJoined")
        node.process.send_signal(signal.SIGTERM)
        assert (await node.line("CallEnded"))["reason"] == "node_stopped"
        await call.over()
        assert await asyncio.wait_for(node.process.wait(), 20) == 0
