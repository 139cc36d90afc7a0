"""The desk's answers about running calls and telephones: who may ask, what is read, what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from agent_assist.desk_transfers import PassOn, Target
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, FakeHouse

TAX = Target(kind="department", id="tax", name="세무과", number="0310001234")


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse()) as site:
        site.house.signed_in = lambda _request: AGENT
        site.house.reachable = [TAX]
        await site.house.start_call("c1")
        yield site


@pytest.fixture
async def browser(site: DeskSite) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, headers={"Origin": site.url}) as session:
        yield session


async def post(browser: ClientSession, path: str, content: Any) -> tuple[int, str]:
    async with browser.post(f"/desk/api/{path}", json=content) as answer:
        return answer.status, "" if answer.status == 204 else (await answer.json())["code"]


async def test_a_caller_is_passed_on_step_by_step(site: DeskSite, browser: ClientSession) -> None:
    house = site.house
    async with browser.get("/desk/api/targets", params={"q": "세무"}) as answer:
        assert (await answer.json())["targets"][0]["number"] == TAX.number
    assert await post(browser, "calls/c1/transfer", {"kind": "department", "id": "tax", "way": "consult"}) == (204, "")
    assert house.passed == [PassOn(kind="department", id="tax", way="consult")]
    assert await post(browser, "calls/c1/transfer/step", {"step": "join"}) == (204, "")
    house.refuses = "no_step"
    assert await post(browser, "calls/c1/transfer/step", {"step": "back"}) == (409, "no_step")
    assert house.steps == ["join"]
    assert await post(browser, "calls/c1/hold", {"on": True}) == (204, "")
    assert await post(browser, "calls/other/hold", {"on": True}) == (409, "not_your_call")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("calls/c1/transfer", {"kind": "spaceship", "id": "1", "way": "blind"}),
        ("calls/c1/transfer", {"kind": "number", "id": "", "way": "blind"}),
        ("calls/c1/transfer", {"kind": "number", "id": "1" * 101, "way": "blind"}),
        ("calls/c1/transfer", {"kind": "number", "id": "1", "way": "blind", "uri": "sip:evil@example"}),
        ("calls/c1/transfer/step", {"step": "explode"}),
        ("calls/c1/hold", {"on": "yes"}),
        ("extension", {"extension": "2" * 33}),
        ("extension", []),
    ],
)
async def test_what_cannot_be_read_is_refused(browser: ClientSession, path: str, content: Any) -> None:
    assert await post(browser, path, content) == (400, "bad_input")


async def test_she_sits_elsewhere_and_takes_more_time_to_write(site: DeskSite, browser: ClientSession) -> None:
    assert await post(browser, "extension", {"extension": " 2155 "}) == (204, "")
    assert site.house.seats == ["2155"]
    await site.house.end_call("c1")
    assert await post(browser, "state", {"state": "wrap_up"}) == (204, "")
    assert await post(browser, "state", {"state": "asleep"}) == (400, "bad_input")
