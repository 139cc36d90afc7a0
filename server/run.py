"""``minwon run``: a node until SIGTERM or Ctrl-C, which let running calls end; a second signal ends them at once."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack

from core.config import Config
from core.home import open_home
from server.app import Node
from server.json_lines import events_on_stdout


async def run(config: Config, *, json: bool) -> None:
    """Open the node, say where the desk is, serve until a signal comes."""
    stop = asyncio.Event()
    async with Node(config, open_home(config.node.home)) as node, AsyncExitStack() as extras:
        if json:
            await extras.enter_async_context(events_on_stdout(node))
        else:
            print(f"minwon: desk {node.desk_url}  sip {' '.join(node.sip_addresses)}", file=sys.stderr)
        serving = asyncio.create_task(node.serve_until(stop), name="serve")
        loop = asyncio.get_running_loop()

        def on_signal() -> None:
            if stop.is_set():
                serving.cancel()
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal)
        try:
            await serving
        except asyncio.CancelledError:
            await node.end_now()
