"""The desk's answers about the consultation database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from core.store.entry import Attachment, Entry
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, FakeHouse

ENTRY = Entry(
    id="17",
    title="전입신고",
    category="민원서류>전입",
    department="민원여권과",
    procedure=("신분증 준비", "행정복지센터 방문"),
    body="이사한 날부터 **14일** 안에.\n\n<script>alert(1)</script>",
    updated=date(2026, 3, 4),
    attachments=(Attachment(id="f1", name="신청서 '1'.hwp", size=3),),
)
OTHER = Entry(id="18", title="전입 대상", category="민원서류>주민", department="자치행정과")


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse(entries=[ENTRY, OTHER])) as site:
        site.house.signed_in = lambda _request: AGENT
        yield site


@pytest.fixture
async def browser(site: DeskSite) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, headers={"Origin": site.url}) as session:
        yield session


async def get(browser: ClientSession, path: str) -> tuple[int, Any]:
    async with browser.get(f"/desk/api/{path}") as answer:
        return answer.status, await answer.json()


async def post(browser: ClientSession, path: str, **options: Any) -> tuple[int, Any]:
    async with browser.post(f"/desk/api/{path}", **options) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


async def found(browser: ClientSession, query: str) -> list[str]:
    status, content = await get(browser, f"search?{query}")
    assert status == 200
    return [result["id"] for result in content["results"]]


async def test_search_everywhere_or_on_one_shelf(browser: ClientSession) -> None:
    assert await found(browser, "q=전입") == ["17", "18"]
    assert await found(browser, "q=전입&department=민원여권과") == ["17"]
    assert await found(browser, "q=전입&category=민원서류") == ["17", "18"]
    assert await found(browser, "category=민원서류>주민") == ["18"]
    assert await found(browser, "q=%20") == []
    assert await found(browser, f"q={'가' * 500}") == []


async def test_shelves(browser: ClientSession) -> None:
    assert (await get(browser, "shelves"))[1] == {
        "categories": ["민원서류>전입", "민원서류>주민"],
        "departments": ["민원여권과", "자치행정과"],
    }


async def test_an_entry_comes_with_its_text_ready_to_be_shown(browser: ClientSession) -> None:
    status, entry = await get(browser, "entries/17")
    assert status == 200
    assert (entry["procedure"], entry["updated"]) == (["신분증 준비", "행정복지센터 방문"], "2026-03-04")
    first, *others = entry["shown"]
    assert first["children"][1] == {"tag": "strong", "href": "", "children": ["14일"]}
    assert all("script" not in node.get("tag", "") for node in others if isinstance(node, dict))


async def test_an_entry_that_is_gone(browser: ClientSession) -> None:
    status, content = await get(browser, "entries/99")
    assert (status, content["code"]) == (404, "no_entry")


async def test_a_file_of_an_entry_is_saved_never_opened(site: DeskSite, browser: ClientSession, tmp_path: Path) -> None:
    file = tmp_path / "f1"
    file.write_bytes(b"hwp")
    site.house.files = {"f1": file, "f2": file}
    async with browser.get("/desk/api/entries/17/attachments/f1") as answer:
        assert await answer.read() == b"hwp"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%EC%8B%A0")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await get(browser, "entries/17/attachments/f2"))[0] == 404, "another entry's"
    assert (await get(browser, "entries/99/attachments/f1"))[0] == 404
    site.house.files = {}
    assert (await get(browser, "entries/17/attachments/f1"))[1]["code"] == "no_attachment"


async def test_what_she_did_with_a_card(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    assert await post(browser, "calls/c1/cards", json={"entry_id": "17", "deed": "accepted"}) == (204, None)
    assert site.house.used == [("17", "accepted")]
    assert (await post(browser, "calls/c2/cards", json={"entry_id": "17", "deed": "accepted"}))[0] == 409
    assert (await post(browser, "calls/c1/cards", json={"entry_id": "17", "deed": "eaten"}))[0] == 400


async def test_this_is_wrong(site: DeskSite, browser: ClientSession) -> None:
    report = {"note": "전화가 바뀌었어요", "version": 3, "call_id": "c1"}
    assert await post(browser, "entries/17/wrong", json=report) == (204, None)
    (told,) = site.house.reports
    assert (told[0], told[1].note, told[1].version) == ("17", "전화가 바뀌었어요", 3)
    assert (await post(browser, "entries/17/wrong", json={"note": ""}))[0] == 400
    assert (await post(browser, "entries/17/wrong", json={"note": "가" * 1001}))[0] == 400
    assert (await post(browser, "entries/99/wrong", json=report))[1]["code"] == "no_entry"
