"""Who saw, heard, exported or changed what: append-only, hash-chained.

The contract; ``sql_audit`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class AuditStore(Protocol):
    """Who saw, heard, exported or changed what: append-only, hash-chained.

    Raises ``StoreFault`` when the database can't be used.
    """
