"""The store's contract. ``sql_store`` keeps it in SQLite or PostgreSQL; one suite tests both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from core.events import Event, Party
from core.store.accounts import AccountsStore
from core.store.audit import AuditStore
from core.store.callbacks import CallbackRecord
from core.store.contacts import ContactsStore
from core.store.entry import Entry
from core.store.floor import FloorStore
from core.store.knowledge import KnowledgeStore
from core.store.messages import MessageRecord
from core.store.recordings import RecordingsStore
from core.store.reports import ReportsStore
from core.store.rights import RightsStore
from core.store.statistics import StatisticsStore
from core.store.texting import TextingStore
from core.store.threads import ThreadsStore
from core.store.webhooks import WebhooksStore


class CallSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the call history, kept up to date by ``append``."""

    call_id: str
    caller: Party
    called: str
    started: datetime
    agent_id: str = ""
    """Who talked last, '' if nobody."""
    agent_name: str = ""
    joined: datetime | None = None
    ended: datetime | None = None
    reason: str = ""
    """``CallEnded.reason``."""
    last_seq: int = 0
    """Highest stored number of the call's line."""
    topic: str = ""
    """Title of the best card shown last: what the call was about, until a record says better."""


class LinkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A visit's link as a restarted node must know it: never the token itself, only its hash."""

    token_hash: str
    """Hash of the link's token, as ``ars.links`` makes it."""
    browser_hash: str = ""
    """Hash of the cookie of the browser that opened it first, '' before."""
    visit_id: str
    """Which visit it opens."""
    call_id: str = ""
    """The visit's call, '' while there is none."""
    menu: str = ""
    """The menu's id and version with which the visit began."""
    language: str = "ko"
    """What the caller reads."""
    ends: datetime
    """From then on it opens nothing."""


class Store(Protocol):
    """Everything that must survive the node. Raises ``StoreFault`` when the database can't be used."""

    @property
    def knowledge(self) -> KnowledgeStore:
        """The consultation database as those who write it see it."""

    @property
    def contacts(self) -> ContactsStore:
        """The counselling record: one per contact, whatever the channel, and the index that finds it."""

    @property
    def texting(self) -> TextingStore:
        """What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later."""

    @property
    def threads(self) -> ThreadsStore:
        """Written contacts that came in: texts and pictures, threaded, and who has them."""

    @property
    def recordings(self) -> RecordingsStore:
        """Recordings of calls: where the encrypted file lies, with which key, and what it holds."""

    @property
    def statistics(self) -> StatisticsStore:
        """Facts of each contact, and the cells that statistics are summed from."""

    @property
    def reports(self) -> ReportsStore:
        """Reports that are sent by themselves, and each sending."""

    @property
    def floor(self) -> FloorStore:
        """What the room of agents must still know after a restart: times by state, open wrap-ups, notes, cares."""

    @property
    def accounts(self) -> AccountsStore:
        """Accounts, sessions, second factors, and tokens of programs."""

    @property
    def audit(self) -> AuditStore:
        """Who saw, heard, exported or changed what: append-only, hash-chained."""

    @property
    def rights(self) -> RightsStore:
        """Time and rights: legal holds, the purge and its reports, one person's data."""

    @property
    def webhooks(self) -> WebhooksStore:
        """Webhooks going out: who is told, what is still to be told, how each delivery went."""

    async def append(self, events: Sequence[Event]) -> None:
        """Keep lasting events. The same (call_id, seq) twice is kept once, so a journal may be replayed.
        House events (no call_id) are not kept."""

    async def events(self, call_id: str, *, after: int = 0) -> list[Event]:
        """The call's stored events with seq > after, in order."""

    async def last_seq(self, call_id: str) -> int:
        """Number of the line's last stored event, 0 = it has none."""

    async def call(self, call_id: str) -> CallSummary | None:
        """One call, or None."""

    async def calls(
        self, *, agent_id: str | None = None, number: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> list[CallSummary]:
        """Calls, newest first; ``before`` pages on by ``started``."""

    async def open_calls(self) -> list[CallSummary]:
        """Calls without an end: after a crash they are adopted or closed."""

    async def put_entries(self, entries: Sequence[Entry]) -> None:
        """Publish a new version of each, written by 'import', all or none. Departments, people and categories are found
        by name, or created. What is already published word for word gets no new version."""

    async def entries(self) -> list[Entry]:
        """What agents read today: every published entry, names and fall-backs looked up; also expired ones."""

    async def entries_revision(self) -> int:
        """Grows with every change of what agents read, by whichever process; 0 before the first."""

    async def put_link(self, record: LinkRecord) -> None:
        """Insert or replace by ``token_hash``."""

    async def links(self, *, after: datetime) -> list[LinkRecord]:
        """Links that live on beyond that moment, the one that ends first at the top."""

    async def drop_links(self, *, before: datetime) -> int:
        """Delete the links that ended at that moment or earlier; how many there were."""

    async def put_message(self, *records: MessageRecord) -> None:
        """Insert or replace by ``message_id``, all or none. A resident number in a text is masked."""

    async def pending_messages(self) -> list[MessageRecord]:
        """Messages with something left to do (``next_at``), the most urgent first."""

    async def messages(
        self,
        *,
        limit: int = 50,
        before: datetime | None = None,
        call_id: str | None = None,
        by: str | None = None,
        to: str | None = None,
    ) -> list[MessageRecord]:
        """Messages, newest first, of one call or agent or to one number where given; ``before`` pages on by ``at``."""

    async def put_callback(self, record: CallbackRecord) -> None:
        """Insert or replace by ``callback_id``."""

    async def open_callbacks(self) -> list[CallbackRecord]:
        """Callbacks that are booked or being called, in the order of their places (``since``)."""

    async def callbacks(self, *, limit: int = 50, before: datetime | None = None) -> list[CallbackRecord]:
        """Callbacks, newest first; ``before`` pages on by ``since``."""

    async def ping(self) -> None:
        """Raise ``StoreFault`` if the database does not answer."""

    async def close(self) -> None:
        """Release everything."""
