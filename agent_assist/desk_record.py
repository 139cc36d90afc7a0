"""What passes between the desk and the house about counselling records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

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
    """Not confirmed yet."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A contact of before, in short."""

    contact_id: str
    """The contact's id."""
    channel: Channel
    """How it came."""
    at: datetime
    agent_name: str
    category: str
    """Path."""
    result: str
    """Its code."""
    need: str
    """What was wanted."""


class PersonSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, from what there is about her number."""

    count: int
    """Contacts within ``days`` before this one."""
    days: int
    """How far back is counted."""
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

    async def record_later(self, contact_id: str, agent: Agent) -> int:
        """She confirms the record of a written contact that she has closed another time; how many wait on her list."""

    async def undo_record(self, contact_id: str, agent: Agent, what: UndoRecord) -> ContactRecord:
        """Not confirmed after all: it waits on her list."""

    async def records_waiting(self, agent: Agent) -> int:
        """How many wait on her list."""

    async def person_seen(self, contact_id: str, agent: Agent) -> PersonSeen:
        """Who is on the line of her contact; of a withheld number nothing is known."""
