"""The sign-in in Chromium: with the second factor, by the city's identity provider, and what administrators do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Final

import pyotp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from agent_assist.desk_pages import DeskPages
from core.agent import Agent
from core.config import SignInConfig
from core.events import now
from core.web.pages import LANGUAGE_COOKIE
from records.routes.pages import RecordsPages
from records.routes.room import records_room
from server.accounts_routes import AccountsRoom, accounts_room
from tests.browser.test_phone_axe import AXE, RUN, TAGS
from tests.fakes.accounts import SmallSignIn
from tests.peers.oidc import RealProvider
from tests.server.signing_in.site import BOSS, KIM, PASSWORD, Site, site_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEXT: Final = "봄여름가을겨울-2026"
NO_TERMS: Final[dict[str, Any]] = {
    "results": [], "categories": [], "departments": [], "districts": [], "people": {}, "waiting": 0, "today": "",
}  # fmt: skip
Opens = Callable[..., Awaitable[Page]]
Starts = Callable[..., Awaitable[Site]]


def office(parts: SmallSignIn) -> Sequence[Callable[[web.Application], None]]:
    """The office application with the places of accounts, and the files of the pages."""

    class House:
        centre = "한빛시 민원콜센터"

        def who(self, request: web.Request) -> Agent | None:
            return AccountsRoom(parts.accounts).who(request)

    async def terms(_request: web.Request) -> web.Response:
        return web.json_response(NO_TERMS)

    async def desk(_request: web.Request) -> web.Response:
        return web.Response(text="<h1>desk</h1>", content_type="text/html")

    def files(app: web.Application) -> None:
        app.router.add_get("/desk/static/{path:.+}", DeskPages().static)
        app.router.add_get("/records/api/terms", terms)
        app.router.add_get("/desk", desk)

    return (accounts_room(parts.accounts), records_room(House(), RecordsPages(), ()), files)


@pytest_asyncio.fixture(loop_scope="session")
async def starts() -> AsyncIterator[Starts]:
    """``await starts(...)``: see ``site_of``; stopped once no page of ``opens`` can ask it any more."""
    async with AsyncExitStack() as sites:

        async def start(**more: Any) -> Site:
            return await sites.enter_async_context(site_of(rooms=office, clock=now, **more))  # type: ignore[arg-type]

        yield start


@pytest_asyncio.fixture(loop_scope="session")
async def opens(chromium: Browser, starts: Starts) -> AsyncIterator[Opens]:
    """``await opens(url, "/signin")``: a browser of her own. What it complains about fails the test."""
    contexts = []
    complaints: list[str] = []

    async def enter(url: str, place: str, size: tuple[int, int] = (1440, 900), **more: Any) -> Page:
        context = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="ko-KR", base_url=url, **more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: complaints.append(f"{line.text} {line.location['url']}") if line.type == "error" else None,
        )
        await page.goto(place)
        return page

    yield enter
    for context in contexts:
        await context.close()
    assert not [
        line for line in complaints if not re.search(r"status of (400|401|503)|ERR_NAME_NOT_RESOLVED|favicon", line)
    ]


async def signs_in(page: Page, account_id: str, password: str = PASSWORD) -> None:
    await page.fill("#id", account_id)
    await page.fill("#password", password)
    await page.keyboard.press("Enter")


async def no_barriers(page: Page) -> None:
    """WCAG 2.2 AA; the contrast of AAA is the callers' page's, not the offices'."""
    await page.add_script_tag(path=str(AXE)) if await page.evaluate("!window.axe") else None
    found = await page.evaluate(RUN, [TAGS, None])
    assert [line for line in found if not line.startswith("color-contrast-enhanced")] == []


async def test_a_second_factor_by_keyboard_at_a_small_screen(starts: Starts, opens: Opens) -> None:
    config = SignInConfig(second_factor=("admin",))
    site = await starts(config=config)
    page = await opens(site.url, "/signin?next=/account", (1024, 768), color_scheme="dark", bypass_csp=True)
    await expect(page.locator("#id")).to_be_focused()
    await no_barriers(page)
    await signs_in(page, "boss")
    await expect(page.locator("#code")).to_be_focused()
    picture = page.locator("img.qr")
    assert await picture.evaluate("img => img.complete && img.naturalWidth > 0")
    button = await page.locator("button[type=submit]").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 768, "all of it is seen without scrolling"
    await no_barriers(page)
    secret = (await page.locator("code").inner_text()).replace(" ", "")
    await page.keyboard.insert_text(pyotp.TOTP(secret).now())  # as a paste does
    await page.keyboard.press("Enter")
    await expect(page.locator(".codes")).to_contain_text("-")
    code = (await page.locator(".codes").inner_text()).split()[0]
    await no_barriers(page)
    await page.get_by_role("link", name="보관했습니다").click()
    await expect(page.locator(".me b")).to_have_text("박반장")
    await page.goto("/account#/second")
    await expect(page.locator("main")).to_contain_text("복구 코드가 10개 남았습니다")
    await no_barriers(page)
    await page.locator(".me button").click()
    await page.get_by_role("button", name="로그아웃").click()
    await page.wait_for_url("**/signin")
    await signs_in(page, "boss")
    await expect(page.locator("#code")).to_have_attribute("autocomplete", "one-time-code")
    await page.keyboard.insert_text(code)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")


