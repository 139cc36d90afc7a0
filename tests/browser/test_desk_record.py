"""The record in wrap-up, as an agent with a keyboard sees it: one key, and nothing is asked twice."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import BrowserContext, Page, Route, expect

from agent_assist.desk_record import Earlier
from core.events import HeardValue, RecordDraft, RecordDrafted, now
from core.store.contacts import FollowUp, Wording
from tests.browser.test_desk_assist import WHERE
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import FakeHouse
from tests.fakes.house_records import TODAY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOOK: Final = os.environ.get("MINWON_SCREENSHOTS", "")
"""A folder: screenshots are left there for people to look at."""
DRAFT: Final = RecordDraft(
    category="생활>환경",
    sure=0.8,
    others=(("생활>소음", 0.12), ("교통>주차", 0.05)),
    department="청소행정과",
    need="중앙동에서 장롱을 버리려고 합니다.",
    answer="신고하고 붙이세요.",
    cards=("1",),
    values=(HeardValue(kind="money", value="15000", spoken="만오천 원", start=0, end=1),),
    follow_ups=("번호를 문자로 보내 드리겠습니다.",),
)


@pytest_asyncio.fixture(loop_scope="session")
async def house(site: DeskSite, page: Page) -> AsyncIterator[FakeHouse]:
    """A call in which something was said."""
    await site.house.start_call("c1")
    await site.house.final("c1", "agent", 1, "무엇을 도와드릴까요?")
    await site.house.final("c1", "caller", 2, "중앙동인데 장롱을 버리려고요")
    await expect(page.locator(".said")).to_have_count(2)
    yield site.house


async def wraps_up(page: Page, house: FakeHouse, draft: RecordDraft = DRAFT) -> None:
    """The talk is over and the record has come by itself."""
    await house.say("c1", RecordDrafted(draft=draft))
    await house.end_call("c1")
    await expect(page.locator(".state .on")).to_contain_text("후처리")
    await expect(page.locator(".record-form [data-first]").first).to_be_focused()


async def look(page: Page, name: str) -> None:
    if LOOK:
        await page.screenshot(path=Path(LOOK) / f"{name}.png")


async def test_while_she_talks_nothing_opens(page: Page, house: FakeHouse) -> None:
    await house.say("c1", RecordDrafted(draft=DRAFT))
    await page.keyboard.press("d")
    await expect(page.locator(".panel")).to_have_count(0)


async def test_enter_confirms_what_was_drafted(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    panel = page.locator(".panel")
    await expect(panel.locator("h2")).to_have_text("상담 기록")
    await expect(panel.locator("[role=radio].on")).to_have_text(["1 생활 › 환경", "1 답변 완료"])
    await expect(panel.locator("textarea[name=need]")).to_have_value(DRAFT.need)
    await expect(panel.locator("input[name=department]")).to_have_value("청소행정과")
    await expect(panel.locator("input[name=district]")).to_have_value("중앙동")
    await expect(panel.locator("[data-choice=category].on")).to_be_focused()
    await look(page, "record-wide")
    assert await poor_contrast(page) == []
    await page.keyboard.press("Enter")
    await expect(panel).to_have_count(0)
    (kept,) = house.kept
    assert (kept.based_on, kept.category, kept.result, kept.need) == (0, "생활>환경", "answered", DRAFT.need)
    (follow,) = house.follow_ups
    assert (follow.text, follow.owner, follow.due) == (DRAFT.follow_ups[0], "kim", TODAY + timedelta(days=1))


async def test_the_keyboard_walks_and_chooses(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    await page.keyboard.press("2")
    await expect(page.locator("[data-choice=category].on")).to_have_text("2 생활 › 소음")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[data-choice=category].on")).to_have_text("3 교통 › 주차")
    await page.keyboard.press("Tab")
    await expect(page.locator("[data-choice=result].on")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    result = await page.locator("[data-choice=result].on").inner_text()
    for name in ("department", "district", "need"):
        await page.keyboard.press("Tab")
        await expect(page.locator(f".record-form [name={name}]")).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("3층입니다.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    (kept,) = house.kept
    assert kept.category == "교통>주차"
    assert kept.need == f"{DRAFT.need}\n3층입니다."
    assert result[2:] != "답변 완료"
    assert kept.result != "answered"


async def test_every_other_category_is_found_by_its_letters(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    await page.keyboard.press("9")
    await expect(page.locator("input[data-find]")).to_be_focused()
    await page.fill("input[data-find]", "민원 › 여권")
    await expect(page.locator("[data-choice=category].on")).to_contain_text("민원 › 여권")
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    assert house.kept[0].category == "민원>여권"


async def test_escape_leaves_it_and_the_key_brings_it_back_with_her_words(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    await page.fill("textarea[name=answer]", "직접 썼습니다.")
    await page.keyboard.press("Escape")
    await expect(page.locator(".panel")).to_have_count(0)
    assert house.kept == []
    await page.keyboard.press("d")
    await expect(page.locator("textarea[name=answer]")).to_have_value("직접 썼습니다.")


async def test_last_words_that_are_asked_for_as_she_begins_take_nothing_from_her(page: Page, house: FakeHouse) -> None:
    await house.end_call("c1")
    await expect(page.locator(".record-form [data-first]").first).to_be_focused()
    answers = asyncio.Event()

    async def late(route: Route) -> None:
        await answers.wait()
        await route.continue_()

    await page.route("**/records/c1", late)
    async with page.expect_request("**/records/c1"):
        await house.say("c1", RecordDrafted(draft=DRAFT))
    need = page.locator("textarea[name=need]")
    await need.press_sequentially("직접 씁니다")
    async with page.expect_response("**/records/c1"):
        answers.set()
    await expect(page.get_by_role("button", name="초안 복사")).to_be_visible()
    await expect(need).to_be_focused()
    await expect(need).to_have_value("직접 씁니다")


async def test_a_confirmation_is_undone_by_one_key(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    await page.keyboard.press("Enter")
    await expect(page.locator(".bar")).to_contain_text("확정 되돌리기")
    await house.move("ready")
    await page.keyboard.press("z")
    await expect(page.locator(".notice")).to_contain_text("되돌렸습니다")
    await expect(page.locator("a[href='/records#/unasked'] .count")).to_have_text("1")
    assert house.records["c1"].state == "unasked"


async def test_who_comes_second_is_told_what_differs(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    house.other_keeps("c1", Wording(category="교통>주차", result="abuse", need=DRAFT.need), "boss")
    await page.keyboard.press("Enter")
    clash = page.locator(".record-clash")
    await expect(clash).to_contain_text("정감독")
    await expect(clash).to_contain_text("교통 › 주차")
    await expect(clash).to_contain_text("내가 쓴 것: 생활 › 환경")
    assert house.kept == []
    await clash.locator("button").click()
    await expect(page.locator(".record-form .draft-note")).to_contain_text("이미 확정")


async def test_what_the_clock_kept_is_no_clash_and_what_she_writes_stays(page: Page, house: FakeHouse) -> None:
    await wraps_up(page, house)
    await page.fill("textarea[name=answer]", "직접 썼습니다.")
    house.other_keeps("c1", Wording(), "minwon")
    await house.move("ready")
    await expect(page.locator(".record-form .draft-note")).to_contain_text("정리 시간이 끝나")
    await page.locator("textarea[name=answer]").press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    assert (house.kept[0].based_on, house.kept[0].answer) == (1, "직접 썼습니다.")


async def test_nothing_moves_and_who_writes_is_not_disturbed(page: Page, house: FakeHouse) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("여")
    await house.say("c1", RecordDrafted(draft=DRAFT))
    await house.end_call("c1")
    await expect(page.locator(".state .on")).to_contain_text("후처리")
    await expect(page.locator("#search")).to_be_focused()
    await expect(page.locator(".panel")).to_have_count(0)
    await page.keyboard.press("Escape")
    before = await page.evaluate(WHERE)
    await page.keyboard.press("d")
    await expect(page.locator(".record-form")).to_be_visible()
    after = await page.evaluate(WHERE)
    assert {name: place for name, place in before.items() if name != ".cards > :not(.panel)"} == {
        name: place for name, place in after.items() if name != ".cards > :not(.panel)"
    }


async def test_on_a_small_screen_all_of_it_is_reached(page: Page, house: FakeHouse) -> None:
    await page.set_viewport_size({"width": 1024, "height": 768})
    await wraps_up(page, house)
    await look(page, "record-small")
    panel = page.locator(".panel")
    assert await panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    await panel.locator(".send button.main").scroll_into_view_if_needed()
    await expect(panel.locator(".send button.main")).to_be_in_viewport()


async def test_who_calls_is_told_with_contacts_and_what_is_still_to_be_done(
    site: DeskSite, page: Page, context: BrowserContext
) -> None:
    earlier = Earlier(
        contact_id="c0",
        channel="text",
        at=now(),
        agent_name="이바다",
        category="생활>환경",
        result="text_sent",
        need="장롱",
    )
    follow = FollowUp(
        follow_up_id="f1", contact_id="c0", text="현장 확인 뒤 전화", owner="kim", due=date(2026, 3, 5), at=now()
    )
    site.house.seen = replace(site.house.seen, count=3, contacts=(earlier,), follow_ups=(follow,))
    await site.house.start_call("c2")
    column = page.locator(".caller-column")
    await expect(column).to_contain_text("최근 6개월 3번")
    await expect(column.locator(".person-follow")).to_contain_text("현장 확인 뒤 전화")
    await expect(column.locator(".earlier a")).to_have_attribute("href", "#/texts/c0")
    await expect(column.locator(".earlier")).to_contain_text("문자로 안내")
    await look(page, "person")
