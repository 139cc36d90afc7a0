"""Flow 9: links that open nothing (any more): after the grace time, in another's hand, guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.async_api import Browser, expect

from core.events import CallEnded, VisitChanged
from tests.flows.visual_ars.stage import SOON_S, Phone, Stage, a_phone, token_of

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

CENTRE = "tel:070-0012-0120"


async def test_after_the_call_and_its_grace_time_the_page_says_so(stage: Stage, phone: Phone) -> None:
    call = await stage.call("01000001009")
    link = await stage.link(call.number)
    await phone.open(link)
    await phone.tap("3")
    await phone.on("passport")
    await call.leg.hang_up()
    await stage.event(CallEnded, call_id=call.call_id)
    await phone.on("@over")
    await phone.says(phone.status, "통화가 끝났습니다")
    await phone.shot("9-over")
    await phone.page.reload()
    await phone.on("@over")

    stage.clock_goes(dt.timedelta(minutes=14))
    await phone.page.reload()
    await expect(phone.page.locator("#left")).to_be_visible()
    await phone.page.locator("#left button").tap()
    stage.clock_goes(dt.timedelta(minutes=20))
    stage.ars.visits.expire()
    await phone.on("@over")

    stage.clock_goes(dt.timedelta(minutes=40))
    stage.ars.visits.expire()
    await expect(phone.page.locator("h1")).to_have_text("시간이 지난 주소입니다", timeout=SOON_S * 1000)
    await expect(phone.page.locator(f'a[href="{CENTRE}"]').last).to_be_visible()
    await phone.shot("9-expired")
    await stage.event(VisitChanged, lambda event: event.state == "ended", call_id=call.call_id)
    answer = await phone.page.goto(link)
    assert answer is not None
    assert answer.status == 410
    phone.forgiven = True


async def test_another_browser_is_shown_the_way_and_nothing_else(stage: Stage, phone: Phone, chromium: Browser) -> None:
    call = await stage.call("01000001019")
    link = await stage.link(call.number)
    await phone.open(link)
    await phone.on("main")
    await call.press("3")
    await phone.on("passport")
    async with a_phone(chromium) as stranger:
        answer = await stranger.page.goto(link)
        assert answer is not None
        assert answer.status == 403
        await expect(stranger.page.locator("h1")).to_have_text("다른 곳에서 열린 주소입니다")
        await expect(stranger.page.locator("body")).not_to_contain_text("여권")
        await stranger.shot("9-other-device")
        stranger.forgiven = True
        # It was her own second telephone: there is a way.
        await stranger.page.get_by_role("button", name="전화와 이 화면 잇기").tap()
        await stranger.on("@code")
        code = (await stranger.main.locator(".code b").inner_text()).replace(" ", "")
        stage.secrets.add(code)
        await call.press("#5")
        await phone.on("@join")
        await call.press(code)
        await stranger.on("main")
        await phone.on("main")
        await stranger.tap("3")
        await phone.on("passport")
        await stranger.shot("9-second-device")
    await phone.tap("1")
    await stage.same(phone, call, "days")


async def test_a_guessed_link_opens_nothing(stage: Stage, phone: Phone) -> None:
    call = await stage.call("01000001029")
    link = await stage.link(call.number)
    guessed = link.replace(token_of(link), "A" * len(token_of(link)))
    answer = await phone.page.goto(guessed)
    assert answer is not None
    assert answer.status == 404
    await expect(phone.page.locator("h1")).to_have_text("이 주소는 열 수 없습니다")
    await expect(phone.page.locator(f'a[href="{CENTRE}"]').last).to_be_visible()
    await phone.shot("9-guessed")
    phone.forgiven = True
    await phone.open(link)
    await phone.on("main")
