"""Passing a caller on, holding and sitting elsewhere, by the keyboard in a real Chromium."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from agent_assist.desk_transfers import Target
from core.events import CallJoined, SupervisionChanged, TranscriptFinal, TransferChanged
from tests.browser.test_admin_pages import axe
from tests.browser.test_desk_look import poor_contrast
from tests.fakes.desk_site import PASSWORD, DeskSite
from tests.fakes.entries import WASTE
from tests.fakes.house import AGENT, FakeHouse
from tests.patience import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TARGETS = [
    Target(kind="agent", id="lee", name="이바다", number="2108", state="ready"),
    Target(kind="agent", id="park", name="박구름", number="2109", state="talking", why="colleague_busy"),
    Target(kind="department", id="tax", name="세무과", number="0310001234"),
]


async def test_a_caller_is_passed_on_by_the_keyboard_alone(page: Page, site: DeskSite) -> None:
    house = site.house
    house.reachable = TARGETS
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "재산세가 이상해요")
    await house.suggest("c1", WASTE)
    await expect(page.locator(".card.open .pass-on")).to_contain_text("돌려주기")

    await page.keyboard.press("t")
    options = page.locator("#targets li")
    await expect(options).to_have_count(4)  # the open card's department first
    await expect(options.first).to_contain_text("자원순환과")
    await expect(page.locator(".panel input")).to_be_focused()
    assert await axe(page, "panel") == []
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".transfer-why")).to_contain_text("이 동료는 지금 받을 수 없습니다")
    assert house.passed == []
    await page.keyboard.type("세무")
    await expect(options).to_have_count(1)
    house.refuses = "transfer_loop"
    await page.keyboard.press("Enter")
    await expect(page.locator(".transfer-why")).to_contain_text("되돌아오는 번호")
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    assert [(what.kind, what.id, what.way) for what in house.passed] == [("department", "tax", "consult")]

    await house.transfer("c1", "ringing")
    band = page.locator(".transfer")
    await expect(band).to_contain_text("세무과에 거는 중")
    await page.keyboard.press("Escape")
    await page.keyboard.press("t")  # nothing to connect to yet, and no second transfer
    await expect(page.locator(".panel")).to_have_count(0)
    await house.transfer("c1", "talking")
    await expect(band).to_contain_text("민원인은 음악을 듣고 있습니다")
    await house.say("c1", SupervisionChanged(supervisor_id="boss", mode="listen"))
    await expect(page.locator(".supervised")).to_have_text("책임자가 듣고 있음")
    aside = TranscriptFinal(speaker="third", utterance="third-1", start=9, end=9, text="연결해 주세요", aside=True)
    await house.say("c1", aside)
    said = page.locator("[data-utterance=third-1]")
    await expect(said).to_contain_text("세무과")
    await expect(said).to_contain_text("보류 중")
    assert await axe(page, "band") == []
    assert await poor_contrast(page) == []
    for key, step, state in (("v", "join", "conference"), ("t", "connect", "done")):
        await page.keyboard.press(key)
        await until(lambda: house.steps[-1:] == [step])  # noqa: B023 (asked within this turn)
        await house.transfer("c1", state)  # type: ignore[arg-type]
        await expect(band).to_have_attribute("data-state", state)
    assert house.steps == ["join", "connect"]
    await page.keyboard.press("q")
    await expect(band).to_have_count(0)
    await expect(page.locator(".gap.step")).to_have_count(3)


async def test_passed_on_at_once_and_back_again_with_the_reason(page: Page, site: DeskSite) -> None:
    house = site.house
    house.reachable = TARGETS
    await house.start_call("c1")
    await expect(page.locator(".call-state")).to_have_text("통화 중")
    await page.keyboard.press("t")
    await expect(page.locator("#targets li")).to_have_count(3)
    await page.keyboard.press("Shift+Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    assert [(what.id, what.way) for what in house.passed] == [("lee", "blind")]
    await house.transfer("c1", "ringing", kind="blind", name="이바다")
    await house.move("wrap_up", "c1", reason="passing_on")
    await expect(page.locator(".transfer")).to_contain_text("이바다에 넘기는 중")
    await expect(page.locator(".bar")).not_to_contain_text("자동으로 대기")  # she stays bound to her caller
    await page.keyboard.press("q")
    await house.transfer("c1", "returned", kind="blind", name="이바다", reason="no_answer")
    await house.move("offered", "c1", reason="returned")
    await expect(page.locator(".transfer.trouble")).to_contain_text("이바다에서 받지 않아 민원인이 돌아왔습니다")
    await expect(page.locator(".call-state")).to_have_text("전화가 울립니다")
    assert house.steps == ["back"]


async def test_a_colleague_who_is_asked_sees_the_call_and_that_the_caller_hears_nothing(
    page: Page, site: DeskSite
) -> None:
    house = site.house
    await house.offer_call("c1")
    await house.say("c1", CallJoined(agent_id="lee", agent_name="이바다"))
    await house.final("c1", "caller", 1, "재산세가 이상해요")
    asked = TransferChanged(
        transfer_id="transfer-1", kind="consult", state="ringing", to="2107", name=AGENT.name, by="lee"
    )
    await house.say("c1", asked)
    await expect(page.locator(".call-state")).to_have_text("전화가 울립니다")
    await expect(page.locator("[data-utterance=caller-1]")).to_be_visible()  # while it rings she reads what was said
    await house.move("talking", "c1")
    await house.say("c1", msgspec.structs.replace(asked, state="talking"))
    await expect(page.locator(".transfer")).to_contain_text("동료가 묻습니다")
    await expect(page.locator(".transfer button")).to_have_count(0)


async def test_hold_and_a_call_that_the_exchange_has(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await expect(page.locator(".call-state")).to_have_text("통화 중")
    await page.keyboard.press("m")
    await expect(page.locator(".bar .held")).to_contain_text("보류 풀기")
    await page.keyboard.press("m")
    await expect(page.locator(".bar .held")).to_have_count(0)
    assert house.held == [True, False]
    await house.end_call("c1")
    await expect(page.locator(".bar")).to_contain_text("후처리 더")
    await page.keyboard.press("u")
    await page.keyboard.press("F9")
    await expect(page.locator(".idle-title")).to_have_text("대기 중입니다")

    await house.start_call("c2", way="recording")
    await expect(page.locator(".by-exchange")).to_contain_text("교환기가 통화를 맡고 있습니다")
    await expect(page.locator(".hang-up")).to_have_count(0)
    await expect(page.locator(".bar")).not_to_contain_text("돌려주기")
    await page.keyboard.press("t")
    await page.keyboard.press("m")
    await expect(page.locator(".panel")).to_have_count(0)
    assert house.held == [True, False]


class Seats:
    """Telephones that may be chosen at the sign-in."""

    offered = True

    def __init__(self) -> None:
        self.taken: list[str] = []

    def extension(self, agent_id: str) -> str:
        return self.taken[-1] if self.taken else ""

    def may_sit(self, agent_id: str, extension: str) -> None:
        pass

    async def sit(self, agent_id: str, extension: str) -> None:
        self.taken.append(extension)

    async def leave(self, agent_id: str) -> None:
        self.taken.append("")

    def resume(self, seats: Mapping[str, str]) -> None:
        pass


async def test_she_sits_where_she_says_and_the_browser_remembers_it(chromium: Browser) -> None:
    house, seats = FakeHouse(), Seats()
    house.hot_desk = True
    async with DeskSite(house, prefill=(AGENT.id, PASSWORD), seats=seats) as site:
        context = await chromium.new_context(base_url=site.url, locale="ko-KR", viewport={"width": 390, "height": 844})
        page = await context.new_page()
        await page.goto("/signin")
        assert await page.get_attribute("#extension", "inputmode") == "numeric"
        assert await axe(page, "signin") == []
        await page.fill("#extension", "2155")
        await page.click("button[type=submit]")
        await page.wait_for_selector(".call-column")
        assert seats.taken == ["2155"]
        await page.click(".me > button")
        await page.fill("#seat", "2156")
        house.refuses = "extension_busy"
        await page.keyboard.press("Enter")
        await expect(page.locator("#seat-trouble")).to_contain_text("다른 상담사가 통화 중")
        await page.keyboard.press("Enter")
        await expect(page.locator(".menu")).to_have_count(0)
        assert house.seats == ["2156"]
        await house.move("away", reason="extension_taken")
        await expect(page.locator(".idle-reason")).to_contain_text("다른 상담사가 이 전화기로 들어와")
        await page.click(".me > button")
        await expect(page.locator("#seat")).to_have_value("2156")
        await page.click("text=로그아웃")
        await expect(page.locator("#extension")).to_have_value("2156")
        await context.close()
