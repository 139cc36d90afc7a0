"""Every screen of the shipped menu and every page of ours, checked by axe-core: KWCAG 2.2 and WCAG 2.2 AA, text 7:1.

What a screen is made of does not depend on its colours, so everything is checked in both languages, and the colours
once more in each theme.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, cast

import pytest
from playwright.async_api import BrowserContext, Page, expect

from ars import inputs
from ars.model import BOOKED, CALLBACK, CAPTIONS, CODE, OVER, TALK, WAIT, Language
from ars.pushes import card
from ars.state import Phase
from core.events import TranscriptFinal, TranscriptPartial
from tests.browser.phone_driver import Driver
from tests.fakes.entries import WASTE
from tests.fakes.phone_site import PhoneSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROOT: Final = Path(__file__).parents[2]
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS: Final = ["color-contrast", "color-contrast-enhanced"]
RUN: Final = """async ([tags, rules]) => {
  const found = await axe.run(document, {
    preload: false,  // of style sheets and videos, for rules that none of our pages can break: a sixth of the time
    runOnly: tags ? { type: 'tag', values: tags } : { type: 'rule', values: rules },
    rules: tags ? { 'color-contrast-enhanced': { enabled: true } } : {}, resultTypes: ['violations'],
  });
  return found.violations.flatMap(v => v.nodes.map(
    n => `${v.id}: ${n.html.slice(0, 160)} | ${n.any.map(a => a.message)[0] ?? ''}`));
}"""
SMALL: Final = """() => [...document.querySelectorAll(
    'button, a.button, footer a, .errors a, summary, .check, input.input, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('.keys')).map(e => [e.getBoundingClientRect(), e])
  .filter(([box]) => box.height < 55.5 || box.width < 55.5)
  .map(([box, e]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
"""Targets under 56 px."""
CHECK: Final = f"""async given => typeof axe === 'object'
  ? [...await ({RUN})(given), ...(given[0] ? ({SMALL})().map(text => `small: ${{text}}`) : [])] : null"""
"""Both at once, for every question takes its time on the way; null where axe is not there yet."""
THEMES: Final[list[tuple[str, dict[str, Any], bool]]] = [
    ("light", {"color_scheme": "light", "contrast": "no-preference"}, False),
    ("dark", {"color_scheme": "dark", "contrast": "no-preference"}, False),
    ("light contrast", {"color_scheme": "light", "contrast": "no-preference"}, True),
    ("dark contrast", {"color_scheme": "dark", "contrast": "no-preference"}, True),
    ("light, more", {"color_scheme": "light", "contrast": "more"}, False),
    ("dark, more", {"color_scheme": "dark", "contrast": "more"}, False),
]
PHASES: Final[dict[str, Phase]] = {
    WAIT: "queued",
    CALLBACK: "queued",
    BOOKED: "queued",
    TALK: "talking",
    CAPTIONS: "talking",
    CODE: "web",
    OVER: "over",
}


async def check(page: Page, where: str, rules: list[str] | None = None) -> list[str]:
    given = [None, rules] if rules else [TAGS, None]
    if (found := await page.evaluate(CHECK, given)) is None:
        await page.evaluate(AXE.read_text("utf-8"))
        found = await page.evaluate(CHECK, given)
    return [f"{where}: {text}" for text in cast(list[str], found)]


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_every_screen_of_the_menu(
    phone_site: PhoneSite, phone_context: BrowserContext, language: Language
) -> None:
    page = await phone_context.new_page()
    await page.set_viewport_size({"width": 360, "height": 6000})  # else axe takes what is scrolled away for too small
    driver = await Driver.open(phone_site, page)
    driver.visit.set_around(position=3, expect_s=100, agent="김하늘")
    wrong: list[str] = []
    for id, screen in phone_site.menu.screens.items():
        await driver.show(id, phase=PHASES.get(id, "menu"), language=language)
        wrong += await check(page, f"{id} {language}")
        if screen.fields:
            driver.visit.submit(driver.visit.state.number, {})
            if driver.visit.state.errors:
                await page.locator("#errors").wait_for()
                wrong += await check(page, f"{id} {language} with errors")
    assert wrong == []


async def test_colours_of_every_kind_of_screen_in_every_theme(
    phone_site: PhoneSite, phone_context: BrowserContext
) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(phone_site, page)
    driver.visit.set_around(position=3, expect_s=100, agent="김하늘")
    screens = phone_site.menu.screens
    kinds = [phone_site.menu.start[0].screen, WAIT, CAPTIONS, OVER, "@search"]
    kinds += [next(id for id, screen in screens.items() if is_kind(screen)) for is_kind in (
        lambda s: any(f.kind == "photo" for f in s.fields), lambda s: s.place, lambda s: s.contact and not s.place,
    )]  # fmt: skip
    driver.visit.heard(TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="네, 말씀하세요."))
    driver.visit.heard(TranscriptFinal(speaker="caller", utterance="caller-1", start=0, end=1, text="장롱이요."))
    driver.ends_in(90)
    wrong: list[str] = []
    for id in kinds:
        await driver.show(id, phase=PHASES.get(id, "menu"))
        if id == CAPTIONS:
            driver.visit.heard(TranscriptPartial(speaker="agent", utterance="agent-2", start=2, text="주소가"))
            await expect(page.locator(".line.now")).to_have_count(1)
        if id == "@search":
            await page.fill("#q", "폐기물")
            await page.keyboard.press("Enter")
            await page.locator("summary").first.click()
        if screens[id].fields:
            driver.visit.submit(driver.visit.state.number, {})
            await page.locator("#errors").wait_for()
        for name, media, toggled in THEMES:
            await page.emulate_media(**media)
            await page.evaluate("on => document.documentElement.classList.toggle('contrast', on)", toggled)
            wrong += await check(page, f"{id} {name}", COLOURS)
    assert wrong == []


async def test_pages_without_a_screen(phone_site: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    _, visit, path = phone_site.call()
    wrong: list[str] = []
    for address in ("/v/", "/v/?language=en", "/v/unknown"):
        await page.goto(address)
        wrong += await check(page, address)
    phone_site.visits.links.bind(path.removeprefix("/v/"), "another browser", phone_site.house.now())
    await page.goto(path)
    await expect(page.locator("h1")).to_have_text("다른 곳에서 열린 주소입니다")
    wrong += await check(page, "second device")
    phone_site.visits.end(visit)
    await page.goto(path)
    await expect(page.locator("h1")).to_have_text("시간이 지난 주소입니다")
    for name, media, _ in THEMES:
        await page.emulate_media(**media)
        wrong += await check(page, f"expired {name}")
    assert wrong == []


async def test_what_the_agent_sends(phone_site: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(phone_site, page)
    driver.visit.put(inputs.Push(card(WASTE)))
    await driver.on("@card-1")
    await expect(page.locator("a[href='tel:070-0055-1600']")).to_be_visible()
    assert await check(page, "card") == []
    async with page.expect_download() as saved:
        await page.click("text=연락처 저장")
    assert (await saved.value).suggested_filename.endswith(".vcf")
