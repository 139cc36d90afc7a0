"""Accounts, sessions, second factors, and tokens of programs.

The contract; ``sql_accounts`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class AccountsStore(Protocol):
    """Accounts, sessions, second factors, and tokens of programs.

    Raises ``StoreFault`` when the database can't be used.
    """
