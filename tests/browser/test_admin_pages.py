"""The administration pages in Chromium, over a real database: what editors, owners and supervisors do all day."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from agent_assist.knowledge.content import Content
from agent_assist.knowledge.merging import merge
from core.store.knowledge import Gap, Synonym
from tests.browser.conftest import signed_in
from tests.browser.test_phone_axe import AXE, RUN, TAGS
from tests.fakes.admin_site import NOW, PASSWORD, AdminSite
from tests.fakes.entries import APPLIANCE, MOVE, PASSPORT, WASTE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDE: Final = (1440, 900)
PHONE: Final = (390, 844)
LOOK: Final = os.environ.get("MINWON_SCREENSHOTS", "")
"""A folder: screenshots are left there for people to look at."""

SignIn = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def admin_site(tmp_path: Path) -> AsyncIterator[AdminSite]:
    async with AdminSite(tmp_path, entries=[WASTE, APPLIANCE, MOVE, PASSPORT]) as site:
        await site.load()
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(chromium: Browser, admin_site: AdminSite) -> AsyncIterator[SignIn]:
    """``await sign_in("editor", "#/entries")``: a browser of her own. What it complains about fails the test.

    ``form``: she comes by the page that asks for her password, which leads her to these pages.
    """
    contexts = []
    complaints: list[str] = []

    async def enter(
        who: str, place: str = "", size: tuple[int, int] = WIDE, *, form: bool = False, **more: object
    ) -> Page:
        context = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            base_url=admin_site.url,
            **more,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        if form:
            await page.goto("/signin?next=/kb")
            await page.fill("input[name=id]", who)
            await page.fill("input[name=password]", PASSWORD)
            await page.click("button[type=submit]")
        else:
            await signed_in(context, admin_site.url, who, PASSWORD)
            await page.goto(f"/kb{place}")
        await page.wait_for_selector(".sheet")
        await expect(page.locator(".waiting")).to_have_count(0)
        return page

    yield enter
    for context in contexts:
        await context.close()
    # A refusal in words is no fault of the page, though the browser's console says so.
    assert not [line for line in complaints if "status of 4" not in line and "status of 503" not in line]


async def go(page: Page, place: str) -> None:
    await page.evaluate("place => { location.hash = place; }", place)
    await expect(page.locator(".waiting")).to_have_count(0)


async def look(page: Page, name: str) -> None:
    if LOOK:
        await page.screenshot(path=Path(LOOK) / f"{name}.png")


PLACES: Final = (
    *("entries", "tasks", "due", "usage", "gaps", "import", "categories", "departments", "people"),
    *("tryit", "synonyms", "learning", "rules", "alerts", "radar"),
)
A_KEY: Final = """() => [...document.querySelectorAll('main *')]
  .map(e => e.childElementCount ? '' : e.textContent.trim()).filter(text => /^[a-z_]+\\.[a-z_.]+$/.test(text))"""
"""Keys of the catalogue that stand where words should."""
KEPT: Final = """() => new Promise(done => {
  const kept = () => Object.keys(localStorage).some(name => name.startsWith('minwon.kb.'));
  const look = () => kept() ? done() : setTimeout(look, 50);
  look();
})"""
"""Over when the browser has kept a text."""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
async def test_every_page_opens_fits_and_is_accessible(sign_in: SignIn, size: tuple[int, int]) -> None:
    page = await sign_in("admin", size=size)
    wrong: list[str] = []
    for place in [*PLACES, f"entries/{WASTE.id}", f"entries/{WASTE.id}/history", "entries/new", "nowhere"]:
        await go(page, f"#/{place}")
        await expect(page.locator("h1")).to_be_visible()
        await look(page, f"{place.replace('/', '-')}-{size[0]}")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{place}: wider than the window")
        wrong += [f"{place}: {key}" for key in await page.evaluate(A_KEY)]
        wrong += await axe(page, place)
    assert wrong == []


async def axe(page: Page, where: str) -> list[str]:
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate(RUN, [TAGS, None])
    return [f"{where}: {text}" for text in found if "contrast-enhanced" not in text]  # 7:1 is for the caller's page


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_in_english_and_in_the_dark(sign_in: SignIn, scheme: str) -> None:
    page = await sign_in("admin", color_scheme=scheme)
    await page.click(".me > button")
    await page.click(".menu button[lang=en]")
    wrong: list[str] = []
    for place in [*PLACES, f"entries/{WASTE.id}"]:
        await go(page, f"#/{place}")
        await look(page, f"en-{place.replace('/', '-')}-{scheme}")
        wrong += [f"{place}: {key}" for key in await page.evaluate(A_KEY)]
        wrong += await axe(page, f"{place} {scheme}")
    assert wrong == []
    assert await page.title() == "Consultation database · Call centre"


async def test_an_entry_is_found_edited_previewed_saved_and_its_history_shows_it(
    sign_in: SignIn, admin_site: AdminSite
) -> None:
    page = await sign_in("editor")
    await page.keyboard.press("/")
    await page.keyboard.type("폐기물")
    await expect(page.locator("#entries li")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text(WASTE.title)
    save = page.locator("button.main", has_text="저장")
    await expect(save).to_be_disabled()
    await page.fill("#body", "이제 **이틀** 전에 신청합니다.\n\n<img src=x onerror='window.hacked = 1'>")
    await expect(page.locator(".card .content strong")).to_have_text("이틀")  # live, a moment after typing
    assert await page.evaluate("window.hacked") is None and await page.locator(".card img").count() == 0
    await page.fill(".why input", "이틀로 바뀜")
    await page.keyboard.press("Control+KeyS")
    await expect(page.locator(".notice-bar")).to_contain_text("v2")
    await expect(page.locator(".entry-head .badge")).to_contain_text("초안")
    await page.click("text=이력")
    await expect(page.locator(".versions li").first).to_contain_text("이틀로 바뀜")
    await expect(page.locator(".versions li").first).to_contain_text("박편집")
    await expect(page.locator(".diff .added").first).to_contain_text("이틀")
    await look(page, "history-with-two-1440")
    newest = await admin_site.store.knowledge.version(WASTE.id)
    assert newest is not None and newest.by == "editor" and newest.why == "이틀로 바뀜"


async def test_from_draft_to_published_by_two_and_back_by_one_click_and_back_again(
    sign_in: SignIn, admin_site: AdminSite
) -> None:
    page = await sign_in("editor", f"#/entries/{MOVE.id}")
    await page.fill("#title", "전입신고와 확정일자")
    await page.click("button.main:has-text('저장')")
    await expect(page.locator(".entry-head .badge")).to_contain_text("v1")  # what agents still read
    await expect(page.locator("button", has_text="검토 마침")).to_have_count(0)  # not one's own
    boss = await sign_in("admin", f"#/entries/{MOVE.id}")
    await boss.click("button:has-text('검토 마침')")
    await boss.click("button:text-is('게시')")
    await expect(boss.locator(".entry-head .badge")).to_contain_text("게시 v4")
    assert {entry.title for entry in await admin_site.store.entries() if entry.id == MOVE.id} == {"전입신고와 확정일자"}
    await boss.click("text=이력")
    await boss.locator(".versions li", has_text="v1").get_by_role("button").click()
    await expect(boss.locator("h1")).to_have_text(MOVE.title)
    assert {entry.title for entry in await admin_site.store.entries() if entry.id == MOVE.id} == {MOVE.title}
    await boss.click(".notice-bar button:has-text('되돌리기')")
    await expect(boss.locator("h1")).to_have_text("전입신고와 확정일자")


async def test_two_editors_at_once_the_second_sees_both_and_loses_nothing(
    sign_in: SignIn, admin_site: AdminSite
) -> None:
    first, second = await sign_in("editor", f"#/entries/{WASTE.id}"), await sign_in("second", f"#/entries/{WASTE.id}")
    await first.fill("#body", "장롱은 사흘 전에 신청합니다.")
    await first.click("button.main:has-text('저장')")
    await expect(first.locator(".notice-bar")).to_contain_text("v2")
    await second.fill("#body", "장롱은 나흘 전에 신청합니다.")
    await second.fill("#title", "대형 폐기물 신청")
    await second.click("button.main:has-text('저장')")
    await expect(second.locator(".conflict")).to_contain_text("박편집")
    await expect(second.locator(".conflict figure").first).to_contain_text("사흘")
    await expect(second.locator(".conflict figure").nth(1)).to_contain_text("나흘")
    await expect(second.locator("#title")).to_have_value("대형 폐기물 신청")
    await expect(second.locator("button.main", has_text="저장")).to_be_disabled()  # not decided yet
    await look(second, "conflict-1440")
    assert await axe(second, "conflict") == []
    await second.click("button:has-text('둘 다')")
    await second.click("button.main:has-text('저장')")
    await expect(second.locator(".notice-bar")).to_contain_text("v3")
    newest = await admin_site.store.knowledge.version(WASTE.id)
    assert newest is not None and newest.title == "대형 폐기물 신청"
    assert "사흘" in newest.body and "나흘" in newest.body


async def test_what_is_not_saved_is_asked_about_kept_and_taken_up_again(sign_in: SignIn) -> None:
    page = await sign_in("editor", f"#/entries/{WASTE.id}")
    await page.fill("#title", "반쯤 쓴 제목")
    await page.evaluate(KEPT)
    await page.click("nav >> text=부서")
    await expect(page.locator("dialog[open]")).to_contain_text("저장하지 않고")
    await page.keyboard.press("Escape")
    await expect(page.locator("#title")).to_have_value("반쯤 쓴 제목")
    await page.click("nav >> text=부서")
    await page.click("dialog button:has-text('나가기')")
    await expect(page.locator("h1")).to_have_text("부서")
    await go(page, f"#/entries/{WASTE.id}")
    await expect(page.locator("#title")).to_have_value(WASTE.title)
    await page.click("button:has-text('이어 쓰기')")
    await expect(page.locator("#title")).to_have_value("반쯤 쓴 제목")


async def test_a_table_is_imported_step_by_step(sign_in: SignIn, admin_site: AdminSite, tmp_path: Path) -> None:
    rows = ["번호,질문,부서명,답변,비고"]
    rows += [f"{100 + n},수도 요금 안내 {n},상수도과,수도 요금은 매달 {n}일에 냅니다.,x" for n in range(1, 41)]
    rows += [",,상수도과,,"]  # nothing to make an entry of
    table = tmp_path / "수도.csv"
    table.write_bytes("\n".join(rows).encode("cp949"))
    page = await sign_in("editor", "#/import")
    await page.set_input_files("#file", table)
    await expect(page.locator(".walkthrough")).to_contain_text("수도.csv")
    await expect(page.locator(".columns tr", has_text="비고").locator("select")).to_have_value("")
    await page.locator(".columns tr", has_text="질문").locator("select").select_option("title")
    await page.locator(".columns tr", has_text="답변").locator("select").select_option("body")
    await expect(page.locator(".sample tbody tr").first).to_contain_text("수도 요금 안내 1")
    await look(page, "import-preview-1440")
    assert await axe(page, "import") == []
    await page.click("button:has-text('연습으로')")
    await expect(page.locator(".run")).to_contain_text("아무것도 바뀌지 않았습니다")
    assert len(await admin_site.store.entries()) == 4
    await page.click(".walkthrough button.main:has-text('가져오기')")
    await expect(page.locator(".run")).to_contain_text("가져왔습니다")
    assert len(await admin_site.store.entries()) == 44
    await expect(page.locator(".report")).to_contain_text("제외한 행")
    async with page.expect_download() as saved:
        await page.click("a:has-text('CSV)')")
    text = (await (await saved.value).path()).read_text("utf-8-sig")
    assert "42" in text and "제외" in text
    await look(page, "import-done-1440")
    await go(page, "#/entries")
    await expect(page.locator(".choices button", has_text="게시")).to_contain_text("44")


async def test_a_department_in_use_goes_to_an_heir(sign_in: SignIn, admin_site: AdminSite) -> None:
    page = await sign_in("editor", "#/departments")
    await page.locator(".record", has_text="자원순환과").get_by_role("button", name="삭제").click()
    await page.click("dialog button.danger")
    await expect(page.locator("dialog")).to_contain_text("곳에서 쓰고 있습니다")
    await look(page, "heir-1440")
    await page.select_option("dialog select", label="청소행정과")
    await page.click("dialog button.danger")
    await expect(page.locator(".record", has_text="자원순환과")).to_have_count(0)
    assert {entry.department for entry in await admin_site.store.entries()} == {"청소행정과"}


async def test_a_correction_reaches_the_owner_who_answers_it(sign_in: SignIn, admin_site: AdminSite) -> None:
    await admin_site.post("departments", {"id": (await _department(admin_site)), "name": "청소과"})
    agent = await sign_in("agent", f"#/entries/{WASTE.id}")
    await expect(agent.locator("#title")).to_have_count(0)  # she reads
    await agent.click("button:has-text('틀린 내용 알리기')")
    await agent.fill("textarea", "전화번호가 바뀌었어요")
    await agent.click("button:has-text('알리기'):not(.quiet)")
    await expect(agent.locator(".notice-bar")).to_contain_text("알렸습니다")
    owner = await sign_in("admin", "#/tasks")
    await expect(owner.locator(".task")).to_contain_text("전화번호가 바뀌었어요")
    await look(owner, "tasks-1440")
    await owner.locator(".task").get_by_role("button", name="고쳤음").click()
    await owner.fill("dialog input", "새 번호로 바꿈")
    await owner.click("dialog button.main")
    await expect(owner.locator(".empty")).to_contain_text("할 일이 없습니다")
    [task] = await admin_site.store.knowledge.tasks(entry_id=WASTE.id)
    assert (task.state, task.answer, task.done_by) == ("done", "새 번호로 바꿈", "admin")


async def _department(site: AdminSite) -> str:
    return next(one.id for one in await site.store.knowledge.departments() if one.name == "자원순환과")


async def test_navigation_hides_what_a_role_may_not(sign_in: SignIn) -> None:
    page = await sign_in("agent", form=True)
    assert await page.locator(".nav a").all_inner_texts() == ["상담 항목"]
    await go(page, "#/synonyms")
    await expect(page.locator(".empty")).to_contain_text("권한이 없습니다")
    page = await sign_in("supervisor")
    seen = await page.locator(".nav a").all_inner_texts()
    assert {"경보 낱말", "이슈 알리미", "답 없는 질문"} <= set(seen) and not {"가져오기·내보내기", "부서"} & set(seen)


async def test_trying_a_sentence_tells_cards_and_why(sign_in: SignIn) -> None:
    page = await sign_in("editor", "#/tryit")
    await page.fill("#sentence", "대형 폐기물 배출하려고요")
    await page.keyboard.press("Enter")
    await expect(page.locator(".record").first).to_contain_text(WASTE.title)
    await expect(page.locator(".record mark").first).to_contain_text("대형")
    await look(page, "tryit-1440")
    await page.fill("#sentence", "오늘 날씨가 참 좋네요")
    await page.keyboard.press("Enter")
    await expect(page.locator(".empty")).to_contain_text("카드가 나오지 않습니다")


async def test_rules_are_switched_written_and_tried(sign_in: SignIn, admin_site: AdminSite) -> None:
    page = await sign_in("editor", "#/rules")
    first = page.locator(".lines > .record").first
    await first.get_by_role("button", name="끄기").click()
    await expect(first).to_contain_text("꺼짐")
    await page.click("button:has-text('새 규칙')")
    await page.fill("form.form input[type=text] >> nth=0", "마칠 때 이름 다시 말하기")
    await page.locator("form.form textarea").fill("상담사 _ 였습니다")
    await (
        page.locator("form.form label", has_text="상담사에게 보이는 글")
        .locator("input")
        .fill("이름을 말하고 마치세요.")
    )
    await page.click("form.form button.main")
    await expect(page.locator(".lines > .record", has_text="마칠 때 이름")).to_contain_text("우리 규칙")
    await page.fill("form.try input", "지금까지 상담사 김하늘 였습니다")
    await page.click("form.try button")
    await expect(page.locator("[aria-live] li")).to_contain_text("마칠 때 이름")
    await look(page, "rules-1440")
    document = await admin_site.store.knowledge.document("reminder_rules")
    assert document is not None and document.version == 2


async def test_alert_words_with_a_sentence(sign_in: SignIn) -> None:
    page = await sign_in("admin", "#/alerts")
    await page.fill("form.try input", "지금 집에 불이 났어요")
    await page.click("form.try button")
    await expect(page.locator("[aria-live] li").first).to_contain_text("긴급")
    await page.click("button:has-text('새 낱말')")
    await page.locator("form.form textarea").first.fill("삐약삐약")
    await page.click("form.form button.main")
    await expect(page.locator(".record", has_text="삐약삐약")).to_contain_text("우리 규칙")
    await page.fill("form.try input", "삐약삐약")
    await page.click("form.try button")
    await expect(page.locator("[aria-live] li").first).to_contain_text("삐약삐약")
    await look(page, "alerts-own-1440")


async def test_a_question_without_an_answer_becomes_an_entry_or_is_covered(
    sign_in: SignIn, admin_site: AdminSite
) -> None:
    texts = ("드론 비행 허가는 어디서 받나요", "드론 비행 허가 받으려고요", "양봉 등록하려고 하는데요")
    for number, text in enumerate(texts):
        gap = Gap(gap_id=f"g{number}", call_id=f"c{number}", text=text, at=NOW)
        await admin_site.store.knowledge.put_gap(gap)
    page = await sign_in("editor", "#/gaps")
    await expect(page.locator(".record").first).to_contain_text("드론 비행 허가")
    await page.locator(".record", has_text="양봉").get_by_role("button", name="이미 있는 항목이 답").click()
    await page.fill("dialog input", "전입")
    await page.click("dialog .picks button")
    await expect(page.locator(".record")).to_have_count(1)
    [covered] = await admin_site.store.knowledge.gaps(state="covered")
    assert covered.entry_id == MOVE.id
    await page.click(".notice-bar button:has-text('되돌리기')")
    await expect(page.locator(".record")).to_have_count(2)
    await page.locator(".record").first.get_by_role("button", name="항목으로 쓰기").click()
    await expect(page.locator("#title")).to_have_value(re.compile("드론"))
    await page.click("button.main:has-text('초안 만들기')")
    await expect(page.locator(".entry-head .badge")).to_contain_text("초안 v1")


async def test_a_deleted_entry_comes_back_with_one_click(sign_in: SignIn, admin_site: AdminSite) -> None:
    page = await sign_in("admin", f"#/entries/{PASSPORT.id}")
    await page.click("button:text-is('삭제')")
    await page.click("dialog button.danger")
    await expect(page.locator(".entry-head .badge")).to_contain_text("삭제됨")
    assert PASSPORT.id not in {entry.id for entry in await admin_site.store.entries()}
    await page.click(".notice-bar button:has-text('되돌리기')")
    await expect(page.locator(".entry-head .badge")).to_contain_text("게시")
    assert PASSPORT.id in {entry.id for entry in await admin_site.store.entries()}


async def test_proposed_words_are_put_in_force_and_taken_back(sign_in: SignIn, admin_site: AdminSite) -> None:
    word = Synonym(lay="장롱", office=("대형 폐기물",), state="proposed", seen=7, at=NOW)
    await admin_site.store.knowledge.put_synonym(word)
    page = await sign_in("editor", "#/synonyms")
    await page.click(".choices button:has-text('제안')")
    await page.click("button:text-is('쓰기')")
    await expect(page.locator(".choices button", has_text="쓰는 중")).to_contain_text("1")
    await page.click(".notice-bar button:has-text('되돌리기')")
    await expect(page.locator(".choices button", has_text="쓰는 중")).to_contain_text("0")
    [kept] = await admin_site.store.knowledge.synonyms()
    assert (kept.state, kept.seen) == ("proposed", 7)


async def test_signed_out_in_the_middle_nothing_typed_is_lost(sign_in: SignIn) -> None:
    page = await sign_in("editor", f"#/entries/{WASTE.id}")
    await page.fill("#title", "로그인이 끝난 제목")
    await page.context.clear_cookies()
    await page.click("button.main:has-text('저장')")
    await expect(page.locator(".notice-bar.bad")).to_contain_text("로그인이 끝났습니다")
    await expect(page.locator("#title")).to_have_value("로그인이 끝난 제목")


async def test_what_is_wrong_stands_at_its_field(sign_in: SignIn) -> None:
    page = await sign_in("editor", f"#/entries/{WASTE.id}")
    await page.fill("label:has-text('전화') input", "전화하세요")
    await page.click("button.main:has-text('저장')")
    await expect(page.locator("label", has_text="전화").locator(".wrong")).to_be_visible()
    await expect(page.locator("label:has-text('전화') input")).to_have_attribute("aria-invalid", "true")


async def test_the_marks_of_every_merge_are_read_as_they_were_written(sign_in: SignIn) -> None:
    base = Content(title="x", body="하나\n둘\n셋\n넷\n다섯")
    theirs = Content(title="x", body="하나 그쪽\n둘\n셋\n넷\n다섯 그쪽")
    mine = Content(title="x", body="하나 내쪽\n둘\n셋\n넷\n다섯 내쪽")
    merged = merge(base, theirs, mine)
    assert len(merged.conflicts) == 2
    page = await sign_in("editor")
    found = await page.evaluate(
        """async written => {
          const { conflicts, resolved } = await import('/desk/static/admin/markers.js');
          const said = side => {
            let text = written;
            while (conflicts(text).length) text = resolved(text, 0, side);
            return text;
          };
          return [conflicts(written), Object.fromEntries(['theirs', 'mine', 'both'].map(side => [side, said(side)]))];
        }""",
        merged.content.body,
    )
    assert found[0] == [{"theirs": one.theirs, "mine": one.mine} for one in merged.conflicts]
    both = "하나 그쪽\n하나 내쪽\n둘\n셋\n넷\n다섯 그쪽\n다섯 내쪽"
    assert found[1] == {"theirs": theirs.body, "mine": mine.body, "both": both}


async def test_an_owner_sees_her_own_department_first_and_words_of_the_text_are_found(
    sign_in: SignIn, admin_site: AdminSite
) -> None:
    page = await sign_in("owner")
    await expect(page.locator(".filters select").nth(1)).to_have_value("dclean")
    await expect(page.locator(".empty")).to_contain_text("맞는 항목이 없습니다")
    await page.click("button:has-text('조건 지우기')")
    await expect(page.locator("#entries li")).to_have_count(4)
    await page.fill("#find", "장롱")
    await expect(page.locator(".lines .line", has_text=WASTE.title)).to_be_visible()
    await page.locator(".lines .line", has_text=WASTE.title).click()
    await expect(page.locator(".entry-head")).to_be_visible()
    await expect(page.locator("#title")).to_have_count(0)  # not of her department: she reads
