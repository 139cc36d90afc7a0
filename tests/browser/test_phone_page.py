"""The caller's page in a real browser: by finger, by keys, without network, without JavaScript, on a slow line."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
import time

import pytest
from msgspec.structs import replace
from PIL import Image
from playwright.async_api import Browser, BrowserContext, expect

from ars import inputs, state
from ars.words import say
from core.events import PhotoReceived, TranscriptFinal, TranscriptPartial
from tests.ars.small import small_menu
from tests.browser.phone_driver import Driver
from tests.fakes.phone_site import PhoneSite
from tests.patience import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BUDGET = 40 * 1024
"""Bytes on the wire of everything before pictures."""


@pytest.fixture
def small(phone_site: PhoneSite) -> PhoneSite:
    """The small menu instead of the shipped one: its forms are known here."""
    phone_site.menu = small_menu()
    return phone_site


async def test_finger_and_telephone_move_the_same_screen(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await page.tap("text=민원서류")
    await driver.on("documents")
    await expect(page.locator("h1")).to_be_focused()
    driver.visit.state = replace(driver.visit.state, moved=None)
    driver.visit.put(inputs.Key("2"))
    await driver.on("office")
    await expect(page.locator("img")).to_have_attribute("alt", re.compile("한빛시청"))
    assert await page.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    await page.tap("footer >> text=뒤로")
    await driver.on("documents")
    await page.tap("footer >> text=상담사 연결")
    await driver.on("@wait")
    await driver.call.until("find_agent")
    driver.visit.set_around(position=3, expect_s=100)
    await expect(page.locator("#place dd")).to_have_text("3번째")
    driver.visit.set_around(position=1, expect_s=0)
    await expect(page.locator("#place dd")).to_have_text("1번째")
    await expect(page.locator("#wait")).to_be_hidden()
    driver.visit.set_around(agent="김하늘")
    driver.visit.put(inputs.Joined())
    await driver.on("@talk")
    await expect(page.locator("#says")).to_have_text("김하늘 상담사와 통화 중입니다.")


async def test_everything_by_keyboard(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    reached: list[str] = []
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement === document.body"):
            continue  # once around
        name = await page.evaluate("document.activeElement.textContent.trim()")
        ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid" or not name, name
        reached.append(name)
    for wanted in ("글자 크게", "선명하게", "민원서류", "자막 보기", "상담사 연결"):
        assert any(wanted in name for name in reached), reached
    await page.keyboard.press("2")  # the keys of a keyboard are those of the telephone
    await driver.on("parking")
    await page.focus("#f-plate")
    await page.keyboard.type("120")  # a figure, not a person
    await expect(page.locator("#f-plate")).to_have_value("120")
    assert driver.visit.state.here.id == "parking"
    await page.focus("h1")
    await page.keyboard.press("#")
    await driver.on("main")
    await page.locator("[data-keys]").evaluate("button => button.click()")  # switched off (WCAG 2.1.4)
    await page.keyboard.press("2")
    await page.locator("button.choice").first.focus()
    await page.keyboard.press("Enter")
    await driver.on("documents")


async def test_a_form_keeps_what_is_written_and_says_what_is_wrong(
    small: PhoneSite, phone_context: BrowserContext
) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await page.tap("text=불법 주차 신고")
    await driver.on("parking")
    await page.fill("#f-where", "새빛로 12길 34")
    await page.reload()
    await driver.connected()
    await expect(page.locator("#f-where")).to_have_value("새빛로 12길 34")
    await page.tap("text=신고하기")
    await expect(page.locator("#errors")).to_be_focused()
    await expect(page.locator("#f-plate")).to_have_attribute("aria-invalid", "true")
    described = await page.get_attribute("#f-plate", "aria-describedby")
    assert described == "e-plate"
    await expect(page.locator("#e-plate")).to_have_text(say("ko", "error.required"))
    await page.tap("#errors >> text=차량번호")
    await expect(page.locator("#f-plate")).to_be_focused()
    await page.fill("#f-plate", "12가 3456")
    await page.check("#f-agreed")
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(buffer, "JPEG")
    picture = {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    await page.locator("[data-photo]").first.set_input_files(picture)  # type: ignore[arg-type]
    await expect(page.locator("[data-seen]")).to_contain_text("사진을 받았습니다")
    await expect(page.locator("canvas")).to_be_visible()
    await page.tap("text=신고하기")
    await driver.on("thanks")
    await small.house.settle()
    assert driver.call.told(PhotoReceived)
    assert dict(driver.visit.state.values) == {}
    assert await page.evaluate("Object.keys(sessionStorage).length") == 0


async def test_a_file_that_lies_is_refused_in_words(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await driver.show("parking")
    lie = {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": b"MZ this is a program"}
    await page.locator("[data-photo]").first.set_input_files(lie)  # type: ignore[arg-type]
    await expect(page.locator("[data-seen]")).to_contain_text(say("ko", "photo.wrong_type"))


async def test_what_the_telephone_keys_appears_beside_what_the_finger_writes(
    small: PhoneSite, phone_context: BrowserContext
) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await driver.show("waste")
    await expect(page.locator("#f-item.keyed")).to_be_visible()
    await page.focus("#f-pin")
    await page.keyboard.type("47")
    driver.visit.put(inputs.Key("2"))
    await expect(page.locator("input[value=table]")).to_be_checked()
    for key in "112":
        driver.visit.put(inputs.Key(key))
    driver.visit.put(inputs.Key("6"))
    await expect(page.locator("#f-day")).to_have_value("2026-11-26")
    await expect(page.locator("#f-pin")).to_be_focused()
    await page.keyboard.type("11")
    await expect(page.locator("#f-pin")).to_have_value("4711")
    await page.keyboard.press("Enter")
    await driver.on("thanks")


async def test_lost_coverage_is_told_and_nothing_is_pressed_blindly(
    small: PhoneSite, phone_context: BrowserContext
) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await driver.show("parking")
    await page.fill("#f-where", "새빛로 12길")
    await phone_context.set_offline(True)
    await expect(page.locator("#says")).to_have_text(say("ko", "status.lost"))
    await page.fill("#f-plate", "12가")
    await page.tap("text=신고하기")
    await expect(page.locator("#notice")).to_have_text(say("ko", "page.tap_offline"))
    assert driver.visit.state.here.id == "parking"
    await phone_context.set_offline(False)
    await expect(page.locator("#says")).to_have_text(say("ko", "status.menu"))
    await expect(page.locator("#f-where")).to_have_value("새빛로 12길")
    assert driver.visit.state.errors == (), "what was pressed without a line was not kept for later"
    await phone_context.set_offline(True)
    driver.visit.put(inputs.Push(state.Stop(id="thanks")))  # the world went on
    await phone_context.set_offline(False)
    await driver.on("thanks")


async def test_a_node_that_restarts_finds_its_pages_again(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await small.stop()
    await expect(page.locator("#status")).to_have_class(re.compile("lost"))
    await small.start()
    await expect(page.locator("#status.lost")).to_have_count(0, timeout=15_000)
    await page.tap("text=민원서류")
    await driver.on("documents")


async def test_a_dead_line_is_noticed(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    await page.clock.install()

    await page.route_web_socket(re.compile("/ws$"), lambda socket: socket.on_message(lambda _: None))
    _, _, path = small.call()
    await page.goto(path)
    await expect(page.locator("html.js")).to_be_attached()
    await page.clock.run_for(16_000)
    await expect(page.locator("#says")).to_have_text(say("ko", "status.lost"))


async def test_a_phone_that_was_locked_is_back_at_once(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    await page.clock.install()  # no timer of the page runs: what comes back, comes by waking up alone
    driver = await Driver.open(small, page)
    visibility = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => %s });"
    wake = "document.dispatchEvent(new Event('visibilitychange'))"
    await page.evaluate(visibility % "true" + wake)
    await small.stop()
    await expect(page.locator("#status")).to_have_class(re.compile("lost"))
    await small.start()
    driver.visit.put(inputs.Key("1"))
    await page.evaluate(visibility % "false" + wake)
    await driver.on("documents")
    await expect(page.locator("#says")).to_have_text(say("ko", "status.menu"))


async def test_a_second_tab_follows(small: PhoneSite, phone_context: BrowserContext) -> None:
    page, other = await phone_context.new_page(), await phone_context.new_page()
    driver = await Driver.open(small, page)
    await other.goto(driver.path)
    await page.bring_to_front()
    await page.tap("text=민원서류")
    await other.locator('#main[data-screen="documents"]').wait_for()


@pytest.mark.parametrize("blocked", ["/ws$", "/(ws|events)$"])
async def test_where_no_socket_is_let_through(small: PhoneSite, phone_context: BrowserContext, blocked: str) -> None:
    page = await phone_context.new_page()
    if "events" in blocked:
        await page.route(re.compile("/events$"), lambda route: route.abort())
    await page.add_init_script(
        "WebSocket = class { constructor() { setTimeout(() => this.onclose?.({ code: 1006 }), 5); } close() {} }"
    )
    await page.clock.install()  # the seconds between two tries pass at once
    call, visit, path = small.call()
    await page.goto(path)
    await expect(page.locator("#says")).to_have_text(say("ko", "status.menu"))
    async with asyncio.timeout(20):
        while not (visit.has_page or "events" in blocked):
            await page.clock.run_for(200)
        while await page.locator('#main[data-screen="documents"]').count() == 0:
            await page.tap("text=민원서류")
            await page.clock.run_for(1000)
    visit.state = replace(visit.state, moved=None)
    visit.put(inputs.Key("0"))
    await page.clock.run_for(5000)
    await page.locator('#main[data-screen="@wait"]').wait_for(timeout=20_000)
    await call.until("find_agent")


async def test_without_cookies_it_says_so_and_does_not_load_for_ever(
    small: PhoneSite, phone_context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ars.phone.door.Door.mark", lambda *_: "")  # as if the browser took none
    page = await phone_context.new_page()
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    _, _, path = small.call()
    await page.goto(path)
    await expect(page.locator("html.js")).to_be_attached()
    await page.tap("text=민원서류")
    await expect(page.locator("#notice")).to_contain_text("쿠키를 켜고")
    assert len(loads) == 1


async def test_a_tap_before_the_line_is_there_goes_by_itself(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    await page.add_init_script("WebSocket = class { static OPEN = 1; readyState = 0; close() {} }")  # still dialling
    call, visit, path = small.call()
    await page.goto(path)
    await expect(page.locator("html.js")).to_be_attached()
    await page.tap("text=민원서류")
    await page.locator('#main[data-screen="documents"]').wait_for()
    assert visit.state.here.id == "documents"
    await call.until("hush")


async def test_captions(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await page.tap("footer >> text=자막 보기")
    await driver.on("@captions")
    await expect(page.locator("#empty")).to_be_visible()
    driver.visit.put(inputs.Tap(driver.visit.state.number, "0"))
    driver.visit.put(inputs.Joined())
    await driver.show("@captions", phase="talking")
    visit = driver.visit

    def heard(speaker: str, number: int, text: str, final: bool = True) -> None:
        shared = {"speaker": speaker, "utterance": f"{speaker}-{number}", "start": 0.0, "text": text}
        visit.heard(TranscriptFinal(end=1.0, **shared) if final else TranscriptPartial(**shared))  # type: ignore[arg-type]

    heard("agent", 1, "네, 한빛시", final=False)
    await expect(page.locator(".line.now")).to_contain_text("네, 한빛시")
    heard("caller", 2, "장롱이요.")
    heard("agent", 1, "네, 한빛시 민원콜센터입니다.")
    await expect(page.locator(".line")).to_have_count(2)
    await expect(page.locator(".line").first).to_contain_text("민원콜센터입니다.")  # kept its place
    await page.fill("#say", "새빛로 12길입니다")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.sending")).to_contain_text("새빛로 12길입니다")
    await expect(page.locator("#say")).to_be_focused()
    assert await driver.call.until("typed") == "새빛로 12길입니다"
    visit.heard(
        TranscriptFinal(speaker="caller", utterance="typed-1", start=0, end=0, text="새빛로 12길입니다", typed=True)
    )
    await expect(page.locator(".line.sending")).to_have_count(0)
    await expect(page.locator(".line.caller").last).to_contain_text("새빛로 12길입니다")
    for number in range(3, 30):
        heard("agent", number, f"안내 {number}번입니다.")
    await expect(page.locator(".line").last).to_be_in_viewport()
    await page.reload()
    await expect(page.locator(".line")).to_have_count(30)
    await expect(page.locator(".line").last).to_be_in_viewport()
    await page.evaluate("new Promise(done => { addEventListener('scroll', done, { once: true }); scrollTo(0, 0); })")
    heard("agent", 30, "안내 30번입니다.")
    await expect(page.locator(".newest")).to_be_visible()
    assert await page.locator(".newest").evaluate(
        "e => { const { x, y } = e.getBoundingClientRect(); return document.elementFromPoint(x + 20, y + 20) === e; }"
    ), "nothing lies over it"
    await expect(page.locator(".line").last).not_to_be_in_viewport()
    await page.tap(".newest")
    await expect(page.locator(".line").last).to_be_in_viewport()


async def test_search_while_waiting(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await driver.show("@wait", "@search", phase="queued")
    await page.fill("#q", "폐기물")
    await page.keyboard.press("Enter")
    await page.tap("text=대형폐기물 배출 방법")
    await expect(page.locator("text=신고 번호를 종이에 적어 붙여 주세요.")).to_be_visible()
    driver.visit.set_around(position=2)  # nothing that is read goes away
    await expect(page.locator("#says")).to_contain_text("2번째")
    await expect(page.locator("text=신고 번호를 종이에 적어 붙여 주세요.")).to_be_visible()


async def test_time_is_told_and_can_be_extended(small: PhoneSite, phone_context: BrowserContext) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(small, page)
    await expect(page.locator("#left")).to_be_hidden()
    driver.ends_in(500)
    await expect(page.locator("#left")).to_contain_text("9분 남았습니다")
    await expect(page.locator("#alarm")).to_be_empty()
    driver.ends_in(100)
    await expect(page.locator("#alarm")).to_have_text(say("ko", "form.time_short"))
    await page.tap("text=시간 늘리기")
    await expect(page.locator("#alarm")).to_be_empty()
    await expect(page.locator("#left")).to_be_hidden()
    small.visits.end(driver.visit)
    await expect(page.locator("h1")).to_have_text("시간이 지난 주소입니다")


async def test_how_it_looks_is_kept_and_nothing_is_cut_off(
    phone_site: PhoneSite, phone_context: BrowserContext
) -> None:
    page = await phone_context.new_page()
    driver = await Driver.open(phone_site, page)
    assert await page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
    await page.tap("text=글자 크게")
    assert await page.evaluate("getComputedStyle(document.body).fontSize") == "24px"
    await expect(page.locator("[value=large]")).to_have_attribute("aria-pressed", "true")
    await page.tap("text=선명하게")
    await page.reload()
    await driver.connected()
    assert await page.evaluate("document.documentElement.className") == "large contrast js"
    wide = "document.documentElement.scrollWidth > innerWidth"
    kinds = ["@wait", "@callback", "@search", "@code", "@captions", "@language", "@over", "@booked"]
    kinds += [id for id, screen in phone_site.menu.screens.items() if screen.fields or screen.place][:4]
    for language in ("ko", "en"):
        for width in (320, 180):  # 180 = 360 at 200 %
            await page.set_viewport_size({"width": width, "height": 600})
            for large in (True, False):
                if width == 180 and large:
                    continue  # 24 px at 200 % on 360 px: 7 letters a line
                await page.evaluate("on => document.documentElement.classList.toggle('large', on)", large)
                for id in (phone_site.menu.start[0].screen, *kinds):
                    await driver.show(id, language=language)  # type: ignore[arg-type]
                    assert not await page.evaluate(wide), f"{id} {language} {width} {large}"


async def test_the_whole_way_without_javascript(chromium: Browser, small: PhoneSite) -> None:
    context = await chromium.new_context(
        java_script_enabled=False, base_url=small.url, locale="ko-KR", viewport={"width": 360, "height": 740}
    )
    page = await context.new_page()
    call, visit, path = small.call()
    await page.goto(path)
    await page.click("text=글자 크게")
    await expect(page.locator("html")).to_have_class(re.compile("large"))
    await page.click("text=불법 주차 신고")
    await expect(page.locator("h1")).to_have_text("불법 주차 신고")
    await page.fill("#f-where", "새빛로 12길")
    await page.click("text=신고하기")
    await expect(page.locator("#e-plate")).to_be_visible()
    await expect(page.locator("#f-where")).to_have_value("새빛로 12길")
    await page.fill("#f-plate", "12가 3456")
    await page.check("#f-agreed")
    await page.click("text=신고하기")
    await expect(page.locator("h1")).to_have_text("접수되었습니다")
    await page.click("text=상담사 연결")
    await call.until("find_agent")
    visit.set_around(position=2, expect_s=50)
    await expect(page.locator("#place dd")).to_have_text("2번째", timeout=15_000)  # by itself
    visit.put(inputs.Joined())
    visit.put(inputs.Tap(visit.state.number, "@captions"))
    visit.heard(TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="말씀하세요."))
    await page.reload()
    await expect(page.locator(".line")).to_contain_text("말씀하세요.")
    await page.fill("#say", "네")
    await page.keyboard.press("Enter")
    assert await call.until("typed") == "네"
    await context.close()


async def test_it_opens_fast_on_a_poor_line(phone_site: PhoneSite, phone_context: BrowserContext) -> None:
    """400 kbit/s, 300 ms. Times are printed; what is asserted is what they come from: bytes and round trips."""
    page = await phone_context.new_page()
    wire = await phone_context.new_cdp_session(page)
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda event: names.__setitem__(event["requestId"], event["response"]["url"]))
    wire.on("Network.loadingFinished", lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]))
    await wire.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    await wire.send("Network.emulateNetworkConditions", slow)
    _, visit, path = phone_site.call()
    began = time.monotonic()
    await page.goto(path, wait_until="commit")
    await expect(page.locator("h1")).to_be_visible()
    await page.wait_for_load_state("load")
    painted = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    await until(lambda: visit.has_page)
    alive_ms = (time.monotonic() - began) * 1000
    total = sum(sizes.values())
    print(f"first paint {painted:.0f} ms, connected {alive_ms:.0f} ms, {total} bytes: ",
          {names[id].rpartition("/")[2][:24]: size for id, size in sizes.items() if id in names})  # fmt: skip
    assert 8_000 < total < BUDGET
    first = gzip.compress((await (await page.request.get(path)).body()), 6)
    assert len(first) < 14_000, "the page must fit into the first flight of a new connection (RFC 6928)"
    blocking = await page.evaluate(
        "document.querySelectorAll('link[rel=stylesheet], head script:not([type=module])').length"
    )
    assert blocking == 0
