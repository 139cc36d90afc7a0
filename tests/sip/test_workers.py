"""Workers that die, hang and outlive their node: what it costs, and how soon all is well again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from core.config import SipConfig
from core.errors import EnvironmentFault, PortTaken
from telephony.contract import LegEnded, WorkerState
from telephony.sip import SipBridge
from telephony.sip_build import chosen
from tests.patience import until
from tests.sip.attendant import Attendant, tones
from tests.sip.lone_node import CONFIG
from tests.sip.sipp import HOST, RtpParty, Sipp, linear

pytestmark = pytest.mark.sip


async def until_state(bridge: SipBridge, number: int, *, restarts: int, within_s: float = 5.0) -> WorkerState:
    """Wait until a worker was replaced so often and takes calls."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        state = bridge.workers()[number]
        if state.alive and state.restarts == restarts:
            return state
        await asyncio.sleep(0.005)
    raise AssertionError(f"worker {number} was not replaced: {bridge.workers()[number]}")


async def answers_sip(address: str, within_s: float) -> float:
    """Seconds until an OPTIONS is answered there."""
    host, _, port = address.rpartition(":")
    began = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind((HOST, 0))
        client.setblocking(False)
        here = f"{HOST}:{client.getsockname()[1]}"
        loop = asyncio.get_running_loop()
        number = 0
        async with asyncio.timeout(within_s):
            while True:
                number += 1
                client.sendto(
                    f"OPTIONS sip:120@{address} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{number}\r\n"
                    f"From: <sip:probe@{here}>;tag=1\r\nTo: <sip:120@{address}>\r\nCall-ID: {number}@{here}\r\n"
                    f"CSeq: {number} OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n".encode(),
                    (host, int(port)),
                )
                try:
                    async with asyncio.timeout(0.05):
                        if (await loop.sock_recv(client, 2000)).startswith(b"SIP/2.0 200"):
                            return time.monotonic() - began
                except (TimeoutError, ConnectionError):
                    continue


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGABRT])
async def test_a_dead_worker_costs_only_its_calls_and_is_back_within_a_second(
    tmp_path: Path, how: signal.Signals
) -> None:
    config = SipConfig(port=0, rtp_port=0, workers=2)
    async with (
        SipBridge(config, run_dir=tmp_path / "run") as bridge,
        Sipp(tmp_path, "agent", calls=3) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
    ):
        async with (
            Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=20),
            Sipp(tmp_path, "caller", to=bridge.addresses[1], talk_s=3.5) as spared,
        ):
            await attendant.joined(0)
            await attendant.joined(1)
            hit = next(call for call in attendant.calls if call.call.trunk.startswith("sip0"))
            await asyncio.sleep(2.0)  # a reserve process has loaded
            os.kill(bridge.workers()[0].pid, how)
            assert await answers_sip(bridge.addresses[0], 3.0) < 1.0
            await until_state(bridge, 0, restarts=1)
            async with asyncio.timeout(1):
                await hit.over.wait()
            assert [(end.speaker, end.reason) for end in hit.signals if isinstance(end, LegEnded)] == [
                ("agent", "worker_lost"),
                ("caller", "worker_lost"),
            ]
            await spared.finished()
        async with Sipp(tmp_path, "caller", to=bridge.addresses[0]) as next_caller:
            await next_caller.finished()
        assert len(attendant.calls) == 3
        assert [state.restarts for state in bridge.workers()] == [1, 0]


async def test_a_worker_that_hangs_is_replaced(tmp_path: Path) -> None:
    async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge:
        os.kill(bridge.workers()[0].pid, signal.SIGSTOP)
        await until_state(bridge, 0, restarts=1, within_s=12)
        assert await answers_sip(bridge.addresses[0], 2.0) < 2.0


@dataclass
class LoneNode:
    """A node in a process of its own."""

    process: asyncio.subprocess.Process

    async def line(self) -> list[str]:
        assert self.process.stdout is not None
        async with asyncio.timeout(15):
            return (await self.process.stdout.readline()).decode().split()


