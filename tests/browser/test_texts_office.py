"""The office pages of texts in Chromium: templates with fields, a rule and its trial, sender numbers, opt-outs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from core.events import CardUsed, RecordKept
from tests.browser.test_desk_texts import look
from tests.browser.test_records_pages import SignIn, sign_in
from tests.fakes.records_site import RecordsSite
from tests.server.test_after_call import put
from tests.server.test_texts_office import rooms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

__all__ = ["sign_in"]


@pytest_asyncio.fixture(loop_scope="session")
async def records_site(tmp_path: Path) -> AsyncIterator[RecordsSite]:
    async with RecordsSite(tmp_path, rooms) as site:
        yield site


async def go(page: Page, name: str) -> None:
    await page.get_by_role("link", name=name, exact=True).click()
    await expect(page.locator("h1")).to_have_text(name)
    await expect(page.locator(".waiting")).to_have_count(0)


async def test_from_a_template_to_a_rule_that_was_tried(sign_in: SignIn, records_site: RecordsSite) -> None:
    kept = RecordKept(version=1, by="kim", department="자원순환과", result="answered")
    for number in range(3):
        await put(records_site.store, f"c{number}", CardUsed(entry_id="7", deed="accepted"), kept)
    page = await sign_in("supervisor")
    await go(page, "문자 서식")
    await expect(page.locator(".empty-title")).to_have_text("서식이 없습니다")
    await look(page, "office-templates-empty")
    await page.get_by_role("button", name="새 서식").click()
    await page.get_by_label("이름").fill("담당 부서 안내")
    await page.get_by_role("button", name="{부서}").click()
    await page.keyboard.type(" ")
    await page.get_by_role("button", name="{전화}").click()
    await page.keyboard.type("로 문의하세요.")
    await look(page, "office-template-form")
    await page.get_by_role("button", name="저장").click()
    line = page.locator(".lines .record", has_text="담당 부서 안내")
    await expect(line).to_contain_text("{부서} {전화}로 문의하세요.")
    await expect(line).to_contain_text("단문 27바이트")
    await line.get_by_role("button", name="고치기").click()
    await page.locator("textarea").fill("{담당지}")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(".notice-bar.bad")).to_contain_text("담당지")
    await page.get_by_role("button", name="취소").click()

    # One that comes with the product is put in by one press, asks for a rating, and is offered no more.
    await page.locator(".ready").get_by_role("button", name="넣기").click()
    await expect(page.locator(".ready")).to_have_count(0)
    (ready,) = [one for one in await records_site.store.texting.templates() if one.purpose == "rating"]
    await expect(page.locator(".lines .record", has_text=ready.title)).to_contain_text("만족도")

    await go(page, "자동 문자")
    await page.get_by_role("button", name="새 규칙").click()
    await page.get_by_label("이름").fill("답변 뒤 안내")
    await page.get_by_label("보낼 서식").select_option(label="담당 부서 안내")
    await page.get_by_label("상담 결과").select_option(label="답변 완료")
    await expect(page.locator(".chip")).to_contain_text("답변 완료")
    await page.get_by_role("button", name="지난 상담으로 시험").click()
    await expect(page.locator(".trial")).to_contain_text("3건을 보냈을 것입니다(살펴본 상담 3건)")
    await expect(page.locator(".trial")).to_contain_text("자원순환과 033-120-4567로 문의하세요.")
    await look(page, "office-rule-form")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(".trial")).to_have_count(0)
    rule = page.locator(".lines .record")
    await expect(rule).to_contain_text("결과: 답변 완료")
    await expect(rule).to_contain_text("꺼짐")
    await rule.get_by_role("button", name="켜기").click()
    await expect(rule).to_contain_text("켜짐")
    await look(page, "office-rules")
    await page.get_by_role("button", name="되돌리기").click()
    await expect(rule).to_contain_text("꺼짐")


async def test_numbers_that_send_and_people_who_want_none(sign_in: SignIn) -> None:
    page = await sign_in("admin")
    await go(page, "발신번호")
    await expect(page.locator(".sheet")).to_contain_text("033-120-0120에서 보냅니다")
    await page.get_by_role("button", name="새 발신번호").click()
    await page.get_by_label("번호", exact=False).first.fill("033-120-4567")
    await page.get_by_label("누구의 번호").fill("자원순환과")
    await page.get_by_label("등록일").fill("2999-01-01")
    await page.get_by_label("부서").select_option("자원순환과")
    await look(page, "office-sender-form")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator(".lines .record")).to_contain_text("아직 등록일이 되지 않아")
    await look(page, "office-senders")

    await go(page, "수신 거부")
    await expect(page.locator(".empty-title")).to_have_text("수신을 거부한 분이 없습니다")
    await page.get_by_label("전화번호").fill("010-0284-1009")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sheet")).to_contain_text("문자를 받습니다.")
    await page.get_by_role("button", name="수신 거부로 올리기").click()
    await expect(page.locator(".lines .record")).to_contain_text("직원이 올림")
    await expect(page.locator(".sheet")).to_contain_text("문자를 받지 않습니다")
    await look(page, "office-opt-outs")
    await page.get_by_role("button", name="다시 받기").click()
    await expect(page.locator(".lines")).to_have_count(0)
