"""Bench ``siprec``: how many recording sessions one SIP worker takes on its core, and what each costs; both builds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from core.config import PeerConfig, SipConfig
from core.errors import Refused
from server.bench.bridge_calls import UNLIMITED, Joiner
from server.bench.figures import Figure, Report, percentile
from server.bench.open_files import allow_files
from server.bench.parties import Parties
from server.bench.stage import Stage
from server.bench.worker_load import FILES, LISTEN_S, Load, each, load, steps
from telephony.contract import Call
from telephony.sip import SipBridge
from telephony.sip_build import Build, installed

_PROCESS: Final = "server.bench.recording_process"


class Point(msgspec.Struct, frozen=True):
    """One place on the curve; a session counts as a call."""

    load: Load
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
    allow_files(FILES)
    figures: list[Figure] = []
    notes: list[str] = []
    for build in installed():
        points = await curve(stage, build)
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


async def curve(stage: Stage, build: Build) -> list[Point]:
    """Measure one worker with so many sessions, then with more."""
    points: list[Point] = []
    async with _worker(stage, build) as bridge, Parties(bridge.addresses[0], process=_PROCESS) as clients:
        listener = Listener(bridge, "")
        working = asyncio.create_task(listener.work())
        try:
            for sessions in steps(build):
                stage.tell(f"{build.name}: {sessions} recording sessions")
                setup = (await clients.grow(sessions)).setup_s
                measured, heard = await load(bridge.workers()[0].pid, listener, clients, LISTEN_S)
                points.append(Point(measured, percentile(setup, 0.95), heard.own_lateness_s))
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


def _figures(build: Build, points: Sequence[Point]) -> list[Figure]:
    loads, last = [point.load for point in points], points[-1]
    held = [one.calls for one in loads if one.holds]
    cpu, memory = each(loads)
    late = 1000 * last.load.late_p99_s
    return [
        Figure(name=f"{build.name}: recording sessions on a core", value=max(held, default=0), unit=""),
        Figure(name=f"{build.name}: CPU a session", value=100 * cpu, unit="% of a core"),
        Figure(name=f"{build.name}: memory a session", value=memory, unit="MiB"),
        Figure(name=f"{build.name}: lateness p99 at {last.load.calls}", value=late, unit="ms"),
        Figure(name=f"{build.name}: set-up p95", value=1000 * last.setup_p95_s, unit="ms"),
    ]


def _in_words(build: Build, point: Point) -> str:
    at = point.load
    return (
        f"{build.name}, {at.calls} sessions: {100 * at.cpu:.1f} % of a core, {at.memory_mib:.0f} MiB, "
        f"lateness p50 {1000 * at.late_p50_s:.1f} p99 {1000 * at.late_p99_s:.1f} ms, "
        f"{at.lost} frames missing, set-up p95 {1000 * point.setup_p95_s:.1f} ms "
        f"(clients' own timer p99 {1000 * point.own_s:.1f} ms)"
    )
