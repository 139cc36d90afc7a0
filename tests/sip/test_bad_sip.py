"""Broken, hostile and too much SIP: the node never dies, other workers feel nothing, the one that is hit takes the
next call within a second."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from core.config import SipConfig
from telephony.sip import SipBridge
from tests.sip.attendant import Attendant, tones
from tests.sip.sipp import HOST, RtpParty, Sipp, linear
from tests.sip.test_workers import answers_sip
from tests.sip.torture import mutants, torture

pytestmark = pytest.mark.sip


@asynccontextmanager
async def two_workers(tmp_path: Path) -> AsyncIterator[tuple[SipBridge, Attendant, Sipp]]:
    """A bridge whose second worker carries a call all the time, and must not notice anything."""
    config = SipConfig(port=0, rtp_port=0, workers=2)
    async with (
        SipBridge(config, run_dir=tmp_path / "run") as bridge,
        Sipp(tmp_path, "agent", calls=3, hertz=1000) as agent,
        Attendant(bridge, [agent.uri], refuse=lambda call: call.caller.number != "01000001111").at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[1], talk_s=60),
    ):
        spared = await attendant.joined(0)
        pid = bridge.workers()[1].pid
        yield bridge, attendant, agent
        assert bridge.workers()[1].pid == pid and bridge.workers()[1].restarts == 0
        assert not spared.over.is_set()
        starts = [frame.start for frame in spared.frames["caller"]]
        assert max(later - earlier for earlier, later in pairwise(starts)) < 0.3
        assert await answers_sip(bridge.addresses[0], 3.0) < 1.0
        number = len(attendant.calls)
        async with Sipp(tmp_path, "caller", to=bridge.addresses[0]) as next_caller:
            await next_caller.finished()
        assert (await attendant.over(number)).results == ["answered"]


async def send(messages: Iterable[bytes], to: str, *, pause_s: float) -> None:
    """Datagrams to the SIP port, one after the other."""
    host, _, port = to.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((HOST, 0))
        for message in messages:
            sender.sendto(message, (host, int(port)))
            await asyncio.sleep(pause_s)


async def test_rfc_4475_and_worse(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (bridge, _, _agent):
        us = bridge.addresses[0]
        pid = bridge.workers()[0].pid
        await send(torture(us, f"{HOST}:9").values(), us, pause_s=0.02)
        await asyncio.sleep(1.2)
        assert bridge.workers()[0].pid == pid, "a known message killed the worker"
        assert bridge.workers()[0].bad_messages >= 5


async def test_torture_over_tcp(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (bridge, _, _agent):
        us = bridge.addresses[0]
        host, _, port = us.rpartition(":")
        for message in torture(us, f"{HOST}:9").values():
            _reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(message.replace(b"/UDP", b"/TCP"))
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.close()


async def test_mutants_and_noise_on_the_sip_port(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (bridge, _, _agent):
        us = bridge.addresses[0]
        await send(mutants(us, f"{HOST}:9", count=1000, seed=7), us, pause_s=0.001)
        await asyncio.sleep(0.5)
        assert bridge.workers()[0].restarts <= 2


async def test_noise_on_the_rtp_ports_of_a_call(tmp_path: Path) -> None:
    dice = random.Random(7)
    async with (
        two_workers(tmp_path) as (bridge, attendant, _agent),
        RtpParty(440) as voice,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=3.0, rtp=voice) as caller,
    ):
        attended = await attendant.joined(1)
        port = await caller.peer_rtp_port()
        voice.talk_to(port)
        for of_port in (port, port + 1):
            noise = (dice.randbytes(dice.randrange(1, 1400)) for _ in range(300))
            await send(noise, f"{HOST}:{of_port}", pause_s=0.001)
        await caller.finished()
        assert 1000 in tones(linear(voice.heard))
        assert 440 in attended.tones("caller")


async def test_a_flood_of_invites(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (bridge, attendant, _agent):
        us = bridge.addresses[0]
        async with Sipp(tmp_path, "caller", to=us, talk_s=4.0) as caller:
            attended = await attendant.joined(1)
            sdp = torture(us, f"{HOST}:9")["sdp01"]
            flood = [sdp.replace(b"sdp01", b"flood%d" % number) for number in range(600)]
            await send(flood, us, pause_s=0.002)
            await caller.finished()
            await attendant.over(1)
        starts = [frame.start for frame in attended.frames["caller"]]
        assert max(later - earlier for earlier, later in pairwise(starts)) < 0.3
        await asyncio.sleep(1.1)
        assert bridge.workers()[0].restarts == 0
        assert bridge.workers()[0].refused > 100


async def test_strangers_get_no_answer(tmp_path: Path) -> None:
    config = SipConfig(port=0, rtp_port=0, workers=1, trunks=("127.0.0.99/32",))
    async with SipBridge(config, run_dir=tmp_path / "run") as bridge:
        with pytest.raises(TimeoutError):
            await answers_sip(bridge.addresses[0], 0.5)
        await asyncio.sleep(1.1)
        assert bridge.workers()[0].refused >= 5
