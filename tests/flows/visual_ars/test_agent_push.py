"""Flow 4: the agent puts screens into the caller's hand in mid-call, and sees what comes back. Desk and phone are pages
side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from core.events import FormSent
from tests.flows.conftest import PASSWORD
from tests.flows.visual_ars.stage import AGENT, SHOTS, SOON_S, Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_card_contact_map_and_form(stage: Stage, desk: Desk, phone: Phone) -> None:
    await desk.ready()
    call = await stage.call("01000001004")
    await phone.open(await stage.link(call.number))
    await phone.on("main")
    await call.press("0")
    await stage.headset_call()
    await phone.on("@talk")
    reach = await desk.get(f"calls/{call.call_id}/reach")
    assert {"photo", "waste", "passport", "hall"} <= {screen["id"] for screen in reach["screens"]}

    cards = (await desk.get("search?q=여권 재발급"))["results"]
    card = next(card for card in cards if card["phone"])
    entry = await desk.get(f"entries/{card['id']}")
    await desk.post(f"calls/{call.call_id}/push", kind="card", id=card["id"])
    await phone.on(f"@card-{card['id']}")
    await phone.says(phone.main, entry["title"])
    await phone.shot("4-push-card")

    await desk.post(f"calls/{call.call_id}/push", kind="contact", id=card["id"])
    await phone.on(f"@contact-{card['id']}")
    number = phone.main.locator('a[href^="tel:"]')
    await expect(number).to_have_attribute("href", f"tel:{card['phone']}")
    async with phone.page.expect_download() as download:
        await phone.main.locator("a[download]").tap()
    saved = (await (await download.value).path()).read_text("utf-8")
    assert saved.startswith("BEGIN:VCARD")
    assert card["phone"].replace("-", "") in saved.replace("-", "")
    await phone.shot("4-push-contact")

    await desk.post(f"calls/{call.call_id}/push", kind="place", id="hall")
    await phone.on("@place-hall")
    drawn = phone.main.locator("img")
    await expect(drawn).to_have_js_property("complete", True, timeout=SOON_S * 1000)
    assert await drawn.evaluate("image => image.naturalWidth") > 100, "the map has loaded"
    await phone.shot("4-push-map")

    await desk.post(f"calls/{call.call_id}/push", kind="screen", id="waste")
    await phone.on("waste")
    await phone.page.get_by_label("물건").fill("삼인용 소파 <b>둘</b>")
    await phone.main.get_by_text("대문 앞").tap()
    await phone.send_form()
    await phone.on("thanks")
    sent = await stage.event(FormSent, call_id=call.call_id)
    assert sent.values[0].value == "삼인용 소파 <b>둘</b>"
    told = await desk.until("FormSent", lambda event: event["call_id"] == call.call_id)
    assert [value["value"] for value in told["values"]] == ["삼인용 소파 <b>둘</b>", "대문 앞"]
    pushed = [screen for screen, cause in stage.screens(call.call_id) if cause == "agent"]
    assert pushed == [f"@card-{card['id']}", f"@contact-{card['id']}", "@place-hall", "waste"]
    assert call.leg.up

    for wrong in ({"kind": "screen", "id": "bill"}, {"kind": "card", "id": "nowhere"}, {"kind": "place", "id": "moon"}):
        await desk.post(f"calls/{call.call_id}/push", status=409, **wrong)
    await phone.on("thanks")


async def test_desk_and_phone_as_pages_side_by_side(
    stage: Stage, phone: Phone, chromium: Browser, tmp_path: Path
) -> None:
    context = await chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul", base_url=stage.origin
    )
    context.set_default_timeout(SOON_S * 1000)
    page = await context.new_page()
    await page.goto("/signin?next=/desk")
    await page.locator("input[name=id]").fill(AGENT)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".call-column")
    await stage.node.dispatcher.wish(AGENT, "ready")

    call = await stage.call("01000001014")
    await phone.open(await stage.link(call.number))
    await phone.tap("3")
    await phone.on("passport")
    await phone.tap("0")
    await stage.headset_call()
    await phone.on("@talk")
    desk = page.locator("body")
    await phone.says(desk, "여권 안내")

    await send(page, "대형폐기물")
    await phone.on("waste")
    await phone.page.get_by_label("물건").fill("돌침대 <script>alert(1)</script>")
    await phone.main.get_by_text("대문 앞").tap()
    await phone.send_form()
    await phone.on("thanks")
    await phone.says(desk, "돌침대 <script>alert(1)</script>")

    await send(page, "사진")
    await phone.on("photo")
    picture = tmp_path / "IMG_0002.jpg"
    Image.new("RGB", (800, 600), (150, 80, 20)).save(picture)
    await phone.page.locator("input[type=file]").last.set_input_files(picture)
    seen = page.locator('img[src*="/desk/api/photos/"]').first
    await expect(seen).to_be_visible(timeout=SOON_S * 1000)
    await seen.evaluate("image => image.decode()")  # throws if it is no picture
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/4-desk.png")
    await context.close()


async def send(page: Page, title: str) -> None:
    """The agent's key for what goes into the caller's hand, and a part of its name."""
    await page.keyboard.press("F8")
    await expect(page.get_by_role("option").first).to_be_visible()
    await page.keyboard.type(title)
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
