"""What passes between the desk and the house about the caller's own screen: pushes, reach, callbacks.

Text messages are in ``agent_assist.desk_texts``.

The desk knows nothing of menus, links and gateways; these structs are all that it says and is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from agent_assist.desk_texts import NumberShown
from core.events import CallbackState

PushKind = Literal["card", "contact", "screen", "place"]


class Push(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A screen that the agent puts into the caller's hand."""

    kind: PushKind
    """'card' = an entry of the consultation database, 'contact' = that entry's department with its telephone,
    'screen' and 'place' = of the menu with which the visit began."""
    id: str
    """The entry's, the screen's or the place's. The screen '@join' needs no page: from then on the caller's keys are
    the six digits of a page that was opened by address."""


class Pushable(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the menu that an agent may push."""

    kind: Literal["screen", "place"]
    """See ``Push``."""
    id: str
    """See ``Push``."""
    title: str
    """In Korean, for the agent."""
    icon: str = ""
    """Name of a picture in the menu, '' if none."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How this call's caller can be reached beside the voice. Whether a page is open the desk knows from the events."""

    mobile: bool = False
    """Text messages reach the caller's number."""
    number: str = ""
    """That number, digits; '' = there is none."""
    asked: NumberShown = NumberShown()
    """How far it is where the caller is asked for a mobile number."""
    link: bool = False
    """A link to a page can be made: the call has a visit and the centre an address."""
    entry: str = ""
    """The address to say to one who cannot get a link: it shows six digits to key in. '' = not offered."""
    read_typed: bool = False
    """What the caller types is spoken to the agent."""
    screens: tuple[Pushable, ...] = ()
    """What may be pushed beside cards and contacts, in the menu's order."""


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """One booked callback."""

    callback_id: str
    """The booking's own id."""
    number: str
    """Whom to call, digits."""
    since: datetime
    """When the caller began to wait; pages on."""
    state: CallbackState = "booked"
    """How far it is."""
    position: int = 0
    """Place among the open ones, 1 = next; 0 = not open."""
    tries: int = 0
    """How often the number was called."""
    next_at: datetime | None = None
    """Not called again before."""
    agent: str = ""
    """Name of who called or calls, '' = nobody yet."""
    call_id: str = ""
    """The call in which it was booked."""


class CallbackPage(msgspec.Struct, frozen=True, kw_only=True):
    """Callbacks for the desk."""

    open: tuple[Callback, ...] = ()
    """Booked or being called, in the order of their places; only on the first page."""
    closed: tuple[Callback, ...] = ()
    """Done, failed or cancelled, newest first."""
    more: bool = False
    """There are older ones; ``before`` is the last closed one's ``since``."""
