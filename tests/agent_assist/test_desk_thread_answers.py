"""What the desk is answered about written contacts: who may, and in which words it is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from agent_assist.desk_threads import WrittenFile
from core.events import Party, Written, WrittenChanged, now
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, SUPERVISOR, FakeHouse


def changed(contact_id: str) -> WrittenChanged:
    at = now()
    party = Party(number="01000001234")
    return WrittenChanged(
        written=Written(contact_id=contact_id, channel="text", party=party, opened=at, since=at, last_at=at)
    )


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse()) as site:
        site.house.signed_in = lambda _request: AGENT
        site.house.written["text-1"] = changed("text-1")
        site.house.written_files["text-1"] = WrittenFile(changed=changed("text-1"), said=(), events=())
        yield site


@pytest.fixture
async def browser(site: DeskSite) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, headers={"Origin": site.url}) as session:
        yield session


async def get(browser: ClientSession, path: str) -> tuple[int, Any]:
    async with browser.get(f"/desk/api/{path}") as answer:
        return answer.status, await answer.json()


async def post(browser: ClientSession, path: str, content: Any = None) -> tuple[int, str]:
    async with browser.post(f"/desk/api/{path}", json=content) as answer:
        return answer.status, "" if answer.status == 204 else (await answer.json())["code"]


async def test_lists_and_one_of_them(browser: ClientSession) -> None:
    status, page = await get(browser, "written")
    assert (status, page["written"][0]["written"]["contact_id"], page["is_open"]) == (200, "text-1", True)
    status, file = await get(browser, "written/text-1")
    assert (status, file["may_answer"], file["said"]) == (200, True, [])
    assert (await get(browser, "written/text-2"))[0] == 404
    assert (await get(browser, "colleagues"))[1]["colleagues"][0]["id"] == "lee"


async def test_deeds(site: DeskSite, browser: ClientSession) -> None:
    assert await post(browser, "written/text-1/take") == (204, "")
    assert await post(browser, "written/text-1/hand", {"to": "lee"}) == (204, "")
    assert await post(browser, "written/text-1/back") == (204, "")
    assert await post(browser, "written/text-1/close", {"reason": "answered"}) == (204, "")
    assert site.house.written_deeds == [
        ("take", "text-1", AGENT.id), ("hand", "text-1", AGENT.id, "lee"), ("back", "text-1", AGENT.id),
        ("close", "text-1", AGENT.id, "answered"),
    ]  # fmt: skip
    assert await post(browser, "written/text-1/close", {"reason": "boredom"}) == (400, "bad_input")
    assert await post(browser, "written/text-1/hand", {}) == (400, "bad_input")
    assert await post(browser, "written/text-2/take") == (409, "written_over")


async def test_an_agent_sees_her_own_past_ones_a_supervisor_all(site: DeskSite, browser: ClientSession) -> None:
    await get(browser, "written/closed")
    site.house.signed_in = lambda _request: SUPERVISOR
    await get(browser, "written/closed")
    await get(browser, "written/closed?mine=1")
    assert site.house.written_deeds == [("closed", AGENT.id), ("closed", "all"), ("closed", AGENT.id)]


async def test_nobody_without_a_sign_in(site: DeskSite, browser: ClientSession) -> None:
    site.house.signed_in = lambda _request: None
    for path in ("written", "written/closed", "written/text-1", "colleagues"):
        assert (await get(browser, path))[0] == 401
    assert (await post(browser, "written/text-1/take"))[0] == 401
    async with ClientSession(site.url) as stranger, stranger.post("/desk/api/written/text-1/take") as answer:
        assert answer.status in (401, 403)
