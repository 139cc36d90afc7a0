"""Shipped lists, and a city's own part."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from agent_assist.alerts.rules import BAR, AlertRules
from agent_assist.alerts.word_list import MOST_BYTES, CityWords, city_words, merged, shipped
from core.errors import BadInput
from core.events import AlertKind

OWN = {
    "words": [
        {"id": "abuse.city", "kind": "abuse", "weight": 1.2, "say": ["허수아비 같은 것들-"], "contexts": ["quoted"]},
        {"id": "abuse.mild", "kind": "abuse", "weight": 0.1, "say": ["바보야"]},
    ],
    "off": ["abuse.eat"],
}


def rules(document: Any) -> AlertRules:
    return AlertRules.of_document(json.dumps(document))


def kinds(these: AlertRules, text: str) -> list[tuple[str, float]]:
    return [(finding.rule, finding.weight) for finding in these.hear("caller", text)]


def test_every_kind_is_shipped_with_something_that_alerts_at_once() -> None:
    words = shipped().words
    assert {rule.kind for rule in words if rule.weight >= BAR} == set(get_args(AlertKind))
    assert len({rule.id for rule in words}) == len(words)
    merged(shipped(), CityWords())  # every context that a rule asks is there


def test_emergencies_are_heard_from_both_all_else_from_the_caller_alone() -> None:
    for rule in shipped().words:
        assert "caller" in rule.speakers
        assert rule.kind == "emergency" or rule.speakers == ("caller",)


def test_a_city_adds_replaces_and_switches_off() -> None:
    own = rules(OWN)
    assert kinds(own, "허수아비 같은 것들이 앉아 있네")[0] == ("abuse.city", 1.2)
    assert kinds(own, "허수아비 같은 것들이라고 했어요") == []
    assert kinds(own, "바보야") == [("abuse.mild", 0.1)]
    assert kinds(AlertRules(), "그만 좀 처먹어") == [("abuse.eat", 1.1)]
    assert kinds(own, "그만 좀 처먹어") == []


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "[]",
        '{"wrods": []}',
        json.dumps({"off": ["abuse.unknown"]}),
        json.dumps({"words": [{"id": "x", "kind": "rude", "weight": 1, "say": ["가"]}]}),
        json.dumps({"words": [{"id": "x", "kind": "abuse", "weight": 9, "say": ["가"]}]}),
        json.dumps({"words": [{"id": "x", "kind": "abuse", "weight": 1, "say": []}]}),
        json.dumps({"words": [{"id": "X y", "kind": "abuse", "weight": 1, "say": ["가"]}]}),
        json.dumps({"words": [{"id": "x", "kind": "abuse", "weight": 1, "say": ["가 .."]}]}),
        json.dumps({"words": [{"id": "x", "kind": "abuse", "weight": 1, "say": ["가"], "contexts": ["nowhere"]}]}),
        json.dumps({"words": 2 * [{"id": "x", "kind": "abuse", "weight": 1, "say": ["가"]}]}),
        json.dumps({"contexts": [{"id": "x", "phrases": ["|"]}]}),
        b"\xff\xfe\x00",
        " " * (MOST_BYTES + 1),
    ],
)
def test_what_does_not_fit_is_said_in_korean_first(document: str | bytes) -> None:
    with pytest.raises(BadInput, match=r"[가-힣].* / "):
        AlertRules.of_document(document)


def test_an_error_names_the_rule() -> None:
    with pytest.raises(BadInput, match=r"abuse\.own"):
        rules({"words": [{"id": "abuse.own", "kind": "abuse", "weight": 1, "say": ["가 .."]}]})


def test_a_city_words_its_procedures() -> None:
    own = rules(
        {"procedures": [{"kind": "abuse", "title": "우리 시 절차", "steps": [{"step": "closed", "title": "끝"}]}]}
    )
    assert own.procedure("abuse").title == "우리 시 절차"
    assert own.procedure("threat") == AlertRules().procedure("threat")
    assert city_words("{}") == CityWords()
