"""What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlTexting:
    """See ``core.store.texting.TextingStore``; ``SqlStore.texting`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
