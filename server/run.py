"""``minwon run``: a node until SIGTERM or Ctrl-C, which let running calls end; a second signal ends them at once."""

from __future__ import annotations

import asyncio
import signal
import sys

from core.bus.contract import Overflow, Subscription
from core.config import Config
from core.home import open_home
from core.log import get_logger
from server import starting
from server.app import Node
from server.json_lines import LIMIT, JsonLines

log = get_logger("server.run")


async def run(config: Config, *, json: bool) -> None:
    """Open the node, say where the desk is, serve until a signal comes."""
    printing: asyncio.Task[None] | None = None
    node = Node(config, open_home(config.node.home))
    # Before the node starts: adopted calls speak while it does.
    events = node.bus.subscribe(name="json", limit=LIMIT, overflow=Overflow.DROP_OLDEST) if json else None
    async with node:
        starting.done()
        if events is not None:
            lines = JsonLines(sys.stdout.buffer)
            more = {"phone": f"{node.public_url}/v/"} if node.parts.shelf else {}
            if node.fork_addresses:
                more["forks"] = " ".join(f"{kind}://{address}" for kind, address in node.fork_addresses.items())
            lines.ready(node.desk_url, node.sip_addresses, **more)
            printing = asyncio.create_task(_print(events, lines), name="json lines")
        else:
            print(f"minwon: desk {node.desk_url}  sip {' '.join(node.sip_addresses)}", file=sys.stderr)
        await _serve(node)
    if printing is not None:
        await printing  # it ends with the bus, which the node has closed: the last events are printed too


async def _serve(node: Node) -> None:
    stop = asyncio.Event()
    serving = asyncio.create_task(node.serve_until(stop), name="serve")

    def on_signal() -> None:
        if stop.is_set():
            serving.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    try:
        await serving
    except asyncio.CancelledError:
        await node.end_now()


async def _print(events: Subscription, lines: JsonLines) -> None:
    """Until the node's end. Nobody reading is no reason to end calls."""
    try:
        async for event in events:
            await lines.show(event)
    except BrokenPipeError:
        log.warning("json_lines.reader_gone")
        events.close()
