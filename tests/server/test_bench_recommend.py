"""Counting right cards, wrong ones and early ones; plain BM25 to compare with."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_assist.korean import analyser
from core.store.entry import Entry
from server.bench import recommend
from server.bench.plain_bm25 import PlainBm25, threshold
from server.bench.recommend import Question, hits, shown
from server.bench.stage import Stage

ENTRIES = (
    Entry(id="1", title="여권 재발급", body="여권을 잃어버리면 신고합니다."),
    Entry(id="2", title="가로등 고장 신고", body="가로등이 꺼지면 알려 주세요."),
)


def test_hits_are_shares() -> None:
    answers = {"a": ["1", "2"], "b": ["2", "1"], "c": [], "d": ["9", "9", "9", "1"]}
    found = hits(lambda said: answers[said], [Question(frozenset({"1"}), said) for said in answers])
    assert (found.first, found.three) == (0.25, 0.5)


def test_what_is_shown_is_a_share() -> None:
    assert shown(lambda said: [said] if said else [], ["", "a", "b", ""]) == 0.5


def test_plain_bm25_counts_words() -> None:
    plain = PlainBm25(ENTRIES, analyser())
    assert plain.ask("가로등이 고장 났어요")[0][0] == "2"
    assert plain.ask("여권이요")[0][0] == "1"
    assert plain.ask("네 네") == []


def test_a_threshold_keeps_its_share() -> None:
    scores = [float(at) for at in range(100)]
    bar = threshold(scores)
    assert sum(score >= bar for score in scores) == 95
    assert threshold([]) == 0.0


async def test_without_its_material_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommend, "SHARED", tmp_path / "nothing")
    monkeypatch.setattr(recommend, "FIXTURES", tmp_path / "nothing")
    told: list[str] = []
    report = await recommend.measure(Stage(tmp_path, told.append))
    assert report.figures == ()
    assert len(report.notes) == 2
    assert all("not there" in note for note in report.notes)
    assert told == ["a real database", "the shipped city"]
