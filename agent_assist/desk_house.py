"""What the desk needs from the house around it: one small protocol, fulfilled by ``server/app.py``.

The desk may not import the server, telephony or stt; everything it knows of them comes through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec
from aiohttp import web

from core.bus.contract import Bus
from core.events import AgentStateChanged, Event, QueueChanged, Suggestion
from core.store.contract import Entry, Store

ChosenState = Literal["ready", "away"]
"""The states that an agent chooses herself; the others come from the telephone and the clock."""


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits at a desk."""

    id: str
    """Sign-in name."""
    name: str
    """As callers may hear it."""
    extension: str = ""
    """Her telephone, '' if she has none."""


class DeskHouse(Protocol):
    """The running house as seen from a desk. All methods are called on the event loop and must not block it."""

    centre: str
    """Name of the call centre, shown in the corner: '한빛시 민원콜센터'."""
    wrap_up_s: float
    """Seconds of wrap-up after a call before the agent is ready again by herself; 0 = none. For the countdown."""
    bus: Bus
    store: Store

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in agent, or None. Asked again before every message of a socket: must be cheap."""

    def state_of(self, agent_id: str) -> AgentStateChanged:
        """The agent's state now: the newest published ``AgentStateChanged`` of hers.
        ``busy_call`` names the call that her desk shows."""

    async def set_state(self, agent_id: str, state: ChosenState) -> None:
        """The agent chose a state; the change comes back as an event. Both end a wrap-up.
        Raises ``Refused`` when that state can't be chosen now."""

    async def hang_up(self, call_id: str, agent_id: str) -> None:
        """End the call. Raises ``Refused`` when it is not that agent's running call."""

    def queue(self) -> QueueChanged:
        """How many callers wait now: the newest published ``QueueChanged``."""

    async def history(self, call_id: str, after: int) -> list[Event]:
        """The call's lasting events with seq > after, in order, **including everything already published** when this
        is called, whether the recorder has stored it or not. An unknown call has none."""

    def search(self, query: str, limit: int) -> Sequence[Suggestion]:
        """Entries of the consultation database for typed words, best first."""

    def entry(self, entry_id: str) -> Entry | None:
        """One entry of the consultation database."""
