"""The hostile internet at the caller's page: floods, broken bodies, strangers. One phone's fault touches no other."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse, WSMsgType

from ars.inputs import Joined, Tap
from ars.phone.lines import BURST, FLOOD_BURST, OF_A_VISIT
from ars.phone.talk import SEARCHES
from ars.words import say
from core import metrics
from tests.ars.phone_client import JSON, Phone
from tests.ars.small import small_menu
from tests.core.pictures.pictures import encoded, halves
from tests.fakes.phone_site import PhoneSite


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[PhoneSite]:
    async with PhoneSite(tmp_path, small_menu()) as site:
        yield site


@pytest_asyncio.fixture
async def phone(site: PhoneSite) -> AsyncIterator[Phone]:
    async with Phone(site) as phone:
        yield phone


def refused(why: str) -> float:
    return float(metrics.ARS_MESSAGES_REFUSED.labels(why=why)._value.get())


@pytest.mark.parametrize("kind", ["ask", "ping", "pong", "junk", "tap"])
async def test_a_flood_ends_its_own_line_and_no_other(site: PhoneSite, phone: Phone, kind: str) -> None:
    """Whatever the frames are: answering each of 37,000 in one packet held the whole node for a second."""
    _, _, path = site.call()
    await phone.get(path)
    line, other = await phone.socket(path), await phone.socket(path)
    before = refused("flood")
    for _ in range(int(FLOOD_BURST) + 50):
        with suppress(ConnectionError):
            await _frame(line.socket, kind)
    assert await line.closed() in (1008, 1006), "who still sends may not hear why"
    assert refused("flood") == before + 1
    await other.socket.send_str("?")
    await other.until("Still")
    await other.socket.close()


async def _frame(socket: ClientWebSocketResponse, kind: str) -> None:
    match kind:
        case "ping":
            await socket.ping(b"x")
        case "pong":
            await socket.pong(b"x")
        case "ask":
            await socket.send_str("?")
        case "junk":
            await socket.send_bytes(b"\xff")
        case _:
            await socket.send_str('{"type":"Tap","number":1,"choice":"*"}')


async def test_many_pages_of_one_visit_say_no_more_than_two(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    lines = [await phone.socket(path) for _ in range(8)]
    before = refused("too_fast")
    for line in lines:
        for _ in range(15):  # fewer than one page may
            await line.say("Search", query="")
    for line in lines:
        await line.socket.send_str("?")
        await line.until("Still")
    assert refused("too_fast") - before >= 120 - BURST * OF_A_VISIT - 40, "40 for a slow machine"
    assert visit.state.number == 1
    for line in lines:
        await line.socket.close()


async def test_a_ping_is_answered(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    await phone.get(path)
    async with phone.session.ws_connect(f"{path}/ws", headers={"Origin": site.url}, autoping=False) as socket:
        await socket.ping(b"there?")
        async with asyncio.timeout(10):
            while (message := await socket.receive()).type is not WSMsgType.PONG:
                assert message.type is WSMsgType.TEXT
        assert message.data == b"there?"


async def test_searching_is_limited_whatever_way_it_comes(site: PhoneSite, phone: Phone) -> None:
    """A search takes the node 10 ms: a page may not keep it busy."""
    _, _, path = site.call()
    await phone.get(path)
    for number in range(int(SEARCHES) + 20):
        answer = await phone.get(f"{path}/search?q={quote('여권')}{number}")
        assert answer.status == 200
    assert len(site.searched) <= SEARCHES + 5
    assert say("ko", "page.too_fast") in await answer.text()
    line = await phone.socket(path)
    await line.say("Search", query="여권")
    assert (await line.until("Refused"))["why"] == "too_fast"
    await line.socket.close()


async def test_a_body_in_pieces_is_read_to_its_end(site: PhoneSite, phone: Phone) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield b"_langu"
        await asyncio.sleep(0.05)
        yield b"age=en&_go="
        await asyncio.sleep(0.05)
        yield b"code"

    answer = await phone.post("/v/", slowly(), {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 303
    page = await (await phone.get(answer.headers["Location"])).text()
    assert 'lang="en"' in page and 'data-screen="@code"' in page


async def test_a_body_that_never_ends_is_given_up(site: PhoneSite, phone: Phone, monkeypatch: Any) -> None:
    monkeypatch.setattr("ars.phone.body.FORM_S", 0.1)
    monkeypatch.setattr("ars.phone.posts.PARTS_S", 0.1)
    _, visit, path = site.call()
    await phone.get(path)
    given_up = asyncio.Event()

    async def never() -> AsyncIterator[bytes]:
        yield b"_number=1&"
        await given_up.wait()

    async def multipart() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="where"\r\n\r\n'
        await given_up.wait()

    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    for where, body, kind in (
        (f"{path}/tap", never(), urlencoded),
        ("/v/", never(), urlencoded),
        (f"{path}/form", multipart(), {"Content-Type": "multipart/form-data; boundary=x"}),
    ):
        async with asyncio.timeout(10):
            assert (await phone.post(where, body, kind)).status == 400
    given_up.set()
    assert visit.state.number == 1


PARTS = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\nxx\r\n'
BROKEN = {
    "no boundary": (b"x", "multipart/form-data"),
    "garbage": (b"garbage" * 10, "multipart/form-data; boundary=x"),
    "endless line": (b"g" * 300_000, "multipart/form-data; boundary=x"),
    "odd charset": (
        b'--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n' + b"u" * 64 + b"\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "many headers": (b"--x\r\n" + b"A: b\r\n" * 500 + b"\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "bad header": (b"--x\r\n: b\r\nfoo\r\n\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "nested": (
        b"".join(
            b"--x%s\r\nContent-Type: multipart/mixed; boundary=x%d\r\n\r\n" % (b"" if n == 0 else b"%d" % (n - 1), n)
            for n in range(1500)
        ),
        "multipart/form-data; boundary=x",
    ),
    "nameless parts": (b"--x\r\nA: b\r\n\r\nx\r\n" * 3000 + b"--x--\r\n", "multipart/form-data; boundary=x"),
    "many files": (PARTS % b"_photo_a" * 3000 + b"--x--\r\n", "multipart/form-data; boundary=x"),
    "packed": (gzip.compress(b"no form"), "application/x-www-form-urlencoded"),
    "no UTF-8": (b"_choice=\xff\xfe", "application/x-www-form-urlencoded"),
    "half a letter": (b"_choice=%ED%A0%80&_number=1", "application/x-www-form-urlencoded"),
    "fields": (b"a=b&" * 15_000, "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_bodies_are_refused_in_words(site: PhoneSite, phone: Phone, name: str) -> None:
    _, visit, path = site.call()
    visit.put(Tap(1, "2"))
    await phone.get(path)
    body, kind = BROKEN[name]
    answer = await phone.post(f"{path}/form", body, {"Content-Type": kind})
    text = await answer.text()
    assert answer.status in (400, 413) and "tel:031-0000-0120" in text
    assert visit.state.here.id == "parking" and visit.state.number == 2


async def test_photos_of_pages_without_a_call_go_with_them(site: PhoneSite, phone: Phone) -> None:
    started = await phone.post("/v/", {})
    path = started.headers["Location"]
    sent = await phone.post(f"{path}/photo?field=picture", encoded(halves()), {"Content-Type": "image/jpeg", **JSON})
    photo_id = (await sent.json())[0]["photo_id"]
    (web,) = site.visits._visits.values()
    assert site.photos._uncalled.keys() == {photo_id} == web.photos
    call, visit, _ = site.call()
    assert site.visits.join(visit, site.visits.code(web))
    more = await phone.post(f"{path}/photo?field=picture", encoded(halves()), {"Content-Type": "image/jpeg", **JSON})
    assert more.status == 200 and len(site.photos._uncalled) == 1, "this one belongs to the call"
    await site.house.settle()
    assert visit.photos >= {photo_id} and call.of("tell")


async def test_a_call_that_is_talked_hears_nothing_of_all_that(site: PhoneSite, phone: Phone) -> None:
    """A page floods while another one's caller talks: her captions and her words go on."""
    _, talking, hers = site.call("c1")
    talking.put(Tap(1, "0"))
    talking.put(Joined())
    talking.put(Tap(talking.state.number, "@captions"))
    _, _, theirs = site.call("c2")
    await phone.get(hers)
    line = await phone.socket(hers)
    async with Phone(site) as stranger:
        await stranger.get(theirs)
        flood = await stranger.socket(theirs)
        for _ in range(2000):
            if flood.socket.closed:
                break
            await flood.socket.send_str('{"type":"Tap","number":1,"choice":"*"}')
        await line.say("Write", text="들리시나요", mark="m")
        assert (await line.until("Written"))["mark"] == "m"
        await flood.socket.close()
    await line.socket.close()


async def test_neither_a_household_nor_a_site_begins_visits_without_end(tmp_path: Path, monkeypatch: Any) -> None:
    for name, value in (("STARTS_RATE", 0.0), ("STARTS_BURST", 4.0), ("SITE", 3)):
        monkeypatch.setattr(f"ars.phone.entry.{name}", value)
    async with PhoneSite(tmp_path, small_menu(), proxies=["127.0.0.0/8"]) as site, Phone(site) as phone:

        async def started(address: str) -> bool:
            return (await phone.post("/v/", {}, {"X-Forwarded-For": address})).status == 303

        assert [await started("2001:db8:7:1::1") for _ in range(6)] == [True] * 4 + [False] * 2
        assert [await started(f"2001:db8:7:{number}::1") for number in range(2, 12)] == [True] * 8 + [False] * 2
        assert await started("2001:db8:8::1")
