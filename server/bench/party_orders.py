"""The inner end of a process of parties: orders in lines of JSON on stdin, an answer to each on stdout."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable

import msgspec

from server.bench.party_messages import Done, Heard, Order, Ready, Said

_orders: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)


async def serve(ready: Ready, obey: Callable[[Order], Awaitable[Done | Heard]]) -> None:
    """Say that all is ready, then carry out one order after the other, until stdin ends: the process ends with it."""
    loop = asyncio.get_running_loop()
    orders: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin.buffer:
            loop.call_soon_threadsafe(orders.put_nowait, line)
        os._exit(0)

    _say(ready)
    threading.Thread(target=read, daemon=True).start()
    while True:
        _say(await obey(_orders.decode(await orders.get())))


def _say(message: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()
