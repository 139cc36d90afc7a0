"""What the office pages need of the node for contacts: fulfilled by ``server.keeping``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.agent import Agent
from core.audit import Deed, Thing
from core.dispositions import Disposition
from core.events import Event
from core.record_forms import KeepRecord, UndoRecord
from core.store.contacts import (
    ContactQuery,
    ContactRecord,
    ContactsStore,
    Correction,
    FollowUp,
    LessonKind,
)
from records.learning.lessons import Lessons


class ContactsHouse(Protocol):
    """Rights first, then the note in the audit, then the deed. ``Refused``: 'no_record', 'not_yours'."""

    store: ContactsStore
    names: Callable[[], Mapping[str, str]]
    """Sign-in name -> name of all who sign in."""
    titles: Callable[[], Mapping[str, str]]
    """Entry id -> title of all entries of the consultation database."""
    clock: Callable[[], datetime]
    history: Callable[[str], Awaitable[Sequence[Event]]]
    """All that lasts of a contact's line."""

    async def note(self, agent: Agent, deed: Deed, thing: Thing, *, address: str = "", **more: str) -> None:
        """In the audit log, before the answer is given."""

    @property
    def results(self) -> tuple[Disposition, ...]:
        """What a record's result may be."""

    @property
    def lessons(self) -> Lessons:
        """What confirmed records have taught."""

    async def read(self, contact_id: str, agent: Agent, *, address: str = "") -> ContactRecord:
        """A record that she may read."""

    def may_write(self, record: ContactRecord, agent: Agent) -> bool:
        """Whether she may change it."""

    async def find(self, query: ContactQuery, agent: Agent, *, address: str = "") -> list[ContactRecord]:
        """Hers, or those of whom a supervisor oversees, newest first."""

    async def keep(self, contact_id: str, agent: Agent, what: KeepRecord, *, address: str = "") -> ContactRecord:
        """She confirms it, or changes it afterwards with a reason."""

    async def undo(self, contact_id: str, agent: Agent, what: UndoRecord, *, address: str = "") -> ContactRecord:
        """Her confirmation is taken back."""

    async def follow_up_done(
        self, follow_up_id: str, agent: Agent, *, note: str, cancelled: bool = False, address: str = ""
    ) -> FollowUp:
        """It is done, or not to be done."""

    async def follow_up_reopened(self, follow_up_id: str, agent: Agent, *, address: str = "") -> FollowUp:
        """It is still to be done after all."""

    async def correct(
        self, contact_id: str, agent: Agent, utterance: str, text: str, *, address: str = ""
    ) -> list[Correction]:
        """What was really said; all corrections of the contact."""

    async def reviewed(self, contact_id: str, agent: Agent, utterance: str, *, address: str = "") -> list[Correction]:
        """A supervisor has looked at a correction; all of the contact."""

    async def forget(self, kind: LessonKind | None, label: str, agent: Agent, *, address: str = "") -> int:
        """What was learnt is forgotten."""

    def person_key(self, number: str) -> str:
        """Of a whole number that somebody typed, '' = it is none."""

    def number_of(self, events: Sequence[Event]) -> str:
        """The person's number, '' = withheld."""

    def shelves(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Categories, departments, districts that a record may name."""
