"""The caller's own screen on the desk: where the caller is, what was given, what can be sent; and nothing moves."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from agent_assist.desk_texts import OutboxMessage
from agent_assist.desk_visits import Callback, Push, Reach
from core.events import CallbackBooked, Party, PhotoReceived, QueueChanged, TranscriptFinal, now
from tests.browser.test_desk_look import poor_contrast
from tests.browser.test_desk_page import ATTACK
from tests.fakes.desk_site import DeskSite
from tests.fakes.entries import APPLIANCE, MOVE, WASTE
from tests.fakes.house import AGENT, FakeHouse

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEY_SHOWN = re.compile(r"\b(?:visit|hand|picker|compose|photo|outbox|callbacks?|message|captions|help|nav)\.[a-z_.]+")
"""What has no words in the catalogue would show its key."""

STILL = """() => Object.fromEntries(['.caller-number', '.visible header', '.trail', '.pane.grows',
  '.pane.before', '.path:not(.trail)', '.call-head', '.card.open', '.card.closed', '.hand-keys',
  '.bar', '.said:last-child'].map(name => {
    const box = document.querySelector(name)?.getBoundingClientRect();
    return [name, box && [box.top, box.left, box.height, box.width]];
  }))"""
"""Where everything stands that must stand still."""


@pytest_asyncio.fixture(loop_scope="session")
async def house(page: Page, site: DeskSite) -> AsyncIterator[FakeHouse]:
    """A talk with a card on the desk; no page is open yet."""
    house = site.house
    await house.start_call("c1")
    await house.visit("c1", "begun")
    await house.screen("c1", "start", "처음 화면", cause="start")
    await house.final("c1", "caller", 1, "장롱을 버리려고요")
    await house.suggest("c1", WASTE, APPLIANCE, MOVE)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    await expect(page.locator(".trail .last")).to_contain_text("처음 화면")
    yield house
    assert not KEY_SHOWN.findall(await page.inner_text("body"))


async def opened(house: FakeHouse, page: Page) -> None:
    """The caller's page is open."""
    await house.visit("c1", "opened", "sms")
    await expect(page.locator(".page-state")).to_contain_text("화면 열림")


async def pictures(house: FakeHouse, folder: Path) -> None:
    """Two photos, the first one with its place."""
    for name, size in (("p1", (300, 400)), ("p2", (400, 300))):
        file = folder / f"{name}.jpg"
        Image.new("RGB", size, "teal").save(file)
        house.photos[name] = file
    place: dict[str, Any] = {"latitude": 37.56651, "longitude": 126.97792}
    await house.say("c1", PhotoReceived(visit_id="v1", photo_id="p1", width=300, height=400, size=9000, **place))
    await house.say("c1", PhotoReceived(visit_id="v1", photo_id="p2", width=400, height=300, size=9000))


async def test_where_the_caller_is_and_who_moved_her_without_anything_moving(page: Page, house: FakeHouse) -> None:
    state, link, last = page.locator(".page-state"), page.locator(".link-state"), page.locator(".trail .last")
    await expect(state).to_have_text("열린 화면 없음")
    before = await page.evaluate(STILL)
    assert all(before.values())
    for message_state, words in (("queued", "보내는 중"), ("sent", "링크 문자 보냄"), ("delivered", "도착")):
        await house.message("c1", "m1", "한빛시 (link)", message_state)  # type: ignore[arg-type]
        await expect(link).to_contain_text(words)
    await house.visit("c1", "opened", "sms", "vi")
    await expect(state).to_have_text("화면 열림 · 문자 링크로")
    await expect(link).to_have_text("베트남어")
    for cause, words in (("touch", "화면 터치"), ("key", "전화기 키"), ("time", "시간 지남"), ("call", "통화에 따라")):
        await house.screen("c1", "env", "생활·환경", "처음 화면", cause=cause)  # type: ignore[arg-type]
        await expect(last).to_have_text(f"생활·환경 지금 · {words}")
    await house.screen(
        "c1", "waste", "아주 긴 이름의 대형폐기물 배출 신고 화면입니다", "처음 화면", "가", "나", "다", "라"
    )
    await expect(page.locator(".trail li")).to_have_count(4)
    await expect(page.locator(".trail li").nth(1)).to_have_text("…")
    for visit_state, words in (("lost", "연결 끊김"), ("back", "화면 열림"), ("ended", "화면 끝남")):
        await house.visit("c1", visit_state, "sms")  # type: ignore[arg-type]
        await expect(state).to_contain_text(words)
    await expect(last).not_to_contain_text("지금")
    assert await page.evaluate(STILL) == before


