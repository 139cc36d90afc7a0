"""The call's language on the desk: seen, chosen by the keyboard, said plainly where there is no model."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from agent_assist.desk_language import Spoken
from core.events import LanguageChanged, TranscriptFinal, TranscriptPartial
from tests.browser.test_admin_pages import axe
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.desk_site import DeskSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LANGUAGES = [
    Spoken(language="ko", heard=True),
    Spoken(language="en", heard=True),
    Spoken(language="zh", heard=False),
]


async def test_the_language_is_chosen_by_the_keyboard_and_words_take_their_own_place(
    page: Page, site: DeskSite
) -> None:
    house = site.house
    house.spoken = LANGUAGES
    await page.reload()
    await house.start_call("c1")
    sign = page.locator(".call-head .spoken-sign")
    await expect(sign).to_contain_text("한국어")
    await house.say(
        "c1", TranscriptFinal(speaker="caller", utterance="caller-1", start=1, end=2, text="헬 로", language="ko")
    )
    words = page.locator("[data-utterance=caller-1] .text")
    await expect(words).to_have_attribute("lang", "ko")

    await page.keyboard.press("s")
    choices = page.locator(".spoken-list button")
    await expect(choices).to_have_text(["한국어", "English", "中文 글 없음"])
    await expect(choices.first).to_be_focused()
    assert await axe(page, "languages") == []
    await page.keyboard.press("Escape")
    await expect(choices).to_have_count(0)
    await expect(sign).to_be_focused()
    await page.keyboard.press("s")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(sign).to_contain_text("English")

    await house.say(
        "c1", TranscriptFinal(speaker="caller", utterance="caller-1", start=1, end=2, text="hello", language="en")
    )
    await expect(words).to_have_text("hello")
    await expect(words).to_have_attribute("lang", "en")
    await expect(page.locator(".said")).to_have_count(1)
    await house.say(
        "c1", TranscriptPartial(speaker="caller", utterance="caller-2", start=3, text="may i", language="en")
    )
    await expect(page.locator("[data-utterance=caller-2] .text")).to_have_attribute("lang", "en")

    await page.keyboard.press("s")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    band = page.locator(".unheard-band")
    await expect(band).to_contain_text("음성 인식 모델이 없어 글로 보이지 않습니다. 통화는 그대로 이어집니다.")
    assert await axe(page, "no model") == []
    assert await poor_contrast(page) == []
    await house.end_call("c1")
    await expect(band).to_have_count(0)
    await page.keyboard.press("s")
    await expect(choices).to_have_count(0)


async def test_a_desk_without_further_languages_is_as_it_was(page: Page, site: DeskSite) -> None:
    """No sign, no list; and a call of another language is known in the history all the same."""
    house = site.house
    await house.start_call("c1")
    await expect(page.locator(".call-state")).to_have_text("통화 중")
    await page.keyboard.press("s")
    await expect(page.locator(".spoken-sign")).to_have_count(0)
    await house.say("c1", LanguageChanged(language="vi", heard=False, by="menu"))
    await house.end_call("c1")
    await page.goto("/desk#/calls/c1")
    await expect(page.locator(".past .spoken-sign")).to_have_text("Tiếng Việt 글 없음")
    await expect(page.locator(".past .trail, .past ol").last).to_be_visible()
