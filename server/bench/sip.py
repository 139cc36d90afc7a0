"""Bench ``sip``: what a bridged call costs the SIP workers, which carry the humans' voices."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Final

import numpy as np

from server.bench.figures import Figure, Report
from server.bench.processes import children, cpu_s, resident_kib
from server.bench.sip_calls import LINES, WORKERS, SipCalls
from server.bench.speech import write
from server.bench.stage import Stage
from server.bench.talk import talks

TALK_S: Final = 20.0
_BASELINE_S: Final = 5.0


async def measure(stage: Stage) -> Report:
    """Four real calls, both sides talking."""
    stage.tell("voices")
    (talk,) = await talks(stage.voices(), 1)
    sides = {
        "caller": write(stage.folder / "caller.wav", np.frombuffer(b"".join(talk.caller), "<i2")),
        "agent": write(stage.folder / "agent.wav", np.frombuffer(b"".join(talk.agent), "<i2")),
    }
    stage.tell("a node and phones")
    async with SipCalls(stage) as sip:
        workers = children(os.getpid(), "telephony.sip_worker")[:WORKERS]  # the one in reserve is younger
        idle = await _cores(workers, _BASELINE_S)
        empty = [resident_kib(pid) for pid in workers]
        stage.tell(f"{LINES} calls, {TALK_S:.0f} s")
        calls = await sip.join()
        for call in calls:
            await call.caller.play(sides["caller"])
            await call.agent.play(sides["agent"])
        busy = await _cores(workers, TALK_S)
        full = [resident_kib(pid) for pid in workers]
        dropped = sip.dropped
        for call in calls:
            await call.caller.hang_up()
    return Report(
        figures=(
            Figure(name="CPU of a bridged call", value=100 * (busy - idle) / LINES, unit="% of a core"),
            Figure(name=f"CPU of {WORKERS} workers with {LINES} calls", value=100 * busy, unit="% of a core"),
            Figure(name=f"CPU of {WORKERS} workers without calls", value=100 * idle, unit="% of a core"),
            Figure(name="memory of a worker with 2 calls", value=max(full) / 1024, unit="MiB"),
            Figure(name="memory of a worker without calls", value=max(empty) / 1024, unit="MiB"),
            Figure(name="frames dropped", value=dropped, unit="", bound=0),
        ),
        notes=("real SIP and G.711 on loopback; the phones' own CPU is not in it",),
    )


async def _cores(pids: list[int], seconds: float) -> float:
    began, before = time.monotonic(), sum(map(cpu_s, pids))
    await asyncio.sleep(seconds)
    return (sum(map(cpu_s, pids)) - before) / (time.monotonic() - began)