async def test_a_link_that_failed_says_why(page: Page, house: FakeHouse) -> None:
    await house.message("c1", "m1", "한빛시 (link)", "failed", "없는 번호입니다.")
    await expect(page.locator(".link-state")).to_contain_text("링크 문자 못 감")
    await expect(page.locator(".texts")).to_contain_text("없는 번호입니다.")


async def test_values_have_keys_and_secrets_are_not_shown(
    page: Page, house: FakeHouse, context: BrowserContext
) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await opened(house, page)
    before = await page.evaluate(STILL)
    await house.form(
        "c1", "대형폐기물 신고서", "waste", 주소="새빛로 12길 34", 연락처="01002841009", 암호="*", 빈칸="", 동의="yes"
    )
    await house.form("c1", "만족도", "thanks", 점수="매우 만족")
    values = page.locator(".value")
    await expect(values).to_have_text(
        [
            "Alt 1 주소새빛로 12길 34",
            "Alt 2 연락처010-0284-1009",
            "암호받음 · 보이지 않음",
            "Alt 3 동의예",
            "Alt 4 점수매우 만족",
        ]
    )
    await expect(page.locator(".given").last).to_be_in_viewport()
    await page.keyboard.press("Alt+2")
    await expect(page.locator(".notice")).to_contain_text("010-0284-1009")
    assert await page.evaluate("navigator.clipboard.readText()") == "010-0284-1009"
    await page.keyboard.press("/")
    await page.keyboard.press("Alt+1")
    await expect(page.locator("#search")).to_have_value("새빛로 12길 34")
    await page.keyboard.press("Escape")
    await values.last.click()
    assert await page.evaluate("navigator.clipboard.readText()") == "매우 만족"
    await house.form("c1", "대형폐기물 신고서", "waste", 주소="새빛로 99")  # sent again: it stays where it was
    await expect(values).to_have_text(["Alt 1 주소새빛로 99", "Alt 4 점수매우 만족"])
    assert await page.evaluate(STILL) == before


async def test_a_card_goes_onto_the_open_page_by_one_key(page: Page, house: FakeHouse) -> None:
    notice = page.locator(".notice")
    await page.keyboard.press("F3")
    await expect(notice).to_contain_text("열린 화면이 없습니다. F8, 1로 링크를 보내세요.")
    await opened(house, page)
    before = await page.evaluate(STILL)
    await page.keyboard.press("F3")
    await expect(notice).to_contain_text("띄웠습니다: 대형 폐기물 배출 신청")
    await expect(page.locator(".trail .last")).to_have_text("대형 폐기물 배출 신청 지금 · 상담사가 띄움")
    await page.keyboard.press("F4")
    await expect(page.locator(".trail .last")).to_contain_text("자원순환과")
    await page.keyboard.press("2")
    await page.locator(".hand-keys button").nth(1).click()
    await expect(page.locator(".trail .last")).to_contain_text("폐가전")
    assert [(push.kind, push.id) for push in house.pushed] == [("card", "1"), ("contact", "1"), ("card", "2")]
    after = await page.evaluate(STILL)
    assert {name: after[name] for name in (".pane.grows", ".pane.before", ".said:last-child", ".bar")} == {
        name: before[name] for name in (".pane.grows", ".pane.before", ".said:last-child", ".bar")
    }
    await house.visit("c1", "lost", "sms")
    await expect(page.locator(".page-state")).to_contain_text("연결 끊김")
    house.page_open = True  # the visit lives on, and shows it when the page is back
    await page.keyboard.press("F3")
    await expect(notice).to_contain_text("다시 열리면 보입니다")
    house.page_open = False  # over, but the desk has not heard of it yet
    await page.keyboard.press("F3")
    await expect(notice).to_contain_text("열린 화면이 없습니다.")


