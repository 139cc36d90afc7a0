"""Written contacts that came in: texts and pictures, threaded, and who has them.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlThreads:
    """See ``core.store.threads.ThreadsStore``; ``SqlStore.threads`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
