"""Contacts over HTTP: found as people type, read and changed by those who may, noted in the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from core.store.audit import AuditQuery
from core.store.contacts import RecordLesson
from tests.fakes.records import DRAFT
from tests.fakes.records_site import AGENTS, RecordsSite
from tests.patience import until

PARKING = replace(
    DRAFT, category="교통>주차", department="교통과", need="불법 주차를 신고합니다.", answer="단속합니다."
)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[RecordsSite]:
    """Two calls of one agent, one of another from the same number, one that stayed in the menu."""
    async with RecordsSite(tmp_path) as site:
        records, hers, others = site.records, AGENTS["agent"], AGENTS["second"]
        await records.call("c1", agent=hers, days_ago=9)
        await records.call("c2", agent=hers, draft=PARKING, said="차가 막고 있어요", number="01099990000", days_ago=5)
        await records.call("c3", agent=others, days_ago=3)
        await records.call("c4", number="", days_ago=1)
        await records.settled("c1", "c2", "c3", "c4")
        yield site


async def test_the_number_that_she_quotes_finds_that_contact(site: RecordsSite) -> None:
    number = (await site.get("contacts/c2", by="supervisor"))["record"]["number"]
    shown = f"{number[:2]}-{number[2:5]}-{number[5:8]}-{number[8:]}"
    assert await ids(site, f"text={number}") == await ids(site, f"text={shown}") == ["c2"]
    misheard = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    assert (await site.ask("GET", f"contacts?text={misheard}", by="supervisor"))[1]["code"] == "wrong_receipt"


async def ids(site: RecordsSite, query: str, by: str = "supervisor") -> list[str]:
    page = await site.get(f"contacts?{query}", by=by)
    return [line["contact_id"] for line in page["contacts"]]


ASKED = {
    "": ["c4", "c3", "c2", "c1"],
    "text=무단 투기": ["c3", "c1"],
    "text=무단투기": ["c3", "c1"],
    "text=5678": ["c3", "c1"],
    "text=0000": ["c2"],
    "text=010-9999-0000": ["c2"],
    "text=주차 0000": ["c2"],
    "text=없는말": [],
    "category=교통": ["c2"],
    "department=교통과": ["c2"],
    "district=중앙동": ["c3", "c1"],
    "agent=second": ["c3"],
    "channel=text": [],
    "result=abandoned": ["c4"],
    "state=unasked&result=text_sent": ["c3", "c2", "c1"],
    "since=2026-02-24&until=2026-02-27": ["c3", "c2"],
    "limit=2": ["c4", "c3"],
}


async def test_contacts_are_found_as_people_type(site: RecordsSite) -> None:
    assert {query: await ids(site, query) for query in ASKED} == ASKED


async def test_the_list_goes_on_behind_the_last_one(site: RecordsSite) -> None:
    first = await site.get("contacts?limit=3", by="supervisor")
    assert first["more"]
    rest = await site.get(f"contacts?limit=3&before={first['contacts'][-1]['place']}", by="supervisor")
    assert [line["contact_id"] for line in rest["contacts"]] == ["c1"]
    assert not rest["more"]


async def test_what_cannot_be_asked_is_said_in_words(site: RecordsSite) -> None:
    for query in ("text=가", "since=gestern", "channel=pigeon", "state=x", "limit=0", "before=-1"):
        status, answer = await site.ask("GET", f"contacts?{query}", by="supervisor")
        assert (status, bool(answer["message"])) == (400, True), query


async def test_an_agent_sees_hers_alone(site: RecordsSite) -> None:
    assert await ids(site, "", by="agent") == ["c2", "c1"]
    assert await ids(site, "agent=second", by="agent") == ["c2", "c1"]
    assert (await site.ask("GET", "contacts/c3", by="agent"))[0] == 403
    assert (await site.ask("GET", "contacts", by="editor"))[0] == 403
    assert (await site.ask("GET", "contacts", by=""))[0] == 401
    assert (await site.ask("GET", "contacts/nobody", by="supervisor"))[0] == 404
    site.records.busy["agent"] = "c1"
    assert (await site.ask("GET", "contacts/c3", by="agent"))[0] == 200, "the same person is in front of her"


async def test_a_supervisor_of_a_team_sees_her_team(site: RecordsSite) -> None:
    assert await ids(site, "", by="lead") == ["c4", "c2", "c1"], "c4 was nobody's: it is the house's"
    assert await ids(site, "text=무단투기", by="lead") == ["c1"]
    assert await ids(site, "agent=second", by="lead") == []
    assert (await site.ask("GET", "contacts/c3", by="lead"))[0] == 403
    file = await site.get("contacts/c1", by="lead")
    assert (file["may_write"], file["earlier"]) == (True, []), "c3 is of the same person and another team"


async def test_a_contact_has_all_that_belongs_to_it_and_its_reading_is_noted(site: RecordsSite) -> None:
    file = await site.get("contacts/c1", by="agent")
    assert (file["number"], file["may_write"], len(file["versions"])) == ("01012345678", True, 1)
    assert [line["contact_id"] for line in file["earlier"]] == ["c3"]
    assert "TranscriptFinal" in {event["type"] for event in file["events"]}
    newest, *_ = await site.store.audit.lines(AuditQuery())
    note = newest.note
    assert (note.who, note.deed, note.thing, note.subject, note.person) == (
        "agent",
        "saw",
        "contact",
        "c1",
        file["record"]["person"],
    )


def written(file: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"based_on": file["record"]["version"], **file["record"]["written"], **more}


async def test_a_record_is_confirmed_changed_with_a_reason_and_undone(site: RecordsSite) -> None:
    file = await site.get("contacts/c1", by="agent")
    assert (await site.get("terms", by="agent"))["waiting"] == 2
    kept = await site.post("contacts/c1", written(file, result="visit"), by="agent")
    assert (kept["state"], kept["version"]) == ("confirmed", 2)
    assert (await site.get("terms", by="agent"))["waiting"] == 1
    status, answer = await site.ask("POST", "contacts/c1", written(file, result="abuse"), by="supervisor")
    assert (status, answer["code"], answer["newest"]) == (409, "edited_meanwhile", 2)
    again = written(await site.get("contacts/c1", by="supervisor"), result="abuse")
    status, answer = await site.ask("POST", "contacts/c1", again, by="supervisor")
    assert (status, answer["code"]) == (400, "no_reason"), "it is confirmed by now"
    assert (await site.ask("POST", "contacts/c1", written(file), by="second"))[0] == 403
    undone = await site.post("contacts/c1/undo", {"based_on": 2}, by="agent")
    assert undone["state"] == "unasked"
    assert (await site.ask("POST", "contacts/c1", {"based_on": "x"}, by="agent"))[0] == 400


async def test_follow_ups_are_hers_and_closed_with_a_note(site: RecordsSite) -> None:
    file = await site.get("contacts/c1", by="agent")
    follow = {"text": "전화하기", "owner": "second", "due": "2026-03-05"}
    await site.post("contacts/c1", written(file, follow_ups=[follow]), by="agent")
    assert (await site.get("follow-ups", by="agent"))["follow_ups"] == []
    listed = await site.get("follow-ups", by="second")
    (one,) = listed["follow_ups"]
    said = {"number": file["record"]["number"], "category": DRAFT.category, "last4": "5678", "readable": False}
    assert listed["about"] == {"c1": said}, "hers to do, though not her contact"
    assert (await site.get("follow-ups", by="supervisor"))["about"] == {"c1": {**said, "readable": True}}
    assert await ids(site, "follow_up=open") == ["c1"]
    assert (await site.get("follow-ups?owner=second&after=2026-03-05,zzz", by="supervisor"))["follow_ups"] == []
    done = await site.post(f"follow-ups/{one['follow_up_id']}/done", {"note": "통화함"}, by="second")
    assert (done["state"], done["note"]) == ("done", "통화함")
    assert (await site.ask("POST", f"follow-ups/{one['follow_up_id']}/done", {}, by="second"))[0] == 409
    assert (await site.post(f"follow-ups/{one['follow_up_id']}/open", by="supervisor"))["state"] == "open"
    assert (await site.ask("GET", "follow-ups?after=nonsense,1", by="second"))[0] == 400
    assert (await site.ask("POST", "follow-ups/f0/done", {}, by="second"))[0] == 404


async def test_follow_ups_of_another_team_are_not_listed_nor_closed_where_supervisors_see_their_team(
    site: RecordsSite,
) -> None:
    file = await site.get("contacts/c1", by="agent")
    follow = [{"text": "전화하기", "owner": owner, "due": "2026-03-05"} for owner in ("second", "agent")]
    await site.post("contacts/c1", written(file, follow_ups=follow), by="agent")
    all_of_them = (await site.get("follow-ups", by="supervisor"))["follow_ups"]
    theirs, ours = (next(one for one in all_of_them if one["owner"] == owner) for owner in ("second", "agent"))
    listed = (await site.get("follow-ups", by="lead"))["follow_ups"]
    assert [one["follow_up_id"] for one in listed] == [ours["follow_up_id"]]
    assert (await site.get("follow-ups?owner=second", by="lead"))["follow_ups"] == []
    refused = await site.ask("POST", f"follow-ups/{theirs['follow_up_id']}/done", {}, by="lead")
    assert refused[1]["code"] == "not_yours"
    assert (await site.post(f"follow-ups/{ours['follow_up_id']}/done", {}, by="lead"))["state"] == "done"


async def test_an_utterance_is_corrected_and_a_supervisor_looks_at_it(site: RecordsSite) -> None:
    (made,) = await site.post("contacts/c1/corrections", {"utterance": "caller-1", "text": "바른말"}, by="agent")
    assert made["original"].startswith("중앙동")
    assert (await site.ask("POST", "contacts/c1/corrections/reviewed", {"utterance": "caller-1"}, by="agent"))[0] == 403
    (seen,) = await site.post("contacts/c1/corrections/reviewed", {"utterance": "caller-1"}, by="supervisor")
    assert seen["reviewed_by"] == "supervisor"
    assert await site.post("contacts/c1/corrections", {"utterance": "caller-1", "text": ""}, by="agent") == []
    assert (await site.ask("POST", "contacts/c1/corrections", {"utterance": "x", "text": "y"}, by="agent"))[0] == 404


async def test_what_was_learnt_is_shown_and_forgotten_by_those_who_may(site: RecordsSite) -> None:
    file = await site.get("contacts/c1", by="agent")
    await site.post("contacts/c1", written(file, category="환경>무단투기"), by="agent")
    lessons = site.records.keeping.teaching.lessons
    await until(lambda: bool(lessons.told("category")))
    taught = [
        RecordLesson(kind="category", label="환경>무단투기", feature=f"c:{entry}", times=1) for entry in ("7", "8")
    ]
    await site.store.contacts.add_lessons(taught)
    await site.records.keeping.teaching.refresh()
    shown = await site.get("learning", by="editor")
    assert shown["titles"] == {"7": "무단투기 신고"}, "8 is there no longer"
    told = shown["fields"][0]["labels"]
    assert told[0]["label"] == "환경>무단투기"
    assert (await site.ask("POST", "learning/forget", {"kind": "category"}, by="editor"))[0] == 403
    assert (await site.post("learning/forget", {"kind": "category"}, by="supervisor"))["count"] > 0
    assert (await site.get("learning", by="supervisor"))["fields"][0]["labels"] == []
