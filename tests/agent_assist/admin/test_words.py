"""Synonyms, trying a sentence, what use has taught."""

from __future__ import annotations

import pytest

from core.events import CallStarted, CardUsed, Event, Party, Suggested, Suggestion, TranscriptFinal
from core.store.knowledge import Synonym
from tests.fakes.admin_site import NOW, AdminSite
from tests.fakes.entries import MOVE, WASTE


async def test_synonyms_are_written_moved_and_removed(site: AdminSite) -> None:
    await site.store.knowledge.put_synonym(Synonym(lay="장롱", office=("폐기물",), state="proposed", seen=7, at=NOW))
    [proposed] = await site.get("synonyms")
    assert (proposed["state"], proposed["seen"], proposed["by"]) == ("proposed", 7, "")
    used = await site.post(
        "synonyms", {"lay": "장롱", "office": ["폐기물", "폐기물", " 대형  폐기물 "], "before": "장롱"}
    )
    assert (used["state"], used["office"], used["seen"], used["by"]) == (
        "in_force",
        ["폐기물", "대형 폐기물"],
        7,
        "editor",
    )
    await site.post("synonyms", {"lay": "옷장", "office": ["대형 폐기물"], "before": "장롱"})
    assert [one["lay"] for one in await site.get("synonyms")] == ["옷장"]
    await site.post("synonyms/drop", {"lay": "옷장"})
    assert await site.get("synonyms") == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"lay": " ", "office": ["x"]}, 400),
        ({"lay": "가", "office": []}, 400),
        ({"lay": "가", "office": ["가"]}, 400),
        ({"lay": "가" * 61, "office": ["x"]}, 400),
        ({"lay": "가", "office": ["x"], "state": "lost"}, 400),
        ({"lay": "가", "office": ["x"], "before": "없던 말"}, 404),
    ],
)
async def test_words_that_are_none(site: AdminSite, sent: object, status: int) -> None:
    got, answer = await site.ask("POST", "synonyms", sent)
    assert got == status and " / " in answer["message"]


async def test_a_word_that_is_there_is_not_overwritten_by_renaming(site: AdminSite) -> None:
    for lay in ("장롱", "옷장"):
        await site.post("synonyms", {"lay": lay, "office": ["폐기물"]})
    status, answer = await site.ask("POST", "synonyms", {"lay": "옷장", "office": ["가구"], "before": "장롱"})
    assert (status, answer["code"]) == (400, "name_taken")


async def test_a_sentence_is_tried_on_the_live_assistant(site: AdminSite) -> None:
    await site.load()
    tried = await site.post("try", {"text": "대형 폐기물 배출하려고요"}, by="supervisor")
    assert tried["cards"][0]["id"] == WASTE.id and "대형" in tried["cards"][0]["words"]
    assert "폐기물" in tried["terms"] and tried["best"] >= tried["bar"] > 0 and tried["learnt"] == {}
    silent = await site.post("try", {"text": "안녕하세요"})
    assert silent["cards"] == [] and silent["best"] < silent["bar"]
    assert (await site.ask("POST", "try", {"text": ""}))[0] == 400
    assert (await site.ask("POST", "try", {"text": "가" * 1001}))[0] == 400


async def test_what_use_taught_is_explained_shown_and_forgotten(site: AdminSite) -> None:
    await site.load()
    terms = ["n대형", "n폐기물", "n배출"]
    for number in range(4):
        site.knowing.lessons.used(WASTE.id, "accepted", terms, NOW, call_id=f"c{number}")
    await site.store.knowledge.put_lessons(site.knowing.lessons.changed())
    [learnt] = await site.get("learning", by="supervisor")
    assert (learnt["entry_id"], learnt["title"]) == (WASTE.id, WASTE.title)
    assert learnt["learnt"][0]["term"] == "" and any("폐기물" in one["word"] for one in learnt["learnt"])
    assert (await site.post("try", {"text": "대형 폐기물 배출하려고요"}))["learnt"][WASTE.id] > 0
    assert (await site.post("learning/forget", {"entry_id": MOVE.id}))["lessons"] == 0
    assert (await site.post("learning/forget", {"entry_id": WASTE.id}))["lessons"] > 0
    assert await site.get("learning") == [] and await site.store.knowledge.lessons() == []


async def test_the_report_measures_later_calls_with_what_earlier_ones_taught(site: AdminSite) -> None:
    assert (await site.get("learning/report"))["rows"] == []
    await site.load()
    for number in range(10):
        await site.store.append(_call(f"c{number}", "대형 폐기물 배출하려고요", WASTE.id))
    [row, *categories] = (await site.get("learning/report", by="supervisor"))["rows"]
    assert (row["category"], row["calls"], row["questions"]) == ("", 3, 3)
    assert row["hit1"]["before"] == row["hit1"]["after"] == 1.0  # learning cannot better it, and does not worsen it
    assert [one["category"] for one in categories] == ["생활"]


def _call(call_id: str, text: str, entry_id: str) -> list[Event]:
    card = Suggestion(id=entry_id, title="x", score=0.9)
    return [
        CallStarted(call_id=call_id, seq=1, caller=Party(number="01000000000")),
        TranscriptFinal(call_id=call_id, seq=2, speaker="caller", utterance="u1", start=0, end=1, text=text),
        Suggested(call_id=call_id, seq=3, suggestions=(card,), utterance="u1"),
        CardUsed(call_id=call_id, seq=4, entry_id=entry_id, deed="accepted", utterance="u1", agent_id="agent"),
    ]
