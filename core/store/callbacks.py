"""Callbacks that are booked, as the store keeps them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from core.events import CallbackState


class CallbackRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A callback that a caller booked."""

    callback_id: str
    """The booking's own id."""
    number: str
    """Whom to call, digits."""
    call_id: str = ""
    """The call in which it was booked."""
    queue: str = ""
    """Agents who serve it, '' = all."""
    since: datetime
    """The moment that keeps the place: when the caller began to wait."""
    state: CallbackState = "booked"
    """How far it is."""
    tries: int = 0
    """How often the number was called."""
    next_at: datetime | None = None
    """Not to be called before; None = whenever the turn comes."""
    agent_id: str = ""
    """Who called or calls, '' = nobody yet."""
