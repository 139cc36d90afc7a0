"""What remains of the page when the telephone is on the hook: a form half filled in, and the question at the end."""

from __future__ import annotations

import pytest

from core.events import CallEnded, FormSent, RatingGiven
from tests.flows.visual_ars.stage import Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_a_form_half_filled_in_can_still_be_sent(stage: Stage, desk: Desk, phone: Phone) -> None:
    call = await stage.call("01000001011")
    await phone.open(await stage.link(call.number))
    await phone.tap("1")
    await phone.on("waste")
    await phone.page.get_by_label("물건").fill("고장난 세탁기")
    await call.leg.hang_up()
    await stage.event(CallEnded, call_id=call.call_id)
    await phone.says(phone.notice, "통화는 끝났지만")
    assert await phone.page.get_by_label("물건").input_value() == "고장난 세탁기"
    await phone.shot("11-hung-up-in-form")
    await phone.main.get_by_text("대문 앞").tap()
    await phone.send_form()
    await phone.on("thanks")
    sent = await stage.event(FormSent, call_id=call.call_id)
    assert sent.values[0].value == "고장난 세탁기"
    kept = await desk.kept(call.call_id, "FormSent")
    assert kept["values"][0]["value"] == "고장난 세탁기"


async def test_how_it_was_is_asked_after_a_talk(stage: Stage, desk: Desk, phone: Phone) -> None:
    await desk.ready()
    call = await stage.call("01000001021")
    await phone.open(await stage.link(call.number))
    await phone.tap("0")
    headset, _ = await stage.headset_call()
    await phone.on("@talk")
    await headset.hang_up()
    await phone.on("rate")
    await phone.says(phone.status, "통화가 끝났습니다")
    await phone.shot("11-satisfaction")
    await phone.main.get_by_text("만족", exact=True).tap()
    await phone.send_form()
    await phone.on("@over")
    sent = await stage.event(FormSent, call_id=call.call_id)
    assert (sent.screen, sent.values[0].value) == ("rate", "만족")
    rated = await stage.event(RatingGiven, call_id=call.call_id)
    assert (rated.score, rated.way) == (5, "menu")
