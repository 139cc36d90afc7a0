"""The desk's answers about alerts, reminders and issues: who may ask, and what a step needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession

from core.events import IssueChanged, now
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, SUPERVISOR, FakeHouse

ISSUE = IssueChanged(issue_id="i1", terms=("단수", "수돗물"), district="한빛구", calls=7, usual=0.4, since=now())


@pytest.fixture
async def site() -> AsyncIterator[DeskSite]:
    async with DeskSite(FakeHouse()) as site:
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


async def test_the_procedure_step_by_step(site: DeskSite, browser: ClientSession) -> None:
    house = site.house
    await house.start_call("c1")
    await house.alert("c1", "abuse", "욕")
    kinds = [procedure["kind"] for procedure in (await get(browser, "procedures"))[1]["procedures"]]
    assert kinds == ["abuse", "self_harm", "emergency"]

    path = "calls/c1/alerts/alert-1"
    assert (await post(browser, path, json={"step": "warned_again"}))[1]["code"] == "no_step"
    assert await post(browser, path, json={"step": "warned"}) == (204, None)
    assert await post(browser, path, json={"step": "warned_again"}) == (204, None)
    for reason in ({}, {"reason": "  "}):
        status, content = await post(browser, path, json={"step": "ended", **reason})
        assert (status, content["code"]) == (400, "no_reason")
    assert await post(browser, path, json={"step": "ended", "reason": "폭언이 이어짐"}) == (204, None)
    assert house.raised["c1", "alert-1"].steps == ("warned", "warned_again", "ended")
    assert house.state.state == "wrap_up"
    assert (await post(browser, path, json={"step": "warned"}))[1]["code"] == "no_alert"
    assert (await post(browser, path, json={"step": "shouted"}))[0] == 400


async def test_a_false_alarm_says_why(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    await site.house.alert("c1", "abuse", "욕")
    assert (await post(browser, "calls/c1/alerts/alert-1", json={"step": "dismissed"}))[0] == 400
    assert (await post(browser, "calls/c1/alerts/alert-1", json={"step": "dismissed", "reason": "노래 가사"}))[0] == 204
    assert site.house.raised["c1", "alert-1"].state == "dismissed"


async def test_she_knows_what_she_is_reminded_of(site: DeskSite, browser: ClientSession) -> None:
    await site.house.start_call("c1")
    await site.house.remind("c1", "recording", "녹음을 알려 주세요")
    assert await post(browser, "calls/c1/reminders/recording/dismiss") == (204, None)
    assert (await post(browser, "calls/c2/reminders/recording/dismiss"))[1]["code"] == "not_your_call"


@pytest.mark.parametrize("path", ["issues", "alerts"])
async def test_an_agent_sees_no_issues(browser: ClientSession, path: str) -> None:
    status, content = await get(browser, path)
    assert (status, content["code"]) == (403, "not_allowed")
    assert (await post(browser, "issues/i1/seen"))[0] == 403


@pytest.mark.parametrize("roles", [("agent", "supervisor"), ("admin",)])
async def test_a_supervisor_sees_issues_and_alerts(site: DeskSite, browser: ClientSession, roles: Any) -> None:
    house = site.house
    house.signed_in = lambda _request: msgspec.structs.replace(SUPERVISOR, roles=roles)
    await house.issue(ISSUE)
    await house.start_call("c1")
    await house.alert("c1", "threat", "죽여")
    assert [issue["terms"] for issue in (await get(browser, "issues"))[1]["issues"]] == [["단수", "수돗물"]]
    assert [alert["call_id"] for alert in (await get(browser, "alerts"))[1]["alerts"]] == ["c1"]
    assert await post(browser, "issues/i1/seen") == (204, None)
    assert house.issues_kept["i1"].state == "seen"
    assert (await post(browser, "issues/i9/seen"))[1]["code"] == "no_issue"
    assert (await get(browser, "issues?limit=0"))[0] == 400


async def test_where_supervisors_see_their_team_the_list_is_of_it(site: DeskSite, browser: ClientSession) -> None:
    house = site.house
    house.signed_in = lambda _request: msgspec.structs.replace(SUPERVISOR, people=("kim",))
    house.holders = {"c2": "park", "c3": "", "c4": None}
    for call_id in ("c2", "c3", "c4"):
        await house.alert(call_id, "threat", "죽여")
    assert [alert["call_id"] for alert in (await get(browser, "alerts"))[1]["alerts"]] == ["c3"]
