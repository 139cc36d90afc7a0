"""Whether the call is recorded, on the desk: said in every state, in the same place, with a key where one may."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from agent_assist.desk_recording import RecordingRule
from core.events import AlarmRaised, RecordingChanged
from tests.fakes.desk_site import DeskSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_recording_paused_failed_and_not(page: Page, site: DeskSite) -> None:
    house = site.house
    house.recording_rule = RecordingRule(start="always", pause=True)
    await page.reload()
    await page.wait_for_selector(".call-column")
    await expect(page.locator(".recorded")).to_have_count(0)
    await house.start_call("call-1")
    await expect(page.locator(".recorded")).to_contain_text("녹음 안 함")
    await house.say("call-1", RecordingChanged(state="started", reason="rule", recording_id="rec-1"))
    await expect(page.locator(".recorded.of-recording")).to_contain_text("녹음 중")
    width = (await page.locator(".recorded").bounding_box() or {})["width"]
    # The key works while she types: what she is about to hear may not be recorded.
    await page.locator("#search").focus()
    await page.keyboard.press("F6")
    await expect(page.locator(".recorded.of-paused")).to_contain_text("녹음 멈춤")
    assert house.recorded == ["pause"]
    assert (await page.locator(".recorded").bounding_box() or {})["width"] == pytest.approx(width, abs=1)
    await page.locator(".recorded").click()
    await expect(page.locator(".recorded.of-recording")).to_be_visible()
    assert house.recorded == ["pause", "resume"]
    # Why not is said where she reads, and the call goes on.
    await house.say("call-1", RecordingChanged(state="failed", reason="disk_full", recording_id="rec-1"))
    await house.say("call-1", AlarmRaised(code="not_recorded"))
    await expect(page.locator(".alarm")).to_contain_text("디스크가 가득 찼습니다. 통화는 계속하세요.")
    await expect(page.locator(".recorded.of-failed")).to_contain_text("녹음 안 됨")


async def test_without_the_right_to_pause_it_is_no_button(page: Page, site: DeskSite) -> None:
    house = site.house
    house.recording_rule = RecordingRule(start="always", pause=False)
    await page.reload()
    await page.wait_for_selector(".call-column")
    await house.start_call("call-1")
    await house.say("call-1", RecordingChanged(state="started", reason="rule", recording_id="rec-1"))
    await expect(page.locator("p.recorded")).to_contain_text("녹음 중")
    await page.keyboard.press("F6")
    assert house.recorded == []
