"""Broken, hostile and too much SIP: the node never dies, other workers feel nothing, the one that is hit takes the
next call within a second. The tuned build does not die at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from core.config import SipConfig
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.patience import until
from tests.sip.arena import CONFIG, Arena, arena, ring
from tests.sip.broken_sdp import MULTIPARTS, SDPS
from tests.sip.sipp import HOST, Sipp
from tests.sip.test_workers import answers_sip
from tests.sip.torture import invites, large, mutants, torture

__all__ = ["ring"]
pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

HERE = f"{HOST}:9"
MUTANTS = 10_000
"""Seeded, so that each run meets the same."""
SEED = 7


@pytest_asyncio.fixture(loop_scope="module")
async def arena_(ring: Arena) -> AsyncIterator[Arena]:
    """The arena; whatever a test did there, nobody else was harmed."""
    yield ring
    await ring.unharmed()


async def test_rfc_4475_and_worse(arena_: Arena) -> None:
    before = arena_.state
    await arena_.send(torture(arena_.hit, HERE).values())
    await until(lambda: arena_.state.bad_messages >= before.bad_messages + 5)
    assert arena_.state.pid == before.pid, "a known message killed the worker"


async def test_torture_over_tcp(arena_: Arena) -> None:
    for message in torture(arena_.hit, HERE).values():
        await over_tcp(arena_.hit, message.replace(b"/UDP", b"/TCP"))


async def test_mutants_and_noise_on_the_sip_port(arena_: Arena) -> None:
    await arena_.send(mutants(arena_.hit, HERE, count=MUTANTS, seed=SEED))


async def test_sdp_of_every_broken_kind(arena_: Arena) -> None:
    before = arena_.state
    bodies = {name: ("application/sdp", body) for name, body in SDPS.items()}
    await arena_.send(invites(arena_.hit, HERE, bodies))
    assert arena_.state.pid == before.pid, "a known body killed the worker"


async def test_multipart_lies(arena_: Arena) -> None:
    before = arena_.state
    await arena_.send(invites(arena_.hit, HERE, MULTIPARTS))
    assert arena_.state.pid == before.pid, "a known body killed the worker"


async def test_60_kb_in_one_datagram(arena_: Arena) -> None:
    before = arena_.state
    await arena_.send(large(arena_.hit, HERE, 60_000).values())
    await arena_.send(large(arena_.hit, HERE, 3_000).values())
    assert arena_.state.pid == before.pid


async def test_60_kb_over_tcp(arena_: Arena) -> None:
    before = arena_.state
    for size in (3_000, 60_000):
        for message in large(arena_.hit, HERE, size).values():
            await over_tcp(arena_.hit, message.replace(b"/UDP", b"/TCP"))
    await over_tcp(arena_.hit, b"INVITE sip:120@host SIP/2.0\r\nX: " + b"x" * 1_000_000)
    assert arena_.state.pid == before.pid


async def test_a_flood_of_invites(tmp_path: Path, build: Kind) -> None:
    config = msgspec.structs.replace(CONFIG, rtp_ports=8)  # two calls, whatever the build could
    async with arena(tmp_path, build, config) as small:
        async with Sipp(tmp_path, "caller", to=small.hit, talk_s=4.0) as caller:
            attended = await small.joined(1)
            sdp = torture(small.hit, HERE)["sdp01"]
            await small.send(sdp.replace(b"sdp01", b"flood%d" % number) for number in range(600))
            await caller.finished()
            await small.attendant.over(1)
        starts = [frame.start for frame in attended.frames["caller"]]
        assert max(later - earlier for earlier, later in pairwise(starts)) < 0.3
        await until(lambda: small.state.refused > 100)
        assert small.state.restarts == 0
        assert small.state.refused_by["full"] > 100
        await small.empty()
        await small.unharmed()


async def test_strangers_get_no_answer(tmp_path: Path) -> None:
    config = SipConfig(port=0, rtp_port=0, workers=1, trunks=("127.0.0.99/32",))
    async with SipBridge(config, run_dir=tmp_path / "run") as bridge:
        with pytest.raises(TimeoutError):
            await answers_sip(bridge.addresses[0], 0.5)
        await until(lambda: bridge.workers()[0].refused >= 5)


async def over_tcp(address: str, message: bytes) -> None:
    """Say it on a connection of its own, and hang up."""
    host, _, port = address.rpartition(":")
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(5):
            _reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(message)
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.close()
