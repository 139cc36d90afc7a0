"""Text messages from the desk: looked at, offered, sent once, taken back, sent again; who may, and what is logged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession

from agent_assist import desk_text_answers
from agent_assist.desk_texts import OutboxMessage, TemplateOffered
from agent_assist.desk_visits import Reach
from core.events import now
from tests.agent_assist.test_desk import ENTRY, get, post
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, FakeHouse

KEY = "0123456789abcdef"
TEXT = {"text": "안내", "key": KEY}
POSTS: list[tuple[str, Any]] = [
    ("calls/c1/text", TEXT),
    ("calls/c1/number", {"do": "ask"}),
    ("texts/m1/back", None),
    ("texts/m1/again", {"key": KEY}),
    ("text_look", {"text": "안내"}),
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
    for path in ("calls/c1/text", "outbox"):
        assert (await get(browser, f"/desk/api/{path}"))[0] == 401
    for path, content in POSTS:
        assert (await post(browser, f"/desk/api/{path}", json=content))[0] == 401


@pytest.mark.parametrize(("path", "content"), POSTS)
async def test_another_sites_page_sends_nothing(browser: ClientSession, path: str, content: Any) -> None:
    async with browser.post(f"/desk/api/{path}", json=content, headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403


async def test_an_entry_is_offered_as_a_text_with_templates(site: DeskSite, browser: ClientSession) -> None:
    site.house.templates = [TemplateOffered(template_id="t", title="방문", text="{날짜}에 오세요")]
    status, offer = await get(browser, "/desk/api/calls/c1/text?entry=17")
    assert status == 200
    assert "070-0055-1100" in offer["text"].splitlines()[-1]
    assert offer["templates"][0]["unfilled"] == ["날짜"]
    assert offer["senders"][0]["number"] == offer["sender"]
    assert (await get(browser, "/desk/api/calls/c2/text"))[1]["code"] == "not_your_call"


async def test_a_look_tells_bytes_signs_and_what_keeps_it_back(browser: ClientSession) -> None:
    _, look = await post(browser, "/desk/api/text_look", json={"text": "안녕하세요 😊 “네”"})
    assert (look["kind"], look["fault"]) == ("sms", "")
    assert look["bytes"] == len(look["carried"].encode("cp949"))
    assert [(change["sign"], change["fate"]) for change in look["changes"]] == [("😊", "left_out")]
    for text, code in (
        ("", "message_empty"),
        (" \n", "message_empty"),
        ("가" * 1001, "message_too_long"),
        ("ไทย", "message_unwritable"),
        ("{담당자}에게 물으세요", "message_field"),
    ):
        assert (await post(browser, "/desk/api/text_look", json={"text": text}))[1]["fault"] == code
    assert (await post(browser, "/desk/api/text_look", json={"text": "가" * 4001}))[0] == 400


async def test_a_text_is_sent_once_however_often_the_key_is_pressed(site: DeskSite, browser: ClientSession) -> None:
    for _ in range(2):
        assert await post(browser, "/desk/api/calls/c1/text", json=TEXT) == (200, {"message_id": KEY})
    assert len(site.house.messages) == 1
    assert site.house.messages[0].state == "waiting"


@pytest.mark.parametrize("content", [{"text": "안내"}, {"text": "안내", "key": "short"}, {"text": 1, "key": KEY}])
async def test_a_text_without_a_key_is_bad_input(site: DeskSite, browser: ClientSession, content: Any) -> None:
    assert (await post(browser, "/desk/api/calls/c1/text", json=content))[0] == 400
    assert site.house.messages == []


async def test_what_is_asked_is_answered_by_being_sure(site: DeskSite, browser: ClientSession) -> None:
    site.house.questions = ["same_text"]
    assert (await post(browser, "/desk/api/calls/c1/text", json=TEXT))[1]["code"] == "same_text"
    assert (await post(browser, "/desk/api/calls/c1/text", json={**TEXT, "sure": ["same_text"]}))[0] == 200


async def test_a_waiting_text_is_taken_back_and_a_failed_one_goes_again(site: DeskSite, browser: ClientSession) -> None:
    await post(browser, "/desk/api/calls/c1/text", json=TEXT)
    assert await post(browser, f"/desk/api/texts/{KEY}/back") == (204, None)
    assert (await post(browser, f"/desk/api/texts/{KEY}/back"))[1]["code"] == "too_late"
    await site.house.message("c1", "m7", "안내", "failed", "꺼져 있습니다")
    assert (await post(browser, "/desk/api/texts/m7/again", json={"key": f"{KEY}2"}))[0] == 200
    assert site.house.messages[-1].state == "waiting"


async def test_a_number_is_asked_for_step_by_step(site: DeskSite, browser: ClientSession) -> None:
    site.house.reached = Reach()
    path = "/desk/api/calls/c1/number"
    assert (await post(browser, path, json={"do": "yes"}))[1]["code"] == "no_step"
    assert await post(browser, path, json={"do": "ask"}) == (204, None)
    assert (await post(browser, path, json={"do": "number", "number": "033-120"}))[1]["code"] == "not_a_mobile"
    assert await post(browser, path, json={"do": "number", "number": "010-1234-5678"}) == (204, None)
    assert (await get(browser, "/desk/api/calls/c1/reach"))[1]["asked"]["state"] == "heard"
    assert await post(browser, path, json={"do": "yes"}) == (204, None)
    reach = (await get(browser, "/desk/api/calls/c1/reach"))[1]
    assert (reach["mobile"], reach["number"]) == (True, "01012345678")
    assert (await post(browser, path, json={"do": "shout"}))[0] == 400


async def test_the_outbox_page_by_page(site: DeskSite, browser: ClientSession) -> None:
    site.house.messages = [
        OutboxMessage(
            message_id=f"m{place}",
            to="01002841009",
            text="안내",
            by=AGENT.name if place % 2 else "",
            at=now() - timedelta(minutes=place),
        )
        for place in range(7)
    ]
    seen: list[str] = []
    query = "limit=3"
    while True:
        _, content = await get(browser, f"/desk/api/outbox?{query}")
        assert content["sends"] is False
        seen += [message["message_id"] for message in content["messages"]]
        if not content["more"]:
            break
        query = f"limit=3&before={content['messages'][-1]['at'].replace('+', '%2B')}"
    assert seen == [f"m{place}" for place in range(7)]
    mine = (await get(browser, "/desk/api/outbox?mine=1"))[1]["messages"]
    assert [message["message_id"] for message in mine] == ["m1", "m3", "m5"]
    assert (await get(browser, "/desk/api/outbox?before=yesterday"))[1]["code"] == "bad_input"


async def test_the_log_tells_who_and_never_what(
    site: DeskSite, browser: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(
        desk_text_answers, "log", SimpleNamespace(info=lambda event, **more: lines.append({"event": event, **more}))
    )
    await post(browser, "/desk/api/calls/c1/text", json={"text": "비밀 안내", "key": KEY})
    await post(browser, "/desk/api/calls/c1/number", json={"do": "number", "number": "01098765432"})
    assert [line["event"] for line in lines] == ["desk.text_sent", "desk.number_asked"]
    assert all(line["agent"] == AGENT.id and line["call_id"] == "c1" for line in lines)
    assert "비밀" not in str(lines)
    assert "98765" not in str(lines)
