"""Flow 3: keys and taps, one after the other and across each other; page and voice never differ."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.flows.visual_ars.plain_phone import plain_call
from tests.flows.visual_ars.stage import SOON_S, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_keys_and_taps_in_turn(stage: Stage, phone: Phone) -> None:
    async with plain_call(stage, "01000001003") as call:
        await phone.open(await stage.link(call.number))
        heard = await stage.same(phone, call, "main")
        await call.press("3")
        heard = await stage.same(phone, call, "passport", heard)
        await phone.tap("1")
        heard = await stage.same(phone, call, "days", heard)
        await call.press("1")
        heard = await stage.same(phone, call, "papers", heard)
        await phone.tap("#")
        heard = await stage.same(phone, call, "days", heard)
        await phone.shot("3-mixed")
        await call.press("#")
        heard = await stage.same(phone, call, "passport", heard)
        assert stage.screens(call.call_id) == [
            ("main", "start"),
            ("passport", "key"),
            ("days", "touch"),
            ("papers", "key"),
            ("days", "touch"),
            ("passport", "key"),
        ]
        said = stage.voice.screens_in(call.heard())
        assert said == ["main", "passport", "days", "papers", "days", "passport"], (
            "what was tapped away is heard no more"
        )


async def test_a_double_tap_and_a_late_key_do_no_harm(stage: Stage, phone: Phone) -> None:
    async with plain_call(stage, "01000001013") as call:
        await phone.open(await stage.link(call.number))
        await stage.same(phone, call, "main")
        await phone.tap("3")
        await phone.on("passport")
        await phone.page.locator('button[name="_choice"][value="1"]').dblclick()
        await phone.on("days")
        heard = await stage.same(phone, call, "days")
        await expect(phone.notice).to_have_count(0)
        # A key that crosses a tap: pressed while the voice still read the screen before.
        visit = stage.ars.visits.of_call(call.call_id)
        assert visit is not None
        before = visit.state.number
        await phone.tap("#")
        await expect(phone.page.locator("#main")).not_to_have_attribute(
            "data-number", str(before), timeout=SOON_S * 1000
        )
        await call.press("9")
        await stage.same(phone, call, "passport", heard)
        assert [screen for screen, _ in stage.screens(call.call_id)] == ["main", "passport", "days", "passport"]


async def test_digits_keyed_on_the_telephone_stand_in_the_pages_form(stage: Stage, phone: Phone) -> None:
    customer = "184736"
    stage.secrets.add(customer)
    async with plain_call(stage, "01000001023") as call:
        await phone.open(await stage.link(call.number))
        await stage.same(phone, call, "main")
        await phone.tap("2")
        heard = await stage.same(phone, call, "bill")
        await call.press(customer[:3])
        field = phone.page.get_by_label("고객 번호")
        await expect(field).to_have_attribute("placeholder", "•••", timeout=SOON_S * 1000)
        await phone.shot("3-mixed-secret")
        await call.press(customer[3:])
        await stage.voice.until_said(lambda text: text == "문자로 받기.", call.ear, heard)
        assert customer not in await phone.page.content()
        await phone.main.get_by_text("아니요").tap()
        await phone.send_form()
        await stage.same(phone, call, "due", heard)
