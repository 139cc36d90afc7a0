"""The desk's written contacts: what passes between desk and house about them, and the answers over HTTP.

=====  ================================  ============================================================================
GET    ``/desk/api/written``             ``WrittenList``: hers and those that wait; for supervisors all that are open
GET    ``/desk/api/written/closed``      ``WrittenPage``; ``?mine=1`` hers alone, ``?before=`` the last ``last_at``
GET    ``/desk/api/written/ID``          ``WrittenFile``: what was said with that person, and the events of the contact
POST   ``/desk/api/written/ID/take``     it is hers from now on, whoever has it; 204, or 409
POST   ``/desk/api/written/ID/hand``     ``{"to"}``: to a colleague who is there; 204, or 409
POST   ``/desk/api/written/ID/back``     it waits for somebody else; 204, or 409
POST   ``/desk/api/written/ID/close``    ``{"reason"}``: it is over; 204, or 409
GET    ``/desk/api/colleagues``          ``ColleagueList``: who is there, and how much she owes
=====  ================================  ============================================================================

Cards, texts and alerts of a written contact go by the addresses of a call's, with its id. Each deed is logged with who
and which contact, never with what was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, Protocol

import msgspec
from aiohttp import web

from agent_assist.desk_json import before, body, fault, limit
from core.agent import Agent
from core.events import AgentState, AnyEvent, TextState, Written, WrittenBy, WrittenChanged
from core.log import get_logger
from core.store.contract import CallSummary

log = get_logger("agent_assist.desk")

PAGE: Final = 50
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
    """Everything about one written contact that its agent needs."""

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


class HandTo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom."""

    to: str


class CloseWritten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is over."""

    reason: ClosedBy


class DeskThreads(Protocol):
    """What the desk needs of the house for written contacts. ``Refused``: 'no_contact' (it is over), 'not_yours',
    'no_colleague'."""

    def written_open(self, agent: Agent) -> WrittenList:
        """Hers, and those that nobody has; for supervisors all."""

    async def written_closed(self, *, limit: int, before: datetime | None, agent_id: str | None) -> WrittenPage:
        """Those that are over, newest first; of one agent, or of all."""

    async def written_file(self, contact_id: str) -> WrittenFile | None:
        """One, open or over; None = there is no such written contact."""

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


class ThreadAnswers:
    """See the module; the addresses are joined in ``desk.py``."""

    def __init__(self, house: DeskThreads) -> None:
        self._house = house
        self.table = (
            ("GET", "written", self.open),
            ("GET", "written/closed", self.closed),
            ("GET", "written/{contact_id}", self.file),
            ("POST", "written/{contact_id}/take", self.take),
            ("POST", "written/{contact_id}/hand", self.hand),
            ("POST", "written/{contact_id}/back", self.back),
            ("POST", "written/{contact_id}/close", self.close),
            ("GET", "colleagues", self.colleagues),
        )

    async def open(self, _request: web.Request, agent: Agent) -> WrittenList:
        return self._house.written_open(agent)

    async def closed(self, request: web.Request, agent: Agent) -> WrittenPage:
        hers = request.query.get("mine") == "1" or not agent.may("supervisor")
        return await self._house.written_closed(
            limit=limit(request, PAGE), before=before(request), agent_id=agent.id if hers else None
        )

    async def file(self, request: web.Request, agent: Agent) -> Any:
        found = await self._house.written_file(_contact(request))
        if found is None:
            return fault(404, "no_contact", "there is no such written contact")
        log.info("desk.written_opened", agent=agent.id, contact_id=_contact(request))
        return found

    async def take(self, request: web.Request, agent: Agent) -> None:
        await self._house.written_take(_contact(request), agent.id)

    async def hand(self, request: web.Request, agent: Agent) -> None:
        wish = await body(request, HandTo, '{"to": "an agent\'s id"}')
        await self._house.written_hand(_contact(request), agent.id, wish.to)

    async def back(self, request: web.Request, agent: Agent) -> None:
        await self._house.written_back(_contact(request), agent.id)

    async def close(self, request: web.Request, agent: Agent) -> None:
        wish = await body(request, CloseWritten, '{"reason": "answered"}, "no_answer_needed" or "spam"')
        await self._house.written_close(_contact(request), agent.id, wish.reason)

    async def colleagues(self, _request: web.Request, agent: Agent) -> ColleagueList:
        return ColleagueList(colleagues=self._house.colleagues(agent.id))


def _contact(request: web.Request) -> str:
    return request.match_info["contact_id"]
