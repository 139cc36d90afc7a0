"""One site for each test: a database on disk, as in life."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.fakes.admin_site import AdminSite
from tests.fakes.entries import MOVE, WASTE


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[AdminSite]:
    async with AdminSite(tmp_path, entries=[WASTE, MOVE]) as site:
        yield site
