"""``minwon exchange watch``: the ladder as it grows, and one call as a picture or as packets at the end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections import deque
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from core.config import Config
from core.errors import BadInput, MinwonError
from core.home import open_home
from server.exchange.capture import Capture
from server.exchange.ladder import Arrow, Ladder, Role
from server.exchange.ladder_svg import draw
from server.exchange.ladder_text import head, lane_width, line
from server.exchange.one_call import OneCall
from server.exchange.watch_client import watch
from server.exchange.watch_messages import AnyTold, Ask, Gap, Sip, Voice, Welcome

_AFTER_S = 2.0
"""A call that is over may have a last answer on its way."""
_ARROWS = 2000
_LOCAL = datetime.now(UTC).astimezone().tzinfo or UTC
_SHOWN: list[Role] = ["caller", "agent"]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    call: str = ""
    svg: Path | None = None
    pcap: Path | None = None
    json: bool = False
    numbers: bool = False


class Watcher:
    """One look."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._ladder = Ladder(numbers=wish.numbers)
        self._one = OneCall()
        self._arrows: deque[Arrow] = deque(maxlen=_ARROWS)
        self._roles = list(_SHOWN)
        self._lost = 0
        self._about = ""
        self._call = ""
        self._over_at: float | None = None
        self._capture: Capture | None = None
        self.says: list[str] = []
        """What is to be said at the end."""

    async def run(self, run: Path) -> None:
        """Until the call is over, the node goes, or Ctrl-C; then the files are written."""
        wish = self._wish
        ask = Ask(
            call=wish.call, voices=wish.pcap is not None, for_file="pcap" if wish.pcap else "svg" if wish.svg else ""
        )
        async with AsyncExitStack() as stack:
            if wish.pcap is not None:
                await self._begin_capture(stack)
            stop = asyncio.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            console = Console()
            live = not wish.json and console.is_terminal
            display = Live(console=console, refresh_per_second=8, get_renderable=self._screen)
            if live:
                stack.enter_context(display)
            reading = asyncio.create_task(self._read(run, ask, printing=not live), name="watch")
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not reading.done():
                reading.cancel()
            results = await asyncio.gather(reading, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]
        await asyncio.to_thread(self._write)

    async def _begin_capture(self, stack: AsyncExitStack) -> None:
        try:
            self._capture = await stack.enter_async_context(Capture())
        except MinwonError as fault:
            self.says.append(
                f"{fault}: voices are rebuilt from what minwon hears (root, or CAP_NET_RAW, captures them)"
            )

    async def _read(self, run: Path, ask: Ask, *, printing: bool) -> None:
        async for told in watch(run, ask):
            arrow = self._take(told)
            if arrow is not None and self._wish.json:
                print(msgspec.json.encode(arrow).decode(), flush=True)
            elif printing and (arrow is not None or isinstance(told, Welcome)):
                width = lane_width(120, len(self._roles))
                print(
                    line(arrow, width, self._roles, _LOCAL) if arrow else f"{self._about}\n{head(width, self._roles)}",
                    flush=True,
                )
            if self._over_at is None and self._call and self._ladder.over(self._call):
                self._over_at = time.monotonic()
                asyncio.get_running_loop().call_later(_AFTER_S, _end, asyncio.current_task())

    def _take(self, told: AnyTold) -> Arrow | None:
        match told:
            case Welcome(workers=workers, calls=calls):
                where = ", ".join(f"{name} {address}" for name, address in workers.items())
                self._about = f"workers: {where or 'none'}; calls: {', '.join(calls) or 'none'}"
                if self._wish.call not in ("", "next") and self._wish.call not in calls:
                    raise BadInput(f"no call '{self._wish.call}' runs; there are: {', '.join(calls) or 'none'}")
            case Sip(seen=seen):
                arrow = self._ladder.feed(seen)
                if arrow is None:
                    return None
                if self._wish.call:
                    self._call = self._call or seen.call
                    self._one.saw(seen)
                    if self._capture is not None:
                        self._capture.listen_on(self._one.ports)
                if arrow.role not in self._roles and arrow.role != "exchange":
                    self._roles.append(arrow.role)
                self._arrows.append(arrow)
                return arrow
            case Voice():
                self._one.heard(time.time(), told)
            case Gap(dropped=dropped):
                self._lost += dropped
        return None

    def _screen(self) -> Group:
        size = shutil.get_terminal_size()
        width = lane_width(min(size.columns - 30, 130), len(self._roles))
        shown = list(self._arrows)[-max(3, size.lines - 5) :]
        rows = [Text(line(arrow, width, self._roles, _LOCAL), style="red" if arrow.failed else "") for arrow in shown]
        lost = f"   {self._lost} lost: too many at once" if self._lost else ""
        foot = Text(f"{len(self._arrows)} messages{lost}   Ctrl-C ends it", style="dim")
        for row in (*rows, foot):
            row.no_wrap, row.overflow = True, "ellipsis"
        return Group(Text(self._about, style="dim"), Text(head(width, self._roles), style="bold"), *rows, foot)

    def _write(self) -> None:
        wish = self._wish
        if wish.svg is not None:
            arrows = [arrow for arrow in self._arrows if not self._call or arrow.call == self._call]
            _save(wish.svg, draw(arrows, title=f"call {self._call}").encode())
            self.says.append(f"{wish.svg}: {len(arrows)} messages")
        if wish.pcap is not None:
            captured = list(self._capture.packets) if self._capture is not None else None
            _save(wish.pcap, self._one.as_pcap(captured or None))
            voices = (
                f"{len(captured)} voice packets as captured"
                if captured
                else "voices rebuilt as G.711 from what we heard"
            )
            self.says.append(f"{wish.pcap}: {len(self._one.messages)} messages, {voices}")
            self.says.append("it holds numbers and voices: treat it as a recording, and delete it when you are done")


def _end(task: asyncio.Task[Any] | None) -> None:
    if task is not None:
        task.cancel()


def _save(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


async def run_watch(config: Config, wish: Wish) -> None:
    """Watch, then say what was written. ``BadInput`` for a file without a call."""
    if (wish.svg or wish.pcap) and not wish.call:
        raise BadInput("a file holds one call: add --call ID, or --call next for the next that comes")
    watcher = Watcher(wish)
    await watcher.run(open_home(config.node.home).run)
    for says in watcher.says:
        print(says, file=sys.stderr)
