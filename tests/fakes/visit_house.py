"""What visits need of the node, in memory, with a clock that is set by hand.

house = FakeVisitHouse()
visits = house.visits(small_menu())          # a real Visits over real Links
house.clock += dt.timedelta(minutes=10)      # nothing else moves it
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any, Final
from zoneinfo import ZoneInfo

from ars.links import Links
from ars.model import Language, Menu
from ars.visit import Visit
from ars.visits import Visits

SEOUL: Final = ZoneInfo("Asia/Seoul")
NOON: Final = dt.datetime(2026, 11, 26, 11, 0, tzinfo=SEOUL)
"""A Thursday in office hours, before lunch."""


class FakeVisitHouse:
    """Fulfils ``ars.visit.VisitHouse``."""

    def __init__(self, clock: dt.datetime = NOON) -> None:
        self.clock = clock
        self.texts: list[tuple[str, str, tuple[str, ...], str]] = []
        """(visit's id, text, its secrets, by) of each message that was sent."""
        self.send_fails: Exception | None = None
        """What sending raises."""
        self.voices: tuple[Language, ...] = ("ko", "en")
        """Languages that are spoken; the others hear English."""
        self.tasks: set[asyncio.Task[None]] = set()
        """What runs beside."""
        self.all: Visits | None = None

    def visits(self, menu: Menu | Callable[[], Menu], *, limit: int = 1000, grace_s: float = 900) -> Visits:
        """Visits of this house."""
        menus = menu if callable(menu) else lambda: menu
        self.all = Visits(self, menus, Links(limit), limit=limit, grace_s=grace_s)
        return self.all

    async def settle(self, timeout: float = 10.0) -> None:
        """Wait until nothing runs beside any more."""
        async with asyncio.timeout(timeout):
            while self.tasks:
                await asyncio.wait(self.tasks)

    def now(self) -> dt.datetime:
        return self.clock

    def spoken_language(self, language: Language) -> Language:
        return language if language in self.voices else "en"

    async def send_text(self, visit: Visit, text: str, *, secrets: tuple[str, ...] = (), by: str = "") -> None:
        if self.send_fails is not None:
            raise self.send_fails
        self.texts.append((visit.visit_id, text, secrets, by))

    def link(self, visit: Visit) -> str:
        assert self.all is not None
        return f"https://minwon.example/v/{self.all.link(visit)}"

    def try_code(self, visit: Visit, code: str) -> bool:
        return self.all is not None and self.all.join(visit, code)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
