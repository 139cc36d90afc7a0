"""Flow 10: a telephone that gets no text messages (SIPp). The page is opened first and shows six digits, which are
keyed in on the telephone: then the page belongs to the call."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from ars.menu import CROSSING_S
from ars.words import say
from core.events import CallStarted, KeyPressed, MessageSent, NumberAsked, VisitChanged
from tests.flows.visual_ars.hearing import KEYED_MOBILE
from tests.flows.visual_ars.plain_phone import plain_call
from tests.flows.visual_ars.stage import Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_six_digits_bring_the_page_to_the_call(stage: Stage, phone: Phone) -> None:
    await phone.open(f"{stage.origin}/v/")
    await phone.shot("10-entry")
    await phone.page.get_by_role("button", name="시작하기").tap()
    await phone.on("main")
    await phone.tap("3")
    await phone.on("passport")
    await phone.says(phone.status, "아직 전화가 이어지지 않았습니다")
    await phone.tap("0")
    await phone.on("@code")
    code = (await phone.main.locator(".code b").inner_text()).replace(" ", "")
    assert len(code) == 6
    assert code.isdigit()
    stage.secrets.add(code)
    await phone.shot("10-code")
    dials = phone.main.locator('a[href^="tel:"]')
    await expect(dials).to_have_attribute("href", re.compile(rf"^tel:070-?0012-?0120.*{code}"))

    async with plain_call(stage, "0310001010") as call:
        heard = await stage.voice.until_on("main", call.ear)
        await call.press("5")
        heard = await stage.voice.until_on("@join", call.ear, heard)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        await call.press(wrong)
        heard = await stage.voice.until_said(lambda text: text.startswith("맞지 않는 번호입니다"), call.ear, heard)
        await phone.on("@code")
        await call.press(code)
        await phone.on("passport")
        await phone.says(phone.notice, "전화와 이 화면이 이어졌습니다")
        await phone.says(phone.status, "통화 중입니다")
        await phone.shot("10-joined")
        heard = await stage.same(phone, call, "passport", heard)
        await phone.tap("1")
        heard = await stage.same(phone, call, "days", heard)
        await call.press("#")
        heard = await stage.same(phone, call, "passport", heard)
        await phone.page.reload()
        await phone.on("passport")
        opened = await stage.event(VisitChanged, lambda event: event.state == "opened", call_id=call.call_id)
        assert opened.way == "code"
        keys = "".join(e.digit for e in stage.events if isinstance(e, KeyPressed) and e.call_id == call.call_id)
        assert keys == "5#", "nobody is told the digits"


async def test_an_agent_brings_the_page_to_a_call_that_she_talks_in(stage: Stage, desk: Desk, phone: Phone) -> None:
    await desk.ready()
    async with plain_call(stage, "0310001011") as call:
        await stage.voice.until_on("main", call.ear)
        await call.press("0")
        await stage.headset_call()
        call_id = (await stage.event(CallStarted, lambda event: event.caller.number == "0310001011")).call_id
        await desk.until("CallJoined", lambda event: event["call_id"] == call_id)
        await desk.post(f"calls/{call_id}/push", kind="screen", id="@join")
        await phone.open(f"{stage.origin}/v/")
        await phone.page.get_by_role("button", name="시작하기").tap()
        await phone.tap("0")
        code = (await phone.main.locator(".code b").inner_text()).replace(" ", "")
        stage.secrets.add(code)
        await asyncio.sleep(CROSSING_S)  # nobody is so fast: a key right after the push was for the screen before
        await call.press(code)
        await phone.says(phone.notice, "전화와 이 화면이 이어졌습니다")
        await desk.until("VisitChanged", lambda event: event["call_id"] == call_id and event["state"] == "opened")
        await desk.post(f"calls/{call_id}/push", kind="screen", id="waste")
        await phone.on("waste")


async def test_a_withheld_number_gets_no_message_until_a_mobile_one_is_keyed(stage: Stage, desk: Desk) -> None:
    """The agent asks, the voice says how, the keys are read back and confirmed by key: then texts go there."""
    call = await stage.call("anonymous", Privacy="id")
    await stage.voice.until_on("main", call.ear)
    started = await stage.event(CallStarted, call_id=call.call_id)
    assert started.caller.anonymous
    await desk.ready()
    await call.press("0")
    await stage.headset_call()
    await desk.until("CallJoined", lambda event: event["call_id"] == call.call_id)
    await desk.post(f"calls/{call.call_id}/link", status=409)
    assert not (await desk.get(f"calls/{call.call_id}/reach"))["mobile"]
    assert not [e for e in stage.events if isinstance(e, MessageSent) and e.call_id == call.call_id]

    mobile = KEYED_MOBILE.replace("-", "")
    stage.secrets |= {mobile, KEYED_MOBILE}
    keys = len([e for e in stage.events if isinstance(e, KeyPressed) and e.call_id == call.call_id])
    await desk.post(f"calls/{call.call_id}/number", do="ask")
    heard = await stage.voice.until_said(lambda text: text == say("ko", "voice.mobile_ask"), call.ear)
    await call.press(mobile)
    heard = await stage.voice.until_said(lambda text: text.endswith("2번을 눌러 주세요."), call.ear, heard)
    asked = (await desk.get(f"calls/{call.call_id}/reach"))["asked"]
    assert asked == {"state": "heard", "number": mobile, "keyed": 0}
    await call.press("1")
    await stage.event(NumberAsked, lambda event: event.state == "confirmed", call_id=call.call_id)
    text = {"text": "안내 문자입니다", "key": "0123456789abcdef"}
    for _ in range(2):  # a double key
        await desk.post(f"calls/{call.call_id}/text", status=200, **text)
    await stage.event(MessageSent, lambda event: event.state == "delivered", call_id=call.call_id)
    assert [(message.to, message.text) for message in stage.texts(call.call_id)] == [(mobile, "안내 문자입니다")]
    told = [e for e in stage.events if isinstance(e, KeyPressed) and e.call_id == call.call_id]
    assert len(told) == keys, "nobody is told the digits"
