"""Flow 6: a caller who hears badly reads what the agent says, and writes what she has to say."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from core.events import TranscriptFinal
from tests import patience
from tests.flows.conftest import SpokenFile
from tests.flows.visual_ars.hearing import Recording
from tests.flows.visual_ars.stage import SOON_S, Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "주민등록 등본을 떼려고 합니다"


def loudness(ear: Recording, since: int) -> float:
    """The loudest sample after that one."""
    heard = ear.heard()[since:]
    return float(abs(heard).max()) if len(heard) else 0.0


async def test_the_agents_words_are_read_and_the_callers_written(
    stage: Stage, desk: Desk, phone: Phone, spoken_file: SpokenFile
) -> None:
    await desk.ready()
    call = await stage.call("01000001006")
    await phone.open(await stage.link(call.number))
    await phone.on("main")
    await phone.tap("@captions")
    await phone.on("@captions")
    await phone.says(phone.main, "상담사와 연결되면")
    await phone.shot("6-captions-before")
    await phone.tap("0")
    headset, headset_hears = await stage.headset_call()
    if await phone.page.locator("#main").get_attribute("data-screen") != "@captions":
        await phone.tap("@captions")
    await phone.on("@captions")

    talk = asyncio.create_task(headset.say(spoken_file(QUESTION)))
    lines = phone.page.locator("#lines .line.agent")
    await expect(phone.page.locator("#lines .line.agent.now")).to_have_count(1, timeout=SOON_S * 1000)
    final = await stage.event(TranscriptFinal, lambda e: e.speaker == "agent", call_id=call.call_id)
    assert "등본" in final.text
    await expect(phone.page.locator("#lines .line.agent.now")).to_have_count(0, timeout=SOON_S * 1000)
    await phone.says(lines.last, final.text)
    assert await talk
    await phone.shot("6-captions")

    since = len(headset_hears.heard())
    await phone.page.locator("#say").fill("네 한 통만 필요해요")
    await phone.page.locator("#say").press("Enter")
    typed = await desk.until("TranscriptFinal", lambda e: e.get("typed", False) and e["call_id"] == call.call_id)
    assert typed["text"] == "네 한 통만 필요해요"
    assert typed["speaker"] == "caller"
    own = phone.page.locator("#lines .line.caller")
    await expect(own).to_have_count(1)
    await phone.says(own, "네 한 통만 필요해요")
    await expect(phone.page.locator("#lines .sending")).to_have_count(0, timeout=SOON_S * 1000)
    assert loudness(headset_hears, since) < 200, "spoken only if she wishes"

    await desk.post(f"calls/{call.call_id}/read", on=True)
    assert (await desk.get(f"calls/{call.call_id}/reach"))["read_typed"]
    await phone.page.locator("#say").fill("주민번호는 900115-1234567 입니다")
    await phone.page.locator("#say").press("Enter")
    await patience.until(lambda: loudness(headset_hears, since) > 1000, SOON_S)
    masked = await desk.until("TranscriptFinal", lambda e: e["utterance"] == "typed-2" and e["call_id"] == call.call_id)
    assert "1234567" not in masked["text"]
    assert masked["masked"] == ["resident_number"]
    stage.secrets.add("900115-1234567")
    await phone.shot("6-captions-written")

    await phone.page.reload()
    await phone.on("@captions")
    await expect(phone.page.locator("#lines .line")).to_have_count(3, timeout=SOON_S * 1000)
    await phone.says(phone.page.locator("#lines"), final.text)


async def test_captions_by_a_digit_of_the_telephone(stage: Stage, phone: Phone) -> None:
    call = await stage.call("01000001016")
    await phone.open(await stage.link(call.number))
    await phone.on("main")
    await call.press("4")
    await stage.same(phone, call, "@captions")
