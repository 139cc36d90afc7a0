"""Flow 8: the smartphone's network fails in mid-call, or the page is shut. The call does not mind, and the page comes
back to where the caller is."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from core.events import VisitChanged
from tests.flows.visual_ars.plain_phone import plain_call
from tests.flows.visual_ars.stage import SOON_S, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_the_network_fails_and_comes_back(stage: Stage, phone: Phone) -> None:
    async with plain_call(stage, "01000001008") as call:
        await phone.open(await stage.link(call.number))
        heard = await stage.same(phone, call, "main")
        await phone.context.set_offline(True)
        await phone.says(phone.status, "인터넷이 끊겼습니다")
        await phone.shot("8-lost")
        await phone.tap("1")
        await phone.says(phone.notice, "전화기 번호 단추는 그대로")
        await phone.shot("8-lost-tap")
        await call.press("3")
        heard = await stage.voice.until_on("passport", call.ear, heard)
        await phone.on("main")
        await phone.context.set_offline(False)
        heard = await stage.same(phone, call, "passport", heard)
        await phone.says(phone.status, "통화 중입니다")
        await phone.tap("1")
        await stage.same(phone, call, "days", heard)
        await phone.shot("8-back")
        assert [screen for screen, _ in stage.screens(call.call_id)] == ["main", "passport", "days"], "no tap was kept"


async def test_the_page_is_shut_and_opened_again(stage: Stage, phone: Phone) -> None:
    call = await stage.call("01000001018")
    link = await stage.link(call.number)
    await phone.open(link)
    heard = await stage.same(phone, call, "main")
    await phone.page.goto("about:blank")
    await stage.event(VisitChanged, lambda event: event.state == "lost", call_id=call.call_id)
    await call.press("3")
    heard = await stage.voice.until_on("passport", call.ear, heard)
    assert call.leg.up
    await phone.open(link)
    await phone.on("passport")
    await stage.event(VisitChanged, lambda event: event.state == "back", call_id=call.call_id)
    assert stage.visit_states(call.call_id) == ["begun", "opened", "lost", "back"]
    await call.press("1")
    await stage.same(phone, call, "days", heard)


async def test_a_reload_a_second_tab_and_a_locked_phone(stage: Stage, phone: Phone) -> None:
    call = await stage.call("01000001028")
    link = await stage.link(call.number)
    await phone.open(link)
    await phone.tap("1")
    heard = await stage.same(phone, call, "waste")
    await phone.page.get_by_label("물건").fill("빨래 건조대")
    await phone.page.reload()
    await phone.on("waste")
    await expect(phone.page.get_by_label("물건")).to_have_value("빨래 건조대", timeout=SOON_S * 1000)

    second = await phone.context.new_page()
    await second.goto(link)
    await expect(second.locator("#main")).to_have_attribute("data-screen", "waste")
    await second.locator('button[name="_choice"][value="#"]').tap()
    await expect(second.locator("#main")).to_have_attribute("data-screen", "main")
    heard = await stage.same(phone, call, "main", heard)
    await second.close()

    # Locked: Chromium tells the page that nobody sees it, and stops its timers in time.
    devtools = await phone.context.new_cdp_session(phone.page)
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    await call.press("3")
    heard = await stage.voice.until_on("passport", call.ear, heard)
    await devtools.send("Page.setWebLifecycleState", {"state": "active"})
    await stage.same(phone, call, "passport", heard)
    assert stage.visit_states(call.call_id) == ["begun", "opened"]
