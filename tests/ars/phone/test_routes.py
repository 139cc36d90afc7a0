"""The caller's page: every address, who may come in, what stands in the headers."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from aiohttp.test_utils import make_mocked_request
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ars import inputs, state
from ars.guesses import Guesses
from ars.model import Contact, Screen
from ars.phone.answers import HEADERS
from ars.phone.door import PATH, Door, Shut
from ars.phone.files import load
from ars.pushes import card
from ars.words import say
from core.events import TranscriptFinal
from core.store.entry import Entry
from core.web.client import Proxies
from tests.ars.phone_client import JSON, Phone
from tests.ars.small import small_menu
from tests.fakes.phone_site import PhoneSite
from tests.fakes.visit_house import FakeVisitHouse


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[PhoneSite]:
    async with PhoneSite(tmp_path, small_menu()) as site:
        yield site


@pytest_asyncio.fixture
async def phone(site: PhoneSite) -> AsyncIterator[Phone]:
    async with Phone(site) as phone:
        yield phone


async def test_a_link_shows_the_screen_and_binds_nobody(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    answer = await phone.get(path)
    text = await answer.text()
    assert answer.status == 200
    assert "무엇을 도와드릴까요?" in text and "민원서류" in text and "한빛시 작은 콜센터" in text
    assert not visit.has_page and not site.bound
    cookie = answer.cookies["minwon_visit"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/v/" and len(cookie.value) >= 22
    async with Phone(site) as other:  # the messenger that made a preview leaves the link to its owner
        assert (await other.get(path)).status == 200
    assert (await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"})).status == 303
    assert site.bound == [visit]


async def test_headers_are_strict_and_the_page_names_nobody(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    token = path.removeprefix("/v/")
    for address in (path, "/v/", "/v/nothing", f"{path}/search?q=x"):
        answer = await phone.get(address)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        text = await answer.text()
        title = re.search("<title>(.*)</title>", text)
        assert title and title[1] == "한빛시 작은 콜센터"
        assert token not in title[1] and "style=" not in text and " on" + "click" not in text
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text)


async def test_the_demo_may_frame_it_and_tls_makes_cookies_secure(tmp_path: Path) -> None:
    public = "https://minwon.example"
    async with (
        PhoneSite(tmp_path, small_menu(), frame_ancestors="'self'", public_url=public) as site,
        Phone(site) as phone,
    ):
        _, _, path = site.call()
        answer = await phone.get(path)
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.cookies["minwon_visit"]["secure"]
        cookie = {"Cookie": f"minwon_visit={answer.cookies['minwon_visit'].value}"}
        tap = {"_number": "1", "_choice": "1"}
        assert (await phone.post(f"{path}/tap", tap, cookie, origin=public)).status == 303


async def test_another_browser_is_told_how_to_go_on(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    await phone.post(f"{path}/tap", {"_number": "1", "_choice": "2"})
    assert visit.state.here.id == "parking"
    async with Phone(site) as other:
        for answer in (
            await other.get(path),
            await other.get(f"{path}/events"),
            await other.post(f"{path}/tap", {"_number": "2", "_choice": "#"}),
            await other.get(f"{path}/contact.vcf"),
        ):
            text = await answer.text()
            assert answer.status == 403
            assert say("ko", "gone.other_device_title") in text and "tel:031-0000-0120" in text
            assert "불법 주차" not in text
        assert await (await other.socket(path)).closed() == 4410
        assert visit.state.here.id == "parking"
        started = await other.post("/v/", {"_go": "code", "_language": "ko"})
        page = await (await other.get(started.headers["Location"])).text()
        assert re.search(r"<b>\d{3} \d{3}</b>", page)


async def test_nobody_sees_what_was_written_before_the_link_is_theirs(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    visit.put(inputs.Tap(1, "2"))
    visit.submit(visit.state.number, {"where": "새빛로 12길", "plate": "12가3456"})
    assert "새빛로 12길" not in await (await phone.get(path)).text()
    line = await phone.socket(path)  # binds
    assert "새빛로 12길" in (await line.until("Screen"))["html"]
    assert "새빛로 12길" in await (await phone.get(path)).text()
    await line.socket.close()


async def test_over_unknown_and_guessed_links_say_so(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    visit.put(inputs.HungUp())
    site.visits.call_over(visit)
    site.house.clock += dt.timedelta(minutes=16)
    site.visits.expire()
    answer = await phone.get(path)
    assert answer.status == 410 and say("ko", "gone.expired_title") in await answer.text()
    assert (await phone.get(f"{path}/events")).status == 410
    assert await (await phone.socket(path)).closed() == 4410
    _, _, good = site.call("c2")
    statuses = [(await phone.get(f"/v/{'x' * 21}{number}")).status for number in range(25)]
    assert statuses[0] == 404 and statuses[-1] == 429
    slowed = await phone.get("/v/" + "y" * 22)
    assert int(slowed.headers["Retry-After"]) > 0 and "tel:031-0000-0120" in await slowed.text()
    assert (await phone.get(good)).status == 200, "who guesses locks nobody out"


async def test_english_pages_for_english_browsers(site: PhoneSite, phone: Phone) -> None:
    text = await (await phone.get("/v/nothing", {"Accept-Language": "en-GB,en;q=0.9"})).text()
    assert say("en", "gone.gone_title") in text and '<html lang="en"' in text
    assert '<html lang="ko"' in await (await phone.get("/v/nothing", {"Accept-Language": "de"})).text()


async def test_a_foreign_page_cannot_press_anything(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    for origin in ("https://evil.example", "null", "", "http://[", site.url.replace("127.0.0.1", "127.0.0.2")):
        for where in ("tap", "form", "write", "extend", "photo", "search"):
            assert (await phone.post(f"{path}/{where}", {"_number": "1", "_choice": "1"}, origin=origin)).status == 403
        assert (await phone.post("/v/", {}, origin=origin)).status == 403
        assert (await phone.post("/v/look", {}, origin=origin)).status == 403
    async with phone.session.get(
        f"{path}/ws", headers={"Origin": "https://evil.example", "Upgrade": "websocket", "Connection": "upgrade"}
    ) as answer:
        assert answer.status == 403
    assert (await phone.get(f"{path}/events", {"Sec-Fetch-Site": "cross-site"})).status == 403
    assert visit.state.number == 1 and not site.bound


async def test_without_cookies_it_says_what_to_do(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    answer = await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"})
    assert answer.status == 403 and say("ko", "gone.no_cookie_title") in await answer.text()
    told = await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"}, JSON)
    assert (await told.json())[0]["why"] == "no_cookie"
    assert await (await phone.socket(path)).closed() == 4429, "loading the page again would never end"


async def test_nothing_else_is_there(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    await phone.get(path)
    for address in (
        "/v/static/../phone.py", "/v/static/%2e%2e%2fphone.py", "/v/static/..%2f..%2fsetup.cfg", "/v/static/page.js",
        "/v/static/", "/v/static/page.css", "/v/..%2f..%2fetc%2fpasswd", f"{path}/map.svg?place=../../x",
        f"{path}/map.svg", f"{path}/contact.vcf", f"{path}/nothing", f"{path}/", "/v",
    ):  # fmt: skip
        async with phone.session.get(site.url + address, allow_redirects=False) as answer:
            assert answer.status == 404, address
            assert "root:" not in await answer.text()
    async with phone.session.put(f"{path}/tap", headers={"Origin": site.url}) as answer:
        assert answer.status == 404


async def test_files_are_kept_for_ever_and_come_packed(site: PhoneSite, phone: Phone) -> None:
    files = load()
    for address in files.addresses.values():
        answer = await phone.get(address)
        assert answer.status == 200 and "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        plain = await phone.get(address, {"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers and await plain.text() == await answer.text()
    page = await (await phone.get(site.call()[2])).text()
    for address in (a for name, a in files.addresses.items() if name.endswith(".js")):
        assert address in page
    assert "from './draw-" in files.by_name[files.addresses["page.js"].rpartition("/")[2]].body.decode()


async def test_contact_and_map_of_the_screen(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    visit.put(inputs.Tap(1, "1"))
    visit.put(inputs.Tap(2, "2"))
    text = await (await phone.get(path)).text()
    assert "주차관리과" in text and 'href="tel:031-0000-2345"' in text and "map.kakao.com" in text
    assert "https://city.example/" in text and 'rel="noopener noreferrer"' in text
    card = await phone.get(f"{path}/contact.vcf")
    assert card.content_type == "text/vcard" and "031-0000-2345".replace("-", "") in await card.text()
    drawn = await phone.get(f"{path}/map.svg?place=hall")
    assert drawn.content_type == "image/svg+xml" and "한빛시청" in await drawn.text()
    assert "sandbox" in drawn.headers["Content-Security-Policy"]


async def test_search_without_javascript(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    visit.put(inputs.Tap(1, "@search"))
    text = await (await phone.get(f"{path}/search?q=%ED%8F%90%EA%B8%B0%EB%AC%BC%0a")).text()
    assert site.searched == ["폐기물"]
    assert "대형폐기물 배출 방법" in text and "tel:031-0000-2300" in text and 'value="폐기물' in text
    site.found = ()
    assert say("ko", "search.none") in await (await phone.get(f"{path}/search?q=x")).text()


async def test_who_comes_by_address_begins_here(site: PhoneSite, phone: Phone) -> None:
    page = await (await phone.get("/v/")).text()
    assert say("ko", "button.start") in page and "tel:031-0000-0120" in page and "English" in page
    assert say("en", "entry.title") in await (await phone.get("/v/?language=en")).text()
    started = await phone.post("/v/", {"_language": "en"})
    assert started.status == 303
    path = started.headers["Location"]
    assert "How can we help you?" in await (await phone.get(path)).text()
    line = await phone.socket(path)
    assert (await line.until("Screen"))["phase"] == "web"
    await line.say("Tap", number=1, choice="0")
    code = re.search(r"<b>(\d{3}) (\d{3})</b>", (await line.until("Screen", id="@code"))["html"])
    assert code
    call, visit, _ = site.call()
    assert site.visits.join(visit, code[1] + code[2])
    shown = await line.until("Screen", phase="menu")
    assert shown["language"] == "en" and shown["id"] == "main"
    await line.say("Tap", number=shown["number"], choice="1")  # the page belongs to the call now
    await line.until("Screen", id="documents")
    assert visit.state.here.id == "documents" and visit.has_page
    await call.until("speak")
    await line.socket.close()


async def test_the_code_is_renewed_before_it_ends(site: PhoneSite, phone: Phone) -> None:
    path = (await phone.post("/v/", {"_go": "code"})).headers["Location"]
    await phone.get(path)
    line = await phone.socket(path)

    async def code() -> str:
        html = (await line.until("Screen", id="@code"))["html"]
        found = re.search(r"<b>(\d{3} \d{3})</b>", html.partition('class="code"')[2])
        assert found
        return found[1]

    first = await code()
    site.house.clock += dt.timedelta(minutes=9)
    await line.socket.send_str("?")
    async with asyncio.timeout(10):
        while await code() == first:
            pass
    await line.socket.close()


async def test_beyond_the_limit_visits_are_refused_in_words(tmp_path: Path) -> None:
    async with PhoneSite(tmp_path, small_menu(), limit=1) as site, Phone(site) as phone:
        assert (await phone.post("/v/", {})).status == 303
        answer = await phone.post("/v/", {})
        assert answer.status == 503 and say("ko", "gone.too_many_title") in await answer.text()
        assert answer.headers["Retry-After"]


async def test_one_address_cannot_begin_visits_without_end(site: PhoneSite, phone: Phone) -> None:
    statuses = [(await phone.post("/v/", {})).status for _ in range(62)]
    assert statuses[0] == 303 and statuses[-1] == 429


async def test_how_it_looks_is_kept_without_javascript(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    await phone.get(path)
    answer = await phone.post("/v/look", {"_look": "large", "_back": path})
    assert answer.status == 303 and answer.headers["Location"] == path
    await phone.post("/v/look", {"_look": "contrast", "_back": path})
    assert 'class="large contrast"' in await (await phone.get(path)).text()
    await phone.post("/v/look", {"_look": "large", "_back": path})
    assert 'class="contrast"' in await (await phone.get(path)).text()
    for back in ("https://evil.example/", "//evil.example", "/desk", path + "/../../desk"):
        assert (await phone.post("/v/look", {"_look": "x", "_back": back})).headers["Location"] == "/v/"


async def test_a_page_without_javascript_keeps_up_where_nothing_is_written(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call(phase="queued")
    visit.set_around(position=3, expect_s=90)
    page = await (await phone.get(path)).text()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "3번째" in page and "2분쯤" in page
    visit.put(inputs.Tap(visit.state.number, "1"))
    assert "http-equiv" not in await (await phone.get(path)).text(), "a form must not be wiped"


async def test_script_in_every_place_is_shown_as_text(site: PhoneSite, phone: Phone) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=y>"
    words = {"ko": evil}
    _, visit, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    stop = card(Entry(id="x", title=evil, procedure=(evil,), body=evil))
    contact = Contact(name=words, phone="031-0000-0000", hours=words)
    visit.put(inputs.Push(replace(stop, contact=contact)))
    visit.set_around(agent=evil, contact=evil)
    site.found = (type(site.found[0])(id="x", title=evil, text=evil, department=evil, phone='"><b>'),)
    pages = [(await line.until("Screen", id="@card-x"))["html"]]
    await line.say("Search", query=evil)
    pages.append((await line.until("Found"))["html"])
    visit.put(inputs.Tap(visit.state.number, "@search"))
    pages.append(await (await phone.get(f"{path}/search?q={evil.replace('#', '')}")).text())
    visit.put(inputs.Tap(visit.state.number, "#"))
    visit.put(inputs.Tap(visit.state.number, "#"))
    visit.put(inputs.Tap(visit.state.number, "2"))
    visit.submit(visit.state.number, dict.fromkeys(("where", "plate", "picture", "agreed", evil), evil))
    pages.append(await (await phone.get(path)).text())
    visit.heard(TranscriptFinal(speaker="caller", utterance=evil, start=0, end=1, text=evil))
    visit.put(inputs.Push(state.Stop(id="@s", pushed=Screen(title=words, fee=words, submit=words)), (("x", evil),)))
    pages.append(await (await phone.get(path)).text())
    visit.put(inputs.Tap(visit.state.number, "@captions"))
    pages.append(await (await phone.get(path)).text())
    for page in pages:
        assert "&lt;script&gt;" in page
        assert "<script>" not in page and "<img src=x" not in page and "<b>" + '"' not in page
    await line.socket.close()


@given(token=st.text(max_size=80), path=st.sampled_from(["", "/ws", "/events", "/search", "/map.svg"]))
@settings(max_examples=30)
def test_any_address_is_answered_in_words(token: str, path: str) -> None:
    """No address makes it stumble: a door without a house behind it."""
    house = FakeVisitHouse()
    door = Door(house.visits(small_menu()), Guesses(), Proxies(()), "", None)
    request = make_mocked_request("GET", PATH + "x" + path, match_info={"token": token})
    try:
        door.look(request)
    except Shut as shut:
        assert shut.why in ("gone", "too_many")


async def test_json_for_the_pages_own_script(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    await phone.get(path)
    assert await (await phone.get(path, JSON)).json() == []
    answer = await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"}, JSON)
    assert [message["type"] for message in await answer.json()] == ["Screen", "Status"]
    assert (await (await phone.get(path, JSON)).json())[0]["id"] == "documents"
    gone = await phone.get("/v/nothing", JSON)
    assert gone.status == 404 and (await gone.json())[0]["why"] == "gone"


async def test_a_mistake_of_ours_is_a_page_with_a_number(site: PhoneSite, phone: Phone, monkeypatch: Any) -> None:
    _, visit, path = site.call()
    monkeypatch.setattr(visit, "status", lambda: 1 / 0)
    await phone.get(path)  # not known yet: what fails is not asked
    await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"})
    answer = await phone.get(path)
    text = await answer.text()
    assert answer.status == 503 and say("ko", "gone.fault_title") in text and "tel:031-0000-0120" in text
    assert answer.headers["Retry-After"] and "Content-Security-Policy" in answer.headers
