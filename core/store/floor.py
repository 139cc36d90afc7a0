"""What the room of agents must still know after a restart: how long each was in which state, whose wrap-up goes on,
notes that nobody has seen yet, who takes care of which alert.

The contract; ``sql_floor`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from core.events import AgentState


class AgentTime(msgspec.Struct, frozen=True, kw_only=True):
    """How long an agent was in a state on a day. Rows with the same day, agent, state and reason add up."""

    day: int
    """Local day: 20261127."""
    agent_id: str
    """Who."""
    state: AgentState
    """What she was. 'away' counts while she is signed in alone."""
    reason: str = ""
    """Of 'away': why, '' = without a reason."""
    ms: int
    """Milliseconds."""


class OpenWrapUp(msgspec.Struct, frozen=True, kw_only=True):
    """An agent who writes after a talk."""

    agent_id: str
    """Who; she has one at a time."""
    contact_id: str
    """For which contact."""
    since: datetime
    """Since the talk ended."""
    seen: datetime
    """The last moment at which she was known to write."""


class KeptNote(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor's note that its agent has not seen yet."""

    note_id: str
    """Its own id."""
    agent_id: str
    """To whom."""
    by: str
    """From whom."""
    by_name: str
    """Her name."""
    text: str
    """What she wrote."""
    at: datetime
    """When."""


class AlertCare(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes care of an alert of the wall."""

    alert: str
    """Its key in the wall's picture."""
    name: str
    """The supervisor's name."""
    at: datetime
    """Since when."""


class FloorStore(Protocol):
    """Raises ``StoreFault`` when the database can't be used."""

    async def add_times(self, times: Sequence[AgentTime]) -> None:
        """Add these to what is there, all or none."""

    async def times(self, *, first: int, last: int, agents: Sequence[str] | None = None) -> list[AgentTime]:
        """Of these days, both included, of all agents (None) or of some; by day, agent, state and reason."""

    async def put_wrap_ups(self, open_ones: Sequence[OpenWrapUp]) -> None:
        """Insert or replace by agent."""

    async def wrap_ups(self) -> list[OpenWrapUp]:
        """All that are open."""

    async def drop_wrap_up(self, agent_id: str) -> None:
        """It is over."""

    async def put_note(self, note: KeptNote) -> None:
        """Keep it until it is seen. A personal number in it is masked."""

    async def notes(self) -> list[KeptNote]:
        """All that nobody has seen, the oldest first."""

    async def drop_note(self, note_id: str) -> None:
        """It was seen."""

    async def put_care(self, care: AlertCare) -> None:
        """Insert or replace by alert; cares that are more than two days older go."""

    async def cares(self) -> list[AlertCare]:
        """All that are kept."""

    async def drop_care(self, alert: str) -> None:
        """She gives it back."""
