"""The counselling record: one per contact, whatever the channel, and the index that finds it.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlContacts:
    """See ``core.store.contacts.ContactsStore``; ``SqlStore.contacts`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
