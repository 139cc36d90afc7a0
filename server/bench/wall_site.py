"""A process that serves nothing but a wall over a made-up floor that lives, for the bench ``wall``.

``python -m server.bench.wall_site``: orders come as JSON lines on stdin, answers go to stdout; it ends with its stdin.
"""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import count
from typing import Final

import msgspec
from aiohttp import web

from agent_assist.desk_pages import DeskPages
from agent_assist.wall.routes import wall
from core import log
from core.config import LogConfig
from core.events import AlertChanged, AlertState
from server.bench.wall_floor import Floor

AGENTS: Final = 300
CALLS: Final = 150


class Alert(msgspec.Struct, frozen=True, tag=True):
    """Somebody shouts for help, in one of the calls; answered by ``Said``."""


class Settle(msgspec.Struct, frozen=True, tag=True):
    """All those are over; answered by ``Said``."""


class Up(msgspec.Struct, frozen=True, tag=True):
    """The site serves."""

    port: int


class Said(msgspec.Struct, frozen=True, tag=True):
    """It happened."""

    key: str
    """The alert's key on the wall."""
    at: float
    """``time.time()``, just before it was said."""


Order = Alert | Settle
Answer = Up | Said


async def main() -> None:
    """Serve until stdin ends."""
    log.setup(LogConfig(level="error"), "bench")
    floor = Floor(agents=AGENTS, calls=CALLS)
    app, pages = web.Application(), DeskPages()
    app.router.add_get("/desk/static/{path:.+}", pages.static)
    wall(floor, pages)(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _say(Up(port=runner.addresses[0][1]))
    living = asyncio.create_task(_live(floor))
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    numbers, raised = count(1), list[tuple[str, str]]()
    async for line in orders:
        order: Order = msgspec.json.decode(line, type=Order)
        if isinstance(order, Alert):
            call = next(one for one in floor.calls if floor.agent_of(one))
            raised.append((call, f"bench-{next(numbers)}"))
            await _alert(floor, *raised[-1], "raised")
        else:
            for call, alert in raised:
                if call in floor.calls:
                    await floor.say(call, AlertChanged(alert_id=alert, kind="emergency", state="closed"))
            raised.clear()
            _say(Said("", time.time()))
    living.cancel()
    await runner.cleanup()


async def _live(floor: Floor) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        await floor.second(spread_s=0.8)
        due = max(due + 1.0, loop.time())
        await asyncio.sleep(due - loop.time())


async def _alert(floor: Floor, call: str, alert: str, state: AlertState) -> None:
    at = time.time()
    await floor.say(call, AlertChanged(alert_id=alert, kind="emergency", words=("살려",), state=state))
    _say(Said(f"{call} {alert}", at))


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main())
