"""What passes between the desk and the house about passing calls on, and telephones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from core.events import AgentState, TransferKind

TargetKind = Literal["agent", "department", "person", "entry", "number"]
Wish = Literal["connect", "join", "back"]


class PassOn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom her caller goes, and how."""

    kind: TargetKind
    """'agent' = a colleague, 'department' and 'person' of the city, 'entry' = the telephone of a card, 'number'."""
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    """The colleague's sign-in name, the department's, person's or entry's id, or the number as typed."""
    way: TransferKind
    """'blind' = at once; 'consult' = she asks first, while the caller hears music."""


class TransferStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How she goes on with it."""

    step: Wish
    """'connect' = the caller talks with the other, she is out; 'join' = all three; 'back' = the caller comes back."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to whom a caller may be passed on."""

    kind: TargetKind
    id: str
    name: str
    """A colleague's, department's, person's; of a typed number ''."""
    detail: str = ""
    """A person's department and duty."""
    number: str = ""
    """As it is dialled."""
    state: AgentState | None = None
    """A colleague's; None of all others."""
    why: str = ""
    """Why not: 'colleague_busy', 'not_callable', 'no_outbound'; '' = possible."""


class TargetList(msgspec.Struct, frozen=True):
    """Who was found, the likeliest first."""

    targets: Sequence[Target]
    """At most forty."""


class Seat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The telephone at which she sits."""

    extension: Annotated[str, msgspec.Meta(max_length=32)]
    """'' = the one of the configuration, or none."""
