"""Bench ``soak``: 20,000 short calls at 20 a second through one tuned worker; nothing may be left behind.

``python -m server.bench.soak CALLS`` makes it shorter; a wheel's worker is soaked with a fiftieth at its own pace.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import msgspec

from server.bench.bridge_calls import Joiner, one_worker
from server.bench.figures import Figure, Report
from server.bench.parties import Parties
from server.bench.processes import open_files, resident_kib, threads, udp_sockets
from server.bench.stage import Stage
from telephony.sip_build import Build, installed

CALLS: Final = 20_000
PER_S: Final = 20.0
TALK_S: Final = 1.0
_WHEEL_PER_S: Final = 1.0
"""Two calls of a second, one after the other: more would find no line."""
_WARM_S: Final = 80.0
"""Of calls first, at most half of all: pools grow to their size once, and a transaction is remembered for 32 s."""
_REST_S: Final = 3.0
FLAT_MIB: Final = 8.0


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker without a call holds."""

    memory_mib: float
    files: int
    sockets: int
    """UDP: RTP ports that are still bound, and SIP."""
    threads: int
    calls: int


class Soaked(msgspec.Struct, frozen=True, kw_only=True):
    """Before and after."""

    calls: int
    refused: int
    failed: int
    restarts: int
    took_s: float
    warm: Kept
    after: Kept


async def measure(stage: Stage) -> Report:
    """Each build that is installed."""
    return await report(stage, CALLS)


async def report(stage: Stage, calls: int) -> Report:
    """The same with fewer calls."""
    figures: list[Figure] = []
    for build in installed():
        tuned = build.kind == "tuned"
        soaked = await soak(stage, build, calls if tuned else calls // 50, PER_S if tuned else _WHEEL_PER_S)
        figures += _figures(build, soaked)
    return Report(
        figures=tuple(figures),
        notes=(f"calls of {TALK_S:.0f} s, both ends hung up by the caller; what a worker holds is read at rest",),
    )


async def soak(stage: Stage, build: Build, calls: int, per_s: float) -> Soaked:
    """So many calls through one worker."""
    async with one_worker(stage, build.kind) as bridge, Parties(bridge.addresses[0]) as parties:
        joiner = Joiner(bridge, parties.agent)
        working = asyncio.create_task(joiner.work())
        began, warm = time.monotonic(), max(1, min(calls // 2, int(_WARM_S * per_s)))
        try:
            before = await _through(stage, build, parties, warm, per_s)
            rested = await _kept(bridge.workers()[0].pid, joiner)
            refused = await _through(stage, build, parties, calls - warm, per_s)
            kept = await _kept(bridge.workers()[0].pid, joiner)
            state = bridge.workers()[0]
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return Soaked(
        calls=calls,
        refused=max(before, refused),
        failed=joiner.failed,
        restarts=state.restarts,
        took_s=time.monotonic() - began,
        warm=rested,
        after=kept,
    )


async def _through(stage: Stage, build: Build, parties: Parties, calls: int, per_s: float) -> int:
    """So many calls, in pieces so that there is something to tell; how many were refused since the beginning."""
    left, refused = calls, 0
    while left > 0:
        piece = min(left, max(1, int(10 * per_s)))
        refused = (await parties.pass_by(piece, per_s, TALK_S)).refused
        left -= piece
        stage.tell(f"{build.name}: {left} calls to come")
    return refused


async def _kept(pid: int, joiner: Joiner) -> Kept:
    end = time.monotonic() + 30
    while joiner.joined and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await asyncio.sleep(_REST_S)
    return Kept(
        memory_mib=resident_kib(pid) / 1024,
        files=open_files(pid),
        sockets=udp_sockets(pid),
        threads=threads(pid),
        calls=joiner.joined,
    )


def _figures(build: Build, soaked: Soaked) -> list[Figure]:
    name, warm, after = build.name, soaked.warm, soaked.after
    return [
        Figure(name=f"{name}: calls", value=soaked.calls, unit=""),
        Figure(name=f"{name}: calls a second", value=soaked.calls / soaked.took_s, unit=""),
        Figure(name=f"{name}: refused or not joined", value=soaked.refused + soaked.failed, unit="", bound=0),
        Figure(name=f"{name}: worker restarts", value=soaked.restarts, unit="", bound=0),
        Figure(name=f"{name}: legs left", value=2 * after.calls, unit="", bound=0),
        Figure(name=f"{name}: ports left", value=after.sockets - warm.sockets, unit="", bound=0),
        Figure(name=f"{name}: descriptors left", value=after.files - warm.files, unit="", bound=0),
        Figure(name=f"{name}: threads left", value=after.threads - warm.threads, unit="", bound=0),
        Figure(name=f"{name}: memory grown", value=after.memory_mib - warm.memory_mib, unit="MiB", bound=FLAT_MIB),
        Figure(name=f"{name}: memory at rest", value=after.memory_mib, unit="MiB"),
    ]


def main() -> None:
    """A shorter soak, its figures as lines."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with tempfile.TemporaryDirectory(prefix="minwon-soak-", ignore_cleanup_errors=True) as folder:
        stage = Stage(Path(folder), lambda step: print(f"\r\033[K{step}", end="", file=sys.stderr, flush=True))
        for figure in asyncio.run(report(stage, calls)).figures:
            missed = "  MISSED" if figure.inside is False else ""
            print(f"{figure.name:<45} {figure.value:>10.4g} {figure.unit}{missed}")


if __name__ == "__main__":
    main()
