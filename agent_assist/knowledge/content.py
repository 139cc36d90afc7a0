"""What an editor writes: an entry's content, without who wrote it when."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from core.store.entry import Attachment, Reference
from core.store.knowledge import EntryState, EntryVersion


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of an entry that people fill in; see ``core.store.knowledge.EntryVersion`` for their meaning."""

    title: str
    category_id: str = ""
    department_id: str = ""
    person_id: str = ""
    deputy_id: str = ""
    phone: str = ""
    hours: str = ""
    procedure: tuple[str, ...] = ()
    body: str = ""
    """Markdown."""
    keywords: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    links: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    message: str = ""
    expires: date | None = None
    review_by: date | None = None
    updated: date | None = None


FIELDS = Content.__struct_fields__
"""Their names, in the order of the form."""


def content_of(version: EntryVersion) -> Content:
    """The version's content."""
    return Content(**{name: getattr(version, name) for name in FIELDS})


def as_version(
    content: Content, *, entry_id: str, version: int, state: EntryState, by: str, why: str, at: datetime
) -> EntryVersion:
    """A version with that content."""
    fields = {name: getattr(content, name) for name in FIELDS}
    return EntryVersion(entry_id=entry_id, version=version, state=state, by=by, why=why, at=at, **fields)


def lines_of(text: str) -> list[str]:
    """The lines of a text; joined with line ends they are the text again."""
    return text.split("\n") if text else []
