"""Flow 1: the link comes by text message, and the caller does everything with a finger."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from core.events import FormSent, MessageSent
from tests.flows.visual_ars.stage import Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_menu_form_and_agent_by_touch(stage: Stage, desk: Desk, phone: Phone) -> None:
    call = await stage.call("01000001001")
    await phone.open(await stage.link(call.number))
    heard = await stage.same(phone, call, "main")
    await phone.says(phone.main, "무엇을 도와드릴까요?")
    await phone.shot("1-touch-main")

    await phone.tap("1")
    heard = await stage.same(phone, call, "waste", heard)
    await phone.page.get_by_label("물건").fill("낡은 자개장롱")
    await phone.page.get_by_text("주차장 옆").tap()
    await phone.shot("1-touch-form")
    await phone.send_form()
    heard = await stage.same(phone, call, "thanks", heard)
    await phone.says(phone.notice, "잘 받았습니다")
    sent = await stage.event(FormSent, call_id=call.call_id)
    assert [(value.label, value.value) for value in sent.values] == [
        ("물건", "낡은 자개장롱"),
        ("내놓을 곳", "주차장 옆"),
    ]

    await desk.ready()
    await phone.tap("0")
    headset, _ = await stage.headset_call()
    await phone.on("@talk")
    await phone.says(phone.status, "김하늘")
    await phone.shot("1-touch-agent")
    assert headset.up
    assert call.leg.up

    assert stage.screens(call.call_id) == [
        ("main", "start"),
        ("waste", "touch"),
        ("thanks", "touch"),
        ("@wait", "touch"),
        ("@talk", "call"),
    ]
    assert stage.visit_states(call.call_id) == ["begun", "opened"]
    message = await stage.event(MessageSent, lambda m: m.state == "delivered", call_id=call.call_id)
    assert message.to == call.number
    assert "(link)" in message.text
    assert "/v/" not in message.text
    told = await desk.until("FormSent")
    assert told["values"][0]["value"] == "낡은 자개장롱", "the record is pre-filled with what the caller wrote"

    await call.leg.hang_up()
    await phone.on("rate")
    await phone.says(phone.status, "통화가 끝났습니다")
    await expect(phone.page.locator("h1")).to_have_text("오늘 상담은 어떠셨나요?")
