"""One Chromium for all tests of the pages, a fresh context and a signed-in desk for each."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from ars.menu_files.menu_file import find, load, menu_of
from tests.fakes.desk_site import PASSWORD, DeskSite
from tests.fakes.entries import APPLIANCE, MOVE, PASSPORT, WASTE
from tests.fakes.house import AGENT, FakeHouse
from tests.fakes.phone_site import PhoneSite

expect.set_options(timeout=15_000)  # ms; machines that run tests are busy machines

CHROMIUM = shutil.which("chromium")
WITHOUT = [
    # Playwright's own list, which a second one replaces.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
    # Every window's address bar is a page of its own, and a process waits for the next page: half of what one costs.
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
]
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    f"--disable-features={','.join(WITHOUT)}",
    "--disable-component-update",
    "--disable-sync",
]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[DeskSite]:
    house = FakeHouse(entries=[WASTE, APPLIANCE, MOVE, PASSPORT])
    async with DeskSite(house, prefill=(AGENT.id, PASSWORD)) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def context(chromium: Browser, site: DeskSite) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul", base_url=site.url
    )
    context.set_default_timeout(10_000)  # ms; machines that run tests are busy machines
    yield context
    await context.close()


async def signed_in(context: BrowserContext, url: str, who: str, password: str) -> None:
    """The session's cookie is there, without the page that asks for a password (``test_desk_page`` has that)."""
    form = {"id": who, "password": password, "next": "/desk"}
    async with aiohttp.ClientSession() as client:
        answer = await client.post(f"{url}/signin", data=form, headers={"Origin": url}, allow_redirects=False)
    cookies = [(kept.key, kept.value) for kept in answer.cookies.values()]
    assert cookies, answer.status
    await context.add_cookies(
        [{"name": name, "value": value, "url": url, "httpOnly": True, "sameSite": "Lax"} for name, value in cookies]
    )


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, site: DeskSite) -> AsyncIterator[Page]:
    """A signed-in desk. Whatever the browser complains about fails the test."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await signed_in(context, site.url, AGENT.id, PASSWORD)
    await page.goto("/desk")
    await page.wait_for_selector(".call-column")
    await expect(page.locator(".me")).to_contain_text("김하늘")
    yield page
    # A refusal in words (400, 409) is no fault of the page, though the browser's console says so.
    known = ("ERR_CONNECTION", "WebSocket", "status of 400", "status of 409")
    assert not [line for line in complaints if not any(word in line for word in known)]


@pytest_asyncio.fixture(loop_scope="session")
async def phone_site(tmp_path: Path) -> AsyncIterator[PhoneSite]:
    """The caller's page with the menu that is shipped."""
    async with PhoneSite(tmp_path, menu_of(load(find("hanbit")), "hanbit.toml")) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def phone_context(chromium: Browser, phone_site: PhoneSite) -> AsyncIterator[BrowserContext]:
    """A smartphone, which asks nothing of anybody else. Whatever its browser complains about fails the test."""
    context = await chromium.new_context(
        viewport={"width": 360, "height": 740},
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        base_url=phone_site.url,
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(10_000)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    context.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(phone_site.url) else None)
    yield context
    await context.close()
    expected = ("ERR_CONNECTION", "ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "WebSocket", "status of 4", "status of 5")
    assert not [line for line in wrong if not any(known in line for known in expected)]
