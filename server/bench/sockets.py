"""Bench ``sockets``: what an idle desk costs a node: 1,000 open WebSockets of signed-in browsers."""

from __future__ import annotations

import asyncio
from typing import Final

from core.events import AnyEvent
from server.bench.desks import Desks, agent_id
from server.bench.figures import Figure, Report
from server.bench.node_process import prepare, running
from server.bench.open_files import allow_files
from server.bench.processes import resident_kib
from server.bench.stage import Stage

SOCKETS: Final = 1000
BOUND_KIB: Final = 60.0
_AT_ONCE: Final = 50
_FILES: Final = SOCKETS + 500
_SETTLE_S: Final = 3.0
_WARM_UP: Final = 10
"""Desks opened before the first look: code that is loaded with the first desk is no desk's memory."""


async def measure(stage: Stage) -> Report:
    """Memory of `minwon run` before and after they are opened."""
    allow_files(_FILES)
    home = stage.fresh_home()
    await prepare(home)
    stage.tell("a node")
    async with running(home) as node, Desks(node.desk) as desks:
        cookie = await desks.sign_in(agent_id(0))
        await _open(desks, cookie, _WARM_UP)
        await asyncio.sleep(_SETTLE_S)
        before = half = resident_kib(node.pid)
        for opened in range(0, SOCKETS, _AT_ONCE):
            if opened == SOCKETS // 2:
                await asyncio.sleep(_SETTLE_S)
                half = resident_kib(node.pid)
            stage.tell(f"{opened} sockets")
            await _open(desks, cookie, _AT_ONCE)
        await asyncio.sleep(_SETTLE_S)
        after = resident_kib(node.pid)
    return Report(
        figures=(
            Figure(name="an idle desk's WebSocket", value=(after - before) / SOCKETS, unit="KiB", bound=BOUND_KIB),
            Figure(name="the second half alone", value=(after - half) / (SOCKETS / 2), unit="KiB", bound=BOUND_KIB),
            Figure(name=f"node with {SOCKETS} of them", value=after / 1024, unit="MiB"),
            Figure(name="node before", value=before / 1024, unit="MiB"),
        ),
        notes=(
            "resident memory of the node's process; the kernel's socket buffers are not in it",
            "the first sockets may take memory that was free since the start, hence the second half by itself",
        ),
    )


async def _open(desks: Desks, cookie: str, count: int) -> None:
    await asyncio.gather(*(desks.open(cookie, _nothing) for _ in range(count)))


def _nothing(_arrived: float, _event: AnyEvent) -> None:
    """Idle desks hear little, and nobody notes it."""
