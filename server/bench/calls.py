"""Bench ``calls``: how many joined calls one SIP worker carries on its core, and what each costs; both builds."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Final

import msgspec

from server.bench.bridge_calls import Joiner, one_worker
from server.bench.figures import Figure, Report, percentile
from server.bench.open_files import allow_files
from server.bench.parties import Parties
from server.bench.party_messages import Heard
from server.bench.stage import Stage
from server.bench.worker_load import FILES, LATE_S, LISTEN_S, Load, each, load, steps
from telephony.sip_build import Build, installed

GOAL: Final = 200
"""Calls on one core."""
ADDED_S: Final = 0.020


class Point(msgspec.Struct, frozen=True):
    """One place on the curve."""

    load: Load
    heard: Heard
    """By the parties of the timed calls."""


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
            "lateness = a frame's arrival at its reader in the node, after the leg's most punctual one; delay = from "
            "one party's packet to the other's, both ways; loopback, G.711; the parties' and the node's CPU are not in "
            "it",
            *notes,
        ),
    )


async def curve(stage: Stage, build: Build) -> list[Point]:
    """Measure one worker with so many calls, then with more."""
    points: list[Point] = []
    async with one_worker(stage, build.kind) as bridge, Parties(bridge.addresses[0]) as parties:
        joiner = Joiner(bridge, parties.agent)
        working = asyncio.create_task(joiner.work())
        try:
            for calls in steps(build):
                stage.tell(f"{build.name}: {calls} calls")
                await parties.grow(calls)
                points.append(Point(*await load(bridge.workers()[0].pid, joiner, parties, LISTEN_S)))
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return points


def _figures(build: Build, points: Sequence[Point]) -> list[Figure]:
    loads = [point.load for point in points]
    at_goal = next((point for point in points if point.load.calls >= min(GOAL, build.calls)), points[-1])
    held = [one.calls for one in loads if one.holds]
    cpu, memory = each(loads)
    bound = GOAL if build.kind == "tuned" else None
    late, delay = 1000 * at_goal.load.late_p99_s, 1000 * percentile(at_goal.heard.delays_s, 0.5)
    return [
        Figure(name=f"{build.name}: calls on a core", value=max(held, default=0), unit="", bound=bound, at_least=True),
        Figure(name=f"{build.name}: CPU a call", value=100 * cpu, unit="% of a core"),
        Figure(name=f"{build.name}: memory a call", value=memory, unit="MiB"),
        Figure(name=f"{build.name}: frame lateness p99", value=late, unit="ms", bound=1000 * LATE_S),
        Figure(name=f"{build.name}: delay p50", value=delay, unit="ms", bound=1000 * ADDED_S),
        Figure(name=f"{build.name}: frames missing", value=sum(one.lost for one in loads), unit="", bound=0),
    ]


def _in_words(build: Build, point: Point) -> str:
    ms, at, heard = 1000, point.load, point.heard
    p50, p99 = percentile(heard.delays_s, 0.5), percentile(heard.delays_s, 0.99)
    return (
        f"{build.name}, {at.calls} calls: {100 * at.cpu:.1f} % of a core, {at.memory_mib:.0f} MiB, "
        f"lateness p50/p99 {ms * at.late_p50_s:.1f}/{ms * at.late_p99_s:.1f} ms, "
        f"delay p50/p99 {ms * p50:.1f}/{ms * p99:.1f} ms, "
        f"longest gap {ms * max(heard.gaps_s, default=math.nan):.0f} ms, missing {at.lost} "
        f"(parties late p99 {ms * heard.own_lateness_s:.1f} ms)"
    )
