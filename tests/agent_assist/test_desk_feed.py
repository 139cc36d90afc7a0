"""Nothing doubled, nothing missing: whatever happens while a browser connects."""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from agent_assist.desk_feed import LIMIT, Feed, Watch
from core.events import (
    AgentStateChanged,
    AlertChanged,
    Event,
    IssueChanged,
    Party,
    QueueChanged,
    RecordsToConfirm,
    TranscriptFinal,
    TranscriptPartial,
    Written,
    WrittenChanged,
    now,
)
from tests.fakes.house import AGENT, SUPERVISOR, FakeHouse


async def read(feed: Feed, count: int) -> list[dict[str, Any]]:
    """The first messages of a feed."""
    got: list[dict[str, Any]] = []
    async with asyncio.timeout(5), aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        async for message in messages:
            got.append(msgspec.json.decode(message))
            if len(got) == count:
                break
    return got


async def test_tells_who_she_is_and_the_call_so_far() -> None:
    house = FakeHouse()
    await house.start_call("c1")
    await house.final("c1", "caller", 1, "등본 떼려고요")

    hello, history = await read(Feed(house, AGENT, call_id="", after=0), 2)

    assert hello["type"] == "Hello"
    assert hello["agent"] == {
        "id": "kim", "name": "김하늘", "extension": "2107", "roles": ["agent"], "department": "", "team": "",
        "people": None,
    }  # fmt: skip
    assert hello["state"]["busy_call"] == "c1"
    assert hello["queue"]["waiting"] == 0
    assert [event["type"] for event in history["events"]] == [
        "CallStarted", "AgentOffered", "CallJoined", "TranscriptFinal",
    ]  # fmt: skip


async def test_comes_back_after_the_last_number_that_the_browser_has() -> None:
    house = FakeHouse()
    await house.start_call("c1")
    final = await house.final("c1", "caller", 1, "등본")
    await house.final("c1", "caller", 2, "초본")

    _, history = await read(Feed(house, AGENT, call_id="c1", after=final.seq), 2)

    assert history["after"] == final.seq
    assert [event["text"] for event in history["events"]] == ["초본"]


async def test_what_the_callers_page_still_brings_after_the_end_arrives_too() -> None:
    house = FakeHouse()
    await house.start_call("c1")
    feed = Feed(house, AGENT, call_id="", after=0)
    got: list[str] = []
    async with asyncio.timeout(5), aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        async for message in messages:
            got.append(msgspec.json.decode(message)["type"])
            if got[-1] == "History":
                await house.visit("c1", "opened", "sms")
                await house.end_call("c1")
                await house.form("c1", "만족도", 점수="5")
                await house.message("c1", "m1", "안내", "delivered")
            if got[-1] == "MessageSent":
                break
    assert got[2:] == ["VisitChanged", "CallEnded", "AgentStateChanged", "FormSent", "MessageSent"]


async def test_a_browser_with_another_call_starts_afresh() -> None:
    house = FakeHouse()
    await house.start_call("c2")

    _, history = await read(Feed(house, AGENT, call_id="c1", after=40), 2)

    assert (history["call_id"], history["after"]) == ("c2", 0)
    assert history["events"][0]["type"] == "CallStarted"


async def test_a_new_call_arrives_whole_though_it_began_before_it_was_hers() -> None:
    house = FakeHouse()
    feed = Feed(house, AGENT, call_id="", after=0)
    async with aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        assert msgspec.json.decode(await anext(messages))["type"] == "Hello"
        await house.start_call("c1")
        got = [msgspec.json.decode(await anext(messages)) for _ in range(3)]

    offered, history, talking = got
    assert (offered["state"], offered["busy_call"]) == ("offered", "c1")
    # All was said before the browser read: history tells it once, the live events of the same numbers are dropped.
    assert [event["type"] for event in history["events"]] == ["CallStarted", "AgentOffered", "CallJoined"]
    assert talking["state"] == "talking"


async def test_a_call_that_was_given_to_another_agent_is_no_longer_heard() -> None:
    house = FakeHouse()
    feed = Feed(house, AGENT, call_id="", after=0)
    async with aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        await anext(messages)
        await house.offer_call("c1")
        await house.move("away", reason="no_answer")
        await house.final("c1", "caller", 1, "남의 통화")
        await house.bus.publish(QueueChanged(waiting=2))
        got = [msgspec.json.decode(await anext(messages))["type"] for _ in range(4)]

    assert got == ["AgentStateChanged", "History", "AgentStateChanged", "QueueChanged"]


def test_watches_only_her_own_call() -> None:
    watch = Watch("kim")
    hers = AgentStateChanged(agent_id="kim", state="talking", since=now(), busy_call="c1")
    other = AgentStateChanged(agent_id="lee", state="talking", since=now(), busy_call="c2")

    assert watch(hers)
    assert not watch(other)
    assert watch(TranscriptPartial(call_id="c1", speaker="caller", utterance="caller-1", start=0, text="네"))
    assert not watch(TranscriptPartial(call_id="c2", speaker="caller", utterance="caller-1", start=0, text="네"))
    assert not Watch("kim")(TranscriptPartial(speaker="caller", utterance="caller-1", start=0, text="네"))


ISSUE = IssueChanged(issue_id="i1", terms=("단수",), since=now())


async def test_a_supervisor_hears_of_issues_and_of_alerts_in_other_calls() -> None:
    house = FakeHouse()
    await house.start_call("c1")
    feed = Feed(house, SUPERVISOR, call_id="", after=0)
    got: list[tuple[str, str]] = []
    async with asyncio.timeout(5), aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        async for line in messages:
            message = msgspec.json.decode(line)
            got.append((message["type"], message.get("call_id", "")))
            if message["type"] == "History":
                await house.issue(ISSUE)
                await house.final("c2", "caller", 1, "남의 통화")
                await house.alert("c2", "threat", "죽여", utterance="caller-1")
                await house.alert("c1", "abuse", "욕")
                await house.final("c1", "caller", 1, "내 통화")
            if message["type"] == "TranscriptFinal":
                break
    assert got[2:] == [("IssueChanged", ""), ("AlertChanged", "c2"), ("AlertChanged", "c1"), ("TranscriptFinal", "c1")]


