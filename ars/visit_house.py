"""What visits need around them: the call on one side, the node on the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from ars import voice
from ars.model import Contact, Language
from core.events import Event

if TYPE_CHECKING:
    from ars.visit import Visit


class CallSide(Protocol):
    """The call of a visit, as far as a visit may touch it. Fulfilled by ``server.call_side``."""

    call_id: str

    async def tell(self, event: Event) -> None:
        """Say an event on the call's line."""

    async def speak(self, speech: voice.Speech) -> None:
        """Say this to the caller instead of what is being said; the end is told by ``Visit.spoken``."""

    async def hush(self) -> None:
        """Silence at once."""

    async def find_agent(self, queue: str) -> None:
        """The caller wants an agent of that queue."""

    async def call_contact(self, contact: Contact, language: Language) -> None:
        """The caller wants that department."""

    async def book(self, number: str) -> bool:
        """Keep the caller's place and call back; '' = the number that calls. When it could not be booked the visit has
        been told (``menu.NotBooked``), and the answer is False."""

    async def end(self) -> None:
        """Hang up when the present speech is over."""

    async def typed(self, text: str) -> None:
        """The caller wrote something to the agent."""

    async def speaks(self, language: Language) -> None:
        """The caller has chosen that language, here or on the page with which she calls."""


class VisitHouse(Protocol):
    """What visits need of the node. Fulfilled by ``server.visual_ars``."""

    def now(self) -> dt.datetime:
        """Local time with its zone."""

    def spoken_language(self, language: Language) -> Language:
        """The language in which a voice speaks to a caller of that language."""

    async def send_text(self, visit: Visit, text: str, *, secrets: tuple[str, ...] = (), by: str = "") -> None:
        """A text message to the visit's caller. ``Refused`` in words."""

    def link(self, visit: Visit) -> str:
        """A new link to the visit's page."""

    def try_code(self, visit: Visit, code: str) -> bool:
        """Bring the page that shows this code to this visit. False: there is none."""

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run beside; ended with the node."""
