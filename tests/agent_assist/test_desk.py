"""The desk's JSON answers: who may ask, what comes, what a refusal looks like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from core.errors import StoreFault
from core.events import Party, now
from core.store.contract import CallSummary
from core.store.entry import Entry
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, FakeHouse

ENTRY = Entry(
    id="17",
    title="전입신고",
    category="민원서류>전입",
    department="민원여권과",
    person="백서연",
    deputy="임도현",
    phone="070-0055-1100",
    procedure=("신분증 준비", "행정복지센터 방문"),
    body="이사한 날부터 14일 안에 신고합니다.",
    updated=date(2026, 3, 4),
)


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse(entries=[ENTRY])) as site:
        site.house.signed_in = lambda _request: AGENT
        yield site


@pytest.fixture
async def browser(site: DeskSite) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, headers={"Origin": site.url}) as session:
        yield session


async def get(browser: ClientSession, path: str) -> tuple[int, Any]:
    async with browser.get(path) as answer:
        return answer.status, await answer.json()


async def post(browser: ClientSession, path: str, **options: Any) -> tuple[int, Any]:
    async with browser.post(path, **options) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


def past_calls(house: FakeHouse, count: int) -> None:
    for number in range(count):
        house.store.summaries[f"p{number}"] = CallSummary(
            call_id=f"p{number}",
            caller=Party(number="01002841009" if number % 2 else "0100000000"),
            called="120",
            started=now() - timedelta(minutes=number),
            agent_id="kim" if number % 3 else "lee",
        )


async def test_without_a_sign_in_pages_lead_to_it_and_answers_say_401(site: DeskSite, browser: ClientSession) -> None:
    site.house.signed_in = lambda _request: None
    async with browser.get("/desk", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/signin?next=/desk")
    for path in ("search?q=등본", "shelves", "entries/17", "procedures", "alerts", "issues", "calls", "calls/c1"):
        status, content = await get(browser, f"/desk/api/{path}")
        assert (status, content["code"]) == (401, "signed_out")
    assert (await post(browser, "/desk/api/state", json={"state": "away"}))[0] == 401


async def test_the_root_leads_to_the_desk(browser: ClientSession) -> None:
    async with browser.get("/", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/desk")


async def test_she_chooses_her_state(site: DeskSite, browser: ClientSession) -> None:
    assert await post(browser, "/desk/api/state", json={"state": "away"}) == (204, None)
    assert site.house.state.state == "away"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"state": "talking"}', b'{"state": "ready", "x": 1}', b"\xff"])
async def test_a_state_that_cannot_be_chosen_is_bad_input(site: DeskSite, browser: ClientSession, body: bytes) -> None:
    status, content = await post(browser, "/desk/api/state", data=body)
    assert (status, content["code"]) == (400, "bad_input")
    assert site.house.state.state == "ready"


async def test_a_refusal_has_a_code_and_words(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    status, content = await post(browser, "/desk/api/state", json={"state": "away"})
    assert (status, content) == (409, {"code": "busy_with_call", "message": "possible once the call is over"})


async def test_she_ends_her_call_and_no_other(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    assert (await post(browser, "/desk/api/calls/c2/hangup"))[0] == 409
    assert await post(browser, "/desk/api/calls/c1/hangup") == (204, None)
    assert site.house.state.state == "wrap_up"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1"])
async def test_another_sites_page_changes_nothing(site: DeskSite, browser: ClientSession, origin: str) -> None:
    async with browser.post("/desk/api/state", json={"state": "away"}, headers={"Origin": origin}) as answer:
        assert answer.status == 403
    assert site.house.state.state == "ready"


async def test_past_calls_page_by_page_without_gap(site: DeskSite, browser: ClientSession) -> None:
    past_calls(site.house, 7)
    seen: list[str] = []
    query = "limit=3"
    while True:
        _, content = await get(browser, f"/desk/api/calls?{query}")
        seen += [call["call_id"] for call in content["calls"]]
        if not content["more"]:
            break
        query = f"limit=3&before={content['calls'][-1]['started'].replace('+', '%2B')}"
    assert seen == [f"p{number}" for number in range(7)]


async def test_past_calls_of_mine_and_of_a_number(site: DeskSite, browser: ClientSession) -> None:
    past_calls(site.house, 6)
    mine = (await get(browser, "/desk/api/calls?mine=1"))[1]["calls"]
    same = (await get(browser, "/desk/api/calls?number=01002841009"))[1]["calls"]
    assert [call["call_id"] for call in mine] == ["p1", "p2", "p4", "p5"]
    assert [call["call_id"] for call in same] == ["p1", "p3", "p5"]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "before=yesterday", "before=2026-11-23T09:00:00"])
async def test_nonsense_in_the_query_is_said(browser: ClientSession, query: str) -> None:
    status, content = await get(browser, f"/desk/api/calls?{query}")
    assert (status, content["code"]) == (400, "bad_input")


async def test_a_past_call_with_all_its_words(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    await site.house.final("c1", "caller", 1, "등본이요")
    status, content = await get(browser, "/desk/api/calls/c1")
    assert status == 200
    assert content["call"]["caller"]["number"] == "01002841009"
    assert content["events"][-1]["text"] == "등본이요"
    assert (await get(browser, "/desk/api/calls/c9"))[0] == 404


async def test_a_dead_store_is_said(site: DeskSite, browser: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(**_filter: object) -> list[CallSummary]:
        raise StoreFault("the database does not answer: check [store] url")

    monkeypatch.setattr(site.house.store, "calls", broken)
    status, content = await get(browser, "/desk/api/calls")
    assert (status, content["code"]) == (503, "store")
