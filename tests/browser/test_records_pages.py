"""The office application in Chromium, over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fakes.records_site import PASSWORD, RecordsSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDE: Final = (1440, 900)
SignIn = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def records_site(tmp_path: Path) -> AsyncIterator[RecordsSite]:
    async with RecordsSite(tmp_path) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(chromium: Browser, records_site: RecordsSite) -> AsyncIterator[SignIn]:
    """``await sign_in("agent", "#/contacts")``: a browser of her own. What it complains about fails the test."""
    contexts = []
    complaints: list[str] = []

    async def enter(who: str, place: str = "", size: tuple[int, int] = WIDE) -> Page:
        context = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            base_url=records_site.url,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        await page.goto(f"/records{place}")
        await page.fill("input[name=id]", who)
        await page.fill("input[name=password]", PASSWORD)
        await page.click("button[type=submit]")
        await page.wait_for_selector(".sheet")
        await expect(page.locator(".waiting")).to_have_count(0)
        return page

    yield enter
    for context in contexts:
        await context.close()
    assert not [line for line in complaints if "status of 4" not in line]


async def test_whoever_is_signed_out_signs_in_first_and_finds_the_page(sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    await expect(page.locator("h1")).to_have_text("상담 기록")
    await expect(page.locator(".doors a")).to_have_text(["상담 화면", "상담 DB", "상황판"])