async def test_what_to_send_is_chosen_by_digit_or_name(page: Page, house: FakeHouse) -> None:
    before = await page.evaluate(STILL)
    await page.keyboard.press("F8")
    options = page.get_by_role("option")
    await expect(options).to_have_count(6)
    await expect(options.nth(1)).to_have_attribute("aria-disabled", "true")
    await page.keyboard.press("2")
    await expect(page.locator(".why-not")).to_contain_text("열린 화면이 없습니다.")
    assert house.pushed == []
    await page.keyboard.press("1")
    await expect(page.locator(".panel")).to_have_count(0)
    await expect(page.locator(".link-state")).to_contain_text("링크 문자 보내는 중")
    assert "(link)" in house.messages[0].text

    await opened(house, page)
    await page.keyboard.press("F8")
    await page.keyboard.type("약도")
    await expect(options).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".trail .last")).to_contain_text("한빛시청 약도")
    await page.keyboard.press("F8")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.locator(".trail .last")).to_contain_text("만족도 묻기")
    assert house.pushed == [Push(kind="place", id="city-hall"), Push(kind="screen", id="thanks")]
    await page.keyboard.press("F8")
    await page.keyboard.type("없는 것")
    await expect(page.locator(".why-not")).to_contain_text("맞는 것이 없습니다")
    await page.keyboard.press("F8")
    await expect(page.locator(".panel")).to_have_count(0)
    assert await page.evaluate(STILL) == before


async def test_from_a_landline_the_way_with_the_code_is_told(page: Page, site: DeskSite) -> None:
    house = site.house
    house.reached = Reach(entry="hanbit.example/m")
    await house.start_call("c1", Party(number="0215881234"))
    await house.visit("c1", "begun")
    await house.suggest("c1", WASTE)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    await page.keyboard.press("F3")
    await expect(page.locator(".notice")).to_contain_text("F8에서 '여섯 자리로 화면 잇기'")
    await page.keyboard.press("F8")
    await page.keyboard.press("1")
    await expect(page.locator(".why-not")).to_contain_text("휴대전화 번호가 아니라")
    assert house.messages == []
    await page.keyboard.press("2")
    await expect(page.locator(".panel")).to_have_count(0)
    await expect(page.locator(".notice")).to_contain_text("휴대전화로 hanbit.example/m")
    assert [push.id for push in house.pushed] == ["@join"]


async def test_a_captioned_call_is_said_and_typed_words_are_marked(page: Page, house: FakeHouse) -> None:
    await opened(house, page)
    await house.screen("c1", "@captions", "자막 통화", "처음 화면")
    band = page.locator(".captions")
    await expect(band).to_contain_text("자막 통화 중입니다.")
    await expect(page.locator(".alarm")).to_have_count(0)
    await house.say(
        "c1",
        TranscriptFinal(speaker="caller", utterance="typed-1", start=20, end=20, text="귀가 안 들려요", typed=True),
    )
    typed = page.locator("[data-utterance=typed-1]")
    await expect(typed.locator(".who")).to_have_text("민원인 글")
    await expect(page.locator(".words [aria-live=polite]")).to_have_text("민원인 글: 귀가 안 들려요")
    await expect(page.locator("[data-utterance=caller-1] .who")).to_have_text("민원인")
    toggle = band.get_by_role("button")
    await expect(toggle).to_have_attribute("aria-pressed", "false")
    await page.keyboard.press("r")
    await expect(toggle).to_have_attribute("aria-pressed", "true")
    assert house.reached.read_typed
    await page.reload()
    await expect(toggle).to_have_attribute("aria-pressed", "true")
    await toggle.click()
    await expect(toggle).to_have_attribute("aria-pressed", "false")
    await house.screen("c1", "start", "처음 화면")
    await expect(band).to_have_count(0)


