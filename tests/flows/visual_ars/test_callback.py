"""Flow 7: nobody is free. The caller sees her place change, books a callback with a finger, hangs up, and is called."""

from __future__ import annotations

import pytest

from core.events import CallbackBooked, CallEnded, CallJoined
from telephony.softphone import Answering
from tests.flows.conftest import SpokenFile
from tests.flows.visual_ars.stage import SOON_S, Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_the_place_in_the_queue_is_kept_and_the_caller_is_called(
    stage: Stage, desk: Desk, phone: Phone, spoken_file: SpokenFile
) -> None:
    first = await stage.call("01000001017")
    await first.press("0")
    await desk.until("QueueChanged", lambda event: event["waiting"] == 1)
    call = await stage.call("01000001007")
    await phone.open(await stage.link(call.number))
    await phone.on("main")
    await phone.tap("0")
    await phone.on("@wait")
    await phone.says(phone.main.locator("#place"), "2번째")
    await phone.says(phone.status, "2번째")
    await phone.shot("7-callback-second")
    await first.leg.hang_up()
    await phone.says(phone.main.locator("#place"), "1번째")

    await phone.tap("1")
    await phone.on("@callback")
    await phone.shot("7-callback-form")
    await phone.send_form()
    await phone.on("@booked")
    booked = await stage.event(CallbackBooked, call_id=call.call_id)
    assert booked.number == call.number
    assert booked.position == 1
    await phone.shot("7-callback-booked")
    (open_one,) = (await desk.get("callbacks"))["open"]
    assert open_one["number"] == call.number
    assert open_one["position"] == 1
    await call.leg.hang_up()
    ended = await stage.event(CallEnded, call_id=call.call_id)
    assert ended.reason == "caller_hung_up"
    await phone.says(phone.main, "순서가 되면")
    await phone.says(phone.main.locator("#place"), "1번째")
    await phone.shot("7-callback-hung-up")

    await stage.phones.answering(Answering(mode="auto"))
    await desk.ready()
    leg = await stage.phones.next_call(SOON_S)
    await phone.says(phone.main, "예약하신 전화입니다")
    await leg.answered(SOON_S)
    _, headset_ear = await stage.headset_call()
    joined = await stage.event(CallJoined, lambda event: event.call_id != call.call_id and event.agent_id == "kim")
    assert joined.agent_name == "김하늘"
    await phone.on("@talk")  # the page is the new call's: whoever needs captions has them here too
    await phone.shot("7-callback-talk")
    await leg.say(spoken_file("여권을 다시 만들려고 합니다"))
    assert abs(headset_ear.heard()).max() > 1000, "they hear each other"
    await stage.event(CallbackBooked, lambda event: event.state == "calling", call_id=call.call_id)
    await leg.hang_up()
    done = await stage.event(CallbackBooked, lambda event: event.state == "done", call_id=call.call_id)
    assert done.callback_id == booked.callback_id
    page = await desk.get("callbacks")
    assert page["open"] == []
    assert page["closed"][0]["state"] == "done"
    await phone.on("rate")
    await phone.shot("7-callback-done")
