"""What a step of the menu wants done, to be carried out in its order."""

from __future__ import annotations

import msgspec

from ars.model import Language, Words
from ars.state import Sent, State, Values
from core.events import ScreenCause


class Show(msgspec.Struct, frozen=True):
    """Another screen: tell page and desk."""

    cause: ScreenCause


class Refresh(msgspec.Struct, frozen=True):
    """The same screen with other values or another notice: tell the page."""


class Hush(msgspec.Struct, frozen=True):
    """Stop the prompt at once."""


class Read(msgspec.Struct, frozen=True):
    """Read the screen to the caller, after a notice if there is one."""

    notice: str = ""
    said: Words = {}


class ToQueue(msgspec.Struct, frozen=True):
    """Find an agent of this queue."""

    queue: str


class ToContact(msgspec.Struct, frozen=True):
    """Call this contact of the menu."""

    contact: str


class SendText(msgspec.Struct, frozen=True):
    """Send this message of the menu."""

    message: str
    values: Values = ()
    """Of the form just sent, in the caller's words; secret ones are not among them."""


class SendVisitLink(msgspec.Struct, frozen=True):
    """Send the link of the page."""


class Book(msgspec.Struct, frozen=True):
    """Keep the place and call back; '' = the number that calls."""

    number: str


class TryCode(msgspec.Struct, frozen=True):
    """Bring the page that shows this code to this call."""

    code: str


class Speaks(msgspec.Struct, frozen=True):
    """The caller has chosen the language in which she is spoken to, and will speak it."""

    language: Language


class EndCall(msgspec.Struct, frozen=True):
    """Let the prompt end, then hang up."""


Effect = (
    Show
    | Refresh
    | Hush
    | Read
    | ToQueue
    | ToContact
    | SendText
    | SendVisitLink
    | Book
    | TryCode
    | Sent
    | Speaks
    | EndCall
)
Step = tuple[State, tuple[Effect, ...]]
"""The state after an input, and what has to be done."""
