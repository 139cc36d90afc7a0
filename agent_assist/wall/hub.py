"""One picture for all walls and big screens of a node. It is drawn only while somebody looks.

The bus is read once, whatever number of walls; what has changed is encoded once a second and the same bytes go to all.
A bus that runs ahead of us (``LIMIT``) is no reason to show a wrong picture: it is drawn anew, and all get it whole.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

import msgspec

from agent_assist.wall.board import Board, board_of
from agent_assist.wall.difference import difference, empty, whole
from agent_assist.wall.house import WallHouse
from agent_assist.wall.messages import WallDifference, WallPicture
from agent_assist.wall.picture import DRAWN, Picture
from agent_assist.wall.rows import Key, Sections
from agent_assist.wall.sight import Sight
from agent_assist.wall.urgent import GATHER_S, is_urgent
from core import metrics
from core.agent import Agent
from core.bus.contract import Overflow
from core.events import Event, now
from core.log import get_logger

log = get_logger("agent_assist.wall")

LIMIT: Final = 20_000
"""Events that may wait for us: more than ten seconds of 150 lively calls."""
BEHIND: Final = 30
"""Messages that may wait for a slow browser: half a minute. Beyond it the socket is closed, and comes back afresh."""
TICK_S: Final = 1.0
BREATHE: Final = 10
"""Calls that are drawn at a stretch for a new picture; then others have their turn."""
_encode: Final = msgspec.json.Encoder().encode


class Viewer:
    """One browser's messages, ready to be sent. ``async for``; ends when the hub closes or the browser lags."""

    def __init__(self, first: Callable[[], bytes], sight: Sight = None) -> None:
        self.sight = sight
        self.first = first
        """Everything, as it stands now: the message to begin with, and again when the picture was drawn anew."""
        self.lagged = False
        self._waiting: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._over = False

    def put(self, message: bytes) -> None:
        """One more message; beyond ``BEHIND`` the browser is too slow."""
        if len(self._waiting) >= BEHIND:
            self.lagged = True
            self.close()
        elif not self._over:
            self._waiting.append(message)
            self._news.set()

    def close(self) -> None:
        """No more messages."""
        self._over = True
        self._waiting.clear()
        self._news.set()

    async def messages(self) -> AsyncIterator[bytes]:
        """What to send."""
        while not self._over:
            self._news.clear()
            while self._waiting:
                yield self._waiting.popleft()
            if not self._over:
                await self._news.wait()


