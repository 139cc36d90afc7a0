"""Whom and what something is about: what a list says of the contact that a line of it belongs to. Pure."""

from __future__ import annotations

import msgspec

from core.store.contacts import ContactRecord


class ContactAbout(msgspec.Struct, frozen=True, kw_only=True):
    """A contact in a few words, for those who may know."""

    number: str
    """Under which the citizen finds it again, eleven digits."""
    category: str
    """Path; '' = none is known."""
    last4: str
    """Last four digits of the person's number, '' = withheld."""
    readable: bool = True
    """She may open the contact."""


def about(record: ContactRecord, *, readable: bool = True) -> ContactAbout:
    """What a list says of it."""
    return ContactAbout(number=record.number, category=record.written.category, last4=record.last4, readable=readable)
