"""The desk's counselling record: what passes between desk and house about it, and the answers over HTTP.

=====  ================================  ============================================================================
GET    ``/desk/api/records/ID``          ``RecordForm``: the record with all that its form offers; 409 if not hers
POST   ``/desk/api/records/ID``          ``KeepRecord``: confirm or change; ``ContactRecord``, or 409
                                         (``edited_meanwhile``: somebody else was quicker, look at it again)
POST   ``/desk/api/records/ID/undo``     ``UndoRecord``: not confirmed after all; ``ContactRecord``, or 409
GET    ``/desk/api/records``             ``RecordsWaiting``: how many of hers wait to be confirmed
GET    ``/desk/api/calls/ID/person``     ``PersonSeen``: who calls or writes: contacts of before, what is still to do
=====  ================================  ============================================================================

Who saw or changed what is noted by the house; logs never hold what was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from aiohttp import web

from agent_assist.desk_json import body
from core.agent import Agent
from core.dispositions import Disposition
from core.events import Channel
from core.record_forms import KeepRecord, NewFollowUp, UndoRecord
from core.store.contacts import ContactRecord, FollowUp


class Somebody(msgspec.Struct, frozen=True):
    """Who may own a follow-up."""

    id: str
    """Sign-in name."""
    name: str
    """Her name."""


class RecordForm(msgspec.Struct, frozen=True, kw_only=True):
    """A record, and what its fields may be."""

    record: ContactRecord
    """As it stands."""
    results: Sequence[Disposition]
    """In the order of the site."""
    categories: Sequence[str]
    """Paths, '>' between levels."""
    departments: Sequence[str]
    """Names."""
    districts: Sequence[str]
    """Names."""
    follow_up: NewFollowUp | None
    """What was promised, with owner and day; None = nothing, or it is written down already."""
    follow_ups: Sequence[FollowUp]
    """What is written down already."""
    owners: Sequence[Somebody]
    """Who may own a follow-up, she first."""


class RecordsWaiting(msgspec.Struct, frozen=True):
    """Her list."""

    count: int


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A contact of before, in short."""

    contact_id: str
    channel: Channel
    at: datetime
    agent_name: str
    category: str
    result: str
    """Its code."""
    need: str


class PersonSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, from what there is about her number."""

    count: int
    """Contacts within ``days`` before this one."""
    days: int
    contacts: Sequence[Earlier]
    """The last ones, newest first."""
    follow_ups: Sequence[FollowUp]
    """What is still to be done."""
    results: Sequence[Disposition]
    """How results are called."""


class DeskRecords(Protocol):
    """What the desk needs of the house for records. ``Refused``: 'no_record', 'not_yours', 'edited_meanwhile';
    ``BadInput``: 'no_reason', 'no_result', 'no_owner'."""

    async def record_form(self, contact_id: str, agent: Agent) -> RecordForm:
        """The record of her contact, or of any for a supervisor."""

    async def keep_record(self, contact_id: str, agent: Agent, what: KeepRecord) -> ContactRecord:
        """Kept; her wrap-up for this contact is over with it. Comes back as ``RecordKept``."""

    async def undo_record(self, contact_id: str, agent: Agent, what: UndoRecord) -> ContactRecord:
        """Not confirmed after all: it waits on her list."""

    async def records_waiting(self, agent: Agent) -> int:
        """How many wait on her list."""

    async def person_seen(self, contact_id: str, agent: Agent) -> PersonSeen:
        """Who is on the line of her contact; of a withheld number nothing is known."""


class RecordAnswers:
    """See the module; ``table`` is for ``desk.py``."""

    def __init__(self, house: DeskRecords) -> None:
        self._house = house
        self.table = (
            ("GET", "records", self.waiting),
            ("GET", "records/{contact_id}", self.form),
            ("POST", "records/{contact_id}", self.keep),
            ("POST", "records/{contact_id}/undo", self.undo),
            ("GET", "calls/{contact_id}/person", self.person),
        )

    async def waiting(self, _request: web.Request, agent: Agent) -> RecordsWaiting:
        return RecordsWaiting(await self._house.records_waiting(agent))

    async def form(self, request: web.Request, agent: Agent) -> RecordForm:
        return await self._house.record_form(_contact(request), agent)

    async def keep(self, request: web.Request, agent: Agent) -> ContactRecord:
        what = await body(request, KeepRecord, '{"based_on": 0, "category": "...", "result": "answered", ...}')
        return await self._house.keep_record(_contact(request), agent, what)

    async def undo(self, request: web.Request, agent: Agent) -> ContactRecord:
        return await self._house.undo_record(
            _contact(request), agent, await body(request, UndoRecord, '{"based_on": 1}')
        )

    async def person(self, request: web.Request, agent: Agent) -> Any:
        return await self._house.person_seen(_contact(request), agent)


def _contact(request: web.Request) -> str:
    return request.match_info["contact_id"]
