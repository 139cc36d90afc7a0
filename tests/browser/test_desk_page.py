"""The agent's page in a real Chromium: what she sees, and that nothing jumps under her eyes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import BrowserContext, Page, WebSocketRoute, expect

from core.events import AlarmCleared, AlarmRaised, CallAdopted, KeyPressed, Party, QueueChanged, Suggested, now
from core.store.contract import CallSummary
from tests.fakes.desk_site import DeskSite
from tests.fakes.entries import APPLIANCE, MOVE, PASSPORT, WASTE
from tests.fakes.house import card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


async def boxes(page: Page, selector: str) -> dict[str, tuple[float, float]]:
    """Top and height of every match, by its text or id."""
    found: dict[str, tuple[float, float]] = await page.eval_on_selector_all(
        selector,
        """all => Object.fromEntries(all.map(e => [e.dataset.utterance ?? e.textContent,
             [e.getBoundingClientRect().top, e.getBoundingClientRect().height]]))""",
    )
    return found


async def test_a_wrong_password_is_told_on_the_page(context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto("/desk")
    assert page.url.endswith("/signin?next=/desk")
    await page.fill("#password", "wrong-2107")
    await page.click("button")
    await expect(page.get_by_role("alert")).to_contain_text("맞지 않습니다")
    await page.click("text=English")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("h1")).to_have_text("Sign in to the desk")


async def test_the_demo_needs_one_key(context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto("/desk")
    await expect(page.locator("button[type=submit]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".me")).to_contain_text("김하늘")


async def test_a_call_from_ring_to_wrap_up(page: Page, site: DeskSite) -> None:
    house = site.house
    await expect(page.locator(".idle-title")).to_have_text("대기 중입니다")
    await house.bus.publish(QueueChanged(waiting=3, longest_since=now()))
    await expect(page.locator(".queue")).to_contain_text("대기 3명")

    await house.offer_call("c1")
    await expect(page.locator(".idle-title")).to_have_text("전화가 울립니다")
    await expect(page.locator(".caller-number")).to_have_text("010-0284-1009")
    await house.start_call("c1")
    await expect(page.locator(".call-state")).to_have_text("통화 중")
    await house.partial("c1", "caller", 1, "장롱을")
    await expect(page.locator(".unfinished")).to_contain_text("민원인")
    await house.final("c1", "caller", 1, "장롱을 버리려고요. 제 번호는 ******-*******이에요.", ("resident_number",))
    await house.suggest("c1", WASTE, APPLIANCE, MOVE)

    said = page.locator("[data-utterance=caller-1]")
    await expect(said.locator("mark")).to_have_text("장롱")
    await expect(said.locator(".masked")).to_have_text("주민등록번호 가림")
    await expect(said).not_to_contain_text("*")
    await expect(page.locator(".card.open .phone")).to_have_text("070-0055-1600")
    await expect(page.locator(".card.open")).to_contain_text("담당 박하늘")
    await expect(page.locator(".card.open li")).to_have_count(3)
    await expect(page.locator(".card.closed")).to_have_count(2)
    sizes = await page.eval_on_selector_all(
        ".card *", "all => all.map(e => [e.className, parseFloat(getComputedStyle(e).fontSize)])"
    )
    assert max(sizes, key=lambda pair: pair[1])[0] == "phone", "the number is the largest thing on the card"

    await house.say("c1", KeyPressed(speaker="caller", digit="1", method="rfc4733"))
    await house.say("c1", KeyPressed(speaker="caller", digit="#", method="rfc4733"))
    await expect(page.locator(".path .last")).to_contain_text("누른 키 1#")
    await house.end_call("c1")
    await expect(page.locator(".state .on")).to_contain_text("후처리")
    await expect(page.locator(".bar")).to_contain_text("뒤 자동으로 대기")
    await expect(page.locator(".call-state")).to_contain_text("민원인이 끊음")
    await expect(said).to_be_visible()
    await page.keyboard.press("F9")
    await expect(page.locator(".idle-title")).to_have_text("대기 중입니다")


async def test_the_times_beside_the_words_count_as_the_clock_does(page: Page, site: DeskSite) -> None:
    await site.house.start_call("c1", waited_s=180.0)
    await site.house.final("c1", "caller", 46, "여권 좀요")  # said in the call's 184th second
    await expect(page.locator("[data-utterance=caller-46] time")).to_have_text(re.compile("^0:0[34]$"))


async def test_a_partial_settles_without_anything_moving(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    for number in range(1, 30):
        await house.final("c1", "caller" if number % 2 else "agent", number, f"{number}번째 말입니다. " * 3)
    long = "저기 이사를 가는데요 장롱이랑 매트리스를 버리려고 하는데 " * 2 + "어떻게 하나요"
    for end in range(8, len(long) + 1, 8):
        await house.partial("c1", "caller", 31, long[:end])
    await house.partial("c1", "caller", 31, long)
    last = page.locator("[data-utterance=caller-31]")
    await expect(last).to_contain_text("어떻게 하나요")
    before = await boxes(page, ".said")

    await house.final("c1", "caller", 31, "이사를 가는데 장롱을 버리려고요.")  # shorter: one line instead of two
    await expect(last).not_to_have_class("unfinished")
    await expect(last).to_contain_text("버리려고요.")
    await house.partial("c1", "caller", 31, "늦게 온 미완의 말")
    await house.bus.publish(QueueChanged(waiting=5))
    await expect(page.locator(".queue")).to_contain_text("5명")
    await expect(last).to_contain_text("버리려고요.")
    assert await boxes(page, ".said") == before
    await expect(page.locator(".said")).to_have_count(30)

    bottom = await page.eval_on_selector("#words", "e => e.scrollHeight - e.scrollTop - e.clientHeight")
    assert bottom <= 1, "the newest words stand at the bottom"
    await house.partial("c1", "agent", 32, "네")
    await expect(page.locator("[data-utterance=agent-32]")).to_be_in_viewport()
    await house.partial("c1", "agent", 32, "")
    await expect(page.locator("[data-utterance=agent-32]")).to_have_count(0)


async def test_who_reads_further_up_is_not_yanked_down(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    for number in range(1, 60):
        await house.final("c1", "caller", number, f"{number}번째 말입니다.")
    await expect(page.locator(".said")).to_have_count(59)
    # Words that push her away from the end between two frames are not a wish to read further up.
    await page.evaluate("""() => {
      document.querySelector('.said:last-child').style.minHeight = '400px';
      document.getElementById('words').dispatchEvent(new Event('scroll'));
    }""")
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.eval_on_selector("#words", "e => e.scrollHeight - e.scrollTop - e.clientHeight") <= 1
    await expect(page.locator(".newest")).to_have_count(0)

    await page.hover("#words")
    await page.mouse.wheel(0, -900)
    await expect(page.locator(".newest")).to_contain_text("맨 아래로")
    place = await page.eval_on_selector("#words", "e => e.scrollTop")
    await house.final("c1", "caller", 60, "새 말 하나")
    await house.final("c1", "agent", 61, "새 말 둘")
    await expect(page.locator(".newest")).to_contain_text("새 말 2개")
    assert await page.eval_on_selector("#words", "e => e.scrollTop") == place
    await page.keyboard.press("End")
    await expect(page.locator(".newest")).to_have_count(0)
    await expect(page.locator("[data-utterance=agent-61]")).to_be_in_viewport()


async def test_an_opened_card_never_moves_and_order_does_not_flicker(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "장롱이요")
    await house.suggest("c1", WASTE, APPLIANCE, MOVE)
    await expect(page.locator(".card h3")).to_have_text("대형 폐기물 배출 신청")
    await house.suggest("c1", WASTE, MOVE, APPLIANCE)  # the same topic, others change places: nothing moves
    await house.bus.publish(QueueChanged(waiting=7))  # published after, so seen after
    await expect(page.locator(".queue")).to_contain_text("7명")
    assert await page.locator(".card.closed .card-title").all_text_contents() == ["폐가전 무료 방문 수거", "전입신고"]

    await page.keyboard.press("2")
    opened = page.locator(".card.open")
    await expect(opened.locator("h3")).to_have_text("폐가전 무료 방문 수거")
    await expect(opened).to_contain_text("예약하면 무료로 가져갑니다.")
    before = await opened.bounding_box()
    await house.suggest("c1", PASSPORT, MOVE, utterance="caller-2")  # another topic
    await expect(page.locator(".card-title").first).to_have_text("여권 재발급")
    assert await opened.bounding_box() == before
    await expect(opened.locator("h3")).to_have_text("폐가전 무료 방문 수거")

    await page.keyboard.press("Escape")
    await house.suggest("c1", PASSPORT, MOVE, utterance="caller-3")
    await expect(opened.locator("h3")).to_have_text("여권 재발급")


async def test_a_restarted_server_is_caught_up_with(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "먼저 한 말")
    await house.partial("c1", "caller", 2, "끊길 때 하던")
    await house.partial("c1", "agent", 3, "말이 아니었음")
    await expect(page.locator(".unfinished")).to_have_count(2)
    await page.evaluate("window.first = document.querySelector('.said')")

    await site.stop()
    await expect(page.locator(".alarm")).to_contain_text("연결이 끊겼습니다")
    await expect(page.locator(".said")).to_have_count(3)  # her words stay on the desk
    for number in range(2, 6):
        await house.final("c1", "caller", number, f"{number}번째 말")
    await house.say("c1", CallAdopted(missing_s=12.4))
    await site.start()

    await expect(page.locator(".alarm")).to_have_count(0, timeout=10_000)
    await expect(page.locator(".said")).to_have_count(5)
    await house.final("c1", "agent", 6, "이어서 합니다")
    await expect(page.locator(".said")).to_have_count(6)
    ids = await page.eval_on_selector_all(".said", "all => all.map(e => e.dataset.utterance)")
    assert ids == ["caller-1", "caller-2", "caller-3", "caller-4", "caller-5", "agent-6"]
    await expect(page.locator(".gap")).to_contain_text("12초 동안은")
    assert await page.evaluate("window.first.isConnected"), "what was there is not drawn again"


async def test_a_line_that_dies_without_a_word_is_noticed(context: BrowserContext, page: Page, site: DeskSite) -> None:
    other = await context.new_page()
    dead = False

    def pass_on(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(lambda message: None if dead else server.send(message))
        server.on_message(lambda message: None if dead else route.send(message))

    await other.route_web_socket("**/desk/ws*", pass_on)
    await other.clock.install()
    await other.goto("/desk")
    await expect(other.locator(".idle-title")).to_have_text("대기 중입니다")
    await other.clock.run_for(30_000)  # silence alone is no fault
    await expect(other.locator(".alarm")).to_have_count(0)
    dead = True
    await other.clock.run_for(30_000)  # an answer that was on its way may still come and count as a sign of life
    await expect(other.locator(".alarm")).to_contain_text("연결이 끊겼습니다")
    dead = False
    await other.clock.run_for(30_000)
    await expect(other.locator(".alarm")).to_have_count(0)


async def test_a_reload_shows_the_same(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "장롱을 버리려고요")
    await house.suggest("c1", WASTE, MOVE)
    await house.say("c1", AlarmRaised(code="no_audio", speaker="caller"))
    await expect(page.locator(".alarm")).to_contain_text("민원인 쪽 소리")
    await expect(page.locator(".card.open .content li")).to_have_count(3)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    shown = await page.inner_text(".lines"), await page.inner_text(".cards"), await page.inner_text(".alarms")
    await page.reload()
    await expect(page.locator(".said")).to_have_count(1)
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    assert (await page.inner_text(".lines"), await page.inner_text(".cards"), await page.inner_text(".alarms")) == shown
    await house.say("c1", AlarmCleared(code="no_audio", speaker="caller"))
    await expect(page.locator(".alarm")).to_have_count(0)


async def test_hanging_up_takes_two_presses_and_can_be_taken_back(page: Page, site: DeskSite) -> None:
    house = site.house
    button = page.locator(".hang-up")
    await expect(button).to_be_disabled()
    await house.start_call("c1")
    await expect(button).to_be_enabled()
    await page.keyboard.press("F10")
    await expect(button).to_contain_text("한 번 더 누르면 끊습니다")
    await page.keyboard.press("Escape")
    await expect(button).to_contain_text("통화 종료")
    await page.keyboard.press("F10")
    assert house.state.state == "talking"
    await page.keyboard.press("F10")
    await expect(page.locator(".call-state")).to_contain_text("화면에서 끊음")
    assert house.state.state == "wrap_up"


async def test_all_by_keyboard(page: Page, site: DeskSite, context: BrowserContext) -> None:
    house = site.house
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.keyboard.press("F9")
    await expect(page.locator(".idle-title")).to_have_text("자리 비움입니다")
    await page.keyboard.press("F9")
    await expect(page.locator(".idle-title")).to_have_text("대기 중입니다")

    await page.keyboard.press("/")
    await page.keyboard.type("자원")
    await expect(page.locator("#results li")).to_have_count(4)
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#results [aria-selected=true]")).to_contain_text("폐가전")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card.open h3")).to_have_text("폐가전 무료 방문 수거")
    await page.keyboard.press("c")
    await expect(page.locator(".notice")).to_contain_text("070-0055-1600")
    assert await page.evaluate("navigator.clipboard.readText()") == "070-0055-1600"
    await page.keyboard.press("Escape")
    await expect(page.locator(".card.open")).to_have_count(0)

    await page.keyboard.press("/")
    await page.keyboard.type("1H?없는말")  # letters in a field are letters
    await expect(page.locator(".results")).to_contain_text("맞는 업무가 없습니다")
    await page.keyboard.press("Escape")

    await page.keyboard.press("h")
    await expect(page.locator("h1")).to_have_text("지난 통화")
    await page.keyboard.press("h")
    await page.keyboard.press("Shift+Slash")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await house.start_call("c1")
    await house.final("c1", "caller", 1, "네")
    await expect(page.locator(".said")).to_have_count(1)
    reached = set()
    for _ in range(25):
        await page.keyboard.press("Tab")
        reached.add(
            await page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.textContent"
            )
        )
        ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none" or await page.evaluate("document.activeElement === document.body"), "focus is always seen"
    assert {"search", "words", "tab", "hang-up"} <= reached


async def test_single_letter_keys_can_be_switched_off(page: Page, site: DeskSite) -> None:
    await page.keyboard.press("Shift+Slash")
    await page.get_by_role("checkbox").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("h")
    await page.keyboard.press("/")
    await expect(page.locator(".idle-title")).to_be_visible()
    assert await page.evaluate("document.activeElement.id") != "search"
    await page.keyboard.press("F9")
    await expect(page.locator(".idle-title")).to_have_text("자리 비움입니다")


async def test_english_and_back(page: Page, site: DeskSite) -> None:
    await site.house.start_call("c1", Party(anonymous=True))
    await expect(page.locator(".caller-number")).to_have_text("발신번호 표시제한")
    await page.click(".me > button")
    await page.click(".menu >> text=English")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator(".caller-number")).to_have_text("Number withheld")
    await expect(page.locator(".hang-up")).to_contain_text("Hang up")
    await page.reload()
    await expect(page.locator(".call-state")).to_have_text("In call")
    await page.click(".me > button")
    await page.click(".menu >> text=한국어")
    await expect(page.locator(".call-state")).to_have_text("통화 중")


async def test_markup_in_words_and_entries_stays_text(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1", Party(number="01002841009", name=ATTACK))
    await house.final("c1", "caller", 1, ATTACK)
    await house.say("c1", Suggested(suggestions=(card(PASSPORT, ATTACK),), utterance="caller-1"))
    await expect(page.locator("[data-utterance=caller-1]")).to_contain_text("<script>")
    body = page.locator(".card.open .content")
    await expect(body).to_contain_text("<img src=x")
    await expect(body.locator("ul li")).to_have_text(["사진 한 장", "신분증"])
    await expect(body.locator("ol").last.locator("li")).to_have_text(["신청", "수령"])
    await expect(page.locator("#desk img, #desk script")).to_have_count(0)
    assert await page.evaluate("window.hacked") is None


async def test_past_calls_are_read_and_a_new_call_comes_first(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c0")
    await house.final("c0", "caller", 1, "장롱을 버리려고요")
    await house.say("c0", Suggested(suggestions=(card(WASTE, "장롱"),), utterance="caller-1"))
    await house.end_call("c0")
    await house.move("ready")
    await house.bus.publish(QueueChanged(waiting=4))
    await expect(page.locator(".queue")).to_contain_text("4명")  # the page has seen all that went before
    first = now()
    for number in range(60):
        started = first + timedelta(milliseconds=number)  # no two in the same microsecond: pages go by it
        house.store.summaries[f"p{number}"] = CallSummary(
            call_id=f"p{number}", caller=Party(number="0100000000"), called="120", started=started, agent_id="lee"
        )
    await page.keyboard.press("h")
    await expect(page.locator(".calls a")).to_have_count(1)
    await page.click("text=모든 통화")
    await expect(page.locator(".calls a")).to_have_count(50)
    await page.click("text=더 보기")
    await expect(page.locator(".calls a")).to_have_count(61)
    await page.click("text=내 통화")
    await expect(page.locator(".calls a")).to_have_count(1)
    await page.locator(".calls a").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".past .said mark")).to_have_text("장롱")
    await page.click(".past .card.closed")
    await expect(page.locator(".past .card.open")).to_contain_text("하루 전")

    await house.offer_call("c1")
    await expect(page.locator(".idle-title")).to_have_text("전화가 울립니다")


async def test_no_past_calls_says_so(page: Page) -> None:
    await page.keyboard.press("h")
    await expect(page.locator(".list")).to_contain_text("지난 통화가 없습니다.")


async def test_a_sign_out_elsewhere_ends_this_desk(page: Page, context: BrowserContext, site: DeskSite) -> None:
    other = await context.new_page()
    await other.goto("/desk")
    await other.click(".me > button")
    await other.click("text=로그아웃")
    await other.wait_for_url("**/signin")
    await site.house.bus.publish(QueueChanged(waiting=1))
    await page.wait_for_url("**/signin?next=/desk")


async def test_five_hundred_utterances_stay_smooth(page: Page, site: DeskSite) -> None:
    house = site.house
    await house.start_call("c1")
    for number in range(1, 501):
        await house.final(
            "c1", "caller" if number % 2 else "agent", number, f"{number}번째 말입니다. 장롱을 버리려고 합니다."
        )
    await page.reload()
    await expect(page.locator(".said")).to_have_count(500)
    await page.evaluate("""() => {
      window.longest = 0;
      const longer = ({ duration }) => { window.longest = Math.max(window.longest, duration); };
      new PerformanceObserver(list => list.getEntries().forEach(longer)).observe({ type: 'longtask' });
    }""")
    text = "그러면 수수료는 얼마나 나오나요"
    for end in range(1, len(text) + 1):
        await house.partial("c1", "caller", 501, text[:end])
    await house.final("c1", "caller", 501, text)
    await house.suggest("c1", WASTE, MOVE, utterance="caller-501")
    await expect(page.locator(".card.open .content")).to_contain_text("하루 전")
    assert await page.evaluate("window.longest") < 200  # ms; on a loaded two-core machine, usually none at all


async def test_no_message_key_shows_on_the_desk(page: Page, site: DeskSite) -> None:
    """What has no words in the catalogue would show its key."""
    await site.house.start_call("c1")
    await site.house.end_call("c1", "worker_lost")
    await expect(page.locator(".call-state")).to_contain_text("장애로 끊김")
    assert not re.findall(r"\b[a-z]+\.[a-zA-Z_]+\b", await page.inner_text("body"))


async def test_an_answer_that_breaks_off_is_said_and_not_shown(page: Page) -> None:
    broken = {"status": 200, "body": '{"results": [', "content_type": "application/json"}
    await page.route("**/desk/api/search*", lambda route: route.fulfill(**broken))
    await page.keyboard.press("/")
    await page.keyboard.type("여권")
    await expect(page.locator(".results")).to_contain_text("찾지 못했습니다")
