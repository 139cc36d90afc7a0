"""What desk and browser say to each other, beside events: typed, so that ``server.api`` can describe it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from agent_assist.desk_assist import Procedure
from agent_assist.desk_body import Node
from agent_assist.desk_language import Spoken
from agent_assist.desk_recording import RecordingRule
from agent_assist.desk_state import ChosenState
from core.agent import Agent
from core.events import AgentStateChanged, AlertChanged, AnyEvent, IssueChanged, NoteSent, QueueChanged, Suggestion
from core.store.contract import CallSummary
from core.store.entry import Entry

# On the WebSocket.


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """The first message: who you are and how things stand."""

    agent: Agent
    """The signed-in agent."""
    centre: str
    """Name of the call centre."""
    wrap_up_s: float
    """Seconds of wrap-up after a call; 0 = none."""
    now: datetime
    """The node's clock, for the page's own."""
    state: AgentStateChanged
    """Her state; ``busy_call`` is the call on the desk, '' if none."""
    queue: QueueChanged
    """How many callers wait."""
    hot_desk: bool = False
    """She may choose the telephone at which she sits."""
    languages: Sequence[Spoken] = ()
    """What callers may speak, the usual one first; empty = there is nothing to choose."""
    away_reasons: Sequence[str] = ()
    """Why she may be away: codes of the catalogue or the city's own words; empty = nobody asks."""
    notes: Sequence[NoteSent] = ()
    """What supervisors wrote to her that she has not seen yet."""
    recording: RecordingRule = RecordingRule()
    """When calls are recorded here."""


class History(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """The lasting events of the call on the desk, before those that happen from now on."""

    call_id: str
    """Which call."""
    after: int
    """Only events with a higher number are here; 0 = all."""
    events: Sequence[AnyEvent]
    """In order."""


class Still(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """A sign of life, for the browser's '?'."""


ASK: Final = "?"
"""The browser asks for a sign of life: a frame of this alone."""

# Asked for.


class ChooseState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The agent is ready, away, or needs (more) time to write."""

    state: ChosenState
    reason: str = ""
    """Why she is away; '' = she does not say."""


class Switch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On or off."""

    on: bool


# Answered.


class Fault(msgspec.Struct, frozen=True):
    """Why it was not done."""

    code: str
    """For machines, and for the page's catalogue."""
    message: str
    """Advice in one line."""


class FoundCards(msgspec.Struct, frozen=True):
    """Entries of the consultation database for typed words."""

    results: Sequence[Suggestion]
    """Best first, at most ten."""


class CallsPage(msgspec.Struct, frozen=True):
    """Calls, newest first."""

    calls: Sequence[CallSummary]
    more: bool
    """There are older ones; page on with ``before`` = the last one's ``started``."""


class CallFile(msgspec.Struct, frozen=True):
    """Everything that is kept of one call."""

    call: CallSummary
    events: Sequence[AnyEvent]
    """In order."""


class ReadEntry(Entry, frozen=True, kw_only=True):
    """An entry, with its text ready to be shown."""

    shown: tuple[Node, ...] = ()
    """``body`` as a tree of harmless tags."""


class ProcedureList(msgspec.Struct, frozen=True):
    """What to do at an alert."""

    procedures: Sequence[Procedure]
    """At most one for each kind."""


class AlertList(msgspec.Struct, frozen=True):
    """Alerts of running calls."""

    alerts: Sequence[AlertChanged]
    """In their newest state; none that is dismissed or closed."""


class IssueList(msgspec.Struct, frozen=True):
    """What many callers spoke of at once."""

    issues: Sequence[IssueChanged]
    """Newest first."""
