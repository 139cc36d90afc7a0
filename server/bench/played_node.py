"""The process of a played node: the real node over a :class:`PlayedBridge`, ordered about by lines on stdin.

A process of its own, so that its memory and CPU are the node's and the measuring side cannot slow it down. It ends
with its stdin.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from core import log
from core.audio import FRAME_S
from core.config import LogConfig
from core.home import Home
from server.app import Node
from server.bench.desks import bench_config
from server.bench.played_bridge import PlayedBridge, PlayedCall
from server.bench.played_messages import Answer, Began, Carry, Order, Plan, Seen, Up, load
from server.knowledge import sample_entries


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


async def _stdin() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def main() -> None:
    """Read the plan, open the node, obey until stdin ends."""
    log.setup(LogConfig(level="error"), "bench")
    orders = await _stdin()
    plan = msgspec.json.decode(await orders.readline(), type=Plan)
    talks = load(Path(plan.talks))
    bridge = PlayedBridge(talks, on_begin=lambda call: _say(_began(call, len(talks))))
    home = Home(Path(plan.home))
    uris = [f"sip:{number}@played" for number in range(plan.agents)]
    async with Node(bench_config(home, uris, model=plan.model), home, bridge=bridge) as node:
        await node.assistant.load(sample_entries())
        _say(Up(desk=node.desk_url))
        async for line in orders:
            order: Order = msgspec.json.decode(line, type=Order)
            if isinstance(order, Carry):
                await bridge.carry(order.calls)
            else:
                _say(Seen(calls=len(node.calls), dropped=bridge.dropped))
        await bridge.carry(0)


def _began(call: PlayedCall, talks: int) -> Began:
    number = int(call.call_id.rpartition("-")[2])
    return Began(
        call_id=call.call_id,
        talk=number % talks,
        phase_s=call.phase * FRAME_S,
        begins_at=call.begins_at,
        began=call.began,
    )


if __name__ == "__main__":
    asyncio.run(main())
