"""Facts of each contact, and the cells that statistics are summed from.

The contract; ``sql_statistics`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class StatisticsStore(Protocol):
    """Facts of each contact, and the cells that statistics are summed from.

    Raises ``StoreFault`` when the database can't be used.
    """
