from __future__ import annotations

import json
from typing import Any

import pytest

from agent_assist.reminders.phrases import said
from agent_assist.reminders.rules import PHRASES_LIMIT, RULES_LIMIT, in_force, read, shipped
from core.errors import BadInput

GOOD: dict[str, Any] = {"id": "own", "title": "우리 규칙", "phrases": ["우리 시"], "within_s": 10, "text": "말하세요"}


def body(*rules: dict[str, Any], off: tuple[str, ...] = ()) -> str:
    return json.dumps({"off": list(off), "rules": list(rules)}, ensure_ascii=False)


def test_the_shipped_rules_are_such_as_a_city_may_write() -> None:
    rules = shipped()
    assert {rule.id for rule in rules} == {"greeting", "consent", "more_questions"}
    written = [{name: getattr(rule, name) for name in rule.__struct_fields__} for rule in rules]
    assert read(json.dumps({"rules": written})).rules == rules
    assert all(rule.text and rule.text_en for rule in rules)


@pytest.mark.parametrize(
    ("rule_id", "text"),
    [
        ("greeting", "감사합니다 한빛시 민원콜센터 상담사 김하늘입니다"),
        ("greeting", "네 한빛시 콜센터 박서준입니다 무엇을 도와드릴까요"),
        ("greeting", "안녕하세요 한빛시 민원 콜센터입니다"),
        ("consent", "연락을 위해 개인정보 수집에 동의하십니까"),
        ("more_questions", "더 궁금하신 점은 없으신가요"),
    ],
)
def test_the_shipped_phrases_are_what_agents_say(rule_id: str, text: str) -> None:
    rule = next(rule for rule in shipped() if rule.id == rule_id)
    assert said(rule.phrases, text)


@pytest.mark.parametrize("text", ["네 네", "등본은 가까운 행정복지센터에서 떼실 수 있습니다", "잠시만 기다려 주세요"])
def test_other_talk_keeps_no_shipped_rule(text: str) -> None:
    assert [rule.id for rule in shipped() if said(rule.phrases, text) or said(rule.after, text)] == []


def test_without_a_document_the_shipped_ones_are_in_force() -> None:
    assert in_force() == in_force("  ") == shipped()


def test_a_citys_rules_come_on_top_in_place_or_take_away() -> None:
    rules = in_force(body(GOOD, {**GOOD, "id": "greeting", "text": "우리 말로"}, off=("consent",)))
    assert [rule.id for rule in rules] == ["greeting", "more_questions", "own"]
    assert rules[0].text == "우리 말로"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"id": "Own"}, "id"),
        ({"id": ""}, "id"),
        ({"title": " "}, "title"),
        ({"text": ""}, "entry_id"),
        ({"text": "가" * 201}, "200"),
        ({"within_s": -1}, "within_s"),
        ({"within_s": 1e9}, "within_s"),
        ({"within_s": 0}, "within_s"),
        ({"phrases": []}, "phrases"),
        ({"phrases": ["가"]}, "phrases"),
        ({"phrases": ["!!"]}, "phrases"),
        ({"phrases": ["가나다"] * (PHRASES_LIMIT + 1)}, "phrases"),
        ({"after": ["가나"]}, "after"),
        ({"when": "after_phrase"}, "after"),
        ({"when": "after_phrase", "after": ["가나"], "within_s": 0}, "earlier"),
        ({"when": "sometimes"}, "when"),
        ({"whithin_s": 3}, "whithin_s"),
        ({"within_s": "ten"}, "within_s"),
        ({"speaker": "robot"}, "speaker"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_is_wrong(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(BadInput, match=word) as refused:
        in_force(body({**GOOD, **wrong}))
    assert refused.value.code == "reminder_rules"
    korean, _, english = str(refused.value).partition(" / ")
    assert any("가" <= char <= "힣" for char in korean)
    assert english


@pytest.mark.parametrize(
    "text", ["[", "[]", "3", "null", '{"rules": 3}', '{"x": []}', "x" * 600_000, '{"rules":' + "[" * 5000]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read(text)


def test_twice_the_same_id_unknown_ids_and_too_many_are_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        read(body(GOOD, GOOD))
    with pytest.raises(BadInput, match="greeting"):
        read(body(off=("greting",)))
    with pytest.raises(BadInput, match=str(RULES_LIMIT)):
        read(body(*({**GOOD, "id": f"r{at}"} for at in range(RULES_LIMIT + 1))))