@asynccontextmanager
async def lone_node(run_dir: Path, agent: str, manner: str = "") -> AsyncIterator[LoneNode]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.sip.lone_node", str(run_dir), agent, chosen("best").kind, manner),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield LoneNode(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_node_leaves_the_humans_talking_and_the_next_one_adopts_them(tmp_path: Path) -> None:
    async with Sipp(tmp_path, "agent", hertz=1000) as agent, lone_node(tmp_path / "run", agent.uri) as node:
        _, address = await node.line()
        async with Sipp(tmp_path, "caller", to=address, talk_s=4.5) as caller:
            assert await node.line() == ["joined"]
            node.process.kill()
            await node.process.wait()
            await asyncio.sleep(1.0)
            refused = {"status": "503", "answer": "Retry-After: 10"}
            async with Sipp(tmp_path, "caller_refused", to=address, fill=refused) as turned_away:
                await turned_away.finished()
            async with (
                SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge,
                Attendant(bridge).at_work() as attendant,
            ):
                attended = await attendant.joined()
                assert list(bridge.adopted) == [attended.call.call_id]
                assert attended.call.adopted_agent == agent.uri
                assert attended.call.caller.number == "01000001111" and attended.call.called == "120"
                assert 0.9 < attended.call.silent_s < 4
                await caller.finished()
                await agent.finished()
                await attendant.over()
                assert attended.tones("caller") == {440} and attended.tones("agent") == {1000}
                assert attended.frames["caller"][0].start >= attended.call.silent_s
                assert bridge.addresses[0] == address and bridge.workers()[0].restarts == 0


async def test_calls_that_were_not_joined_end_with_their_node(tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent_away") as agent,
        lone_node(tmp_path / "run", agent.uri) as node,
    ):
        _, address = await node.line()
        async with Sipp(tmp_path, "caller_stays", to=address) as caller:
            await asyncio.sleep(0.5)
            node.process.kill()
            await caller.finished(5)
            await agent.finished(5)
        async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge:
            assert list(bridge.adopted) == []


async def test_a_node_that_does_not_read_costs_no_voice(tmp_path: Path) -> None:
    async with (
        RtpParty(1000) as voice,
        Sipp(tmp_path, "agent", rtp=voice) as agent,
        lone_node(tmp_path / "run", agent.uri, "deaf") as node,
    ):
        _, address = await node.line()
        async with Sipp(tmp_path, "caller", to=address, talk_s=4.5) as caller:
            assert await node.line() == ["joined"]
            await caller.finished()
            await agent.finished()
    assert tones(linear(voice.heard)) == {440}
    assert len(voice.heard) > 4.0 * 8000


async def test_settings_that_changed_bring_a_new_worker_when_the_old_one_is_idle(tmp_path: Path) -> None:
    async with lone_node(tmp_path / "run", "sip:nobody@127.0.0.1:9") as node:
        _, address = await node.line()
        node.process.kill()
        await node.process.wait()
    changed = msgspec.structs.replace(CONFIG, retry_after_s=77)
    async with SipBridge(changed, run_dir=tmp_path / "run") as bridge:
        assert bridge.addresses[0] == address
        await until_state(bridge, 0, restarts=1)


async def test_a_smaller_node_lets_calls_of_surplus_workers_end(tmp_path: Path) -> None:
    async with Sipp(tmp_path, "agent") as agent, lone_node(tmp_path / "run", agent.uri, "two workers") as node:
        _, address = await node.line()
        async with Sipp(tmp_path, "caller_stays", to=address) as caller:
            assert await node.line() == ["joined"]
            node.process.kill()
            await node.process.wait()
            async with (
                SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge,
                Attendant(bridge).at_work() as attendant,
            ):
                attended = await attendant.joined()
                assert [state.name for state in bridge.workers()] == ["sip0"]
                await until(lambda: bool(attended.frames["caller"]))
                await attended.call.hang_up()
                await caller.finished()
                await attendant.over()
                await until(lambda: not (tmp_path / "run" / "sip1.sock").exists(), 2.0)


async def test_a_failed_start_leaves_the_running_calls_alone(tmp_path: Path) -> None:
    async with Sipp(tmp_path, "agent") as agent, lone_node(tmp_path / "run", agent.uri) as node:
        _, address = await node.line()
        async with Sipp(tmp_path, "caller", to=address, talk_s=3.0) as caller:
            assert await node.line() == ["joined"]
            node.process.kill()
            await node.process.wait()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.bind((HOST, 0))
                config = msgspec.structs.replace(CONFIG, port=other.getsockname()[1] - 1, workers=2)
                with pytest.raises(PortTaken):
                    await SipBridge(config, run_dir=tmp_path / "run").__aenter__()
            await caller.finished()
            await agent.finished()


async def test_two_nodes_cannot_share_a_folder(tmp_path: Path) -> None:
    async with SipBridge(CONFIG, run_dir=tmp_path / "run"):
        with pytest.raises(EnvironmentFault, match="another minwon node"):
            await SipBridge(CONFIG, run_dir=tmp_path / "run").__aenter__()


async def test_a_taken_port_is_told_with_advice(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HOST, 0))
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port} .* set sip.port"):
            await SipBridge(SipConfig(port=port, rtp_port=0, workers=1), run_dir=tmp_path / "run").__aenter__()


async def test_an_idle_worker_goes_with_its_node(tmp_path: Path) -> None:
    async with SipBridge(CONFIG, run_dir=tmp_path / "run") as bridge:
        pid = bridge.workers()[0].pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not list((tmp_path / "run").glob("*.sock"))
