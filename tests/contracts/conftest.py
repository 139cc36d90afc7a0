"""What the contracts' suites share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.home import Home
from core.store.sql_store import SqlStore, open_store


@pytest.fixture
async def store(store_url: str, home: Home) -> AsyncIterator[SqlStore]:
    """An open store, on SQLite and on a real PostgreSQL."""
    opened = await open_store(store_url, home)
    yield opened
    await opened.close()
