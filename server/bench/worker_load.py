"""What one SIP worker of so many calls costs, and how late its voices come: a place on a curve for any kind of call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from server.bench.bridge_calls import Joiner
from server.bench.parties import Parties
from server.bench.party_messages import Heard
from server.bench.processes import cpu_s, resident_kib
from telephony.sip_build import Build

CURVE: Final = (1, 10, 50, 100, 150, 200, 250)
LATE_S: Final = 0.010
LISTEN_S: Final = 8.0
FILES: Final = 4096
"""Open files that the parties and the node need for the end of the curve."""
_SETTLE_S: Final = 2.0


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """One worker at work."""

    calls: int
    cpu: float
    """Of a core."""
    memory_mib: float
    late_p50_s: float
    late_p99_s: float
    lost: int

    @property
    def holds(self) -> bool:
        """Within one core, and in time."""
        return self.late_p99_s <= LATE_S and self.cpu <= 1.0


def steps(build: Build) -> list[int]:
    """The curve as far as a worker of that build goes, its end included."""
    return sorted({calls for calls in CURVE if calls <= build.calls} | {min(build.calls, CURVE[-1])})


async def load(pid: int, joiner: Joiner, parties: Parties, listen_s: float) -> tuple[Load, Heard]:
    """Let it settle, then measure for so long; what the parties heard meanwhile comes along."""
    await asyncio.sleep(_SETTLE_S)
    loop = asyncio.get_running_loop()
    joiner.listen(True)
    cpu, began = cpu_s(pid), loop.time()
    heard = await parties.listen(listen_s)
    cpu, took = cpu_s(pid) - cpu, loop.time() - began
    joiner.listen(False)
    late = joiner.lateness()
    p50, p99 = np.percentile(late, (50, 99)) if len(late) else (np.nan, np.nan)
    measured = Load(
        calls=joiner.joined,
        cpu=cpu / took,
        memory_mib=resident_kib(pid) / 1024,
        late_p50_s=float(p50),
        late_p99_s=float(p99),
        lost=joiner.lost(took),
    )
    return measured, heard


def each(loads: Sequence[Load]) -> tuple[float, float]:
    """CPU (of a core) and memory (MiB) that one more call costs; of a single place, all of it."""
    first, last = loads[0], loads[-1]
    more = last.calls - first.calls
    if more <= 0:
        return last.cpu, last.memory_mib
    return (last.cpu - first.cpu) / more, (last.memory_mib - first.memory_mib) / more
