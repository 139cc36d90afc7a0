"""Written contacts that came in: texts and pictures, threaded, and who has them.

The contract; ``sql_threads`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class ThreadsStore(Protocol):
    """Written contacts that came in: texts and pictures, threaded, and who has them.

    Raises ``StoreFault`` when the database can't be used.
    """
