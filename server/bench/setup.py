"""Bench ``setup``: from a caller's INVITE to the 200, straight to a worker (the lab measures it through Kamailio)."""

from __future__ import annotations

import asyncio
from typing import Final

from server.bench.bridge_calls import Joiner, one_worker
from server.bench.figures import Figure, Report, spread
from server.bench.parties import Parties
from server.bench.stage import Stage
from telephony.sip_build import installed

CALLS: Final = {"tuned": 200, "wheel": 40}
PER_S: Final = {"tuned": 10.0, "wheel": 1.5}
BOUND_S: Final = 0.030
_TALK_S: Final = 0.1
"""Few calls overlap, so that the wheel has a line for each."""


async def measure(stage: Stage) -> Report:
    """Each build; the node answers at once and so does the agent."""
    figures: list[Figure] = []
    for build in installed():
        stage.tell(f"{build.name}: {CALLS[build.kind]} calls")
        async with one_worker(stage, build.kind) as bridge, Parties(bridge.addresses[0]) as parties:
            joiner = Joiner(bridge, parties.agent)
            working = asyncio.create_task(joiner.work())
            try:
                done = await parties.pass_by(CALLS[build.kind], PER_S[build.kind], _TALK_S)
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
        figures += spread(f"{build.name}: INVITE to 200", done.setup_s, bound=BOUND_S)
        figures.append(Figure(name=f"{build.name}: refused", value=done.refused, unit="", bound=0))
    return Report(figures=tuple(figures), notes=("straight to one worker; its decision comes from the node",))
