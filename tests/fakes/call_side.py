"""The call of a visit, in memory: records what the visit asked of it, in order.

call = FakeCall("c1")
visit = visits.begin_call(call, phase="menu", has_number=True)
await call.until("speak")            # the first speech was asked for
call.asked                           # [("tell", VisitChanged(...)), ("tell", ScreenShown(...)), ("speak", Speech(...))]
"""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from ars.model import Contact, Language
from ars.voice import Speech
from core.events import Event

E = TypeVar("E", bound=Event)


class FakeCall:
    """Fulfils ``ars.visit.CallSide``."""

    def __init__(self, call_id: str = "c1") -> None:
        self.call_id = call_id
        self.asked: list[tuple[str, Any]] = []
        """(method, what it was given) in order."""
        self.fails: dict[str, Exception] = {}
        """What a method raises, by its name."""
        self.books = True
        """Whether a booking is taken."""
        self._news = asyncio.Event()

    def of(self, method: str) -> list[Any]:
        """What a method was given, call by call."""
        return [given for name, given in self.asked if name == method]

    def told(self, kind: type[E]) -> list[E]:
        """The events of a kind that were said on the call's line."""
        return [event for event in self.of("tell") if isinstance(event, kind)]

    async def until(self, method: str, count: int = 1, timeout: float = 10.0) -> Any:
        """Wait until a method was called so often; returns what it was given then."""
        async with asyncio.timeout(timeout):
            while len(self.of(method)) < count:
                self._news.clear()
                await self._news.wait()
        return self.of(method)[count - 1]

    def _record(self, method: str, given: Any = None) -> None:
        self.asked.append((method, given))
        self._news.set()
        if method in self.fails:
            raise self.fails[method]

    async def tell(self, event: Event) -> None:
        self._record("tell", event)

    async def speak(self, speech: Speech) -> None:
        self._record("speak", speech)

    async def hush(self) -> None:
        self._record("hush")

    async def find_agent(self, queue: str) -> None:
        self._record("find_agent", queue)

    async def call_contact(self, contact: Contact, language: Language) -> None:
        self._record("call_contact", (contact, language))

    async def book(self, number: str) -> bool:
        self._record("book", number)
        return self.books

    async def end(self) -> None:
        self._record("end")

    async def typed(self, text: str) -> None:
        self._record("typed", text)

    async def speaks(self, language: Language) -> None:
        self._record("speaks", language)
