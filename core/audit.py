"""Who saw, heard, exported or changed what: what every room says to the audit log, and nothing else does it know of it.

A note names people by their sign-in and citizens by their person key (a keyed hash of the telephone number), never by
number or words: the log itself must be readable by those who may not read what it speaks of.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

Deed = Literal[
    "signed_in", "signed_out", "tried", "saw", "heard", "searched", "exported", "changed", "deleted", "granted"
]
"""'tried': a sign-in that failed; 'granted': rights, accounts, tokens, keys; 'changed': anything else that was written
by hand."""
Thing = Literal[
    "contact",
    "record",
    "recording",
    "text",
    "statistics",
    "report",
    "person",
    "account",
    "token",
    "session",
    "settings",
    "retention",
    "hold",
    "knowledge",
    "audit",
    "wall",
]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit log before it has its number and its place in the chain."""

    who: str
    """Sign-in name; 'token:NAME' for a program; 'cli:USER' for who has the machine; 'minwon' for the node itself."""
    deed: Deed
    """What was done."""
    thing: Thing
    """To what kind of thing."""
    subject: str = ""
    """Its id: a contact, a recording, a report; '' = many, see ``detail``."""
    person: str = ""
    """Person key of the citizen whose data it was, '' = of nobody or of many."""
    address: str = ""
    """Where the request came from."""
    reason: str = ""
    """Why, in her own words, where the law wants one (a download, a deletion)."""
    detail: str = ""
    """What else, for people: filters of an export, how many lines, which fields were changed. Never what was said."""


class Audit(Protocol):
    """Keeps notes. ``core.store`` has the one that lasts."""

    async def note(self, note: Note) -> None:
        """Keep it before the answer is given: what cannot be noted may not be seen. Raises ``StoreFault``."""