async def test_where_supervisors_see_their_team_alerts_of_other_teams_are_not_told() -> None:
    house = FakeHouse()
    house.holders = {"hers": "lee", "others": "park", "over": None, "waiting": ""}
    lead = replace(SUPERVISOR, people=("kim", "lee"))
    await house.start_call("c1")
    got: list[tuple[str, str]] = []
    async with asyncio.timeout(5), aclosing(Feed(house, lead, call_id="", after=0).messages()) as messages:  # type: ignore[type-var]
        async for line in messages:
            message = msgspec.json.decode(line)
            if message["type"] == "AlertChanged":
                got.append((message["call_id"], message["state"]))
            if message["type"] == "History":
                for call_id in ("others", "hers", "over", "waiting"):
                    await house.alert(call_id, "threat", "죽여", utterance="caller-1")
                house.holders["waiting"] = "park"  # she was told of it: she is told how it ends
                raised = house.raised["waiting", "alert-1"]
                await house.bus.publish(replace(raised, state="closed"))
                await house.bus.publish(replace(raised, alert_id="alert-2"))
                await house.final("c1", "caller", 1, "내 통화")
            if message["type"] == "TranscriptFinal":
                break
    assert got == [("hers", "raised"), ("waiting", "raised"), ("waiting", "closed")]


async def test_words_of_written_contacts_go_to_whom_they_belong() -> None:
    at = now()
    waiting = Written(
        contact_id="text-1", channel="text", party=Party(number="01028410091"), opened=at, since=at, last_at=at,
        last_text="장롱을 버리려고요",
    )  # fmt: skip
    hers = replace(waiting, state="assigned", agent_id=AGENT.id)
    for agent, words in ((AGENT, ["", "장롱을 버리려고요", ""]), (SUPERVISOR, ["장롱을 버리려고요"] * 3)):
        house = FakeHouse()
        got: list[dict[str, Any]] = []
        async with aclosing(Feed(house, agent, call_id="", after=0).messages()) as messages:  # type: ignore[type-var]
            await anext(messages)
            for written in (waiting, hers, replace(hers, agent_id="lee")):
                await house.bus.publish(WrittenChanged(written=written))
            await house.bus.publish(RecordsToConfirm(agent_id="somebody", count=7))
            await house.bus.publish(RecordsToConfirm(agent_id=agent.id, count=2))
            got = [msgspec.json.decode(await anext(messages)) for _ in range(4)]
        assert [message["written"]["last_text"] for message in got[:3]] == words
        assert (got[3]["type"], got[3]["count"]) == ("RecordsToConfirm", 2)


def test_an_agent_hears_of_no_issue_and_no_other_call() -> None:
    watch = Watch("kim")
    watch.call_id = "c1"
    assert not watch(ISSUE)
    assert not watch(AlertChanged(alert_id="alert-1", kind="abuse", call_id="c2"))
    assert watch(AlertChanged(alert_id="alert-1", kind="abuse", call_id="c1"))


@pytest.mark.parametrize("seed", range(20))
async def test_any_interleaving_gives_every_number_once(seed: int) -> None:
    chance = random.Random(seed)
    house = FakeHouse()
    await house.start_call("c1")
    wanted = 40
    answer = house.history

    async def slow_history(call_id: str, after: int) -> list[Event]:
        """As a store is: it answers with what it read, and more happens before anybody gets it."""
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        found = await answer(call_id, after)
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        return found

    house.history = slow_history  # type: ignore[method-assign]

    async def talk() -> None:
        for number in range(1, wanted + 1):
            if chance.random() < 0.4:
                await house.partial("c1", "caller", number, "음")
            await house.final("c1", "caller", number, f"말 {number}")
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)

    got: list[int] = []
    last = 0
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(talk())
        while len(got) < wanted:
            feed = Feed(house, AGENT, call_id="c1" if last else "", after=last)
            async with aclosing(feed.messages()) as messages:  # type: ignore[type-var]
                for _ in range(chance.randrange(2, 12)):
                    async with asyncio.timeout(5):
                        message = msgspec.json.decode(await anext(messages))
                    for event in message["events"] if message["type"] == "History" else [message]:
                        last = max(last, event.get("seq", 0)) if event["type"] != "TranscriptPartial" else last
                        if event["type"] == "TranscriptFinal":
                            got.append(int(event["utterance"].split("-")[1]))
                    if len(got) >= wanted:
                        break
    assert got == list(range(1, wanted + 1))


async def test_a_browser_that_does_not_read_is_let_go_with_a_bounded_queue() -> None:
    house = FakeHouse()
    await house.start_call("c1")
    feed = Feed(house, AGENT, call_id="", after=0)
    async with aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        await anext(messages)
        for number in range(LIMIT + 2):
            await house.say(
                "c1",
                TranscriptFinal(speaker="caller", utterance=f"caller-{number}", start=number, end=number, text="네"),
            )
        rest = [message async for message in messages]

    assert feed.lagged
    assert len(rest) <= LIMIT + 1


async def test_ends_with_the_bus() -> None:
    house = FakeHouse()
    feed = Feed(house, AGENT, call_id="", after=0)
    async with aclosing(feed.messages()) as messages:  # type: ignore[type-var]
        await anext(messages)
        await house.bus.close()
        assert [message async for message in messages] == []
    assert not feed.lagged
