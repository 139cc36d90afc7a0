"""The call as its visit sees it: what the caller wishes goes to the call flow, what is said goes to the ear."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from ars.model import Contact, Language, said
from ars.voice import Speech
from core.events import Event
from core.log import get_logger
from server.ear import Ear
from server.line import Line

log = get_logger("server.call_side")

WISHES: Final = 8
"""Wishes that may wait for the call flow; a newer one replaces the oldest, for only the last counts."""


class FindAgent(msgspec.Struct, frozen=True):
    """An agent of that queue."""

    queue: str


class CallContact(msgspec.Struct, frozen=True):
    """A department."""

    name: str
    phone: str


class BookCallback(msgspec.Struct, frozen=True):
    """To be called back; '' = on the number that calls."""

    number: str


class EndCall(msgspec.Struct, frozen=True):
    """Nothing more."""


Wish = FindAgent | CallContact | BookCallback | EndCall


class CallSide:
    """``ars.visit.CallSide``. Owned by one call flow, which takes the wishes."""

    def __init__(self, line: Line, ear: Ear, typed: Callable[[str], Awaitable[None]]) -> None:
        self.call_id = line.call_id
        self.waiting = False
        """Music follows what is said."""
        self.over = False
        """The call has ended: events still go on its line, nothing else is possible."""
        self.wishes: asyncio.Queue[Wish] = asyncio.Queue(maxsize=WISHES)
        self._line = line
        self._ear = ear
        self._typed = typed

    async def tell(self, event: Event) -> None:
        """See ``ars.visit.CallSide``."""
        await self._line.say(event)

    async def speak(self, speech: Speech) -> None:
        """See ``ars.visit.CallSide``."""
        if not self.over:
            self._ear.speak(speech, then_music=self.waiting)

    async def hush(self) -> None:
        """See ``ars.visit.CallSide``."""
        if not self.over:
            await self._ear.hush()

    async def find_agent(self, queue: str) -> None:
        """See ``ars.visit.CallSide``."""
        self._wish(FindAgent(queue))

    async def call_contact(self, contact: Contact, language: Language) -> None:
        """See ``ars.visit.CallSide``."""
        self._wish(CallContact(said(contact.name, "ko"), contact.phone))

    async def book(self, number: str) -> None:
        """See ``ars.visit.CallSide``."""
        self._wish(BookCallback(number))

    async def end(self) -> None:
        """See ``ars.visit.CallSide``."""
        self._wish(EndCall())

    async def typed(self, text: str) -> None:
        """See ``ars.visit.CallSide``."""
        if not self.over:
            await self._typed(text)

    def _wish(self, wish: Wish) -> None:
        if self.over:
            return
        if self.wishes.full():
            dropped = self.wishes.get_nowait()
            log.warning("wish.replaced", call_id=self.call_id, wish=type(dropped).__name__)
        self.wishes.put_nowait(wish)