async def test_photos_open_beside_the_words(page: Page, house: FakeHouse, tmp_path: Path) -> None:
    await page.keyboard.press("p")  # none yet: nothing happens
    await expect(page.locator(".panel")).to_have_count(0)
    await pictures(house, tmp_path)
    await expect(page.locator(".thumb")).to_have_count(2)
    await page.eval_on_selector_all(".thumb img", "all => Promise.all(all.map(image => image.decode()))")
    before = await page.evaluate(STILL)
    await page.keyboard.press("p")
    await expect(page.locator(".photo")).to_contain_text("사진 2 / 2")
    await expect(page.locator(".where")).to_contain_text("위치 정보 없음")
    await expect(page.locator(".where a")).to_have_count(0)
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".photo")).to_contain_text("사진 1 / 2")
    await expect(page.locator(".where a")).to_have_attribute("href", "geo:37.56651,126.97792")
    await page.eval_on_selector(".photo img", "image => image.decode()")  # throws if it is no picture
    words, picture = await page.locator(".words").bounding_box(), await page.locator(".panel").bounding_box()
    assert words is not None
    assert picture is not None
    assert picture["x"] >= words["x"] + words["width"], "not over the words"
    await page.keyboard.press("Escape")
    await expect(page.locator(".panel")).to_have_count(0)
    await page.locator(".thumb").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".photo")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".thumb").first).to_be_focused()
    assert await page.evaluate(STILL) == before


async def test_late_things_arrive_in_wrap_up_and_stand_in_the_history(
    page: Page, house: FakeHouse, tmp_path: Path
) -> None:
    await opened(house, page)
    await house.end_call("c1")
    await house.form("c1", "만족도", "thanks", 점수="매우 만족")
    await house.say("c1", CallbackBooked(callback_id="k1", number="01002841009", position=2))
    await pictures(house, tmp_path)
    await expect(page.locator(".caller-column")).to_contain_text("매우 만족")
    await expect(page.locator(".caller-column")).to_contain_text("예약됨 · 2번째")
    await house.move("ready")
    await expect(page.locator(".idle-title")).to_have_text("대기 중입니다")
    await page.keyboard.press("h")
    await page.click(".calls a")
    past = page.locator(".past aside")
    await expect(past).to_contain_text("처음 화면")
    await expect(past).to_contain_text("매우 만족")
    await expect(past).to_contain_text("예약됨")
    await expect(past.locator(".thumb")).to_have_count(2)
    await expect(past).not_to_contain_text("지금")


async def test_the_next_call_begins_with_an_empty_hand(page: Page, house: FakeHouse) -> None:
    await house.form("c1", "신고서", 주소="새빛로 1")
    await page.keyboard.press("F2")
    await expect(page.locator(".panel")).to_be_visible()
    await house.end_call("c1")
    await expect(page.locator(".panel")).to_be_visible()  # she may still send it
    await house.start_call("c2", Party(number="01055550000"))
    await expect(page.locator(".caller-number")).to_have_text("010-5555-0000")
    await expect(page.locator(".panel")).to_have_count(0)
    await expect(page.locator(".value")).to_have_count(0)


async def test_the_outbox_says_that_nothing_is_sent_and_follows_the_call(page: Page, house: FakeHouse) -> None:
    link = "http://127.0.0.1:9/v/secret"
    for place in range(55):
        house.messages.append(
            OutboxMessage(
                message_id=f"x{place}",
                to="01002841009",
                text=f"누르세요 {link}" if place == 0 else ATTACK,
                links=(link, "javascript:alert(1)"),
                state="delivered",
                by=AGENT.name if place else "",
                at=now() - timedelta(minutes=place + 1),
            )
        )
    await page.keyboard.press("o")
    await expect(page.locator(".rows li")).to_have_count(50)
    await expect(page.locator(".not-sent")).to_contain_text("실제로 보내지 않습니다.")
    await expect(page.locator(".rows a")).to_have_count(1)
    await expect(page.locator(".rows a")).to_have_attribute("href", link)
    await page.click("text=더 보기")
    await expect(page.locator(".rows li")).to_have_count(55)
    await house.message("c1", "m1", "안내", "queued")
    await expect(page.locator(".rows li").first).to_contain_text("보내는 중")
    await expect(page.locator(".rows li")).to_have_count(56)
    await house.message("c1", "m1", "안내", "failed", "없는 번호입니다.")
    await expect(page.locator(".rows li").first).to_contain_text("없는 번호입니다.")
    await page.click("text=내가 보낸 것")
    await expect(page.locator(".rows a")).to_have_count(0)
    assert await page.evaluate("window.hacked") is None
    house.messages, house.sends = [], True
    await page.keyboard.press("o")
    await expect(page.get_by_role("navigation", name="기록")).to_have_count(0)
    await page.keyboard.press("o")
    await expect(page.locator(".sheet .empty")).to_contain_text("보낸 문자가 없습니다.")
    await expect(page.locator(".not-sent")).to_have_count(0)


