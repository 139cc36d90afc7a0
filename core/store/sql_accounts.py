"""Accounts, sessions, second factors, and tokens of programs.

In SQLite or PostgreSQL.
"""

from __future__ import annotations

from core.store.database import Database


class SqlAccounts:
    """See ``core.store.accounts.AccountsStore``; ``SqlStore.accounts`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
