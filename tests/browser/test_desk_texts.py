"""Text messages from the desk, as an agent meets them: written, looked at, sent once, taken back, sent again; and a
caller without a mobile number is asked for one."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from agent_assist.desk_texts import SenderOffered, TemplateOffered
from agent_assist.desk_visits import Reach
from core.events import Party
from tests.browser.test_desk_visit import STILL
from tests.fakes.desk_site import DeskSite
from tests.fakes.entries import APPLIANCE, WASTE
from tests.fakes.house import FakeHouse

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VISIT = TemplateOffered(template_id="t1", title="방문 안내", text="{민원인}님, {날짜}에 자원순환과로 오세요.")
CLOSED = TemplateOffered(template_id="t2", title="운영 시간", text="평일 9시부터 18시까지입니다.")
THRICE = """box => {
  const enter = () => new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true});
  for (let i = 0; i < 3; i++) box.dispatchEvent(enter());
}"""
"""A key that bounces."""
SHOTS = os.environ.get("DESK_SHOTS", "")
"""A folder for pictures in each size and theme; '' = none are taken."""


@pytest_asyncio.fixture(loop_scope="session")
async def house(page: Page, site: DeskSite) -> FakeHouse:
    """A talk with a card on the desk."""
    house = site.house
    house.templates = [VISIT, CLOSED]
    await house.start_call("c1")
    await house.visit("c1", "begun")
    await house.screen("c1", "start", "처음 화면", cause="start")
    await house.final("c1", "caller", 1, "장롱을 버리려고요")
    await house.suggest("c1", WASTE, APPLIANCE)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    return house


async def look(page: Page, name: str) -> None:
    """A picture in each size and theme, for whoever wants to see it."""
    if not SHOTS:
        return
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width, height in ((1440, 900), (1024, 768)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{theme}.png")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1440, "height": 900})


async def test_a_text_is_looked_at_counted_sent_once_and_taken_back(page: Page, house: FakeHouse) -> None:
    before = await page.evaluate(STILL)
    await page.keyboard.press("F2")
    field, size = page.get_by_role("textbox", name="문자 내용"), page.locator(".size")
    await expect(field).to_be_focused()
    await expect(field).to_have_value(re.compile(r"대형 폐기물 배출 신청[\s\S]*자원순환과[\s\S]*070-0055-1600"))
    await expect(page.locator(".panel .to")).to_contain_text("010-0284-1009")
    await expect(page.locator(".panel .send")).to_contain_text("5초 동안 되돌릴 수 있습니다")
    await expect(page.locator(".preview figcaption")).to_contain_text("033-120-0120")
    await look(page, "compose")
    assert await page.evaluate(STILL) == before, "the panel lies over the cards; nothing makes room for it"

    await field.fill("안내 https://hanbit.example/waste 보세요")
    await expect(size).to_contain_text("단문(SMS)")
    await expect(page.locator(".bubble a")).to_have_attribute("href", "https://hanbit.example/waste")
    await field.press("Control+End")
    await field.press("Shift+Enter")
    await field.press_sequentially("1H? 꼭 하루 전에 신청하세요. " * 3)  # letters are letters
    await expect(size).to_contain_text("장문(LMS)")
    await expect(page.locator(".bubble .short-end")).to_have_count(1)
    title = page.get_by_role("textbox", name="제목")
    await expect(title).to_have_attribute("placeholder", "안내")
    await title.fill("가" * 21)
    await expect(page.locator(".bubble .over")).to_have_text("42 / 40")
    await expect(size).to_contain_text("제목이 너무 깁니다")
    await title.fill("대형 폐기물 안내")
    await expect(page.locator(".bubble .subject span")).to_have_text("16 / 40")
    await look(page, "compose-long")
    await page.keyboard.press("Escape")
    await expect(page.locator(".panel")).to_have_count(0)
    assert house.messages == []

    await page.keyboard.press("F2")
    await expect(field).to_have_value(re.compile("꼭 하루 전에"))  # what she wrote is still there
    await expect(page.locator(".panel .main")).to_be_enabled()
    await field.evaluate(THRICE)
    await expect(page.locator(".panel")).to_have_count(0)
    await expect(page.locator(".text-undo")).to_contain_text("보내지 않기")
    assert len(house.sent) == 1, "a key that is pressed three times is one text"
    assert (house.sent[0].entry_id, house.sent[0].subject) == (WASTE.id, "대형 폐기물 안내")
    await expect(page.locator(".texts")).to_contain_text("곧 보냄")
    await look(page, "undo")
    await page.keyboard.press("z")
    await expect(page.locator(".text-undo")).to_have_count(0)
    await expect(page.locator(".texts")).to_contain_text("취소함")
    await expect(field).to_have_value(re.compile("꼭 하루 전에"))  # and may be mended
    assert house.messages[-1].state == "withdrawn"
    assert (WASTE.id, "sent") not in house.used, "a card that was taken back was not sent"

    await field.fill("다시 씁니다")
    await expect(page.locator(".panel .main")).to_be_enabled()
    await page.keyboard.press("Enter")
    await expect(page.locator(".text-undo")).to_be_visible()
    sent = house.messages[-1]
    await house.message("c1", sent.message_id, sent.text, "delivered")
    await expect(page.locator(".texts")).to_contain_text("도착")


async def test_what_cannot_go_is_told_before_with_its_place(page: Page, house: FakeHouse) -> None:
    await page.keyboard.press("F2")
    field, size = page.get_by_role("textbox", name="문자 내용"), page.locator(".size")
    main = page.locator(".panel .main")
    for text, words in (("ไทย", "보낼 수 없는 글자"), ("가" * 1001, "2바이트를 줄이세요"), (" ", "비어 있습니다")):
        await field.fill(text)
        await expect(size).to_contain_text(words)
        await expect(main).to_be_disabled()
        await page.keyboard.press("Enter")
    await field.fill("좋아요 😊 ― ᄀ")
    signs = page.locator(".signs li")
    await expect(signs).to_have_count(3)
    await expect(signs.nth(0)).to_contain_text("9번째 글자: 문자로 보낼 수 없습니다")
    await expect(signs.nth(1)).to_contain_text("5번째 글자: 문자에 담기지 않아 빠집니다")
    await expect(signs.nth(2)).to_contain_text("‘-’")
    await look(page, "signs")
    await field.fill("좋아요 😊 ― 네")
    await expect(main).to_be_enabled()
    await expect(page.locator(".bubble")).to_contain_text("좋아요 - 네")
    assert house.messages == []


async def test_a_template_is_taken_by_key_and_tab_walks_what_is_open(page: Page, house: FakeHouse) -> None:
    house.senders.append(SenderOffered(number="0331204567", name="자원순환과"))
    house.questions = ["same_text"]
    await page.keyboard.press("F2")
    field = page.get_by_role("textbox", name="문자 내용")
    await expect(field).to_have_value(re.compile("대형 폐기물"))
    await page.keyboard.press("F2")
    await expect(page.get_by_role("combobox", name="서식")).to_be_focused()
    await expect(page.locator("#templates li")).to_have_count(2)
    await look(page, "templates")
    await page.keyboard.press("Escape")  # one thing at a time
    await expect(field).to_be_focused()
    await page.keyboard.press("F2")
    await page.keyboard.press("1")
    await expect(field).to_have_value(VISIT.text)
    await expect(page.locator(".size")).to_contain_text("{민원인} {날짜}")
    await expect(page.locator(".panel .main")).to_be_disabled()
    chosen = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    await page.wait_for_function("document.querySelector('.message').selectionEnd > 0")
    assert await field.evaluate(chosen) == "{민원인}"
    await page.keyboard.type("김하늘")
    await page.keyboard.press("Tab")
    assert await field.evaluate(chosen) == "{날짜}"
    await page.keyboard.press("Shift+Tab")
    assert await field.evaluate(chosen) == "{날짜}", "it is the only one left"
    await page.keyboard.type("12월 1일")
    await expect(page.locator(".panel .main")).to_be_enabled()
    await page.locator(".from select").select_option("0331204567")
    await expect(page.locator(".preview figcaption")).to_contain_text("033-120-4567")
    await field.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".asked")).to_contain_text("같은 문자를 보냈습니다")
    await look(page, "asked")
    await page.keyboard.press("Enter")  # pressed by habit: the keyboard is on no
    await expect(page.locator(".asked")).to_have_count(0)
    assert house.sent == []
    await page.keyboard.press("Enter")
    await page.locator(".asked .main").click()
    await expect(page.locator(".text-undo")).to_be_visible()
    assert house.sent[0].text == "김하늘님, 12월 1일에 자원순환과로 오세요."
    assert (house.sent[0].sender, house.sent[0].sure) == ("0331204567", ("same_text",))


async def test_a_failed_text_says_why_and_goes_again(page: Page, house: FakeHouse) -> None:
    await house.message("c1", "m1", "안내", "failed", "없는 번호입니다.")
    await house.message("c1", "m2", "모레 안내", "waiting", "quiet", by="rule:r1")
    texts = page.locator(".texts li")
    await expect(texts.nth(0)).to_contain_text("없는 번호입니다.")
    await expect(texts.nth(1)).to_contain_text("아침에 보냄")
    await expect(texts.nth(1)).to_contain_text("규칙")
    await look(page, "states")
    house.questions = ["quiet_hours"]
    again = texts.nth(0).get_by_role("button")
    await again.click()
    await expect(texts.nth(0)).to_contain_text("지금은 밤입니다")
    await again.click()
    await expect(texts.nth(0)).to_contain_text("다시 보냅니다")
    await page.keyboard.press("o")
    rows = page.locator(".rows li")
    await expect(rows).to_have_count(3)
    await expect(page.locator(".rows li.failed")).to_contain_text("다시 보내기")
    await look(page, "outbox")
    await page.locator(".rows li.waiting").first.get_by_role("button", name="보내지 않기").click()
    await expect(page.locator(".rows li.withdrawn")).to_have_count(1)


async def test_a_caller_without_a_mobile_number_keys_one(page: Page, site: DeskSite) -> None:
    house = site.house
    house.reached = Reach()
    await house.start_call("c1", Party(anonymous=True))
    await house.suggest("c1", WASTE)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    await page.keyboard.press("F2")
    panel = page.locator(".ask-number")
    await expect(panel).to_contain_text("번호가 표시되지 않은 전화입니다")
    await look(page, "number-idle")
    await page.keyboard.press("Enter")
    await expect(page.locator(".asked-number")).to_contain_text("0자리를 눌렀습니다")
    for digit in "0101234567":
        await house.number_step("c1", "key", digit)
    await expect(page.locator(".asked-number")).to_contain_text("10자리")
    await look(page, "number-asking")
    await house.number_step("c1", "key", "8")
    await expect(page.locator(".asked-number")).to_contain_text("010-1234-5678")
    await look(page, "number-heard")
    await panel.get_by_role("textbox").fill("033-120")
    await page.keyboard.press("Enter")
    await expect(panel.locator(".size")).to_contain_text("휴대전화 번호가 아닙니다")
    await panel.get_by_role("textbox").fill("")
    await page.keyboard.press("Enter")  # she says yes
    field = page.get_by_role("textbox", name="문자 내용")
    await expect(field).to_have_value(re.compile("대형 폐기물"))
    await expect(page.locator(".panel .to")).to_contain_text("010-1234-5678")
    await expect(page.locator(".panel .main")).to_be_enabled()
    await field.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".text-undo")).to_be_visible()
    assert house.messages[-1].to == "01012345678"
