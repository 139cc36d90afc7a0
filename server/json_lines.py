"""``--json``: a Ready line, then one line per event on stdout, for scripts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from core.bus.contract import Overflow, Subscription
from core.events import to_json
from server.app import Node

LIMIT = 10_000
"""Events that wait for a slow reader; beyond it the oldest go, for the calls must not wait for a pipe."""


@asynccontextmanager
async def events_on_stdout(node: Node) -> AsyncIterator[None]:
    """Print the Ready line, then events as they happen; on leaving, print what is still queued."""
    _print(msgspec.json.encode({"type": "Ready", "desk": node.desk_url, "sip": list(node.sip_addresses)}))
    subscription = node.bus.subscribe(name="json", limit=LIMIT, overflow=Overflow.DROP_OLDEST)
    printing = asyncio.create_task(_print_all(subscription), name="json lines")
    try:
        yield
    finally:
        subscription.close()
        await printing


async def _print_all(subscription: Subscription) -> None:
    async for event in subscription:
        await asyncio.to_thread(_print, to_json(event))


def _print(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
