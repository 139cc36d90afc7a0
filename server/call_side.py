"""The call as its visit sees it: what the caller wishes goes to the call flow, what is said goes to the ear.

Wishes are taken one after the other by ``server.reach``. A booking is the only one that is answered: until then the
visit waits, so that nobody hears 'booked' and is hung up on without a booking.
"""

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
    booked: asyncio.Future[bool]
    """Set by whoever takes the wish."""


class EndCall(msgspec.Struct, frozen=True):
    """Nothing more."""


Wish = FindAgent | CallContact | BookCallback | EndCall


class CallSide:
    """``ars.visit.CallSide``. Owned by one call flow, which takes the wishes."""

    def __init__(
        self,
        line: Line,
        ear: Ear,
        typed: Callable[[str], Awaitable[None]],
        spoken: Callable[[Language], Awaitable[None]],
    ) -> None:
        self.call_id = line.call_id
        self._over = False
        self._taken = True
        """Somebody takes the wishes, or will; see ``take_no_more``."""
        self.wishes: asyncio.Queue[Wish] = asyncio.Queue(maxsize=WISHES)
        self._line = line
        self._ear = ear
        self._typed = typed
        self._spoken = spoken

    @property
    def over(self) -> bool:
        """The call has ended: events still go on its line, nothing else is possible."""
        return self._over

    def ends(self) -> None:
        """The call is over from now on."""
        self._over = True
        self.take_no_more()

    async def tell(self, event: Event) -> None:
        """See ``ars.visit.CallSide``."""
        await self._line.say(event)

    async def speak(self, speech: Speech) -> None:
        """See ``ars.visit.CallSide``."""
        if not self.over:
            self._ear.speak(speech)

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

    async def book(self, number: str) -> bool:
        """See ``ars.visit.CallSide``."""
        booked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wish(BookCallback(number, booked))
        return await booked

    async def end(self) -> None:
        """See ``ars.visit.CallSide``."""
        self._wish(EndCall())

    async def typed(self, text: str) -> None:
        """See ``ars.visit.CallSide``."""
        if not self.over:
            await self._typed(text)

    async def speaks(self, language: Language) -> None:
        """See ``ars.visit.CallSide``."""
        if not self.over:
            await self._spoken(language)

    def take_no_more(self) -> None:
        """Somebody has answered, or the call ends: what is still wished does not come to pass."""
        self._taken = False
        while not self.wishes.empty():
            _not_taken(self.wishes.get_nowait())

    def _wish(self, wish: Wish) -> None:
        if not self._taken:
            _not_taken(wish)
            return
        if self.wishes.full():
            dropped = self.wishes.get_nowait()
            _not_taken(dropped)
            log.warning("wish.replaced", call_id=self.call_id, wish=type(dropped).__name__)
        self.wishes.put_nowait(wish)


def _not_taken(wish: Wish) -> None:
    if isinstance(wish, BookCallback) and not wish.booked.done():
        wish.booked.set_result(False)
