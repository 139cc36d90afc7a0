"""What moves a visit: keys, taps, forms, the agent's pushes, silence, and what becomes of the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from ars.state import Stop, Values


class Key(msgspec.Struct, frozen=True):
    """A key of the telephone."""

    digit: str


class Tap(msgspec.Struct, frozen=True):
    """A button of the page: a choice's digit, 0 # *, or one of ``TAPPED``."""

    number: int
    """Of the screen that the page showed."""
    choice: str


class Submit(msgspec.Struct, frozen=True):
    """The page sends its form."""

    number: int
    values: Mapping[str, str]


class Push(msgspec.Struct, frozen=True):
    """The agent puts a screen into the caller's hand."""

    stop: Stop
    values: Values = ()
    """Fields that are filled in already."""


class Silence(msgspec.Struct, frozen=True):
    """Nothing came in time after a prompt, or after a key of a number."""


class TimeUp(msgspec.Struct, frozen=True):
    """A form's minutes are over."""


class Called(msgspec.Struct, frozen=True):
    """A page that was opened first has got its call."""

    has_number: bool


class Joined(msgspec.Struct, frozen=True):
    """An agent, or a department, and the caller hear each other."""


class NoAgent(msgspec.Struct, frozen=True):
    """Nobody could take the call, or the department did not answer."""

    contact: bool = False


Unbooked = Literal["not_callable", "booked_already", "not_now"]
"""Why no callback was booked, as the notice says it: the number, or we."""


class NotBooked(msgspec.Struct, frozen=True):
    """No callback was booked."""

    waiting: bool = False
    """The caller still waits for an agent; else she is back in the menu."""
    why: Unbooked = "not_callable"


class NotSent(msgspec.Struct, frozen=True):
    """The text message could not be sent."""


class WrongCode(msgspec.Struct, frozen=True):
    """No page shows that code."""


class HungUp(msgspec.Struct, frozen=True):
    """The call is over."""


class CalledBack(msgspec.Struct, frozen=True):
    """The callback that was booked here is being made: its call is this page's from now on."""


class BookingStands(msgspec.Struct, frozen=True):
    """The callback was made and not answered: it will be tried again."""


class BookingOver(msgspec.Struct, frozen=True):
    """The callback was made, or will not be."""


class PageSeen(msgspec.Struct, frozen=True):
    """A page opened, or the last one is lost."""

    open: bool


Input = (
    Key
    | Tap
    | Submit
    | Push
    | Silence
    | TimeUp
    | Called
    | Joined
    | NoAgent
    | NotBooked
    | NotSent
    | WrongCode
    | CalledBack
    | BookingStands
    | BookingOver
    | HungUp
    | PageSeen
)
