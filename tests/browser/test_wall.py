"""The supervisor's wall and the big screen in a real Chromium: what fits, what stands still, all by the keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.events import AlertChanged, TranscriptFinal
from server.bench.wall_floor import Floor
from tests.browser.test_admin_pages import axe
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.wall_site import WallSite
from tests.patience import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FITS = "[...document.querySelectorAll('.grid')].every((e) => e.scrollHeight <= e.clientHeight)"
NO_WIDER = "document.documentElement.scrollWidth <= innerWidth && document.body.scrollHeight <= innerHeight"
SMALLEST = (
    "Math.min(...[...document.querySelectorAll('dt, dd, li span, h2')]"
    ".map((e) => parseFloat(getComputedStyle(e).fontSize)))"
)
ORDER = "[...document.querySelectorAll('main [data-stop]')].map((e) => e.dataset.agent ?? e.dataset.call)"


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[WallSite]:
    async with WallSite(Floor(agents=30, calls=14)) as made:
        yield made


@asynccontextmanager
async def opened(chromium: Browser, site: WallSite, path: str, width: int, height: int) -> AsyncIterator[Page]:
    """A page; whatever the browser complains about fails the test."""
    size: Any = {"width": width, "height": height}
    context = await chromium.new_context(viewport=size, locale="ko-KR", timezone_id="Asia/Seoul", base_url=site.url)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        await page.goto(path)
        yield page
        known = ("ERR_CONNECTION", "WebSocket", "status of 409")
        assert not [line for line in complaints if not any(word in line for word in known)]
    finally:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, site: WallSite) -> AsyncIterator[Page]:
    async with opened(chromium, site, "/wall", 1440, 900) as page:
        await expect(page.locator(".tile")).to_have_count(30)
        yield page


async def test_three_hundred_agents_fit_and_a_hundred_and_fifty_calls_are_listed(chromium: Browser) -> None:
    async with WallSite(Floor()) as site, opened(chromium, site, "/wall", 1440, 900) as page:
        await expect(page.locator(".tile")).to_have_count(300)
        assert await page.evaluate(FITS)
        assert await page.evaluate(NO_WIDER)
        await page.keyboard.press("3")
        await expect(page.locator(".calls tbody tr")).to_have_count(150)
        await page.set_viewport_size({"width": 1024, "height": 768})
        heights = await page.evaluate(
            "[...new Set([...document.querySelectorAll('.calls tbody tr')].map((e) => e.offsetHeight))]"
        )
        assert len(heights) == 1, "long words change no line's height"
        assert await page.evaluate(NO_WIDER)


async def test_states_are_words_and_shapes_and_readable_in_both_themes(page: Page) -> None:
    tile = page.locator('[data-agent="boss"]')
    await expect(tile).to_contain_text("비움")
    await expect(page.locator(".state-key")).to_have_count(5)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for key in ("1", "3"):
            await page.keyboard.press(key)
            await page.keyboard.press("a")  # the first alert's call is chosen
            assert await poor_contrast(page) == []
            await page.keyboard.press("Escape")
    for key in ("1", "2", "3", "4"):
        await page.keyboard.press(key)
        assert await axe(page, f"view {key}") == []


async def test_all_of_it_by_the_keyboard(page: Page, site: WallSite) -> None:
    floor = site.floor
    await page.keyboard.press("k")
    await expect(page.locator(".alerts .taken")).to_have_count(1)
    await page.keyboard.press("3")
    await page.keyboard.press("/")
    await page.keyboard.type("없는 말")
    await expect(page.locator("main .empty")).to_contain_text("지금 통화가 없습니다")
    await page.keyboard.press("Escape")
    await expect(page.locator(".calls tbody tr")).to_have_count(14)
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Home")
    call = page.locator(".calls tr.talking:not(.alert) [data-call]").first
    await call.focus()
    await page.keyboard.press("Enter")
    chosen = await call.get_attribute("data-call")
    await expect(page.locator(".chosen .last-words")).to_be_visible()
    for key, mode in (("l", "listen"), ("w", "whisper"), ("b", "barge")):
        await page.keyboard.press(key)
        await expect(page.locator("section.chosen [aria-pressed=true]")).to_contain_text(
            {"listen": "듣기", "whisper": "귓속말", "barge": "끼어들기"}[mode]
        )
    await page.keyboard.press("t")
    await expect(page.locator(".chosen form input")).to_be_focused()
    assert await axe(page, "take over") == []
    await page.keyboard.type("민원인이 요청")
    await page.keyboard.press("Enter")
    await until(lambda: f"take over {chosen} 민원인이 요청" in floor.done)
    await expect(page.locator(".notice-bar")).to_contain_text("통화를 넘겨받았습니다")
    await page.keyboard.press("Escape")

    await page.keyboard.press("1")
    await page.locator('[data-agent="a1"]').focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("m")
    await page.keyboard.type("점심 다녀오세요")
    await page.keyboard.press("Enter")
    await until(lambda: "note a1: 점심 다녀오세요" in floor.done)
    await expect(page.locator("section.chosen")).to_contain_text("안 읽은 쪽지 1")
    await page.keyboard.press("c")
    await page.locator(".chosen form select").first.select_option("away")
    assert await axe(page, "state") == []
    floor.refuses = "busy_with_call"
    await page.locator(".chosen form button.main").click()
    await expect(page.locator(".notice-bar.bad")).to_contain_text("통화가 끝난 뒤에")
    await page.locator(".chosen form button.main").click()
    await until(lambda: "set a1 away lunch" in floor.done)
    await expect(page.locator("section.chosen")).to_contain_text("점심")
    busy = page.locator(".tile.talking").first
    her = await busy.get_attribute("data-agent")
    await busy.click()
    await page.keyboard.press("c")
    await expect(page.locator(".chosen form select").first).to_have_value("away_after_call")
    await page.locator(".chosen form button.main").click()
    await until(lambda: f"after this call {her} lunch" in floor.done)
    await expect(page.locator("section.chosen")).to_contain_text("통화 뒤: 점심")
    await page.locator("section.chosen").get_by_role("button", name="되돌리기").click()
    await until(lambda: f"stays {her}" in floor.done)
    await expect(page.locator("section.chosen")).not_to_contain_text("통화 뒤")
    await page.keyboard.press("Shift+Slash")
    await expect(page.locator("dialog.help")).to_contain_text("줄이 자리를 지킵니다")
    await page.keyboard.press("Escape")


async def test_lines_stand_still_while_she_aims_and_words_arrive_all_the_same(page: Page, site: WallSite) -> None:
    await page.keyboard.press("3")
    await page.keyboard.press("s")  # by state
    before = await page.evaluate(ORDER)
    await page.locator(f'[data-call="{before[3]}"]').hover()
    call = next(one for one in before if site.floor.agent_of(one))
    said = TranscriptFinal(speaker="caller", utterance="new", start=0, end=1, text="방금 한 말")
    await site.floor.end(call)
    await site.floor.say(before[-1], said)
    await expect(page.locator("tr.gone")).to_have_count(1)
    await expect(page.locator(f'tr:has([data-call="{before[-1]}"]) .words')).to_contain_text("방금 한 말")
    kept = [one for one in await page.evaluate(ORDER) if one in before]
    assert kept == [one for one in before if one != call]
    await expect(page.locator(".held")).to_contain_text("고정")
    await page.mouse.move(1300, 500)
    await expect(page.locator("tr.gone")).to_have_count(0)


async def test_an_alert_is_there_at_once_and_after_a_lost_line_the_picture_is_whole(page: Page, site: WallSite) -> None:
    floor = site.floor
    call = next(one for one in floor.calls if floor.agent_of(one))
    await floor.say(call, AlertChanged(alert_id="alert-7", kind="threat", words=("죽여",)))
    await expect(page.locator(".alerts")).to_contain_text("협박")
    await expect(page).to_have_title("(4) 상황판")
    await site.stop()
    await expect(page.locator(".top .link")).to_contain_text("연결이 끊겼습니다")
    await floor.move("a2", "away", reason="meeting")
    await site.start()
    await expect(page.locator(".top .link")).to_have_text("")
    await page.keyboard.press("2")
    await expect(page.locator('tr:has([data-agent="a2"])')).to_contain_text("회의")


async def test_the_big_screen_shows_numbers_alone(chromium: Browser, site: WallSite) -> None:
    async with opened(chromium, site, "/wallboard", 1920, 1080) as page:
        await expect(page.locator(".today")).to_contain_text("4,812")
        assert await page.evaluate(NO_WIDER)
        smallest = await page.evaluate(SMALLEST)
        assert smallest >= 32, "to be read from five metres"
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert await poor_contrast(page) == []
        assert await axe(page, "board") == []
        text = await page.locator("body").inner_text()
        assert "정전" in text
        assert not [row.name for row in site.floor.agents().values() if row.name in text]
        assert "동네" not in text, "no quotes"
        site.floor.shows_board = False
        await site.floor.move("boss", "ready")
        await expect(page.locator("h1")).to_contain_text("열쇠가 없거나")
