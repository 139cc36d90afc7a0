"""What is heard, and what is not: sentences of a call centre; one half was never looked at while lists were made."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.alerts.rules import BAR, MOST_FOUND, AlertRules, Finding
from core.events import Speaker
from tests.fakes.misheard import misheard


class Said(NamedTuple):
    part: str
    kind: str
    strength: str
    speaker: Speaker
    text: str


def corpus() -> list[Said]:
    lines = (Path(__file__).parents[2] / "fixtures" / "alerts_ko.tsv").read_text(encoding="utf-8").splitlines()
    return [Said(*line.split("\t")) for line in lines if not line.startswith("#")]  # type: ignore[arg-type]


CORPUS = corpus()


@cache
def rules() -> AlertRules:
    return AlertRules()


def hear(text: str, speaker: Speaker = "caller") -> tuple[Finding, ...]:
    return rules().hear(speaker, text)


def raised(said: Said, text: str = "") -> set[str]:
    weights: Counter[str] = Counter()
    for finding in hear(text or said.text, said.speaker):
        weights[finding.kind] += finding.weight
    return {kind for kind, weight in weights.items() if weight >= BAR}


def test_there_are_enough_sentences() -> None:
    assert sum(said.kind != "none" for said in CORPUS) >= 150
    assert sum(said.kind == "none" for said in CORPUS) >= 250
    assert len({said.text for said in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("part", ["open", "held"])
def test_strong_words_alert_at_once(part: str) -> None:
    strong = [said for said in CORPUS if said.part == part and said.strength == "strong"]
    missed = [said.text for said in strong if said.kind not in raised(said)]
    assert len(missed) <= 0.05 * len(strong), missed


@pytest.mark.parametrize("part", ["open", "held"])
def test_everyday_talk_and_anger_do_not(part: str) -> None:
    none = [said for said in CORPUS if said.part == part and said.kind == "none"]
    false = [said.text for said in none if raised(said)]
    assert len(false) <= 0.01 * len(none), false


def test_mild_words_weigh_something_and_do_not_alert_alone() -> None:
    for said in CORPUS:
        if said.strength == "mild":
            found = [finding for finding in hear(said.text) if finding.kind == said.kind]
            assert found, said.text
            assert len(found) > 1 or not raised(said), said.text


def test_slips_of_the_recogniser_cost_some_and_raise_little() -> None:
    strong = [said for said in CORPUS if said.strength == "strong"]
    none = [said for said in CORPUS if said.kind == "none"]
    found = sum(said.kind in raised(said, misheard(said.text, 1)) for said in strong)
    false = sum(bool(raised(said, misheard(said.text, 1))) for said in none)
    assert found >= 0.75 * len(strong)
    assert false <= 0.02 * len(none)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("그 사람이 저한테 죽인다고 했어요", "emergency"),
        ("너 죽인다", "threat"),
        ("집에 불이 났어요", "emergency"),
        ("ㅅㅣㅂㅏㄹ", "abuse"),
    ],
)
def test_who_speaks_of_whom(text: str, kind: str) -> None:
    assert [finding.kind for finding in hear(text)] == [kind]


@pytest.mark.parametrize(
    "text", ["작년에 집에 불이 났었어요", "불이 나면 어떻게 해요", "불이 났을 때 대피 요령", "불이 나갔어요"]
)
def test_what_is_over_or_might_be_is_no_emergency(text: str) -> None:
    assert sum(finding.weight for finding in hear(text)) < BAR


def test_only_the_caller_abuses() -> None:
    assert hear("이 씨발놈아", "agent") == ()
    assert hear("불이 났다고 하십니다", "agent")


def test_a_finding_is_shown_as_said() -> None:
    text = unicodedata.normalize("NFD", "야 이 시1발 것들아")
    (finding,) = hear(text)
    assert text[finding.start : finding.end] == finding.words
    assert unicodedata.normalize("NFC", finding.words).startswith("시1발")
    assert finding.phrase.startswith("시발")
    assert (finding.kind, finding.rule) == ("abuse", "abuse.ssi")


def test_who_swears_without_end_is_heard_within_limits() -> None:
    assert len(hear("씨발 " * 30_000)) == MOST_FOUND


@given(st.text(max_size=120))
def test_any_text_is_heard(text: str) -> None:
    for finding in hear(text):
        assert text[finding.start : finding.end] == finding.words
        assert 0 < finding.weight <= 2
