"""Reminder rules and alert words: the city's documents, with versions; sentences tried on them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from agent_assist.alerts.lessons import AlertLesson, AlertLessons
from core.store.knowledge import Document
from tests.fakes.admin_site import NOW, AdminSite

RULE = {
    "id": "own_bye",
    "title": "마칠 때 이름",
    "phrases": ["상담사 _ 였습니다"],
    "within_s": 30,
    "text": "이름을 말하고 마치세요.",
}
WORDS = {"id": "own_bird", "kind": "abuse", "weight": 1.0, "say": ["삐약삐약"]}


async def test_rules_are_switched_off_added_and_tried(site: AdminSite) -> None:
    file = await site.get("rules", by="supervisor")
    assert file["version"] == 0 and file["shipped"]
    city = {"off": [file["shipped"][0]["id"]], "rules": [RULE]}
    saved = await site.post("rules", {"city": city, "based_on": 0, "why": "마침 인사"})
    assert (saved["version"], saved["city"]["rules"][0]["id"]) == (1, "own_bye")
    tried = await site.post("rules/try", {"text": "지금까지 상담사 김하늘 였습니다", "speaker": "agent"})
    assert [one["rule"]["id"] for one in tried if one["said"]] == ["own_bye"]
    assert file["shipped"][0]["id"] not in {one["rule"]["id"] for one in tried}
    [version] = await site.get("documents/reminder_rules")
    assert (version["by"], version["why"]) == ("editor", "마침 인사")
    assert (await site.get("documents/reminder_rules/1"))["body"] == version["body"]


async def test_who_writes_a_document_on_an_older_one_is_told(site: AdminSite) -> None:
    await site.post("rules", {"city": {"rules": [RULE]}, "based_on": 0})
    status, answer = await site.ask("POST", "rules", {"city": {}, "based_on": 0}, by="second")
    assert (status, answer["code"], answer["newest"]) == (409, "edited_meanwhile", 1)


@pytest.mark.parametrize(
    "city",
    [
        {"off": ["no such rule"]},
        {"rules": [{**RULE, "phrases": []}]},
        {"rules": [{**RULE, "within_s": -1}]},
        {"rules": [RULE, RULE]},
        {"rules": [{**RULE, "colour": "red"}]},
        [],
    ],
)
async def test_rules_that_are_none_are_refused_in_words(site: AdminSite, city: Any) -> None:
    status, answer = await site.ask("POST", "rules", {"city": city, "based_on": 0})
    assert status == 400 and " / " in answer["message"]
    assert await site.store.knowledge.document("reminder_rules") is None


async def test_alert_words_are_added_and_tried(site: AdminSite) -> None:
    file = await site.get("alerts", by="supervisor")
    assert file["shipped"]["words"] and file["procedures"]
    assert await site.post("alerts/try", {"text": "삐약삐약"}, by="supervisor") == []
    await site.post("alerts", {"city": {"words": [WORDS]}, "based_on": 0}, by="admin")
    [found] = await site.post("alerts/try", {"text": "왜 자꾸 삐약삐약 하세요"}, by="supervisor")
    assert (found["finding"]["rule"], found["finding"]["words"], found["alerts"]) == ("own_bird", "삐약삐약", True)
    status, answer = await site.ask("POST", "alerts", {"city": {"off": ["none"]}, "based_on": 1}, by="admin")
    assert status == 400 and " / " in answer["message"]
    wrong = {"words": [{**WORDS, "say": [".."]}]}
    assert (await site.ask("POST", "alerts", {"city": wrong, "based_on": 1}, by="admin"))[0] == 400


async def test_what_false_alarms_taught_is_shown_and_forgotten(site: AdminSite) -> None:
    lesson = AlertLesson(rule="own_bird", phrase="삐약삐약", around="_", times=2.0, at=NOW)
    body = msgspec.json.encode(AlertLessons(lessons=(lesson,))).decode()
    await site.store.knowledge.put_document(Document(name="alert_lessons", version=1, body=body, at=NOW), based_on=0)
    file = await site.get("alerts", by="admin")
    assert [one["phrase"] for one in file["lessons"]["lessons"]] == ["삐약삐약"]
    await site.post("alerts/forget", {"rule": "own_bird", "based_on": file["lessons_version"]}, by="admin")
    assert (await site.get("alerts", by="admin"))["lessons"]["lessons"] == []


async def test_documents_are_shown_to_those_who_may_see_them(site: AdminSite) -> None:
    await site.post("alerts", {"city": {"words": [WORDS]}, "based_on": 0}, by="admin")
    assert len(await site.get("documents/alert_words", by="supervisor")) == 1
    for name in ("alert_words", "alert_lessons", "passwords"):
        assert (await site.ask("GET", f"documents/{name}", by="editor"))[0] == 404
        assert (await site.ask("GET", f"documents/{name}/1", by="editor"))[0] == 404
    assert (await site.ask("GET", "documents/alert_words/9", by="supervisor"))[0] == 404
    assert (await site.ask("GET", "documents/alert_words/x", by="supervisor"))[0] == 400
