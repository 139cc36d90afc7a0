"""Bench ``calls``: how many joined calls one SIP worker carries on its core, and what each costs; both builds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from server.bench.bridge_calls import Joiner, one_worker
from server.bench.figures import Figure, Report, percentile
from server.bench.open_files import allow_files
from server.bench.parties import Parties
from server.bench.processes import cpu_s, resident_kib
from server.bench.stage import Stage
from telephony.sip_build import Build, installed

CURVE: Final = (1, 10, 50, 100, 150, 200, 250)
GOAL: Final = 200
"""Calls on one core."""
LATE_S: Final = 0.010
ADDED_S: Final = 0.020
LISTEN_S: Final = 8.0
_SETTLE_S: Final = 2.0
_FILES: Final = 4096


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One place on the curve."""

    calls: int
    cpu: float
    """Of a core."""
    memory_mib: float
    late_p50_s: float
    late_p99_s: float
    delay_p50_s: float
    delay_p99_s: float
    gap_s: float
    """The longest between packets to a party."""
    lost: int
    own_s: float
    """p99 lateness of the parties' own timer."""


async def measure(stage: Stage) -> Report:
    """The curve on each build that is installed."""
    allow_files(_FILES)
    figures: list[Figure] = []
    notes: list[str] = []
    for build in installed():
        steps = {calls for calls in CURVE if calls <= build.calls} | {min(build.calls, CURVE[-1])}
        points = await curve(stage, build, sorted(steps))
        figures += _figures(build, points)
        notes += [_in_words(build, point) for point in points]
    return Report(
        figures=tuple(figures),
        notes=(
            "lateness = a frame's arrival at its reader in the node, after the leg's most punctual one; delay = from "
            "one party's packet to the other's, both ways; loopback, G.711; the parties' and the node's CPU are not in "
            "it",
            *notes,
        ),
    )


async def curve(stage: Stage, build: Build, steps: Sequence[int], listen_s: float = LISTEN_S) -> list[Point]:
    """Measure one worker with so many calls, then with more."""
    points: list[Point] = []
    async with one_worker(stage, build.kind) as bridge, Parties(bridge.addresses[0]) as parties:
        joiner = Joiner(bridge, parties.agent)
        working = asyncio.create_task(joiner.work())
        try:
            for calls in steps:
                stage.tell(f"{build.name}: {calls} calls")
                await parties.grow(calls)
                points.append(await _point(bridge.workers()[0].pid, joiner, parties, listen_s))
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return points


async def _point(pid: int, joiner: Joiner, parties: Parties, listen_s: float) -> Point:
    await asyncio.sleep(_SETTLE_S)
    loop = asyncio.get_running_loop()
    joiner.listen(True)
    cpu, began = cpu_s(pid), loop.time()
    heard = await parties.listen(listen_s)
    cpu, took = cpu_s(pid) - cpu, loop.time() - began
    joiner.listen(False)
    late = joiner.lateness()
    p50, p99 = np.percentile(late, (50, 99)) if len(late) else (np.nan, np.nan)
    return Point(
        calls=joiner.joined,
        cpu=cpu / took,
        memory_mib=resident_kib(pid) / 1024,
        late_p50_s=float(p50),
        late_p99_s=float(p99),
        delay_p50_s=percentile(heard.delays_s, 0.5),
        delay_p99_s=percentile(heard.delays_s, 0.99),
        gap_s=max(heard.gaps_s, default=np.nan),
        lost=joiner.lost(took),
        own_s=heard.own_lateness_s,
    )


def _figures(build: Build, points: Sequence[Point]) -> list[Figure]:
    first, last = points[0], points[-1]
    at_goal = next((point for point in points if point.calls >= min(GOAL, build.calls)), last)
    held = [point.calls for point in points if point.late_p99_s <= LATE_S and point.cpu <= 1.0]
    more = max(1, last.calls - first.calls)
    a_call = (last.cpu - first.cpu) / more if last.calls > first.calls else last.cpu
    memory = (last.memory_mib - first.memory_mib) / more if last.calls > first.calls else last.memory_mib
    bound = GOAL if build.kind == "tuned" else None
    late = LATE_S * 1000
    return [
        Figure(name=f"{build.name}: calls on a core", value=max(held, default=0), unit="", bound=bound, at_least=True),
        Figure(name=f"{build.name}: CPU a call", value=100 * a_call, unit="% of a core"),
        Figure(name=f"{build.name}: memory a call", value=memory, unit="MiB"),
        Figure(name=f"{build.name}: frame lateness p99", value=1000 * at_goal.late_p99_s, unit="ms", bound=late),
        Figure(name=f"{build.name}: delay p50", value=1000 * at_goal.delay_p50_s, unit="ms", bound=1000 * ADDED_S),
        Figure(name=f"{build.name}: frames missing", value=sum(point.lost for point in points), unit="", bound=0),
    ]


def _in_words(build: Build, point: Point) -> str:
    ms = 1000
    return (
        f"{build.name}, {point.calls} calls: {100 * point.cpu:.1f} % of a core, {point.memory_mib:.0f} MiB, "
        f"lateness p50/p99 {ms * point.late_p50_s:.1f}/{ms * point.late_p99_s:.1f} ms, "
        f"delay p50/p99 {ms * point.delay_p50_s:.1f}/{ms * point.delay_p99_s:.1f} ms, "
        f"longest gap {ms * point.gap_s:.0f} ms, missing {point.lost} (parties late p99 {ms * point.own_s:.1f} ms)"
    )
