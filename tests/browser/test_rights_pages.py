"""Time and rights in Chromium: a hold, a purge, one person's data found and deleted, the audit log signed off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.audit import Note
from tests.browser.test_admin_pages import axe
from tests.browser.test_records_pages import A_KEY, go
from tests.fakes.records import NUMBER
from tests.fakes.records_site import AGENTS, PASSWORD
from tests.fakes.rights_site import RightsSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLACES: Final = ("person-data", "holds", "retention", "audit", "audit/month")


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[RightsSite]:
    async with RightsSite(tmp_path) as site:
        site.records.at = datetime.now(UTC)
        await site.records.call("c1", agent=AGENTS["agent"], days_ago=90)
        await site.records.call("c2", agent=AGENTS["second"], days_ago=60, number="01099998888")
        await site.records.settled("c1", "c2")
        await site.store.audit.note(
            Note(who="agent", deed="saw", thing="contact", subject="c1", detail="agent_id, state of it")
        )
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, site: RightsSite) -> AsyncIterator[Page]:
    context = await chromium.new_context(
        viewport={"width": 1024, "height": 768}, locale="ko-KR", timezone_id="Asia/Seoul", base_url=site.url
    )
    context.set_default_timeout(10_000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto("/records#/person-data")
    await page.fill("input[name=id]", "admin")
    await page.fill("input[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_selector(".sheet")
    yield page
    await context.close()
    assert not complaints


async def test_pages_open_fit_are_accessible_and_do_what_they_say(page: Page, site: RightsSite) -> None:
    wrong: list[str] = []
    for place in PLACES:
        await go(page, f"#/{place}")
        await expect(page.locator("h1")).not_to_be_empty()
        wrong += await axe(page, place)
        wrong += [f"{place}: {key}" for key in await page.evaluate(A_KEY)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{place} is wider than the screen")
    assert wrong == []

    # A hold keeps one of the two, whatever is purged or deleted.
    await go(page, "#/holds")
    await page.click("header .main")
    await page.get_by_label("사건").fill("2026가합1")
    await page.locator(".form input[maxlength='500']").fill("소송")
    await page.locator(".form textarea").nth(1).fill("c1")
    await page.click(".form .main")
    await expect(page.locator(".record .say")).to_have_text("2026가합1")

    # The same on a contact's own page, and taken back.
    await go(page, "#/contacts/c2")
    held = page.locator(".contact-hold")
    await page.get_by_role("button", name="보존(법적 보류)").click()
    await expect(held).to_be_focused()
    await held.get_by_role("button", name="보존하기").click()
    await page.locator("dialog input").fill("감사")
    await page.locator("dialog .main").click()
    await expect(held.locator(".soft").last).to_contain_text("한관리")
    wrong += await axe(page, "a held contact")
    await held.get_by_role("button", name="해제").click()
    await page.locator("dialog input").fill("감사가 끝남")
    await page.locator("dialog .danger").click()
    await expect(held).to_contain_text("보존 중이 아닙니다")
    assert wrong == []

    await go(page, "#/retention")
    await page.get_by_role("button", name="지금 파기").click()
    await page.locator("dialog .danger").click()
    await expect(page.locator(".record .badge").first).to_have_text("마침")
    assert "쓰레기" in str(await site.store.events("c1"))
    assert "쓰레기" not in str(await site.store.events("c2"))

    await go(page, "#/person-data")
    await page.get_by_label("전화번호").fill(NUMBER)
    await page.get_by_label("사유").fill("열람 요구 12호")
    await page.click(".try .main")
    await expect(page.locator(".person .stays")).to_contain_text("2026가합1")
    await page.get_by_label("본인 확인 방법").fill("신분증 확인")
    await page.get_by_role("button", name="파일 만들기").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="파일 받기").click()
    assert (await (await waiting.value).path()).stat().st_size > 500
    await page.get_by_role("button", name="모두 삭제").click()
    await page.locator("dialog input").fill("010-1234-0000")
    await page.locator("dialog .danger").click()
    await expect(page.locator("[role=alert]")).to_contain_text("다릅니다")
    await page.get_by_role("button", name="모두 삭제").click()
    await page.locator("dialog input").fill(NUMBER)
    await page.locator("dialog .danger").click()
    await expect(page.locator(".person h2")).to_have_text("삭제했습니다")
    await expect(page.locator(".person .stays")).to_contain_text("2026가합1")
    assert await site.store.contacts.record("c1") is not None

    await go(page, "#/audit")
    await expect(page.locator("table.audit tbody")).to_contain_text("상담사, 상태 of it")  # the log keeps English words
    await page.get_by_label("민원인 전화번호").fill(NUMBER)
    await page.click(".filters .main")
    await expect(page.locator("table.audit tbody tr")).to_have_count(3)
    await expect(page.locator("table.audit tbody")).to_contain_text("열람 요구 12호")
    await page.get_by_role("button", name="사슬 검증").click()
    await expect(page.locator(".verdict")).to_contain_text("온전합니다")
    await go(page, "#/audit/month")
    await page.locator(".form textarea").fill("이상 없음")
    await page.click(".form .main")
    await expect(page.locator("main b")).to_have_text("한관리")
    month = f"{datetime.now(UTC) - timedelta(days=datetime.now(UTC).day):%Y-%m}"
    assert [each.month for each in await site.store.audit.reviews()] == [month]
