"""The store's contract and records. ``sql_store`` keeps it in SQLite or PostgreSQL; one suite tests both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from core.events import Event, Party


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


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the consultation database."""

    id: str
    title: str
    category: str = ""
    """'민원서류>여권': levels separated by '>'."""
    department: str = ""
    person: str = ""
    deputy: str = ""
    phone: str = ""
    procedure: tuple[str, ...] = ()
    """Steps, in order."""
    body: str = ""
    keywords: tuple[str, ...] = ()
    """Words and phrases that citizens use for it."""
    message: str = ""
    """Text-message version."""
    updated: date | None = None


class Store(Protocol):
    """Everything that must survive the node. Raises ``StoreFault`` when the database can't be used."""

    async def append(self, events: Sequence[Event]) -> None:
        """Keep lasting events. The same (call_id, seq) twice is kept once, so a journal may be replayed.
        House events (no call_id) are not kept."""

    async def events(self, call_id: str, *, after: int = 0) -> list[Event]:
        """The call's stored events with seq > after, in order."""

    async def call(self, call_id: str) -> CallSummary | None:
        """One call, or None."""

    async def calls(
        self, *, agent_id: str | None = None, number: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> list[CallSummary]:
        """Calls, newest first; ``before`` pages on by ``started``."""

    async def open_calls(self) -> list[CallSummary]:
        """Calls without an end: after a crash they are adopted or closed."""

    async def put_entries(self, entries: Sequence[Entry]) -> None:
        """Insert or replace by id, all or none."""

    async def entries(self) -> list[Entry]:
        """The whole consultation database."""

    async def entries_revision(self) -> int:
        """Grows with every ``put_entries``, by whichever process; 0 before the first."""

    async def ping(self) -> None:
        """Raise ``StoreFault`` if the database does not answer."""

    async def close(self) -> None:
        """Release everything."""
