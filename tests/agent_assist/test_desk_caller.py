"""What the desk may ask and do about the caller's own screen: who may, what comes back, what is logged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession

from agent_assist import desk_caller
from agent_assist.desk_visits import Callback, Push, Reach
from core.events import now
from tests.agent_assist.test_desk import ENTRY, get, post
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, FakeHouse

PUSH = {"kind": "card", "id": "17"}
POSTS: list[tuple[str, Any]] = [
    ("calls/c1/push", PUSH),
    ("calls/c1/link", None),
    ("calls/c1/read", {"on": True}),
    ("callbacks/k1/done", None),
    ("callbacks/k1/cancel", None),
]


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse(entries=[ENTRY])) as site:
        site.house.signed_in = lambda _request: AGENT
        await site.house.start_call("c1")
        yield site


@pytest.fixture
async def browser(site: DeskSite) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, headers={"Origin": site.url}) as session:
        yield session


async def test_nothing_without_a_sign_in(site: DeskSite, browser: ClientSession) -> None:
    site.house.signed_in = lambda _request: None
    for path in ("calls/c1/reach", "photos/p1", "callbacks"):
        assert (await get(browser, f"/desk/api/{path}"))[0] == 401
    for path, content in POSTS:
        assert (await post(browser, f"/desk/api/{path}", json=content))[0] == 401


@pytest.mark.parametrize(("path", "content"), POSTS)
async def test_another_sites_page_sends_nothing(browser: ClientSession, path: str, content: Any) -> None:
    async with browser.post(f"/desk/api/{path}", json=content, headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403


async def test_how_the_caller_can_be_reached(site: DeskSite, browser: ClientSession) -> None:
    status, content = await get(browser, "/desk/api/calls/c1/reach")
    assert (status, content["mobile"], content["entry"]) == (200, True, "hanbit.example/m")
    assert content["screens"][0] == {
        "kind": "screen",
        "id": "waste-form",
        "title": "대형 폐기물 신고서",
        "icon": "form",
    }
    status, content = await get(browser, "/desk/api/calls/c2/reach")
    assert (status, content["code"]) == (409, "not_your_call")


async def test_a_push_reaches_the_open_page_alone(site: DeskSite, browser: ClientSession) -> None:
    status, content = await post(browser, "/desk/api/calls/c1/push", json=PUSH)
    assert (status, content["code"]) == (409, "no_page")
    await site.house.visit("c1", "opened", "sms")
    assert await post(browser, "/desk/api/calls/c1/push", json=PUSH) == (204, None)
    assert site.house.pushed == [Push(kind="card", id="17")]
    assert (await post(browser, "/desk/api/calls/c2/push", json=PUSH))[1]["code"] == "not_your_call"
    status, content = await post(browser, "/desk/api/calls/c1/push", json={"kind": "screen", "id": "gone"})
    assert (status, content["code"]) == (409, "no_such_screen")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"kind": "card"}', b'{"kind": "page", "id": "1"}', b'{"kind":"card","id":"","x":1}', b"\xff"],
)
async def test_a_push_of_nonsense_is_bad_input(site: DeskSite, browser: ClientSession, body: bytes) -> None:
    await site.house.visit("c1", "opened", "sms")
    status, content = await post(browser, "/desk/api/calls/c1/push", data=body)
    assert (status, content["code"]) == (400, "bad_input")
    assert site.house.pushed == []


async def test_the_link_goes_to_a_mobile_alone(site: DeskSite, browser: ClientSession) -> None:
    assert await post(browser, "/desk/api/calls/c1/link") == (204, None)
    assert "(link)" in site.house.messages[-1].text
    site.house.reached = Reach()
    status, content = await post(browser, "/desk/api/calls/c1/link")
    assert (status, content["code"]) == (409, "not_a_mobile")


async def test_typed_words_are_read_to_her_on_wish(site: DeskSite, browser: ClientSession) -> None:
    assert await post(browser, "/desk/api/calls/c1/read", json={"on": True}) == (204, None)
    assert (await get(browser, "/desk/api/calls/c1/reach"))[1]["read_typed"] is True
    assert (await post(browser, "/desk/api/calls/c1/read", json={"on": "yes"}))[0] == 400


async def test_a_photo_is_a_picture_and_nothing_else(site: DeskSite, browser: ClientSession, tmp_path: Path) -> None:
    file = tmp_path / "one.html"
    file.write_bytes(b"\xff\xd8<script>alert(1)</script>")
    site.house.photos["p1"] = file
    async with browser.get("/desk/api/photos/p1?preview=1") as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"] == "inline"
        assert await answer.read() == file.read_bytes()
    for wrong in ("p2", "..%2fone.html", "%2e%2e", "a" * 65, "p1%00"):
        async with browser.get(f"/desk/api/photos/{wrong}") as answer:
            assert answer.status == 404, wrong


async def test_callbacks_are_closed_once(site: DeskSite, browser: ClientSession) -> None:
    for place in range(3):
        site.house.callbacks_kept[f"k{place}"] = Callback(
            callback_id=f"k{place}", number="01002841009", since=now() + timedelta(seconds=place)
        )
    assert await post(browser, "/desk/api/callbacks/k0/done") == (204, None)
    assert await post(browser, "/desk/api/callbacks/k2/cancel") == (204, None)
    _, content = await get(browser, "/desk/api/callbacks")
    assert [(one["callback_id"], one["position"]) for one in content["open"]] == [("k1", 1)]
    assert [(one["callback_id"], one["state"]) for one in content["closed"]] == [("k2", "cancelled"), ("k0", "done")]
    for wrong in ("k0/done", "k2/cancel", "k9/done"):
        status, content = await post(browser, f"/desk/api/callbacks/{wrong}")
        assert (status, content["code"]) == (409, "no_callback")


async def test_the_log_tells_who_and_which_call_and_never_what(
    site: DeskSite, browser: ClientSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = site.house
    lines: list[dict[str, Any]] = []
    recorder = SimpleNamespace(info=lambda event, **facts: lines.append({"event": event, **facts}))
    monkeypatch.setattr(desk_caller, "log", recorder)
    await house.visit("c1", "opened", "sms")
    (tmp_path / "p").write_bytes(b"\xff\xd8")
    house.photos["p1"] = tmp_path / "p"
    await post(browser, "/desk/api/calls/c1/push", json=PUSH)
    await post(browser, "/desk/api/calls/c1/link")
    await browser.get("/desk/api/photos/p1")
    told = {line["event"]: line for line in lines}
    assert {"desk.pushed", "desk.link_sent", "desk.photo_seen"} <= set(told)
    assert (told["desk.pushed"]["agent"], told["desk.pushed"]["call_id"], told["desk.pushed"]["kind"]) == (
        "kim",
        "c1",
        "card",
    )
    assert (told["desk.photo_seen"]["agent"], told["desk.photo_seen"]["photo"]) == ("kim", "p1")
    assert "비밀" not in str(lines)
    assert "0284" not in str(lines)