async def test_by_the_pages_of_a_real_identity_provider_there_and_back(starts: Starts, opens: Opens) -> None:
    async with RealProvider() as provider:
        site = await starts(agents=(KIM, BOSS), oidc=provider.config())
        await provider.start(site.url)
        page = await opens(site.url, "/signin?next=/account")
        await page.get_by_role("link", name="한빛시 통합인증 로그인").click()
        await page.wait_for_url(f"{provider.issuer}/interaction/**")
        await page.fill("[name=login]", "haneul")
        await page.fill("[name=password]", "whatever")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Continue").click()
        await page.wait_for_url(f"{site.url}/account**")
        await expect(page.locator(".me b")).to_have_text("김하늘")
        await expect(page.locator("main")).to_contain_text("통합인증으로 로그인하는 계정입니다")
        await page.locator(".me button").click()
        await page.get_by_role("button", name="로그아웃").click()
        await page.wait_for_url(f"{provider.issuer}/session/end**")
        await page.get_by_role("button", name="Yes, sign me out").click()
        await page.wait_for_url(f"{site.url}/signin**")
        assert site.parts.auth.book.living("haneul") == []
        await provider.stop()
        site.parts.provider.forget()
        await page.goto("/signin/oidc")
        await expect(page.get_by_role("alert")).to_contain_text("지금 답하지 않습니다")
        await page.get_by_role("link", name="처음으로").click()
        await signs_in(page, "boss")
        await page.wait_for_url("**/desk")


async def test_an_administrator_makes_an_account_and_ends_its_session(starts: Starts, opens: Opens) -> None:
    site = await starts()
    boss = await opens(site.url, "/signin?next=/account", bypass_csp=True)
    await signs_in(boss, "boss")
    await expect(boss.locator(".me b")).to_have_text("박반장")
    await boss.goto("/records#/accounts")
    await boss.get_by_role("button", name="새 계정").click()
    await boss.get_by_role("textbox", name=re.compile("^아이디")).fill("Bada!")
    await boss.get_by_role("textbox", name=re.compile("^이름")).fill("이바다")
    await boss.get_by_role("button", name="계정 만들기").click()
    await expect(boss.locator("strong.wrong")).to_contain_text("영문 소문자")
    await no_barriers(boss)
    await boss.get_by_role("textbox", name=re.compile("^아이디")).fill("bada")
    await boss.get_by_role("button", name="계정 만들기").click()
    code = await boss.locator(".secret").inner_text()
    await no_barriers(boss)

    bada = await opens(site.url, "/signin/invitation?id=bada", (1024, 768))
    await bada.fill("#id", "bada")
    await bada.fill("#code", code)
    await bada.keyboard.press("Enter")
    await bada.fill("#password", NEXT)
    await bada.fill("#again", NEXT)
    await bada.keyboard.press("Enter")
    await bada.wait_for_url("**/desk")
    await bada.goto("/account#/sessions")
    await expect(bada.locator(".record")).to_contain_text("지금 이 화면")

    await boss.goto("/records#/sessions/bada")
    await expect(boss.locator("tbody tr")).to_have_count(1)
    await no_barriers(boss)
    await boss.get_by_role("button", name="끝내기", exact=True).click()
    await expect(boss.locator("main")).to_contain_text("로그인한 기기가 없습니다")
    await bada.reload()
    await bada.wait_for_url(re.compile(r"/signin\?next=/account"))

    await boss.goto("/records#/tokens")
    await boss.get_by_role("button", name="새 토큰").click()
    await boss.get_by_role("textbox", name=re.compile("^이름")).fill("전광판")
    await boss.get_by_label("전광판", exact=True).check()
    await boss.get_by_role("button", name="토큰 만들기").click()
    await expect(boss.locator(".secret")).to_contain_text("mw_")
    await no_barriers(boss)
    await boss.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "en", "url": site.url}])
    await boss.reload()
    await expect(boss.locator("h1")).to_have_text("Tokens")
