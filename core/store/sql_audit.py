"""Who saw, heard, exported or changed what: append-only, hash-chained.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlAudit:
    """See ``core.store.audit.AuditStore``; ``SqlStore.audit`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
