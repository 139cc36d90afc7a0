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
    text: str = ""
    """Part of the reason, of what else is told, or of the subject."""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0
    """Only lines with a smaller number, to page on; 0 = from the newest."""


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the chain as it was once, written down elsewhere: what is cut off behind it, or written anew before
    it, is noticed. Also the checkpoint up to which the log was purged by its age."""

    number: int
    """Of the line."""
    chain: str
    """Its link."""
    at: datetime
    """When it was written down."""
    seal: str = ""
    """HMAC-SHA256 of the three under the site's audit key, see ``core.audit_seal``."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How often somebody did one thing within a span of time."""

    who: str
    """Who."""
    deed: Deed
    """What."""
    thing: Thing
    """To what kind of thing."""
    times: int
    """How often."""
    people: int
    """How many citizens it was about, as far as the notes name them."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A month's log was read: the law wants it every month (안전성 확보조치 기준, 접속기록의 점검)."""

    month: str
    """'2026-11'."""
    by: str
    """Who read it."""
    at: datetime
    """When."""
    remarks: str
    """What was noticed, in words."""
    last: int = 0
    """Number of the newest line of then."""


class AuditStore(Protocol):
    """Keeps the audit log. Raises ``StoreFault`` when the database can't be used."""

    async def note(self, note: Note) -> None:
        """Append one line; it is in the database when this returns. Of all nodes one appends at a time."""

    async def lines(self, query: AuditQuery, *, limit: int = 100) -> list[AuditLine]:
        """Lines, newest first."""

    async def walk(self, *, after: int = 0, limit: int = 1000) -> list[AuditLine]:
        """Lines with a higher number, oldest first: for whoever checks the chain."""

    async def newest(self) -> AuditLine | None:
        """The last line, None = there is none."""

    async def checkpoints(self) -> list[Anchor]:
        """Up to which lines the log was purged by its age, oldest first."""

    async def last_before(self, moment: datetime) -> AuditLine | None:
        """The newest line that is older."""

    async def purge(self, checkpoint: Anchor) -> int:
        """Keep the checkpoint, then drop all lines up to its own; never the newest line. How many went."""

    async def tally(self, since: datetime, until: datetime) -> list[Tally]:
        """Who did what how often, most people first."""

    async def put_review(self, review: Review) -> None:
        """Sign a month off; again and again if need be."""

    async def reviews(self) -> list[Review]:
        """All of them, newest first."""


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
