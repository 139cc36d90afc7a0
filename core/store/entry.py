"""An entry of the consultation database as everybody reads it."""

from __future__ import annotations

from datetime import date

import msgspec


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A link of an entry."""

    title: str
    """What one reads."""
    url: str
    """http:// or https:// only."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an entry. Its bytes lie in the home folder under its id."""

    id: str
    """Hash of the content."""
    name: str
    """As it was uploaded: '신청서.hwp'."""
    size: int
    """Bytes."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One published entry of the consultation database as everybody reads it: the names of department, category and
    people are looked up (``core.store.knowledge``), so that whoever moves takes all entries along."""

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
    hours: str = ""
    """Opening hours, in words; the department's where the entry has none of its own."""
    excludes: tuple[str, ...] = ()
    """Words and phrases with which this entry is never meant."""
    links: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    expires: date | None = None
    """The last day on which it is true; from the next day on it is no longer suggested."""
    review_by: date | None = None
    """When somebody should look at it again."""
    version: int = 0
    """Number of the published version; 0 = not known."""
    person_absent: bool = False
    """The person in charge is absent today: the deputy answers."""
