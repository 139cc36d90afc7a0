"""Bench ``memory``: what the node and its decode workers hold with 20 calls."""

from __future__ import annotations

from typing import Final

from server.bench.figures import Figure, Report
from server.bench.played_calls import PlayedCalls
from server.bench.processes import cpu_s, resident_kib
from server.bench.stage import Stage
from server.bench.talk import talks

CALLS: Final = 20
LISTEN_S: Final = 20.0
_TALKS: Final = 6


async def measure(stage: Stage) -> Report:
    """Before the first call, and while all talk."""
    stage.tell("voices")
    made = await talks(stage.voices(), _TALKS)
    async with PlayedCalls(stage, made, agents=CALLS) as calls:
        empty = resident_kib(calls.pid)
        stage.tell(f"{CALLS} calls, {LISTEN_S:.0f} s")
        await calls.carry(CALLS)
        cpu = cpu_s(calls.pid)
        await calls.listen(LISTEN_S)
        full, cpu = resident_kib(calls.pid), cpu_s(calls.pid) - cpu
        workers = [resident_kib(pid) for pid in calls.decode_workers()]
    return Report(
        figures=(
            Figure(name=f"node with {CALLS} calls", value=full / 1024, unit="MiB"),
            Figure(name="node without a call", value=empty / 1024, unit="MiB"),
            Figure(name=f"decode workers ({len(workers)}) together", value=sum(workers) / 1024, unit="MiB"),
            Figure(name="largest decode worker", value=max(workers) / 1024, unit="MiB"),
            Figure(name=f"CPU of the node with {CALLS} calls", value=cpu / LISTEN_S, unit="cores"),
        ),
        notes=(
            "resident memory; the node's includes the played audio, about a megabyte a talk, and every agent's desk "
            "signed in; SIP workers are measured by the bench sip",
        ),
    )
