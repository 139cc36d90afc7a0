"""Who looked at whose contact, for the audit log: see ``core.web.noted``."""

from __future__ import annotations

from core.store.contract import Store
from core.web.noted import Sights


def sights(store: Store) -> Sights:
    """Of one node: a contact's person is the one of its record."""

    async def person_of(contact_id: str) -> str:
        record = await store.contacts.record(contact_id)
        return record.person if record is not None else ""

    return Sights(store.audit, person_of)
