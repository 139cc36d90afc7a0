"""The sign of sound on the desk: quiet when it is good, a word when not, what to do by one key."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from core.events import QualityChanged
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.desk_site import DeskSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_small_sign_that_says_more_when_asked(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await expect(page.locator(".sound-signs")).to_have_count(0)  # nothing is known yet
    await house.say("c1", QualityChanged(speaker="caller", grade="good", mos=4.4))
    await house.say("c1", QualityChanged(speaker="agent", grade="good", mos=4.4))
    signs = page.locator(".sound-sign")
    await expect(signs).to_have_text(["민원인", "상담사"])
    await house.say(
        "c1", QualityChanged(speaker="caller", grade="fair", mos=3.9, loss=0.034, jitter_ms=12, causes=("loss",))
    )
    await house.say("c1", QualityChanged(speaker="agent", grade="none", causes=("one_way",)))
    await expect(signs).to_have_text(["민원인 소리 끊김", "상담사 소리 없음"])
    await expect(page.locator(".sound [role=status]")).to_have_text("민원인 소리 끊김, 상담사 소리 없음")
    button = page.locator(".sound-signs")
    await button.focus()
    await page.keyboard.press("Enter")
    detail = page.locator(".sound-detail")
    await expect(detail).to_contain_text("오는 소리의 3.4%가 빠집니다.")
    await expect(detail).to_contain_text("헤드셋 줄과 음소거 단추를 확인하세요.")
    assert await poor_contrast(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await expect(detail).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Escape")
    await expect(detail).to_have_count(0)
    await expect(button).to_be_focused()


async def test_a_past_call_shows_it_at_its_worst(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    for grade, causes in (("good", ()), ("poor", ("loss", "jitter"))):
        await house.say("c1", QualityChanged(speaker="caller", grade=grade, mos=3.5, loss=0.02, causes=causes))  # type: ignore[arg-type]
    await expect(page.locator(".sound-sign")).to_have_text(
        "민원인 소리 끊김"
    )  # a call that comes leads here, not later
    await house.say(
        "c1", QualityChanged(speaker="caller", grade="fair", mos=3.5, loss=0.02, causes=("loss",), final=True)
    )
    await house.end_call("c1")
    await expect(page.locator(".sound-signs")).to_have_count(0)
    await page.evaluate("location.hash = '#/calls/c1'")
    past = page.locator(".past-sound")
    await expect(past.locator(".sound-sign.poor")).to_have_text("민원인 소리 끊김")
    await expect(past).to_contain_text("통화 전체: 음질 점수(MOS) 3.5 · 빠짐 2.0% · 흔들림 0 ms")
