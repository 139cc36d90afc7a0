"""Bench ``siprec``: how many recording sessions one SIP worker takes on its core, and what each costs; both builds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec
import numpy as np

from core.config import PeerConfig, SipConfig
from core.errors import Refused
from server.bench.bridge_calls import UNLIMITED, Joiner
from server.bench.figures import Figure, Report, percentile
from server.bench.open_files import allow_files
from server.bench.parties import Parties
from server.bench.processes import cpu_s, resident_kib
from server.bench.stage import Stage
from telephony.contract import Call
from telephony.sip import SipBridge
from telephony.sip_build import Build, installed

CURVE: Final = (1, 10, 50, 100, 150, 200, 250)
LATE_S: Final = 0.010
LISTEN_S: Final = 8.0
_SETTLE_S: Final = 2.0
_FILES: Final = 4096
_PROCESS: Final = "server.bench.recording_process"


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One place on the curve."""

    sessions: int
    cpu: float
    """Of a core."""
    memory_mib: float
    late_p50_s: float
    late_p99_s: float
    lost: int
    setup_p95_s: float
    """INVITE to 200."""
    own_s: float
    """p99 lateness of the clients' own timer."""


class Listener(Joiner):
    """Takes every session on and reads both voices."""

    async def _join(self, call: Call) -> None:
        try:
            await call.answer()
        except Refused:
            return
        await self.hear(call)


async def measure(stage: Stage) -> Report:
    """The curve on each build that is installed."""
    allow_files(_FILES)
    figures: list[Figure] = []
    notes: list[str] = []
    for build in installed():
        steps = {sessions for sessions in CURVE if sessions <= build.calls} | {min(build.calls, CURVE[-1])}
        points = await curve(stage, build, sorted(steps))
        figures += _figures(build, points)
        notes += [_in_words(build, point) for point in points]
    return Report(
        figures=tuple(figures),
        notes=(
            "a session = two G.711 streams received and handed to the node, none sent; lateness as in bench 'calls'; "
            "the clients' and the node's CPU are not in it",
            *notes,
        ),
    )


async def curve(stage: Stage, build: Build, steps: Sequence[int], listen_s: float = LISTEN_S) -> list[Point]:
    """Measure one worker with so many sessions, then with more."""
    points: list[Point] = []
    async with _worker(stage, build) as bridge, Parties(bridge.addresses[0], process=_PROCESS) as clients:
        listener = Listener(bridge, "")
        working = asyncio.create_task(listener.work())
        try:
            for sessions in steps:
                stage.tell(f"{build.name}: {sessions} recording sessions")
                setup = (await clients.grow(sessions)).setup_s
                points.append(await _point(bridge.workers()[0].pid, listener, clients, setup, listen_s))
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return points


@asynccontextmanager
async def _worker(stage: Stage, build: Build) -> AsyncIterator[SipBridge]:
    config = SipConfig(port=0, rtp_port=0, workers=1, build=build.kind)
    peer = PeerConfig(name="bench", networks=("127.0.0.1/32",), recorder=True, invites_per_s=UNLIMITED)
    async with SipBridge(config, run_dir=stage.fresh_home().run, peers=[peer]) as bridge:
        yield bridge


async def _point(pid: int, listener: Listener, clients: Parties, setup: Sequence[float], listen_s: float) -> Point:
    await asyncio.sleep(_SETTLE_S)
    loop = asyncio.get_running_loop()
    listener.listen(True)
    cpu, began = cpu_s(pid), loop.time()
    heard = await clients.listen(listen_s)
    cpu, took = cpu_s(pid) - cpu, loop.time() - began
    listener.listen(False)
    late = listener.lateness()
    p50, p99 = np.percentile(late, (50, 99)) if len(late) else (np.nan, np.nan)
    return Point(
        sessions=listener.joined,
        cpu=cpu / took,
        memory_mib=resident_kib(pid) / 1024,
        late_p50_s=float(p50),
        late_p99_s=float(p99),
        lost=listener.lost(took),
        setup_p95_s=percentile(setup, 0.95),
        own_s=heard.own_lateness_s,
    )


def _figures(build: Build, points: Sequence[Point]) -> list[Figure]:
    first, last = points[0], points[-1]
    held = [point.sessions for point in points if point.late_p99_s <= LATE_S and point.cpu <= 1.0]
    more = last.sessions - first.sessions
    a_session = (last.cpu - first.cpu) / more if more > 0 else last.cpu
    memory = (last.memory_mib - first.memory_mib) / more if more > 0 else last.memory_mib
    return [
        Figure(name=f"{build.name}: recording sessions on a core", value=max(held, default=0), unit=""),
        Figure(name=f"{build.name}: CPU a session", value=100 * a_session, unit="% of a core"),
        Figure(name=f"{build.name}: memory a session", value=memory, unit="MiB"),
        Figure(name=f"{build.name}: lateness p99 at {last.sessions}", value=1000 * last.late_p99_s, unit="ms"),
        Figure(name=f"{build.name}: set-up p95", value=1000 * last.setup_p95_s, unit="ms"),
    ]


def _in_words(build: Build, point: Point) -> str:
    return (
        f"{build.name}, {point.sessions} sessions: {100 * point.cpu:.1f} % of a core, {point.memory_mib:.0f} MiB, "
        f"lateness p50 {1000 * point.late_p50_s:.1f} p99 {1000 * point.late_p99_s:.1f} ms, "
        f"{point.lost} frames missing, set-up p95 {1000 * point.setup_p95_s:.1f} ms "
        f"(clients' own timer p99 {1000 * point.own_s:.1f} ms)"
    )
