"""Statistics and reports in Chromium, over a real database: figures at one look, their formulas and contacts, charts
that the keyboard reads, links that hold what is looked at, days without contacts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from records.routes.reports import report_routes
from records.routes.route import RecordsRoute
from records.routes.statistics import statistics_routes
from records.statistics.facts import facts_of
from records.statistics.tally import KINDS
from tests.browser.test_admin_pages import axe
from tests.browser.test_records_pages import A_KEY, SMALL, WIDE, SignIn, go, sign_in  # noqa: F401 - a fixture
from tests.fakes.records_site import RecordsSite
from tests.records.routes.test_reports import LONG, Reports
from tests.records.routes.test_statistics import House
from tests.records.statistics.lines import RULES, T0, call, lost

MONDAY: Final = T0 - timedelta(days=7)
"""The site's today is the Monday after it."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DAYS: Final = "period=days&first=2026-02-23&last=2026-03-01"


class Site(RecordsSite):
    """With statistics of two weeks of March."""

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        self.house = House(self.store)
        return (statistics_routes(self.house), report_routes(Reports(self.store, self.house), self.house))


@pytest_asyncio.fixture(loop_scope="session")
async def records_site(tmp_path: Path) -> AsyncIterator[RecordsSite]:
    async with Site(tmp_path) as site:
        lines = [
            call(
                f"{week}.{n}",
                agent=("agent", "second")[n % 2],
                at=MONDAY + timedelta(days=n % 5 - 7 * week, hours=n % 9),
                wait=n * 3,
                category=("교통>주차", "세금")[n % 2],
                department=(LONG, "세무과")[n % 2],
                number=f"010000{week}{n:04}",
            )
            for week in range(2)
            for n in range(20 - 6 * week)
        ]
        lines.append(lost("lost", at=MONDAY))
        await site.store.append([event for line in lines for event in line])
        await site.store.statistics.count(partial(facts_of, rules=RULES), KINDS)
        yield site


async def quiet(page: Page) -> None:
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    await expect(page.locator(".waiting")).to_have_count(0)


async def test_a_figure_is_explained_and_opens_its_contacts(sign_in: SignIn) -> None:  # noqa: F811
    page = await sign_in("supervisor", f"#/statistics/{DAYS}")
    await go(page, f"#/statistics/{DAYS}")
    await quiet(page)
    tile = page.locator("[data-measure=offered]")
    await expect(tile.locator(".value")).to_have_text("21")
    await expect(tile).to_contain_text("▲ 50%")  # last week: 14
    await page.locator("[data-measure=service_level]").focus()
    await page.keyboard.press("Enter")
    dialog = page.locator("dialog.behind")
    await expect(dialog).to_contain_text("목표 시간 안에 응답한 건수")
    await expect(dialog.locator(".result")).to_contain_text("÷ 21")
    await dialog.get_by_role("button", name="분모의 상담").click()
    await expect(dialog.locator("li")).to_have_count(21)
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    # A department's figure opens that department's contacts; its long name stays in its column.
    cell = page.locator(".cells tbody tr", has_text="세무과").locator("button.number").first
    await cell.click()
    await expect(dialog.locator("li")).to_have_count(10)
    await dialog.locator("li a").first.click()
    await expect(page).to_have_url(re.compile("#/contacts/"))


async def test_the_keyboard_reads_a_chart_and_a_table_says_the_same(sign_in: SignIn) -> None:  # noqa: F811
    page = await sign_in("supervisor", f"#/statistics/{DAYS}", SMALL)
    await go(page, f"#/statistics/{DAYS}")
    await quiet(page)
    box = await page.locator(".figures.of-chart").bounding_box()
    await page.locator(".canvas").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".reading")).to_contain_text("2026-02-23 (월)")
    await expect(page.locator(".reading")).to_contain_text("상담 요청 5")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog.behind li")).to_have_count(5)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="표로 보기").click()
    await expect(page.locator(".of-plot tbody tr").first).to_contain_text("5")
    now = await page.locator(".figures.of-chart").bounding_box()
    assert box is not None and now is not None
    assert abs(box["height"] - now["height"]) < 2  # nothing jumps
    assert await axe(page, "main") == []
    assert await page.evaluate(A_KEY) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_address_holds_what_is_looked_at(sign_in: SignIn) -> None:  # noqa: F811
    page = await sign_in("supervisor", f"#/statistics/{DAYS}")
    await go(page, f"#/statistics/{DAYS}")
    await quiet(page)
    await page.get_by_label("부서", exact=True).select_option(label="세무과")
    await expect(page.locator("[data-measure=offered] .value")).to_have_text("10")
    await page.locator(".breakdown").get_by_role("button", name="분류").click()
    address = page.url
    await page.reload()
    await quiet(page)
    assert page.url == address
    await expect(page.locator("[data-measure=offered] .value")).to_have_text("10")
    await expect(page.locator(".cells tbody tr").first).to_contain_text("세금")
    await page.go_back()
    await page.go_back()
    await expect(page.locator("[data-measure=offered] .value")).to_have_text("21")
    await go(page, "#/statistics/period=days&first=2020-01-01&last=2020-01-01")
    await quiet(page)
    await expect(page.locator(".band")).to_contain_text("이 기간에는 상담이 없습니다.")
    await expect(page.locator("[data-measure=asa] .value")).to_have_text("–")


async def test_an_agent_sees_her_own_and_no_reports(sign_in: SignIn) -> None:  # noqa: F811
    page = await sign_in("agent", f"#/statistics/{DAYS}")
    await go(page, f"#/statistics/{DAYS}")
    await quiet(page)
    await expect(page.locator("[data-measure=answered] .value")).to_have_text("10")
    await expect(page.get_by_label("상담사", exact=True)).to_have_count(0)
    await expect(page.locator("#rising-title")).to_have_count(0)
    await go(page, "#/reports")
    await expect(page.locator("main")).to_contain_text("권한이 없습니다")


async def test_reports_are_made_scheduled_and_fit(sign_in: SignIn) -> None:  # noqa: F811
    page = await sign_in("supervisor", "#/reports/first=2026-02-23&last=2026-03-01", WIDE)
    await go(page, "#/reports/first=2026-02-23&last=2026-03-01")
    await expect(page.locator(".of-report input[type=date]").first).to_have_value("2026-02-23")
    await expect(page.locator(".band")).to_contain_text("apt-get install chromium")
    async with page.expect_download() as loading:
        await page.get_by_role("button", name="엑셀 만들기").click()
    assert (await loading.value).suggested_filename == "상담통계_2026-02-23_2026-03-01.xlsx"
    await page.get_by_role("button", name="새 일정").click()
    await page.locator("textarea").fill("a@gmail.com")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_role("alert")).to_contain_text("hanbit.go.kr")
    await page.locator("textarea").fill("team@hanbit.go.kr")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator("li.record")).to_contain_text("다음 발송")
    await page.get_by_role("button", name="지금 시험 발송").click()
    await page.locator("dialog").get_by_role("button", name="지금 시험 발송").click()
    await expect(page.locator(".notice-bar")).to_contain_text("1명에게 보냈습니다.")
    assert await axe(page, "main") == []
    assert await page.evaluate(A_KEY) == []
