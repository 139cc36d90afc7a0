"""Flow 2: a telephone with keys and nothing else (SIPp), as if there were no page at all."""

from __future__ import annotations

import pytest

from core.events import CallEnded, FormSent, KeyPressed
from tests.flows.visual_ars.plain_phone import plain_call
from tests.flows.visual_ars.stage import Desk, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

CUSTOMER = "739205"


async def test_menu_form_and_agent_by_keys(stage: Stage, desk: Desk) -> None:
    stage.secrets.add(CUSTOMER)
    async with plain_call(stage, "0310001002") as call:
        heard = await stage.voice.until_on("main", call.ear)
        await call.press("3")
        heard = await stage.voice.until_on("passport", call.ear, heard)
        await call.press("1")
        heard = await stage.voice.until_on("days", call.ear, heard)
        await call.press("##")
        heard = await stage.voice.until_on("main", call.ear, heard)

        await call.press("2")
        heard = await stage.voice.until_on("bill", call.ear, heard)
        await call.press(CUSTOMER)
        heard = await stage.voice.until_said(lambda text: text == "문자로 받기.", call.ear, heard)
        await call.press("2")
        heard = await stage.voice.until_on("due", call.ear, heard)
        sent = await stage.event(FormSent, call_id=call.call_id)
        assert [(value.field, value.value, value.hidden) for value in sent.values] == [
            ("customer", "", True),
            ("texted", "no", False),
        ]

        await desk.ready()
        await call.press("0")
        headset, _ = await stage.headset_call()
        joined = await desk.until("CallJoined", lambda event: event["call_id"] == call.call_id)
        assert joined["agent_name"] == "김하늘"
        await headset.hang_up()
        ended = await stage.event(CallEnded, call_id=call.call_id)
        assert ended.reason == "agent_hung_up"

        keys = [e.digit for e in stage.events if isinstance(e, KeyPressed) and e.call_id == call.call_id]
        assert "".join(keys) == "31##220", "a secret number's keys are nobody's business"
        assert {cause for _, cause in stage.screens(call.call_id)} == {"start", "key", "call"}
        assert stage.voice.screens_in(call.heard())[:5] == ["main", "passport", "days", "main", "bill"]
        assert stage.visit_states(call.call_id) == ["begun"], "no page was ever open"
        shown = [event["type"] for event in await desk.history(call.call_id)]
        assert "KeyPressed" not in shown
        assert "FormSent" in shown
