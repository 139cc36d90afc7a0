"""Recordings of calls: where the encrypted file lies, with which key, and what it holds.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlRecordings:
    """See ``core.store.recordings.RecordingsStore``; ``SqlStore.recordings`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
