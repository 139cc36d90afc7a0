"""What the wall needs from the house around it: one small protocol, fulfilled by ``server/house_wall.py``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web

from agent_assist.wall.rows import AgentRow, AlertRow, FiguresRow
from core.agent import Agent
from core.audit import Audit
from core.bus.contract import Bus
from core.events import (
    AgentState,
    AgentStateChanged,
    AlertChanged,
    Event,
    IssueChanged,
    QueueChanged,
    SupervisionMode,
    WrittenChanged,
)
from core.store.floor import AlertCare


class WallHouse(Protocol):
    """The running house as seen from the wall. All methods are called on the event loop and must not block it."""

    centre: str
    """Name of the call centre."""
    bus: Bus
    audit: Audit
    reasons: Sequence[str]
    """Why one may be away, as the city has set it."""

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in person, or None. Asked before every message of a socket: must be cheap."""

    def over(self, request: web.Request) -> asyncio.Event:
        """Set when the session of this request ends: its wall is closed then."""

    def may_show_board(self, request: web.Request) -> bool:
        """Whether this browser is a big screen with a token that holds, or a supervisor's. Cheap, too."""

    # What stands, for a new picture; what happens afterwards comes over the bus.

    def agents(self) -> Mapping[str, AgentRow]:
        """Everybody who may answer, by sign-in name: name, team, department, queues, whether she is there, unseen
        notes. Asked every second: accounts come and go."""

    def states(self) -> Iterable[AgentStateChanged]:
        """What everybody is now."""

    def lines(self) -> Iterable[Sequence[Event]]:
        """The lasting events of each running call."""

    async def written(self) -> Iterable[WrittenChanged | AlertChanged]:
        """Written contacts that are not closed, then their open alerts."""

    async def issues(self) -> Iterable[IssueChanged]:
        """What the radar sees now."""

    def queue(self) -> QueueChanged:
        """Who waits."""

    def figures(self) -> FiguresRow:
        """Today's, as the statistics count them. Asked every second."""

    def troubles(self) -> Mapping[str, AlertRow]:
        """What is wrong with the node now, by key. Asked every second."""

    async def cares(self) -> Iterable[AlertCare]:
        """Who takes care of which alert, as far as it is kept."""

    # What a supervisor does. All but ``issue_seen`` is noted in the audit log first; ``Refused`` in words,
    # 'not_your_team' where she sees her team alone and it is another's.

    async def supervise(self, call_id: str, agent_id: str, mode: SupervisionMode | None) -> None:
        """Her phone takes part, does something else, or leaves (None); returns once it has answered. Comes back as
        ``SupervisionChanged``. ``Refused``: 'no_call', 'supervised' (by another), 'no_phone', 'own_call',
        'busy_with_call', 'not_talking', 'supervisor_missed', 'no_line', 'only_listening'."""

    async def take_over(self, call_id: str, agent_id: str, reason: str) -> None:
        """Her phone gets the agent's place. ``Refused``: as ``supervise``, 'transfer_running'."""

    async def set_state(self, agent_id: str, state: AgentState, *, reason: str, by: str) -> None:
        """An agent becomes ready, away, or gets time to write. ``Refused``: 'unknown_agent', 'busy_with_call',
        'no_step'."""

    async def away_after_call(self, agent_id: str, *, reason: str, by: str) -> None:
        """She is away once the call that she has, and its wrap-up, are over; at once if no call has her. ``Refused``:
        'unknown_agent'."""

    async def stays(self, agent_id: str, *, by: str) -> None:
        """That is taken back. ``Refused``: 'unknown_agent', 'no_step'."""

    async def sign_out(self, agent_id: str, *, reason: str, by: str) -> None:
        """She is away, and all her sessions end. ``Refused``: as ``set_state``."""

    async def care(self, alert: str, by: Agent, on: bool, *, call: str, kind: str) -> datetime:
        """She takes care of an alert, or no longer; kept, so that it outlives this node. Since when."""

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """She takes note of what many speak of; comes back as ``IssueChanged``. ``Refused`` ('no_issue')."""

    async def send_note(self, text: str, *, agent: str, team: str, by: Agent) -> int:
        """A few words to one desk, to those of a team, or to all; to how many. ``Refused``: 'unknown_agent',
        'nobody_there', 'too_many_notes'."""
