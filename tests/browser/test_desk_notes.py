"""A supervisor's note and the reasons for being away, on the desk in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from core.events import NoteSent
from tests.browser.test_admin_pages import axe
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT
from tests.patience import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def note(number: int, text: str) -> NoteSent:
    return NoteSent(note_id=f"n{number}", agent_id=AGENT.id, by="boss", by_name="최책임", text=text)


async def test_a_note_covers_no_word_and_one_key_says_that_it_is_seen(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "가로등이 꺼졌어요")
    words = page.locator("[data-utterance=caller-1]")
    before = await words.bounding_box()
    for number, text in ((1, "대기가 늘었습니다"), (2, "점심 먼저 드세요")):
        sent = note(number, text)
        house.unseen.append(sent)
        await house.bus.publish(sent)
    shown = page.locator(".supervisor-note")
    await expect(shown).to_contain_text("최책임")
    await expect(shown).to_contain_text("대기가 늘었습니다")
    await expect(shown).to_contain_text("1건")
    assert await words.bounding_box() == before, "nothing has moved"
    covers = await page.evaluate(
        """() => {
          const note = document.querySelector('.supervisor-note').getBoundingClientRect();
          return ['.call-column', '.cards', '.bar'].filter((name) => {
            const box = document.querySelector(name).getBoundingClientRect();
            return note.left < box.right && note.right > box.left && note.top < box.bottom && note.bottom > box.top;
          });
        }"""
    )
    assert covers == []
    assert await axe(page, "note") == []
    assert await poor_contrast(page) == []
    await page.reload()
    await expect(shown).to_contain_text("대기가 늘었습니다")  # it waits until she has seen it
    await page.locator("#search").focus()
    await page.keyboard.press("F7")
    await expect(shown).to_contain_text("점심 먼저 드세요")
    await page.keyboard.press("F7")
    await until(lambda: house.seen_notes == ["n1", "n2"])
    await expect(shown).to_be_hidden()


async def test_away_with_its_reason_and_what_a_supervisor_has_changed(page: Page, site: DeskSite) -> None:
    house = site.house
    house.away_reasons = ["lunch", "민원실 지원"]
    await page.reload()
    away = page.locator(".state .away > button")
    await away.click()
    menu = page.locator(".away-menu button")
    await expect(menu).to_have_text(["점심", "민원실 지원", "사유 없이"])
    await expect(menu.first).to_be_focused()
    assert await axe(page, "away") == []
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await until(lambda: (house.state.state, house.state.reason) == ("away", "민원실 지원"))
    await expect(away).to_contain_text("민원실 지원")
    await page.keyboard.press("F9")
    await until(lambda: house.state.state == "ready")
