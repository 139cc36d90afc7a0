"""Facts of each contact, and the cells that statistics are summed from.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlStatistics:
    """See ``core.store.statistics.StatisticsStore``; ``SqlStore.statistics`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
