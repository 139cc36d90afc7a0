"""Who saw, heard, exported or changed what: append-only, hash-chained.

The contract; ``sql_audit`` keeps it in SQLite or PostgreSQL. Each line's ``chain`` is the SHA-256 over the line before
and itself, so that a line which was changed, taken out or slipped in is noticed by all lines behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

import msgspec

from core.audit import Deed, Note, Thing

BEGINNING: Final = hashlib.sha256(b"minwon audit log").hexdigest()
"""What the first line is chained to."""


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log as it is kept."""

    number: int
    """From 1, without a gap."""
    at: datetime
    """When it was noted."""
    note: Note
    """What."""
    chain: str
    """Hexadecimal SHA-256, see :func:`chained`."""


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are looked for; what is left out does not matter."""

    who: str = ""
    deed: Deed | None = None
    thing: Thing | None = None
    subject: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0
    """Only lines with a smaller number, to page on; 0 = from the newest."""


class AuditStore(Protocol):
    """Keeps the audit log. Raises ``StoreFault`` when the database can't be used."""

    async def note(self, note: Note) -> None:
        """Append one line; it is in the database when this returns. Of all nodes one appends at a time."""

    async def lines(self, query: AuditQuery, *, limit: int = 100) -> list[AuditLine]:
        """Lines, newest first."""

    async def walk(self, *, after: int = 0, limit: int = 1000) -> list[AuditLine]:
        """Lines with a higher number, oldest first: for whoever checks the chain."""


def chained(before: str, number: int, at: datetime, note: Note) -> str:
    """The chain's next link. The form is fixed: a JSON array of the fields in this order, UTC to the microsecond."""
    fields: Sequence[object] = (
        before,
        number,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        note.who,
        note.deed,
        note.thing,
        note.subject,
        note.person,
        note.address,
        note.reason,
        note.detail,
    )
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()
