"""Bench ``start``: from typing `minwon run` to taking calls."""

from __future__ import annotations

from statistics import median
from typing import Final

from server.bench.figures import Figure, Report
from server.bench.node_process import prepare, running
from server.bench.stage import Stage

BOUND_S: Final = 5.0
TIMES: Final = 3


async def measure(stage: Stage) -> Report:
    """Start and stop a node some times."""
    home = stage.fresh_home()
    entries = await prepare(home)
    seconds = []
    for number in range(TIMES):
        stage.tell(f"start {number + 1} of {TIMES}")
        async with running(home) as node:
            seconds.append(node.start_s)
    return Report(
        figures=(
            Figure(name="process start to Ready, median", value=median(seconds), unit="s", bound=BOUND_S),
            Figure(name="process start to Ready, slowest", value=max(seconds), unit="s"),
        ),
        notes=(f"{TIMES} starts with {entries} entries, default number of SIP and decode workers",),
    )
