"""One node, one Chromium and the telephones for all flows; a fresh smartphone and a signed-in desk for each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.conftest import chromium
from tests.flows.visual_ars.stage import Desk, Phone, Stage, a_phone

__all__ = ["chromium"]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def whole_stage(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("ars"), password_hash) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="session")
async def stage(whole_stage: Stage) -> AsyncIterator[Stage]:
    """Nothing personal of a flow is in the log when it is over."""
    with whole_stage.logging():
        yield whole_stage
        await whole_stage.rest()
    logged = whole_stage.logged()
    assert "call.started" in logged
    assert [secret for secret in whole_stage.personal() if secret in logged] == []


@pytest_asyncio.fixture(loop_scope="session")
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    async with Desk(stage) as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def phone(chromium: Browser, stage: Stage) -> AsyncIterator[Phone]:
    async with a_phone(chromium) as phone:
        yield phone