async def test_callbacks_are_closed_by_hand(page: Page, site: DeskSite) -> None:
    house = site.house
    await page.keyboard.press("b")
    await expect(page.locator(".sheet .empty")).to_contain_text("기다리는 전화 예약이 없습니다.")
    for place in range(3):
        house.callbacks_kept[f"k{place}"] = Callback(
            callback_id=f"k{place}", number=f"0100000000{place}", since=now() + timedelta(seconds=place), tries=place
        )
    await page.keyboard.press("b")
    await expect(page.get_by_role("navigation", name="기록")).to_have_count(0)
    await page.keyboard.press("b")
    await expect(page.locator("[data-callback=k2]")).to_contain_text("3번째")
    await expect(page.locator("[data-callback=k2]")).to_contain_text("2번 걸어 봄")
    await page.click("[data-callback=k0] >> text=직접 통화했음")
    await expect(page.locator("[data-callback=k0]")).to_contain_text("통화함")
    await expect(page.locator("[data-callback=k1]")).to_contain_text("1번째")
    await page.click("[data-callback=k1] >> text=예약 취소")
    assert house.callbacks_kept["k1"].state == "booked", "the first press only arms"
    await page.click("[data-callback=k1] >> text=한 번 더")
    await expect(page.locator("[data-callback=k1]")).to_contain_text("취소됨")
    await page.keyboard.press("Escape")
    await expect(page.locator(".idle-title")).to_be_visible()


async def test_the_queue_says_how_long_it_takes_if_that_is_known(page: Page, site: DeskSite) -> None:
    await site.house.bus.publish(QueueChanged(waiting=2, expect_s=150))
    await expect(page.locator(".queue")).to_contain_text("예상 2:30")
    await site.house.bus.publish(QueueChanged(waiting=2))
    await expect(page.locator(".queue")).not_to_contain_text("예상")


async def test_markup_in_what_callers_send_stays_text(page: Page, house: FakeHouse) -> None:
    await house.visit("c1", "opened", "sms")
    await house.screen("c1", "x", ATTACK, ATTACK)
    await house.form("c1", ATTACK, 말=ATTACK)
    await house.message("c1", "m1", ATTACK, "failed", ATTACK)
    await expect(page.locator(".value")).to_contain_text("<script>")
    await expect(page.locator(".texts")).to_contain_text("<img")
    await expect(page.locator("#desk img, #desk script")).to_have_count(0)
    assert await page.evaluate("window.hacked") is None


async def test_all_of_it_can_be_read_in_every_theme_and_fits(page: Page, house: FakeHouse, tmp_path: Path) -> None:
    await opened(house, page)
    await house.form("c1", "대형폐기물 신고서", 주소="새빛로 12길 34, 101동 803호", 암호="*", 물품="장롱 1")
    await pictures(house, tmp_path)
    await house.message("c1", "m1", "안내", "failed", "없는 번호입니다.")
    await house.screen("c1", "@captions", "자막 통화", "처음 화면")
    await house.say(
        "c1", TranscriptFinal(speaker="caller", utterance="typed-1", start=9, end=9, text="글로 부탁해요", typed=True)
    )
    house.callbacks_kept["k1"] = Callback(callback_id="k1", number="01002841009", since=now())
    await expect(page.locator(".captions")).to_be_visible()
    poor = await poor_contrast(page)
    for key in ("F8", "F2", "p"):
        await page.keyboard.press(key)
        await expect(page.locator(".panel")).to_be_visible()
        poor += await poor_contrast(page)
        await page.keyboard.press("Escape")
    for key in ("o", "b"):
        await page.keyboard.press(key)
        await expect(page.locator(".rows")).to_be_visible()
        poor += await poor_contrast(page)
        await page.keyboard.press("Escape")
    assert poor == []
    for width, height in ((1440, 900), (1024, 768), (360, 740)):
        await page.set_viewport_size({"width": width, "height": height})
        for key in ("", "F8", "F2", "p", "o", "b"):
            if key:
                await page.keyboard.press(key)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (width, key)
            if width > 860:
                assert await page.evaluate("document.documentElement.scrollHeight") <= height, (width, key)
            if key:
                await page.keyboard.press("Escape")
