"""Who may open the wall and the big screen, what is said there, what a supervisor does from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, WSCloseCode
from msgspec.structs import replace

from core.errors import StoreFault
from server.bench.wall_floor import SUPERVISOR, Floor
from tests.fakes.wall_site import WallSite

WAITS_S = 10.0


@pytest.fixture
async def site() -> AsyncIterator[WallSite]:
    async with WallSite(Floor(agents=12, calls=6)) as made:
        yield made


@pytest.fixture
async def browser(site: WallSite) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, headers={"Origin": site.url}) as session:
        yield session


async def post(browser: ClientSession, path: str, content: Any) -> tuple[int, str]:
    async with browser.post(f"/wall/api/{path}", json=content) as answer:
        said = await answer.json() if answer.status != 204 else {}
        return answer.status, said.get("code", "")


async def test_the_page_is_for_supervisors(site: WallSite, browser: ClientSession) -> None:
    async with browser.get("/wall") as answer:
        assert answer.status == 200
        assert "상황판" in await answer.text()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    site.floor.agent = replace(SUPERVISOR, roles=("agent",))
    async with browser.get("/wall", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/desk"
    site.floor.agent = None
    async with browser.get("/wall", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/signin?next=/wall"


@pytest.mark.parametrize(("roles", "code"), [(("agent",), 4403), (("editor", "owner"), 4403), (None, 4401)])
async def test_its_words_are_for_supervisors(site: WallSite, browser: ClientSession, roles: Any, code: int) -> None:
    site.floor.agent = None if roles is None else replace(SUPERVISOR, roles=roles)
    async with browser.ws_connect("/wall/ws") as socket:
        await socket.receive(WAITS_S)
        assert socket.close_code == code
    assert site.floor.notes.kept == []
    assert (await post(browser, "notes", {"text": "x"}))[0] == (401 if roles is None else 403)


async def test_that_she_looks_is_noted_once_a_shift_and_before_the_first_word(
    site: WallSite, browser: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        async with browser.ws_connect("/wall/ws") as socket:
            assert (await socket.receive_json(timeout=WAITS_S))["type"] == "WallPicture"
    assert [(note.who, note.deed, note.thing) for note in site.floor.notes.kept] == [("boss", "saw", "wall")]

    async def full(_note: object) -> None:
        raise StoreFault("disk full")

    site.floor.agent = replace(SUPERVISOR, id="other")
    monkeypatch.setattr(site.floor.audit, "note", full)
    async with browser.ws_connect("/wall/ws") as socket:
        await socket.receive(WAITS_S)
        assert socket.close_code == WSCloseCode.TRY_AGAIN_LATER


async def test_picture_differences_and_a_sign_of_life(site: WallSite, browser: ClientSession) -> None:
    async with browser.ws_connect("/wall/ws") as socket:
        whole = await socket.receive_json(timeout=WAITS_S)
        assert (whole["agent"]["id"], whole["centre"]) == ("boss", site.floor.centre)
        assert whole["reasons"][0] == "lunch"
        await site.floor.move("boss", "away", reason="lunch")
        assert (await socket.receive_json(timeout=WAITS_S))["patch"]["agents"]["boss"]["reason"] == "lunch"
        await socket.send_str("?")
        async with asyncio.timeout(WAITS_S):
            while (await socket.receive_json())["type"] != "Still":
                pass


async def test_it_closes_when_the_sign_in_is_over(site: WallSite, browser: ClientSession) -> None:
    async with browser.ws_connect("/wall/ws") as socket:
        await socket.receive_json(timeout=WAITS_S)
        site.floor.sign_everybody_out()
        await socket.receive(WAITS_S)
        assert socket.close_code == 4401


async def test_another_sites_page_opens_no_socket(site: WallSite) -> None:
    async with ClientSession(site.url, headers={"Origin": "https://evil.example"}) as other:
        for path in ("/wall/ws", "/wallboard/ws"):
            async with other.get(path) as answer:
                assert answer.status == 403


async def test_the_big_screen_needs_its_token_and_ends_with_it(site: WallSite, browser: ClientSession) -> None:
    site.floor.agent = None
    async with browser.ws_connect("/wallboard/ws") as socket:
        board = await socket.receive_json(timeout=WAITS_S)
        assert (board["type"], board["figures"]["offered"]) == ("Board", 4812)
        site.floor.shows_board = False
        await site.floor.move("boss", "ready")
        await socket.receive(WAITS_S)
        assert socket.close_code == 4401
    async with browser.ws_connect("/wallboard/ws") as socket:
        await socket.receive(WAITS_S)
        assert socket.close_code == 4401


async def test_a_node_that_goes_down_says_so(site: WallSite, browser: ClientSession) -> None:
    async with browser.ws_connect("/wall/ws") as socket:
        await socket.receive_json(timeout=WAITS_S)
        stopping = asyncio.create_task(site.stop())
        await socket.receive(WAITS_S)
        assert socket.close_code == WSCloseCode.GOING_AWAY
        await stopping


async def test_a_supervisor_of_a_team_is_told_of_her_team(site: WallSite, browser: ClientSession) -> None:
    async with browser.ws_connect("/wall/ws") as socket:
        all_of_it = (await socket.receive_json(timeout=WAITS_S))["picture"]
    busy = next(row["agent"] for row in all_of_it["calls"].values() if row.get("agent"))
    site.floor.agent = replace(SUPERVISOR, people=(busy, "boss"))
    async with browser.ws_connect("/wall/ws") as socket:
        picture = (await socket.receive_json(timeout=WAITS_S))["picture"]
        assert set(picture["agents"]) == {busy, "boss"}
        assert {row.get("agent", "") for row in picture["calls"].values()} <= {busy, ""}
        assert {row.get("agent", "") for row in picture["alerts"].values()} <= {busy, ""}
        assert picture["house"] == all_of_it["house"]
        await site.floor.move("a2" if busy != "a2" else "a3", "away", reason="lunch")
        await site.floor.move("boss", "away", reason="lunch")
        told = await socket.receive_json(timeout=WAITS_S)
        assert set(told["patch"]["agents"]) == {"boss"}, "not a word of the others"
        theirs = next(key for key, row in all_of_it["alerts"].items() if row.get("agent") not in (busy, None))
        assert await post(browser, "alerts/care", {"alert": theirs, "on": True}) == (409, "not_your_team")
        site.floor.agent = replace(SUPERVISOR, people=("boss",))
        await site.floor.move("boss", "ready")
        await socket.receive(WAITS_S)
        assert socket.close_code == WSCloseCode.GOING_AWAY, "her team has changed: the page comes back"


async def test_what_she_does(site: WallSite, browser: ClientSession) -> None:
    for path, content in (
        ("calls/c1/supervision", {"mode": "listen"}),
        ("calls/c1/supervision", {"mode": None}),
        ("calls/c1/takeover", {"reason": "  도와야 해서 "}),
        ("agents/a1/state", {"state": "away", "reason": "lunch"}),
        ("agents/a1/state", {"state": "away_after_call", "reason": "교육"}),
        ("agents/a1/stays", None),
        ("agents/a1/state", {"state": "signed_out", "reason": "퇴근"}),
        ("issues/i1/seen", None),
    ):
        assert await post(browser, path, content) == (204, ""), path
    async with browser.post("/wall/api/notes", json={"text": " 천천히 ", "agent": "a1"}) as answer:
        assert await answer.json() == {"desks": 1}
    assert site.floor.done == [
        "listen c1",
        "leave c1",
        "take over c1 도와야 해서",
        "set a1 away lunch",
        "after this call a1 교육",
        "stays a1",
        "sign out a1 퇴근",
        "seen i1",
        "note a1: 천천히",
    ]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("calls/c1/supervision", {"mode": "shout"}),
        ("calls/c1/takeover", {"reason": "x" * 101}),
        ("agents/a1/state", {"state": "away"}),
        ("agents/a1/state", {"state": "away", "reason": ""}),
        ("agents/a1/state", {"state": "talking", "reason": "x"}),
        ("notes", {"text": ""}),
        ("notes", {"text": "x" * 301}),
        ("alerts/care", {"alert": "x"}),
        ("alerts/care", []),
    ],
)
async def test_what_cannot_be_read_is_refused(browser: ClientSession, path: str, content: Any) -> None:
    assert (await post(browser, path, content))[0] == 400


async def test_refusals_come_with_their_code(site: WallSite, browser: ClientSession) -> None:
    site.floor.refuses = "supervised"
    assert await post(browser, "calls/c1/supervision", {"mode": "barge"}) == (409, "supervised")


async def test_care_is_noted_and_seen_by_all(site: WallSite, browser: ClientSession) -> None:
    async with browser.ws_connect("/wall/ws") as socket:
        alerts = (await socket.receive_json(timeout=WAITS_S))["picture"]["alerts"]
        key = next(key for key, row in alerts.items() if row["kind"] == "emergency")
        assert await post(browser, "alerts/care", {"alert": key, "on": True}) == (204, "")
        told = await socket.receive_json(timeout=WAITS_S)
        assert told["patch"]["alerts"][key]["taken_by"] == SUPERVISOR.name
        assert await post(browser, "alerts/care", {"alert": "gone", "on": True}) == (404, "not_found")
    note = site.floor.notes.kept[-1]
    assert (note.who, note.thing, note.detail) == ("boss", "wall", "alert emergency: taken")