class Hub:
    """One per node. ``watch``/``watch_board`` give a viewer, ``leave`` takes it back."""

    def __init__(self, house: WallHouse) -> None:
        self.house = house
        self.picture = Picture()
        self._told: dict[Sight, Sections] = {}
        """What all who see the same have been told."""
        self._walls: set[Viewer] = set()
        self._boards: set[Viewer] = set()
        self._board: Board | None = None
        self._running: asyncio.Task[None] | None = None
        self._urgent: set[Key] = set()
        self._hurry: asyncio.TimerHandle | None = None
        self._ready = asyncio.Event()

    async def watch(self, agent: Agent) -> Viewer:
        """A supervisor's wall: the whole picture first, then differences."""
        return await self._comes(self._walls, Viewer(lambda: self._whole(agent), agent.people))

    async def watch_board(self) -> Viewer:
        """A big screen: its numbers, whenever they have changed."""
        return await self._comes(self._boards, Viewer(lambda: _encode(self._board_now())))

    def leave(self, viewer: Viewer) -> None:
        """The browser is gone; with the last one the picture is no longer drawn."""
        viewer.close()
        self._walls.discard(viewer)
        self._boards.discard(viewer)
        if viewer.sight not in {other.sight for other in self._walls}:
            self._told.pop(viewer.sight, None)
        metrics.WALLS.set(len(self._walls) + len(self._boards))
        if not self._walls and not self._boards and self._running is not None:
            self._running.cancel()
            self._running = None

    async def close(self) -> None:
        """The node goes down."""
        running, self._running = self._running, None
        for viewer in [*self._walls, *self._boards]:
            viewer.close()
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def care(self, key: str, agent: Agent, since: datetime | None) -> bool:
        """She takes care of an alert since then, or no longer; told at once. False: it is over."""
        found = self.picture.care(key, agent.name, since)
        self._soon({("alerts", key)})
        return found

    # The picture.

    async def _comes(self, viewers: set[Viewer], viewer: Viewer) -> Viewer:
        if self._running is None:
            self._ready.clear()
            self._running = asyncio.create_task(self._run(), name="wall")
        running = self._running
        viewers.add(viewer)
        metrics.WALLS.set(len(self._walls) + len(self._boards))
        if self._ready.is_set():
            viewer.put(viewer.first())
        else:
            ready = asyncio.create_task(self._ready.wait())
            await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
        return viewer

    async def _run(self) -> None:
        """Draw and tell until nobody looks. A fault, or the end of the bus, closes all walls, which come back."""
        try:
            while await self._draw():
                log.warning("wall.behind")
        except Exception as fault:
            log.exception("wall.failed", error=type(fault).__name__)
        finally:
            self._ready.clear()
            if self._hurry is not None:
                self._hurry.cancel()
                self._hurry = None
        self._running = None
        for viewer in [*self._walls, *self._boards]:
            viewer.close()

    async def _draw(self) -> bool:
        """One picture, from its beginning until the bus has left us behind (True) or ends."""
        async with self.house.bus.subscribe(
            name="wall", limit=LIMIT, overflow=Overflow.CLOSE, only=lambda event: type(event) in DRAWN
        ) as news:
            drawn = await self._begin()
            for care in await self.house.cares():
                row = self.picture.alerts.get(care.alert)
                if row is not None and row.at <= care.at:  # what troubles the node may come again: nobody has that yet
                    self.picture.care(care.alert, care.name, care.at)
            self._told.clear()
            self.picture.fresh()
            self._urgent.clear()
            self._ready.set()
            for viewer in [*self._walls, *self._boards]:
                viewer.put(viewer.first())
            async with asyncio.TaskGroup() as tasks:
                ticking = tasks.create_task(self._tick(), name="seconds of the wall")
                async for event in news:
                    if event.LASTING and event.call_id and event.seq <= drawn.get(event.call_id, 0):
                        continue
                    self._take(event)
                ticking.cancel()
            return news.lagged

    async def _begin(self) -> dict[str, int]:
        """A new picture of how things stand; the number up to which each call's line is in it."""
        house, self.picture = self.house, Picture()
        picture, drawn = self.picture, dict[str, int]()
        picture.people(house.agents())
        for state in house.states():
            picture.take(state)
        for count, line in enumerate(house.lines(), start=1):
            for event in line:
                picture.take(event)
            if line:
                drawn[line[-1].call_id] = line[-1].seq
            if count % BREATHE == 0:
                await asyncio.sleep(0)
        for written in await house.written():
            picture.take(written)
        picture.late(now())
        for issue in await house.issues():
            picture.take(issue)
        picture.take(house.queue())
        picture.today(house.figures())
        picture.troubles(house.troubles())
        return drawn

    def _take(self, event: Event) -> None:
        if not is_urgent(event):
            self.picture.take(event)
            return
        # What the event itself moves, not what has gathered since the second: words may wait.
        gathered = self.picture.fresh()
        self.picture.take(event)
        moved = self.picture.fresh()
        self.picture.touched = gathered - moved
        self._soon(moved)

    def _soon(self, moved: set[Key]) -> None:
        self._urgent |= moved
        if moved and self._hurry is None:
            self._hurry = asyncio.get_running_loop().call_later(GATHER_S, self._tell_urgent)

    def _tell_urgent(self) -> None:
        self._hurry = None
        urgent, self._urgent = self._urgent, set()
        self._tell(urgent)

    async def _tick(self) -> None:
        """What is asked for, and what has gathered, once a second."""
        loop = asyncio.get_running_loop()
        due = loop.time() + TICK_S
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            due = max(due + TICK_S, loop.time())
            self.picture.people(self.house.agents())
            self.picture.today(self.house.figures())
            self.picture.troubles(self.house.troubles())
            self.picture.late(now())
            self._tell(self.picture.fresh())

    def _tell(self, touched: set[Key]) -> None:
        for sight, told in self._told.items():
            if patch := difference(told, self.picture.sections, touched, sight):
                message = _encode(WallDifference(patch=patch))
                for viewer in [one for one in self._walls if one.sight == sight]:
                    viewer.put(message)
        if self._boards and (touched or self._board is None):
            before, after = self._board, self._board_now()
            if before != after:
                message = _encode(after)
                for viewer in list(self._boards):
                    viewer.put(message)

    def _board_now(self) -> Board:
        self._board = board_of(self.picture, self.house.centre)
        return self._board

    def _whole(self, agent: Agent) -> bytes:
        """What all others who see the same have been told by now: the next difference fits to it."""
        if agent.people not in self._told:
            told = self._told[agent.people] = empty()
            rows = self.picture.sections
            difference(told, rows, [(section, row_id) for section in rows for row_id in rows[section]], agent.people)
        return _encode(
            WallPicture(
                agent=agent,
                centre=self.house.centre,
                now=now(),
                reasons=tuple(self.house.reasons),
                picture=whole(self._told[agent.people]),
            )
        )
