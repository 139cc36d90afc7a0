"""Recordings of calls: where the encrypted file lies, with which key, and what it holds.

The contract; ``sql_recordings`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class RecordingsStore(Protocol):
    """Recordings of calls: where the encrypted file lies, with which key, and what it holds.

    Raises ``StoreFault`` when the database can't be used.
    """
