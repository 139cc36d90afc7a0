"""Bench ``front``: calls through Kamailio and a SIP worker, beside calls straight to a worker; and workers killed
under load, one every five seconds, while the others' calls are watched."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from core.config import Config, FrontConfig, SipConfig
from core.events import Speaker
from server.bench.bridge_calls import UNLIMITED
from server.bench.figures import Figure, Report, percentile
from server.bench.parties import Parties
from server.bench.stage import Stage
from server.exchange.front import front_of, write
from server.exchange.kamailio import Kamailio
from telephony.contract import Call, LegEnded
from telephony.sip import SipBridge
from telephony.sip_build import Build, installed

HOST: Final = "127.0.0.1"
WORKERS: Final = 4
SETUP_S: Final = 0.030
CALLS: Final = 8
"""At a time: two a worker, which both builds carry."""
ROUNDS: Final = 25
KILLS: Final = 8
APART_S: Final = 5.0
GAP_S: Final = 0.060
"""A gap in a voice that somebody would hear."""


class _Watched:
    """One call: whose worker, how it ended, the longest silence between two frames."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.worker = call.trunk.partition(" ")[0]
        self.ended = ""
        self.gap_s = 0.0

    async def listen(self, speaker: Speaker) -> None:
        before = asyncio.get_running_loop().time()
        async for _ in self.call.frames(speaker):
            now = asyncio.get_running_loop().time()
            self.gap_s, before = max(self.gap_s, now - before), now

    async def signals(self) -> None:
        async for signal_ in self.call.signals():
            if isinstance(signal_, LegEnded) and signal_.speaker == "caller":
                self.ended = signal_.reason or "hung_up"


class _Outcome(msgspec.Struct, frozen=True):
    killed: int
    lost: int
    """Calls of the killed workers."""
    harmed: int
    """Calls of other workers that ended, or had a gap."""
    gap_s: float
    """The longest of a call that was not hit."""


async def measure(stage: Stage) -> Report:
    """Both builds that are installed."""
    figures: list[Figure] = []
    notes: list[str] = [f"{WORKERS} workers, {CALLS} calls at a time, loopback, agents' phones answer at once"]
    for build in installed():
        stage.tell(f"{build.name}: set-up")
        straight, through = await _setups(stage, build)
        stage.tell(f"{build.name}: workers are killed")
        outcome = await _killing(stage, build)
        figures += [
            Figure(name=f"{build.name}: set-up straight, p95", value=1000 * percentile(straight, 0.95), unit="ms"),
            Figure(
                name=f"{build.name}: set-up through the front, p95",
                value=1000 * percentile(through, 0.95),
                unit="ms",
                bound=1000 * SETUP_S,
            ),
            Figure(name=f"{build.name}: calls of other workers harmed", value=outcome.harmed, unit="", bound=0),
        ]
        notes.append(
            f"{build.name}: set-up p50 {1000 * percentile(straight, 0.5):.1f} ms straight, "
            f"{1000 * percentile(through, 0.5):.1f} ms through the front ({len(through)} calls); "
            f"{outcome.killed} workers killed, one every {APART_S:.0f} s: {outcome.lost} calls of theirs lost, longest "
            f"gap of the others {1000 * outcome.gap_s:.0f} ms"
        )
    return Report(figures=tuple(figures), notes=tuple(notes))


@asynccontextmanager
async def fronted(stage: Stage, build: Build) -> AsyncIterator[tuple[SipBridge, str]]:
    """Workers and the front before them; its address."""
    home, port = stage.fresh_home(), _free_port()
    sip = SipConfig(
        port=0, rtp_port=0, workers=WORKERS, build=build.kind, fronts=(HOST,), trunks=(), invites_per_s=UNLIMITED
    )
    async with SipBridge(sip, run_dir=home.run) as bridge:
        config = Config(sip=SipConfig(trunks=(HOST,), invites_per_s=UNLIMITED), front=FrontConfig(host=HOST, port=port))
        front = front_of(config, home.root / "front", workers=bridge.addresses)
        write(front)
        async with Kamailio(front.folder / "kamailio.cfg", (HOST, port)):
            yield bridge, f"{HOST}:{port}"


def _free_port() -> int:
    """One that nobody has, TCP and UDP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind((HOST, 0))
            port = int(udp.getsockname()[1])
            with contextlib.suppress(OSError):
                tcp.bind((HOST, port))
                return port


async def _setups(stage: Stage, build: Build) -> tuple[list[float], list[float]]:
    async with fronted(stage, build) as (bridge, address):
        found: list[list[float]] = []
        for to in (bridge.addresses[0], address):
            times: list[float] = []
            async with Parties(to) as parties, _attended(bridge, parties.agent):
                calls = min(CALLS, build.calls) if to != address else CALLS
                for _ in range(ROUNDS * CALLS // calls):
                    times += (await parties.grow(calls, per_s=20.0)).setup_s
                    await parties.shrink(0)
            found.append(times)
    return found[0], found[1]


async def _killing(stage: Stage, build: Build) -> _Outcome:
    lost = harmed = 0
    gap_s = 0.0
    async with (
        fronted(stage, build) as (bridge, address),
        Parties(address) as parties,
        _attended(bridge, parties.agent) as calls,
    ):
        for number in range(KILLS):
            await parties.grow(CALLS, per_s=10.0)
            victim = bridge.workers()[number % WORKERS]
            running = [call for call in calls if not call.ended]
            for call in running:
                call.gap_s = 0.0
            await asyncio.sleep(APART_S / 2)
            os.kill(victim.pid, signal.SIGKILL)
            await asyncio.sleep(APART_S / 2)
            hit = [call for call in running if call.worker == victim.name]
            others = [call for call in running if call.worker != victim.name]
            lost += len(hit)
            harmed += sum(bool(call.ended) or call.gap_s > 5 * GAP_S for call in others)
            gap_s = max([gap_s, *(call.gap_s for call in others)])
            await parties.shrink(0)
    return _Outcome(KILLS, lost, harmed, gap_s)


@asynccontextmanager
async def _attended(bridge: SipBridge, agent: str) -> AsyncIterator[list[_Watched]]:
    calls: list[_Watched] = []

    async def attend(call: Call) -> None:
        watched = _Watched(call)
        calls.append(watched)
        async with asyncio.TaskGroup() as group:
            group.create_task(watched.signals())
            await call.answer()
            if await call.dial(agent, reference="agent", ring_timeout_s=20) == "answered":
                group.create_task(watched.listen("caller"))
                group.create_task(watched.listen("agent"))
            else:
                await call.hang_up()

    async def take() -> None:
        async with asyncio.TaskGroup() as group:
            async for call in bridge.calls():
                group.create_task(attend(call))

    taking = asyncio.create_task(take())
    try:
        yield calls
    finally:
        taking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await taking
