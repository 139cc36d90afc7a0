"""How the desk looks: readable in every theme, in sight on every screen, told to who cannot see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core.events import AlarmRaised
from tests.fakes.desk_site import DeskSite
from tests.fakes.entries import APPLIANCE, MOVE, WASTE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


THEMES: list[dict[str, Any]] = [
    {"color_scheme": scheme, "contrast": contrast}
    for scheme in ("light", "dark")
    for contrast in ("no-preference", "more")
]


async def poor_contrast(page: Page) -> list[str]:
    """Texts under 4.5:1 in any theme."""
    poor: list[str] = []
    for theme in THEMES:
        await page.emulate_media(**theme)
        poor += [f"{theme}: {text}" for text in await page.evaluate(CONTRAST)]
    return poor


async def test_every_text_can_be_read_in_every_theme(page: Page, site: DeskSite) -> None:
    house = site.house
    assert await poor_contrast(page) == []
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "장롱이요 ****-****", ("card",))
    await house.partial("c1", "agent", 2, "네")
    await house.suggest("c1", WASTE, MOVE)
    await house.say("c1", AlarmRaised(code="no_words"))
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    assert await poor_contrast(page) == []
    await house.end_call("c1")
    await expect(page.locator(".state .on")).to_contain_text("후처리")
    assert await poor_contrast(page) == []


async def test_it_fits_from_a_wide_screen_to_a_phone(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "장롱을 버리려고요")
    await house.suggest("c1", WASTE, APPLIANCE, MOVE)
    await house.say("c1", AlarmRaised(code="no_words"))
    await expect(page.locator(".card.closed")).to_have_count(2)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    in_sight = (".hang-up", ".card.closed >> nth=1", ".search input", ".me > button", "[data-utterance=caller-1]")
    for width, height in ((1440, 900), (1024, 768), (360, 740), (1024, 768)):
        if (width, await page.get_attribute("html", "lang")) == (360, "ko"):
            await page.click(".me > button")
            await page.click(".menu >> text=English")  # longer words
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        if width > 860:
            assert await page.evaluate("document.documentElement.scrollHeight") <= height
            for selector in in_sight:
                await expect(page.locator(selector)).to_be_in_viewport(ratio=1)


async def test_words_are_told_to_who_cannot_see_them(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await house.partial("c1", "caller", 1, "아직")
    await house.final("c1", "caller", 1, "장롱이요")
    live = page.locator(".words [aria-live=polite]")
    await expect(live).to_have_text("민원인: 장롱이요")
    await house.final("c1", "agent", 2, "네")
    await expect(live).to_have_text("상담사: 네")
