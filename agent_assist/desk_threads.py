"""What passes between the desk and the house about written contacts, and what the desk needs of the house for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from core.agent import Agent
from core.events import AgentState, AnyEvent, TextState, Written, WrittenBy, WrittenChanged
from core.store.contract import CallSummary

ClosedBy = Literal["answered", "no_answer_needed", "spam"]
"""Why an agent closes it."""


class WrittenList(msgspec.Struct, frozen=True, kw_only=True):
    """Written contacts that are open."""

    written: Sequence[WrittenChanged]
    """In the order in which they began."""
    is_open: bool
    """Whether agents answer now, by the office hours."""


class WrittenPage(msgspec.Struct, frozen=True, kw_only=True):
    """Written contacts that are over, newest first."""

    written: Sequence[Written]
    """As they ended."""
    more: bool
    """There are older ones."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One bubble of the conversation."""

    id: str
    """Of the message."""
    contact_id: str
    """In which contact, a written one or a call; '' = in none."""
    at: datetime
    """When."""
    by: WrittenBy
    """Whose it is: the person's, an agent's, ours without an agent."""
    name: str = ""
    """The agent's, or the rule's."""
    text: str = ""
    """What it says."""
    photos: Sequence[str] = ()
    """Ids of pictures."""
    refused: Sequence[str] = ()
    """Why others were not taken, a code each."""
    state: TextState | None = None
    """How far ours is."""
    reason: str = ""
    """Why it failed, or what it waits for."""
    due: datetime | None = None
    """Of a waiting one: until then it may be taken back."""


class WrittenFile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one written contact that its agent needs. Who may not read it has how it stands, no words."""

    changed: WrittenChanged
    """How it stands."""
    said: Sequence[Said]
    """What was written with this person, oldest first: earlier contacts, calls' texts, and this one."""
    events: Sequence[AnyEvent]
    """Of this contact, in order."""
    reply_to: CallSummary | None = None
    """The call whose text it answers."""
    may_answer: bool = True
    """The person has a number that a text reaches."""
    may_read: bool = True
    """It is hers, or she supervises: else ``said`` and ``events`` are empty until she takes it."""


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be given a written contact."""

    id: str
    """Sign-in name."""
    name: str
    """Her name."""
    state: AgentState
    """What she does now."""
    owes: int
    """Answers that she owes."""


class ColleagueList(msgspec.Struct, frozen=True, kw_only=True):
    """Those who are there, who owes least first."""

    colleagues: Sequence[Colleague]
    """Without herself."""


class HandTo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom."""

    to: str
    """Sign-in name of a colleague."""


class CloseWritten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is over."""

    reason: ClosedBy
    """Told on its line, and counted."""


class DeskThreads(Protocol):
    """What the desk needs of the house for written contacts. ``Refused``: 'written_over' (it is over), 'not_yours',
    'no_colleague'."""

    async def written_open(self, agent: Agent, *, address: str = "") -> WrittenList:
        """Hers, and those that nobody has; for supervisors all. Noted first, once for half an hour of looking."""

    async def written_closed(
        self, agent: Agent, *, limit: int, before: datetime | None, mine: bool, address: str = ""
    ) -> WrittenPage:
        """Those that are over, newest first: hers, or all for a supervisor who does not ask for hers. Noted first."""

    async def written_file(self, contact_id: str, agent: Agent, *, address: str = "") -> WrittenFile | None:
        """One, open or over, as far as she may read it; None = there is no such written contact. Noted first."""

    async def written_take(self, contact_id: str, agent_id: str) -> None:
        """Hers from now on; comes back as ``ContactAssigned``."""

    async def written_hand(self, contact_id: str, agent_id: str, to: str) -> None:
        """To a colleague."""

    async def written_back(self, contact_id: str, agent_id: str) -> None:
        """Nobody's any more."""

    async def written_close(self, contact_id: str, agent_id: str, reason: ClosedBy) -> None:
        """Over; what of its texts still waits goes first."""

    def colleagues(self, agent_id: str) -> Sequence[Colleague]:
        """Who is there besides her."""
