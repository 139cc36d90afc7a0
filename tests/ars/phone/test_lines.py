"""The lines that stay open: what they carry, what they refuse, how they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest_asyncio
from aiohttp import WSMsgType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ars import inputs
from ars.messages import LONGEST_MESSAGE
from ars.words import say
from core import metrics
from core.events import TranscriptFinal, TranscriptPartial
from tests.ars.phone_client import Line, Phone
from tests.ars.small import small_menu
from tests.fakes.phone_site import PhoneSite
from tests.patience import until


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


async def test_screen_and_status_come_first_and_then_what_changes(site: PhoneSite, phone: Phone) -> None:
    call, visit, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    first = await line.until("Screen")
    assert first["id"] == "main" and first["number"] == 1 and first["language"] == "ko" and 'id="main"' in first["html"]
    assert (await line.until("Status"))["text"] == say("ko", "status.menu")
    await line.say("Tap", number=1, choice="2")
    assert (await line.until("Screen", id="parking"))["title"] == "불법 주차 신고"
    assert 590 < (await line.until("Status", phase="menu"))["left_s"] <= 600
    visit.put(inputs.Key("#"))
    assert visit.state.here.id == "parking", "a key that crosses a tap is dropped"
    await line.say("Submit", number=2, values={"where": "새빛로 12길"})
    again = await line.until("Screen", number=2)
    assert 'value="새빛로 12길"' in again["html"] and 'aria-invalid="true"' in again["html"]
    assert 'href="#f-plate"' in again["html"] and say("ko", "error.consent") in again["html"]
    await line.say("Submit", number=2, values={"where": "새빛로 12길", "plate": "12가 3456", "agreed": "yes"})
    await line.until("Screen", id="thanks")
    drawn = metrics.ARS_DRAWN._sum.get()
    for _ in range(2):
        await line.say("Seen", number=3)
    await line.say("Extend")
    await line.socket.send_str("?")
    await line.until("Still")
    assert metrics.ARS_DRAWN._sum.get() > drawn
    await call.until("hush")
    await line.socket.close()


async def test_a_double_tap_is_harmless_and_an_old_one_is_told(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    for _ in range(2):
        await line.say("Tap", number=1, choice="1")
    await line.until("Screen", id="documents")
    assert visit.state.number == 2
    visit.state = replace(visit.state, moved=None)
    await line.say("Tap", number=1, choice="1")
    assert (await line.until("Refused"))["why"] == "stale"
    assert visit.state.number == 2
    await line.socket.close()


async def test_captions_come_live_and_whole(site: PhoneSite, phone: Phone) -> None:
    call, visit, path = site.call()
    visit.heard(TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="네, 민원콜센터입니다."))
    visit.put(inputs.Tap(1, "0"))
    visit.put(inputs.Joined())
    visit.put(inputs.Tap(visit.state.number, "@captions"))
    await phone.get(path)
    line = await phone.socket(path)
    assert "네, 민원콜센터입니다." not in (await line.until("Screen", id="@captions"))["html"]
    assert (await line.until("Captions"))["lines"][0]["text"] == "네, 민원콜센터입니다."
    assert "네, 민원콜센터입니다." in await (await phone.get(path)).text()
    visit.heard(TranscriptPartial(speaker="agent", utterance="agent-2", start=2, text="주소가"))
    assert (await line.until("Caption"))["final"] is False
    await line.say("Write", text="  새빛로\n12길 ", mark="w1")
    assert (await line.until("Written"))["mark"] == "w1"
    assert await call.until("typed") == "새빛로 12길"
    await line.say("Write", text="x" * 301, mark="w2")
    assert (await line.until("Refused"))["why"] == "message"
    visit.put(inputs.HungUp())
    await line.say("Write", text="늦은 말", mark="w3")
    late = await line.until("Refused")
    assert late["why"] == "not_talking" and late["mark"] == "w3"
    await line.socket.close()


async def test_search_answers_in_place(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    await line.say("Search", query=" 폐기물 ")
    found = await line.until("Found")
    assert found["count"] == 2 and "<summary>대형폐기물 배출 방법</summary>" in found["html"]
    await line.say("Search", query=" ")
    assert (await line.until("Found"))["count"] == 0
    await line.socket.close()


async def test_what_was_keyed_in_secret_counts_without_being_sent_to_the_page(site: PhoneSite, phone: Phone) -> None:
    call, visit, path = site.call()
    visit.put(inputs.Key("3"))
    for key in ("1", "1", "1", "2", "6", "4", "7", "1"):
        visit.put(inputs.Key(key))
    await phone.get(path)
    line = await phone.socket(path)
    html = (await line.until("Screen", id="waste"))["html"]
    assert "4711" not in html and "471" not in html and 'placeholder="•••"' in html
    visit.put(inputs.Key("1"))  # the form is whole
    sent = await call.until("tell", 4)
    assert "4711" not in repr(sent)
    await line.until("Screen", id="thanks")
    await line.socket.close()


async def test_more_pages_than_fit_go_on_with_posts(tmp_path: Path) -> None:
    async with PhoneSite(tmp_path, small_menu(), pages=1) as site, Phone(site) as phone:
        _, _, path = site.call()
        await phone.get(path)
        line = await phone.socket(path)
        assert await (await phone.socket(path)).closed() == 4429
        assert (await phone.get(f"{path}/events")).status == 429
        assert (await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"})).status == 303
        await line.until("Screen", id="documents")
        await line.socket.close()


async def test_a_second_tab_sees_the_same(site: PhoneSite, phone: Phone) -> None:
    _, _, path = site.call()
    await phone.get(path)
    one, two = await phone.socket(path), await phone.socket(path)
    await one.say("Tap", number=1, choice="1")
    await two.until("Screen", id="documents")
    await one.socket.close()
    await two.socket.close()


async def test_server_sent_events_carry_the_same(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    async with phone.session.get(f"{path}/events") as stream:
        assert stream.content_type == "text/event-stream" and stream.headers["Cache-Control"] == "no-store"
        assert (await event(stream, "Screen"))["id"] == "main"
        await phone.post(f"{path}/tap", {"_number": "1", "_choice": "1"})
        assert (await event(stream, "Screen", id="documents"))["number"] == 2
        visit.put(inputs.Tap(2, "0"))
        assert (await event(stream, "Status", phase="queued"))["position"] == 0
        site.visits.end(visit)
        assert (await event(stream, "Gone"))["reason"] == "expired"
    await until(lambda: not visit.has_page)


async def event(stream: Any, kind: str, **wanted: Any) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            raw = (await stream.content.readline()).decode()
            if raw.startswith("data: "):
                message: dict[str, Any] = msgspec.json.decode(raw[6:])
                if message["type"] == kind and all(message[name] == value for name, value in wanted.items()):
                    return message


async def test_the_end_is_told_and_the_node_may_come_back(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    await line.until("Screen")
    _, code = await asyncio.gather(site.stop(), line.closed())
    assert code == 1001
    await site.start()
    line = await phone.socket(path)
    await line.until("Screen", id="main")
    site.visits.end(visit)
    assert (await line.until("Gone"))["reason"] == "expired"
    assert await line.closed() == 1001


async def test_a_page_that_left_is_lost_after_a_while(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    await line.until("Screen")
    assert visit.has_page and visit.state.page
    await line.socket.close()
    await until(lambda: not visit.has_page)


async def test_too_much_at_once_is_refused_and_counted(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    line = await phone.socket(path)
    before = refused("too_fast")
    for _ in range(60):
        await line.say("Tap", number=99, choice="1")
    assert (await line.until("Refused", why="too_fast"))["text"] == say("ko", "page.too_fast")
    await line.socket.send_str("?")
    await line.until("Still")
    assert refused("too_fast") - before >= 30
    assert visit.state.number == 1
    await line.socket.close()


async def test_a_message_too_large_closes_this_line_alone(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    line, other = await phone.socket(path), await phone.socket(path)
    before = refused("too_large")
    await line.say("Write", text="x" * LONGEST_MESSAGE)
    assert await line.closed() == 1009
    await until(lambda: refused("too_large") > before)
    await other.say("Tap", number=1, choice="1")
    await other.until("Screen", id="documents")
    assert visit.state.here.id == "documents"
    await other.socket.close()


JUNK = st.one_of(
    st.text(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
        max_leaves=10,
    ).map(lambda tree: msgspec.json.encode(tree).decode()),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["Tap", "Submit", "Write", "Extend", "Seen", "Search", "Screen", "Gone", "x"])},
        optional={
            "number": st.integers(-5, 2**70) | st.text(max_size=3) | st.none(),
            "choice": st.text(max_size=30) | st.integers(),
            "values": st.dictionaries(st.text(max_size=50), st.text(max_size=30) | st.none(), max_size=3),
            "text": st.text(max_size=320),
            "query": st.text(max_size=120),
            "mark": st.text(max_size=50),
            "more": st.none(),
        },
    ).map(lambda tree: msgspec.json.encode(tree).decode()),
)


@given(messages=st.lists(JUNK | st.binary(max_size=100), min_size=1, max_size=15))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_said_the_visit_goes_on(fuzzed: tuple[PhoneSite, Phone], messages: list[str | bytes]) -> None:
    site, phone = fuzzed
    call, visit, path = site.call(f"c{len(site.visits) + 1}")
    line = await phone.socket(path)
    for message in messages:
        if isinstance(message, bytes):
            await line.socket.send_bytes(message)
        else:
            await line.socket.send_str(message)
    await line.socket.send_str("?")
    await line.until("Still")
    number = visit.state.number
    await line.say("Tap", number=number, choice="@search")
    await line.until("Screen", id="@search")
    assert visit.state.number == number + 1
    assert site.visits.of_call(call.call_id) is visit
    await line.socket.close()


@pytest_asyncio.fixture
async def fuzzed(tmp_path: Path) -> AsyncIterator[tuple[PhoneSite, Phone]]:
    """One site for all examples, a visit for each: what they may say in a second is limited."""
    async with PhoneSite(tmp_path, small_menu()) as site, Phone(site) as phone:
        _, _, path = site.call()
        await phone.get(path)
        yield site, phone


async def test_a_phone_that_reads_nothing_is_closed(site: PhoneSite, phone: Phone, monkeypatch: Any) -> None:
    monkeypatch.setattr("ars.phone.lines.SEND_S", 0.3)
    _, visit, path = site.call()
    await phone.get(path)
    line: Line = await phone.socket(path)
    await line.until("Screen")
    transport = line.socket._response.connection.transport  # type: ignore[union-attr]
    assert transport is not None
    transport.pause_reading()
    visit.put(inputs.Tap(1, "@captions"))
    before = metrics.ARS_PAGES_LOST._value.get()
    async with asyncio.timeout(30):
        number = 0
        while metrics.ARS_PAGES_LOST._value.get() == before:
            number += 1
            text = "가" * 3000
            visit.heard(TranscriptPartial(speaker="agent", utterance=f"agent-{number}", start=0, text=text))
            await asyncio.sleep(0.0005)
    transport.resume_reading()
    async for message in line.socket:
        assert message.type is WSMsgType.TEXT
    assert line.socket.close_code in (1013, 1006)
