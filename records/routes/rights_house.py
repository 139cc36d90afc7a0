"""What the pages of time and rights need of the node: fulfilled by ``server.rights``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from core.store.audit import AuditStore
from core.store.rights import Kind, PersonFound, RightsStore
from records.rights.asked import Asked

WorkKind = Literal["export", "delete", "purge", "verify"]


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Long work that somebody asked for."""

    work_id: str
    """Its own id."""
    kind: WorkKind
    """What."""
    by: str
    """Who asked; nobody else sees it."""
    state: Literal["running", "done", "failed"] = "running"
    """How far."""
    done: int = 0
    """So much of it is done."""
    of: int = 0
    """Of so much, 0 = not known."""
    result: Any = None
    """What came of it."""
    fault: str = ""
    """Why it failed, in words."""


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """How long one kind of data is kept."""

    kind: Kind
    """Which."""
    days: int
    """Its term."""
    before: datetime
    """What is older has had it."""


class RightsHouse(Protocol):
    """What long work does is noted before it begins."""

    rights: RightsStore
    audit: AuditStore
    zone: tzinfo
    names: Callable[[], Mapping[str, str]]
    """Sign-in name -> name."""
    person_key: Callable[[str], str]
    """Of a number, '' = it is none."""

    def today(self) -> date:
        """The site's day."""

    def terms(self) -> Sequence[Term]:
        """All kinds."""

    @property
    def hour(self) -> int | None:
        """When the purge runs by itself, None = it does not."""

    async def find(self, asked: Asked) -> PersonFound:
        """What there is of one person."""

    def export(self, asked: Asked) -> Work:
        """Put it into a file."""

    def delete(self, asked: Asked) -> Work:
        """Delete it."""

    def purge(self, by: str, *, dry: bool) -> Work:
        """Purge what has had its term, or only count it."""

    def verify(self, by: str) -> Work:
        """Check the audit log's chain."""

    def work(self, work_id: str, by: str) -> Work:
        """How far. ``Refused`` ('not_found')."""

    def file(self, work_id: str, by: str) -> Path:
        """What an export wrote. ``Refused`` ('not_found')."""
