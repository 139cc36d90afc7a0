"""What helps the agent beside the words: cards and what she does with them, values, alerts, reminders, the draft,
issues; and that nothing of it moves what she reads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from core.events import (
    IssueChanged,
    QueueChanged,
    Suggested,
    Suggestion,
    now,
)
from core.store.entry import Attachment, Entry, Reference
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.desk_site import DeskSite
from tests.fakes.entries import APPLIANCE, MOVE, PASSPORT, WASTE
from tests.fakes.house import SUPERVISOR, FakeHouse, card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TODAY = now().date()
FULL = msgspec.structs.replace(
    WASTE,
    version=3,
    person_absent=True,
    hours="평일 9시~18시",
    review_by=TODAY - timedelta(days=1),
    expires=TODAY + timedelta(days=3),
    body="**하루 전**에\n\n| 품목 | 값 |\n| - | - |\n| 장롱 | 15,000원 |\n\n"
    "[누리집](https://hanbit.example/w) [나쁜](javascript:alert(1))",
    links=(Reference(title="신고 누리집", url="https://hanbit.example/w"), Reference(title="x", url="javascript:x")),
    attachments=(Attachment(id="f1", name="수수료표.pdf", size=231_000),),
)
WHERE = """() => Object.fromEntries(['.call-head', '.scroll > .lines > :last-child', '.heard', '.cards > :not(.panel)',
    '.bar', '.caller-column'].map(one => {
  const box = document.querySelector(one)?.getBoundingClientRect();
  return [one, box && [box.left, box.bottom]];
}))"""
"""Where everything ends that must stand still; the words are anchored below."""


@pytest_asyncio.fixture(loop_scope="session")
async def house(site: DeskSite, page: Page) -> AsyncIterator[FakeHouse]:
    """A call in which two things were said; its entry has all that an entry can have."""
    site.house.entries[WASTE.id] = FULL
    await site.house.start_call("c1")
    await site.house.final("c1", "agent", 1, "무엇을 도와드릴까요?")
    await site.house.final("c1", "caller", 2, "장롱을 버리려고요")
    await expect(page.locator(".said")).to_have_count(2)
    yield site.house


async def told(page: Page, house: FakeHouse) -> None:
    """The page has seen all that was published until now."""
    waiting = house.waiting.waiting + 1
    house.waiting = QueueChanged(waiting=waiting)
    await house.bus.publish(house.waiting)
    await expect(page.locator(".queue")).to_contain_text(f"{waiting}명")


def suggested(*cards: Suggestion, utterance: str = "caller-2") -> Suggested:
    return Suggested(suggestions=cards, utterance=utterance)


THREE = suggested(
    card(FULL, "장롱", score=0.9),
    card(APPLIANCE, "버리", score=0.6, why="context"),
    card(MOVE, score=0.4, why="learnt"),
)


async def test_a_card_says_why_how_sure_and_whether_it_can_be_trusted(page: Page, house: FakeHouse) -> None:
    await house.say("c1", THREE)
    opened = page.locator(".card.open")
    await expect(opened.locator(".why")).to_contain_text("들은 말 장롱")
    await expect(opened.locator(".sure")).to_have_text("확실")
    await expect(page.locator(".card.closed .sure")).to_have_text(["맞을 듯", "참고"])
    await expect(opened.locator(".meta")).to_contain_text("3판 · 10. 28. 확인")
    await expect(opened.locator(".meta .badge")).to_have_text(["검토할 때 지남", re.compile("까지$")])
    await expect(opened.locator(".people")).to_have_text("대행 이슬아박하늘 부재")
    await expect(opened.locator(".hours")).to_have_text("운영 평일 9시~18시")
    await expect(opened.locator(".content strong")).to_have_text("하루 전")
    await expect(opened.locator(".content td")).to_have_text(["장롱", "15,000원"])
    links = await opened.locator(".content a").evaluate_all("all => all.map(a => [a.href, a.rel, a.target])")
    assert [link[0] for link in links[:2]] == ["https://hanbit.example/w"] * 2
    assert links[2][0].endswith("/desk/api/entries/1/attachments/f1")
    assert len(links) == 3 and links[0][1:] == ["noopener noreferrer", "_blank"]
    for key, words in (("2", "앞에서 들은 말 버리"), ("3", "상담사들이 골라 온 업무")):
        await page.keyboard.press(key)
        await expect(opened.locator(".why")).to_contain_text(words)
    assert await poor_contrast(page) == []


async def test_a_card_of_unfinished_words_is_paler_and_nothing_moves(page: Page, house: FakeHouse) -> None:
    await house.partial("c1", "caller", 3, "여권도")
    await house.say("c1", suggested(card(PASSPORT, "여권", tentative=True), card(MOVE, "이사"), utterance="caller-3"))
    await expect(page.locator(".card.open.tentative .why")).to_contain_text("아직 말하는 중 여권")
    await expect(page.locator(".card.open .content")).to_contain_text("신청")
    boxes = "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.top, b.height]; })"
    before = await page.eval_on_selector_all(".cards *", boxes)
    assert await poor_contrast(page) == []
    await house.say("c1", suggested(card(PASSPORT, "여권"), card(MOVE, "이사"), utterance="caller-3"))
    await expect(page.locator(".tentative")).to_have_count(0)
    assert await page.eval_on_selector_all(".cards *", boxes) == before


async def test_every_deed_is_told_once(page: Page, house: FakeHouse) -> None:
    await house.say("c1", THREE)
    await expect(page.locator(".card.closed")).to_have_count(2)
    await page.keyboard.press("a")
    await expect(page.locator(".card-deeds [aria-pressed=true]")).to_have_text("✓ 맞음 A")
    await page.keyboard.press("a")
    for key in ("2", "1", "2"):
        await page.keyboard.press(key)
    await page.keyboard.press("k")
    await expect(page.locator(".card-deeds [aria-pressed=true]")).to_contain_text("고정")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await told(page, house)
    deeds = [("1", "accepted"), ("2", "opened"), ("1", "opened"), ("2", "pinned"), ("2", "unpinned")]
    assert sorted(house.used) == sorted(deeds)

    await page.reload()
    await expect(page.locator(".card.open")).to_contain_text("✓ 맞음")
    await page.keyboard.press("a")
    await told(page, house)
    assert sorted(house.used) == sorted(deeds), "what was told before a reload is not told again"


async def test_a_card_that_goes_out_is_told_once(page: Page, house: FakeHouse) -> None:
    await house.visit("c1", "opened", "sms")
    await house.say("c1", THREE)
    await expect(page.locator(".card.closed")).to_have_count(2)
    await page.keyboard.press("F3")
    await expect(page.locator(".notice")).to_contain_text("화면에 띄웠습니다")
    await page.keyboard.press("F2")
    await expect(page.locator("textarea")).to_be_focused()
    await expect(page.locator(".send .main")).to_be_enabled()
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    await told(page, house)
    assert house.used == [("1", "sent")]


async def test_not_this_one_goes_at_once_and_can_come_back(page: Page, house: FakeHouse) -> None:
    await page.clock.install()
    await house.say("c1", THREE)
    titles = page.locator(".card :is(h3, .card-title)")
    await expect(titles).to_have_text(["대형 폐기물 배출 신청", "폐가전 무료 방문 수거", "전입신고"])
    await page.keyboard.press("x")
    await expect(titles).to_have_text(["폐가전 무료 방문 수거", "전입신고"])
    await house.say("c1", THREE)  # the house does not know yet
    await told(page, house)
    await expect(titles).to_have_text(["폐가전 무료 방문 수거", "전입신고"])
    await page.keyboard.press("z")
    await expect(titles).to_have_text(["대형 폐기물 배출 신청", "폐가전 무료 방문 수거", "전입신고"])
    await page.clock.run_for(10_000)
    assert house.used == [], "what was taken back is never told"

    await page.keyboard.press("Delete")
    await expect(page.locator(".put-away")).to_contain_text("뺐습니다")
    await page.clock.run_for(10_000)
    await expect(page.locator(".put-away")).to_have_count(0)
    await told(page, house)
    assert house.used == [("1", "dismissed")]
    await page.reload()
    await expect(titles).to_have_text(["폐가전 무료 방문 수거", "전입신고"])
    for _ in range(2):
        await page.keyboard.press("x")
    await expect(page.locator(".cards .empty")).to_contain_text("아직 추천할 업무가 없습니다.")


async def test_this_is_wrong_goes_to_the_department(page: Page, house: FakeHouse) -> None:
    await house.say("c1", THREE)
    await expect(page.locator(".card.closed")).to_have_count(2)
    await page.keyboard.press("e")
    note = page.locator(".panel textarea")
    await expect(note).to_be_focused()
    await page.keyboard.type("전화번호가 axk")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(note).to_have_value("전화번호가 axk")  # nothing that she wrote is lost
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_have_text("고맙습니다. 자원순환과에 알렸습니다.")
    ((entry_id, report),) = house.reports
    assert (entry_id, report.note, report.version, report.call_id) == ("1", "전화번호가 axk", 3, "c1")


async def test_also_without_a_call_a_found_entry_can_be_reported(page: Page, site: DeskSite) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("여권")
    await expect(page.locator("#results li")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".card.open h3")).to_have_text("여권 재발급")
    await page.click(".card-deeds >> text=내용 틀림")
    await page.keyboard.type("사진은 두 장")
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    assert site.house.reports[0][1].call_id == ""


async def test_values_are_chips_that_fill_by_one_key(page: Page, house: FakeHouse, context: BrowserContext) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await expect(page.locator(".heard")).to_contain_text("여기 모입니다")
    before = await page.evaluate(WHERE)
    await house.heard("c1", 2, ("date", "2026-11-26", "이번 주 목요일"), ("money", "15000", "만오천 원"))
    await house.heard("c1", 3, ("phone", "010-1234-5678", "공일공 일이삼사 오육칠팔"))
    chips = page.locator(".chip")
    await expect(chips).to_have_text(
        ["Alt 3 전화010-1234-5678", "Alt 2 금액15,000원", re.compile(r"Alt 1 날짜11\. 26\. \(목\)")]
    )
    await expect(chips.first).to_have_attribute("title", re.compile("공일공 일이삼사 오육칠팔"))
    assert await page.evaluate(WHERE) == before
    await page.keyboard.press("Alt+2")
    await expect(page.locator(".notice")).to_contain_text("15000")
    assert await page.evaluate("navigator.clipboard.readText()") == "15000"
    await house.form("c1", "신고서", "waste", 주소="새빛로 12길 34")
    await expect(page.locator(".given .value")).to_have_text("Alt 4 주소새빛로 12길 34")
    await house.heard("c1", 4, ("phone", "010-1234-5679", "오육칠구"))
    await expect(chips.first).to_have_text("Alt 3 전화010-1234-5679")  # corrected, with its key

    await house.say("c1", THREE)
    await expect(page.locator(".card.closed")).to_have_count(2)
    await page.keyboard.press("e")
    await page.keyboard.type("번호 ")
    await page.keyboard.press("Alt+3")
    await expect(page.locator(".panel textarea")).to_have_value("번호 010-1234-5679")
    await page.keyboard.press("Alt+4")
    await expect(page.locator(".panel textarea")).to_have_value("번호 010-1234-5679새빛로 12길 34")
    after = await page.evaluate(WHERE)
    assert {name: after[name] for name in (".heard", ".bar", ".call-head")} == {
        name: before[name] for name in (".heard", ".bar", ".call-head")
    }


async def test_an_alert_goes_step_by_step_never_by_one_key(page: Page, house: FakeHouse) -> None:
    before = await page.evaluate(WHERE)
    await house.final("c1", "caller", 3, "이 나쁜 놈들아")
    await told(page, house)
    after_words = await page.evaluate(WHERE)
    await house.alert("c1", "abuse", "나쁜 놈들아", utterance="caller-3")
    band = page.locator(".alert")
    await expect(band.locator("h2")).to_have_text("폭언이 들렸습니다")
    await expect(band.locator("mark")).to_have_text("나쁜 놈들아")
    await expect(band.locator(".says")).to_contain_text("민원인이 듣는 안내: 폭언을 하시면")
    assert await page.evaluate(WHERE) == after_words, "the newest words stay where they are"
    assert before[".heard"] == after_words[".heard"]
    await expect(page.locator("[data-utterance=caller-3]")).to_contain_text("경보")
    assert await poor_contrast(page) == []

    async def taken() -> tuple[str, ...]:
        await told(page, house)
        return house.raised["c1", "alert-1"].steps

    height = (await band.bounding_box() or {})["height"]
    await page.keyboard.press("w")
    await expect(band.locator(".says")).to_contain_text("한 번 더 누르면 민원인이 듣습니다:")
    assert (await band.bounding_box() or {})["height"] == height
    assert await taken() == ()
    await page.keyboard.press("Escape")
    await expect(band.locator(".armed")).to_have_count(0)
    await page.keyboard.press("w")
    await page.keyboard.press("w")
    await expect(band.locator(".step.taken")).to_contain_text("✓ 1차 경고 안내")
    assert await taken() == ("warned",)
    await page.keyboard.press("y")  # too early: nothing happens
    await expect(page.locator(".panel")).to_have_count(0)
    await band.locator("text=권장 시간 안내").click()
    assert await taken() == ("warned",)
    await band.locator("text=권장 시간 안내").click()
    await expect(band.locator(".step.taken")).to_have_count(2)

    await page.keyboard.press("y")
    await expect(page.locator(".panel h2")).to_have_text("절차에 따라 통화 끝내기")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".ends")).to_contain_text("한 번 더 누르면 통화를 끝냅니다")
    assert house.state.state == "talking"
    await page.keyboard.press("Enter")
    await expect(page.locator(".call-state")).to_contain_text("통화 끝")
    assert house.raised["c1", "alert-1"].reason == "성희롱 발언이 이어짐"
    assert house.raised["c1", "alert-1"].steps == ("warned", "time_notice", "ended")
    await expect(page.locator(".alert")).to_have_count(0)


async def test_an_armed_step_forgets_itself(page: Page, house: FakeHouse) -> None:
    await page.clock.install()
    await house.alert("c1", "abuse", "욕", utterance="caller-2")
    await expect(page.locator(".step.next")).to_have_count(1)
    await page.keyboard.press("w")
    await expect(page.locator(".step.armed")).to_have_count(1)
    await page.clock.run_for(5000)
    await expect(page.locator(".step.armed")).to_have_count(0)
    await page.keyboard.press("w")
    await told(page, house)
    assert house.raised["c1", "alert-1"].steps == ()


async def test_a_false_alarm_says_why_and_is_gone(page: Page, house: FakeHouse) -> None:
    await house.alert("c1", "abuse", "장롱", utterance="caller-2")
    await expect(page.locator(".alert h2")).to_be_visible()
    await page.keyboard.press("n")
    await page.locator(".own input").fill("노래 가사예요")
    await page.keyboard.press("Enter")
    await expect(page.locator(".alert")).to_have_count(0)
    await expect(page.locator(".evidence")).to_have_count(0)
    alert = house.raised["c1", "alert-1"]
    assert (alert.state, alert.reason) == ("dismissed", "노래 가사예요")


async def test_words_that_may_save_a_life_come_first_with_their_numbers_large(page: Page, house: FakeHouse) -> None:
    await house.alert("c1", "abuse", "장롱", utterance="caller-2", number=1)
    await house.alert("c1", "self_harm", "죽고 싶어요", utterance="caller-2", number=2)
    await expect(page.locator(".alert h2")).to_have_text("자살·자해를 말하고 있습니다")
    await expect(page.locator(".dial")).to_have_text(["119", "112", "109"])
    sizes = await page.eval_on_selector_all(".dial", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert min(sizes) >= 22
    await page.click(".other-alert")
    await expect(page.locator(".alert h2")).to_have_text("폭언이 들렸습니다")
    await page.keyboard.press("l")
    await page.keyboard.press("l")
    await expect(page.locator(".alert h2")).to_have_text("자살·자해를 말하고 있습니다")
    assert house.raised["c1", "alert-1"].state == "closed"


async def test_the_words_of_the_alert_are_one_key_away(page: Page, house: FakeHouse) -> None:
    for number in range(3, 60):
        await house.final("c1", "caller", number, f"{number}번째 말입니다.")
    await house.alert("c1", "abuse", "장롱", utterance="caller-2")
    await expect(page.locator(".alert")).to_be_visible()
    await expect(page.locator("[data-utterance=caller-2]")).not_to_be_in_viewport()
    await page.keyboard.press("j")
    await expect(page.locator("[data-utterance=caller-2]")).to_be_in_viewport()
    await expect(page.locator(".newest")).to_be_visible()


async def test_a_band_does_not_move_what_she_reads_further_up(page: Page, house: FakeHouse) -> None:
    for number in range(3, 60):
        await house.final("c1", "caller", number, f"{number}번째 말입니다.")
    await told(page, house)
    await page.hover("#words")
    await page.mouse.wheel(0, -900)
    await expect(page.locator(".newest")).to_be_visible()
    line = page.locator("[data-utterance=caller-40]")
    top = "e => Math.round(e.getBoundingClientRect().top)"
    before = await line.evaluate(top)
    await house.alert("c1", "self_harm", "장롱", utterance="caller-2")
    await house.remind("c1", "recording", "녹음을 알려 주세요")
    await expect(page.locator(".reminders li")).to_have_count(1)
    await expect(page.locator(".alert")).to_be_visible()
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert abs(await line.evaluate(top) - before) <= 1
    await house.say("c1", msgspec.structs.replace(house.raised["c1", "alert-1"], state="closed"))
    await expect(page.locator(".alert")).to_have_count(0)
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert abs(await line.evaluate(top) - before) <= 1


async def test_reminders_are_one_calm_line_each(page: Page, house: FakeHouse) -> None:
    before = await page.evaluate(WHERE)
    await house.remind("c1", "greeting", "인사해 주세요.")
    await house.remind("c1", "recording", "통화가 녹음된다고 알려 주세요.")
    lines = page.locator(".reminders li > span")
    await expect(lines).to_have_text(["통화가 녹음된다고 알려 주세요.", "인사해 주세요."])
    assert await page.evaluate(WHERE) == before
    await page.keyboard.press("g")
    await expect(lines).to_have_text(["인사해 주세요."])
    await house.remind("c1", "greeting", "", "met")
    await expect(lines).to_have_count(0)


ISSUE = IssueChanged(
    issue_id="i1", terms=("단수", "수돗물"), district="한빛구", calls=9, usual=0.4, since=now(),
    quotes=("물이 안 나와요",), entry_id="3", entry_title="전입신고",
)  # fmt: skip


LEFTS = "() => [...document.querySelectorAll('.top > *')].map(e => e.getBoundingClientRect().left)"


async def test_supervisors_see_issues_and_alerts_of_all_calls(page: Page, site: DeskSite) -> None:
    site.agent = SUPERVISOR
    await page.reload()
    house = site.house
    await expect(page.locator(".sign .count")).to_have_text("0")
    before = await page.evaluate(LEFTS)
    await house.issue(ISSUE)
    await house.offer_call("c9")
    await house.move("ready")
    await house.alert("c9", "threat", "찾아간다")
    await expect(page.locator(".sign .count.on")).to_have_text("1")
    await expect(page.locator(".alert-sign")).to_have_text("경보 1")
    lefts = await page.evaluate(LEFTS)
    assert max(abs(a - b) for a, b in zip(before, lefts, strict=True)) <= 12
    await page.keyboard.press("i")
    row = page.locator("[data-issue=i1]")
    await expect(row).to_contain_text("단수 · 수돗물")
    await expect(row).to_contain_text("9통 · 평소 0.4")
    await expect(row).to_contain_text("물이 안 나와요")
    await expect(page.locator("[data-call=c9]")).to_contain_text("협박")
    await expect(page.locator("[data-call=c9]")).to_contain_text("김하늘")
    assert await poor_contrast(page) == []
    await house.issue(msgspec.structs.replace(ISSUE, issue_id="i2", entry_id="", entry_title="", terms=("불꽃",)))
    await expect(page.locator("[data-issue=i2]")).to_contain_text("답이 되는 업무가 없습니다.")
    await row.locator("text=확인함").click()
    await expect(row.locator(".how b")).to_have_text("확인함")
    await page.reload()
    await expect(row.locator(".how b")).to_have_text("확인함")
    await expect(page.locator("[data-call=c9]")).to_have_count(1)
    await row.locator("text=전입신고").click()
    await expect(page.locator(".card.open h3")).to_have_text("전입신고")
    await expect(page.locator(".top a[href='/kb']")).to_have_text("관리")


async def test_agents_see_none_of_it(page: Page, house: FakeHouse) -> None:
    await house.issue(ISSUE)
    await house.alert("c9", "threat", "찾아간다")
    await told(page, house)
    await expect(page.locator(".sign, .top a[href='/kb'], .alert")).to_have_count(0)
    await page.keyboard.press("i")
    await page.evaluate("() => { location.hash = '#/issues'; }")
    await expect(page.locator(".call-head")).to_be_visible()


async def test_a_search_narrowed_down_by_keyboard(page: Page, site: DeskSite) -> None:
    site.house.entries["9"] = Entry(id="9", title="여권 사진", category="민원>여권", department="민원여권과")
    options = page.locator("#results li")
    await page.keyboard.press("/")
    await expect(page.locator(".results")).to_contain_text("초성")
    await page.keyboard.type("여권")
    await expect(options).to_have_count(2)
    await expect(options.locator("mark")).to_have_text(["여권", "여권"])
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("분야")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("부서", exact=True)).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(options).to_have_count(1)
    await expect(options).to_contain_text("여권 사진")
    await page.keyboard.press("Enter")
    await expect(page.locator("#search")).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Backspace")
    await expect(options).to_have_count(1)  # an empty box lists what is on the shelf
    await page.keyboard.press("Enter")
    await expect(page.locator(".card.open h3")).to_have_text("여권 사진")
    await page.keyboard.press("/")
    await expect(options).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator(".results")).to_have_count(0)


async def test_all_new_keys_are_in_the_help(page: Page, house: FakeHouse) -> None:
    await page.keyboard.press("Shift+Slash")
    dialog = page.get_by_role("dialog")
    listed = await dialog.locator("kbd").all_text_contents()
    keys = (Path(__file__).parents[2] / "agent_assist/web/keys.js").read_text("utf-8")
    letters = set(re.findall(r"^    Key([A-Z]):", keys, re.MULTILINE)) - {"I"}  # supervisors alone
    assert letters <= set(listed)


async def test_everything_at_once_fits_a_small_screen(page: Page, site: DeskSite, house: FakeHouse) -> None:
    site.agent = SUPERVISOR
    await page.reload()
    await house.say("c1", THREE)
    await house.heard("c1", 2, ("address", "새빛로 12길 34, 101동 803호", "x"), ("phone", "010-1234-5678", "y"))
    await house.remind("c1", "recording", "녹음을 알려 주세요")
    await house.alert("c1", "self_harm", "장롱", utterance="caller-2", number=1)
    await house.alert("c1", "abuse", "장롱", utterance="caller-2", number=2)
    await expect(page.locator(".other-alert")).to_have_count(1)
    await expect(page.locator(".card.closed")).to_have_count(2)
    for width, height in ((1440, 900), (1280, 720), (1024, 768)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.evaluate("document.documentElement.scrollHeight") <= height
        for selector in (
            ".hang-up",
            ".card.closed >> nth=1",
            ".search input",
            ".me > button",
            ".heard",
            "[data-utterance=caller-2]",
            ".dial >> nth=2",
        ):
            await expect(page.locator(selector)).to_be_in_viewport(ratio=0.9)
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
