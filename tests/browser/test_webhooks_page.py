"""Receivers of webhooks in Chromium, with a real one in its own process; a contact that leaves as a vCon."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from records.routes.route import RecordsRoute
from records.routes.vcons import vcon_routes
from server.webhooks.office_routes import webhook_routes
from tests.browser.test_admin_pages import axe
from tests.browser.test_desk_texts import look
from tests.browser.test_records_pages import A_KEY, SignIn, go, sign_in
from tests.fakes.records_site import AGENTS, RecordsSite
from tests.server.test_vcons import exporting
from tests.server.webhooks.receiver import Receiver, Site, receiver

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

__all__ = ["sign_in"]


class WebhooksSite(RecordsSite):
    async def __aenter__(self) -> WebhooksSite:
        await super().__aenter__()
        await self.hooks.begin()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.hooks.kill()
        await super().__aexit__(*exc)

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        self.hooks = Site(self.store)
        self.hooks.make()
        return (webhook_routes(self.hooks.office), vcon_routes(exporting(self.store, self.home)))


@pytest_asyncio.fixture(loop_scope="session")
async def records_site(tmp_path: Path) -> AsyncIterator[WebhooksSite]:
    async with WebhooksSite(tmp_path) as site:
        await site.records.call("c1", agent=AGENTS["agent"], days_ago=2)
        await site.records.settled("c1")
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as found:
        yield found


async def fits(page: Page) -> None:
    assert await page.evaluate(A_KEY) == []
    assert await axe(page, page.url) == []
    for width in (1440, 1024):
        await page.set_viewport_size({"width": width, "height": 900})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_from_the_first_receiver_to_a_dead_letter_sent_again(
    sign_in: SignIn, records_site: WebhooksSite, there: Receiver
) -> None:
    page = await sign_in("admin")
    await go(page, "#/webhooks")
    await expect(page.locator(".empty-title")).to_have_text("연결이 없습니다")
    await look(page, "office-webhooks-empty")
    await page.get_by_role("button", name="새 연결").click()
    await page.keyboard.type("통계 프로그램")
    await page.get_by_label("받는 주소").fill("http://169.254.169.254/")
    await page.get_by_text("기록 확정").click()
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(".notice-bar.bad")).to_contain_text("이 주소로는 보낼 수 없습니다")
    await page.get_by_label("받는 주소").fill(there.url)
    await look(page, "office-webhooks-form")
    await page.keyboard.press("Enter")
    secret = page.locator("output.secret")
    await expect(secret).to_contain_text("whsec_")
    await there.answers(f"secrets {await secret.inner_text()}")
    await look(page, "office-webhooks-secret")
    await fits(page)
    await page.get_by_role("button", name="전했습니다").click()
    await expect(secret).to_have_count(0)

    await there.answers("503")
    line = page.locator(".lines .record")
    await line.get_by_role("button", name="시험 전송").click()
    told = await there.next()
    assert (told["body"]["type"], told["good"]) == ("webhook.test", [True])
    await expect(line).to_contain_text("받는 쪽이 거절")
    await look(page, "office-webhooks-failing")
    await records_site.hooks.later(hours=24)
    assert (await there.next())["id"] == told["id"]
    await expect(line).to_contain_text("보내지 못함 1")
    await line.get_by_role("link", name="통계 프로그램").click()
    row = page.locator(".deliveries tbody tr")
    await expect(row).to_contain_text("503 · 받는 쪽이 거절")
    await look(page, "office-webhooks-deliveries")
    await fits(page)
    await there.answers("204")
    await row.get_by_role("button", name="다시 보내기").click()
    assert (await there.next())["id"] == told["id"]
    await expect(row.locator(".of-delivered")).to_have_text("전달")
    await page.get_by_role("button", name="대기", exact=True).click()
    await expect(page.locator(".empty-title")).to_have_text("전송한 알림이 없습니다")

    await page.get_by_role("link", name="연결 목록").click()
    await line.get_by_role("button", name="열쇠 교체").click()
    await page.locator("dialog").get_by_role("button", name="열쇠 교체").click()
    await expect(secret).to_contain_text("whsec_")
    await expect(line).to_contain_text("옛 열쇠로도 서명합니다")
    await line.get_by_role("button", name="삭제").click()
    await page.locator("dialog").get_by_role("button", name="삭제").click()
    await expect(line).to_have_count(0)


async def test_a_contact_leaves_as_a_vcon(sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    await go(page, "#/contacts/c1")
    await page.get_by_role("button", name="내보내기(vCon)").click()
    dialog = page.locator("dialog")
    await expect(dialog.get_by_role("button", name="내보내기")).to_be_disabled()
    await page.keyboard.type("정보공개 청구 2026-118")
    await look(page, "office-vcon")
    async with page.expect_download() as waiting:
        await page.keyboard.press("Enter")
    file = await waiting.value
    assert file.suggested_filename == "c1.vcon"
    body = await asyncio.to_thread(Path(await file.path()).read_bytes)
    assert set(json.loads(body)) == {"payload", "signatures"}
    await expect(dialog).to_have_count(0)
    agent = await sign_in("agent")
    await go(agent, "#/contacts/c1")
    await expect(agent.locator(".of-contact h1")).to_be_visible()
    await expect(agent.get_by_role("button", name="내보내기(vCon)")).to_have_count(0)
