"""The unsigned form of a vCon (draft-ietf-vcon-vcon-core-04, section 4), as far as we write it.

What is not known is left out. Indices count from 0 within ``parties`` and ``dialog``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

SYNTAX: Final = "0.4.0"
"""Of the drafts; deprecated there, and written for readers that still look at it."""
MEDIATYPE: Final = "application/vcon"


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Section 4.2."""

    tel: str = ""
    """tel URL (RFC 3966)."""
    name: str = ""
    """As callers may hear it."""
    validation: str = ""
    """How the name was proven."""
    uuid: str = ""
    """What tells one participant from others in several vCons; free form."""
    type: Literal["", "person", "bot", "organization"] = ""
    """What it is."""
    org: str = ""
    """Whose."""
    dept: str = ""
    """Of which department."""


class PartyEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Section 4.3.13.1."""

    party: int
    time: datetime
    event: Literal["join", "drop", "hold", "unhold"]


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Inline or referenced files, sections 2.3 and 2.4: ``body`` and ``encoding``, or ``url`` and ``content_hash``."""

    mediatype: str = ""
    filename: str = ""
    body: Any = None
    encoding: Literal["", "base64url", "json", "none"] = ""
    url: str = ""
    content_hash: str = ""
    """'sha512-' and base64url of the file's SHA-512."""


class Dialog(Content, frozen=True, kw_only=True, omit_defaults=True):
    """Section 4.3."""

    type: Literal["recording", "text", "transfer", "incomplete"]
    start: datetime
    duration: float | None = None
    """Seconds."""
    parties: Sequence[int] | None = None
    """Of a recording one for each channel."""
    originator: int | None = None
    """Where it is not the first of ``parties``."""
    disposition: Literal["", "no-answer", "congestion", "failed", "busy", "hung-up"] = ""
    """Why an 'incomplete' one is."""
    party_history: Sequence[PartyEvent] = ()
    transferee: int | None = None
    transferor: int | None = None
    transfer_target: int | None = None
    original: int | None = None
    application: str = ""
    """By which channel."""
    message_id: str = ""


class Attachment(Content, frozen=True, kw_only=True, omit_defaults=True):
    """Section 4.4."""

    purpose: str
    start: datetime
    party: int
    dialog: int


class Analysis(Content, frozen=True, kw_only=True, omit_defaults=True):
    """Section 4.5."""

    type: Literal["transcript", "summary", "report"]
    dialog: Sequence[int]
    vendor: str
    product: str
    schema: str = ""


class Redacted(msgspec.Struct, frozen=True, kw_only=True):
    """Section 4.1.8: without ``uuid``, since no less redacted version exists anywhere."""

    type: str
    """What was taken out, blanks between: 'resident_number', 'tel' ..."""


class Vcon(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Section 4.1."""

    uuid: str
    """Version 8 (RFC 9562): a hash of the content with ``created_at``."""
    vcon: Literal["0.4.0"] = msgspec.field(default_factory=lambda: SYNTAX)
    created_at: datetime
    subject: str = ""
    redacted: Redacted | None = None
    parties: Sequence[Party] = ()
    dialog: Sequence[Dialog] = ()
    analysis: Sequence[Analysis] = ()
    attachments: Sequence[Attachment] = ()
