"""Script in every text that a caller's page can show: the browser runs none of it, and could not if it were there."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import pytest
from playwright.async_api import Browser, BrowserContext, expect

from ars import inputs
from ars.model import LANGUAGES, Contact, Menu, Screen
from ars.state import Stop
from ars.visits import Found
from core.events import TranscriptFinal, TranscriptPartial
from tests.ars.small import small_menu
from tests.browser.phone_driver import Driver
from tests.fakes.phone_site import PhoneSite
from tests.patience import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVIL: Final = (
    "<script>window.hacked=1</script><img src=x onerror='window.hacked=2'>\"><svg/onload=window.hacked=3>"
    "'-window.hacked=4-'{{7*7}}</title></textarea><script>window.hacked=5</script>"
    "<a href='javascript:window.hacked=6'>x</a><iframe srcdoc='<script>parent.hacked=7</script>'></iframe>"
    "<base href='https://evil.example/'><form action='https://evil.example/'><style>*{display:none}</style>"
)
STRANGE: Final = """
[window.hacked ?? null, document.querySelectorAll('main script, main style, main iframe, base, [onerror], [onload], '
 + 'form[action^=http], a[href^="javascript:"]').length, getComputedStyle(document.body).display === 'none']
"""
UNHARMED: Final = [None, 0, False]


def evil_menu() -> Menu:
    """The small menu; everything that it says is script."""

    def worse(tree: Any) -> Any:
        if isinstance(tree, dict) and tree and tree.keys() <= set(LANGUAGES):
            return {language: words + EVIL for language, words in tree.items()}
        if isinstance(tree, dict):
            return {name: worse(inner) for name, inner in tree.items()}
        return [worse(inner) for inner in tree] if isinstance(tree, list | tuple) else tree

    return msgspec.convert(worse(msgspec.to_builtins(small_menu())), Menu, strict=False)


@pytest.fixture
def evil(phone_site: PhoneSite) -> PhoneSite:
    phone_site.menu = evil_menu()
    phone_site.found = (Found(id="x", title=EVIL, text=f"{EVIL}\n\n{EVIL}", department=EVIL, phone=EVIL),)
    return phone_site


def card() -> Stop:
    contact = Contact(name={"ko": EVIL}, phone="031-0000-0120", hours={"ko": EVIL})
    return Stop(id="@card-1", pushed=Screen(title={"ko": EVIL}, text={"ko": EVIL}), contact=contact)


async def test_nothing_that_people_write_runs(evil: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(evil, page)
    visit = driver.visit

    async def unharmed() -> None:
        await driver.drawn()
        assert await page.evaluate(STRANGE) == UNHARMED

    await unharmed()
    await driver.show("parking")
    visit.submit(visit.state.number, dict.fromkeys(("where", "plate", "picture", "agreed", EVIL), EVIL))
    await unharmed()
    assert await page.locator("#f-where").input_value() != ""
    await driver.show("office")
    await unharmed()
    visit.put(inputs.Push(card()))
    await unharmed()
    await expect(page.locator("h1")).to_contain_text("<script>window.hacked=1</script>")
    visit.set_around(agent=EVIL, contact=EVIL)
    await driver.show("@captions", phase="talking")
    visit.heard(TranscriptFinal(speaker="agent", utterance=EVIL, start=0, end=1, text=EVIL))
    visit.heard(TranscriptPartial(speaker="caller", utterance="'] , x", start=0, text=EVIL))
    await expect(page.locator("#lines")).to_contain_text("window.hacked=5")
    await page.fill("#say", EVIL[:299])
    await page.press("#say", "Enter")
    await expect(page.locator("#say")).to_have_value("")
    await unharmed()
    await driver.show("@search")
    await page.fill("#q", EVIL[:99])
    await page.press("#q", "Enter")
    await expect(page.locator("#found details")).to_have_count(1)
    await unharmed()
    await page.goto(f"{driver.path}/search?q=%3Cscript%3Ewindow.hacked=8%3C/script%3E%22%20autofocus%20onfocus=x")
    await driver.connected()
    assert await page.evaluate(STRANGE) == UNHARMED
    await page.close()


async def test_script_that_got_into_the_page_could_not_run(chromium: Browser, evil: PhoneSite) -> None:
    """Behind the escaping stands the policy: scripts of ours alone, trusted types, nobody else's addresses."""
    context = await chromium.new_context(base_url=evil.url)
    page = await context.new_page()
    driver = await Driver.open(evil, page)
    for attempt in (
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.setAttribute('onclick', 'window.hacked = 1')",
        "Object.assign(document.createElement('script'), { text: 'window.hacked = 1' })",
        "trustedTypes.createPolicy('other', { createHTML: html => html })",
        "trustedTypes.createPolicy('minwon', { createHTML: html => html })",
    ):
        assert await page.evaluate(
            f"(() => {{ try {{ {attempt}; return 'done' }} catch {{ return 'refused' }} }})()"
        ) == ("refused"), attempt
    fetched = "fetch('https://evil.example/').then(() => 'done', () => 'refused')"
    assert await page.evaluate(fetched) == "refused"
    foreign = (
        "new Promise(r => Object.assign(new Image(), { onerror: () => r('refused'), onload: () => r('done'), src: "
    )
    assert await page.evaluate(f"{foreign} 'https://evil.example/x.png' }}))") == "refused"
    frame = await context.new_page()
    await frame.set_content(f"<iframe src='{evil.url}{driver.path}'></iframe>")
    await until(lambda: any(inner.url.startswith("chrome-error:") for inner in frame.frames))
    await context.close()


async def test_nothing_runs_on_pages_without_a_link(evil: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    await phone_context.add_cookies([{"name": "minwon_look", "value": 'large"><script>', "url": f"{evil.url}/v/"}])
    await page.goto("/v/?language=%22%3E%3Cscript%3Ewindow.hacked=1%3C/script%3E")
    assert await page.evaluate(STRANGE) == UNHARMED
    await page.close()
