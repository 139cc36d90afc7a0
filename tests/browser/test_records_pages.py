"""The office application in Chromium, over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.events import RecordDraft
from tests.browser.test_admin_pages import axe
from tests.fakes.records import DRAFT
from tests.fakes.records_site import AGENTS, PASSWORD, RecordsSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDE: Final = (1440, 900)
SMALL: Final = (1024, 768)
OTHER: Final = RecordDraft(category="교통>주차", sure=0.7, department="교통과", need="불법 주차를 신고합니다.")
A_KEY: Final = """() => [...document.querySelectorAll('main *')]
  .map(e => e.childElementCount ? '' : e.textContent.trim()).filter(text => /^[a-z_]+\\.[a-z_.-]+$/.test(text))"""
"""Keys of the catalogue that stand where words should."""
SignIn = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def records_site(tmp_path: Path) -> AsyncIterator[RecordsSite]:
    async with RecordsSite(tmp_path) as site:
        await site.records.call("c1", agent=AGENTS["agent"], days_ago=2)
        await site.records.call("c2", agent=AGENTS["second"], days_ago=1, draft=OTHER, said="차가 막고 있어요")
        await site.records.settled("c1", "c2")
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


async def go(page: Page, place: str) -> None:
    await page.evaluate("place => { location.hash = place; }", place)
    await expect(page.locator(".waiting")).to_have_count(0)


async def test_every_page_of_contacts_opens_fits_and_is_accessible(sign_in: SignIn) -> None:
    page = await sign_in("supervisor", size=SMALL)
    await expect(page.locator("h1")).to_have_text("상담 기록")
    await expect(page.locator(".doors a")).to_have_text(["상담 화면", "상담 DB", "상황판"])
    wrong: list[str] = []
    for place in ("contacts", "contacts/c1", "follow-ups", "learning", "nowhere"):
        await go(page, f"#/{place}")
        await expect(page.locator("h1")).to_be_visible()
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{place}: wider than the window")
        wrong += [f"{place}: {key}" for key in await page.evaluate(A_KEY)]
        wrong += await axe(page, place)
    assert wrong == []


async def test_a_contact_is_found_read_corrected_confirmed_and_undone(
    sign_in: SignIn, records_site: RecordsSite
) -> None:
    page = await sign_in("agent")
    await expect(page.locator(".nav .waits")).to_have_text("1")
    await page.keyboard.press("/")
    await page.keyboard.type("무단투기")
    await expect(page.locator(".of-contacts mark")).to_have_text("무단 투기")
    await page.keyboard.press("Tab")
    await page.locator(".of-contacts a").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".record-box .badge")).to_have_text("확정 전")
    await page.click(".said-lines button.text >> nth=0")
    await page.keyboard.press("End")
    await page.keyboard.type(" 정말로")
    await page.keyboard.press("Enter")
    await expect(page.locator(".said-lines .corrected del")).to_have_text("중앙동 골목에 누가 쓰레기를 버렸어요")
    await page.click(".record-box button.main")
    await expect(page.locator(".record-box .badge")).to_have_text("확정")
    await expect(page.locator(".nav .waits")).to_have_count(0)
    await page.click(".notice-bar button >> nth=0")
    await expect(page.locator(".record-box .badge")).to_have_text("확정 전")
    await page.click(".record-box .deeds button >> nth=1")
    await page.select_option(".record-box select >> nth=1", "visit")
    record = await records_site.records.keeping.record("c1")
    await records_site.records.keeping.keep("c1", record.written, by="supervisor", based_on=record.version)
    await page.click(".record-box .form button.main")
    await expect(page.locator(".conflict")).to_contain_text("정감독")
    await expect(page.locator(".conflict td >> nth=1")).to_have_text("방문 안내")
    await page.click(".conflict button.main")
    await expect(page.locator(".record-box .badge")).to_have_text("확정")
    assert (await records_site.records.keeping.record("c1")).by == "supervisor"
    assert DRAFT.need in await page.inner_text(".record-box")
