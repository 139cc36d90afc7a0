"""The counselling record: one per contact, whatever the channel, and the index that finds it.

The contract; ``sql_contacts`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class ContactsStore(Protocol):
    """The counselling record: one per contact, whatever the channel, and the index that finds it.

    Raises ``StoreFault`` when the database can't be used.
    """
