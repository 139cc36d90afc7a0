from __future__ import annotations

import pytest

from agent_assist.korean import Analyser
from agent_assist.triggers import Triggers

KEYWORDS = [
    ["등본", "등본 떼려고"],  # 0
    ["여권", "여권 재발급"],  # 1
    ["감자"],  # 2
    ["대형 폐기물", "소파"],  # 3
    ["주민등록증"],  # 4
    ["여권"],  # 5
    ["물"],  # 6: too short
    ["정부24"],  # 7
]


@pytest.fixture(scope="module")
def triggers(language: Analyser) -> Triggers:
    return Triggers(KEYWORDS, language)


def found(triggers: Triggers, language: Analyser, text: str) -> dict[str, str]:
    """Keyword -> the words in the text."""
    return {t.keyword: text[t.start : t.end] for t in triggers.find(text, language.morphemes(text, tolerant=True))}


@pytest.mark.parametrize(
    "text",
    ["등본을 떼야 돼요", "등본이 필요해서요", "등본 떼려고", "등본도 되나요", "등본이라도 주세요", "주민등록등본이요"],
)
def test_particles_and_endings_are_tolerated(triggers: Triggers, language: Analyser, text: str) -> None:
    assert found(triggers, language, text)["등본"] == "등본"


@pytest.mark.parametrize(
    "text", ["감자탕집이요", "소파수리공 아닙니다 소파동이요", "여권신장 운동", "제주도 물이 좋아요"]
)
def test_no_keyword_inside_another_word(triggers: Triggers, language: Analyser, text: str) -> None:
    assert not {"감자", "물"} & found(triggers, language, text).keys()


def test_a_potato_stew_is_no_potato(triggers: Triggers, language: Analyser) -> None:
    assert found(triggers, language, "감자탕 먹었어요") == {}
    assert found(triggers, language, "감자를 심었어요") == {"감자": "감자"}


@pytest.mark.parametrize("text", ["여권을 재발급 받으려고요", "여권 재발급이요", "여권재발급 해 주세요"])
def test_particles_between_the_words_of_a_keyword(triggers: Triggers, language: Analyser, text: str) -> None:
    assert "여권 재발급" in found(triggers, language, text)


@pytest.mark.parametrize("text", ["대형폐기물 버리려고요", "대형 폐기물이요"])
def test_spaces_do_not_matter(triggers: Triggers, language: Analyser, text: str) -> None:
    assert "대형 폐기물" in found(triggers, language, text)


def test_all_owners_of_a_keyword_are_named(triggers: Triggers, language: Analyser) -> None:
    (trigger,) = triggers.find("여권이요", language.morphemes("여권이요"))
    assert trigger.documents == (1, 5)


def test_digits_and_letters_in_a_keyword(triggers: Triggers, language: Analyser) -> None:
    assert found(triggers, language, "정부24에서요")["정부24"] == "정부24"


def test_the_words_are_the_callers_own(triggers: Triggers, language: Analyser) -> None:
    text = "저 그 여권을 다시 재발급이요"
    for trigger in triggers.find(text, language.morphemes(text)):
        assert text[trigger.start : trigger.end].startswith("여권")


def test_a_database_without_keywords(language: Analyser) -> None:
    none = Triggers([[], []], language)
    assert len(none) == 0
    assert none.find("여권이요", language.morphemes("여권이요")) == []


@pytest.mark.parametrize(
    "said",
    [
        "등본을 떼려고요",
        "등본 떼러 왔어요",
        "등본을 뗄려면요",
        "등본 좀 떼 주세요",
        "등본도 떼야 되는데",
        "등본 뗐는데요",
        "등본은 어디서 떼나요",
    ],
)
def test_a_phrase_with_a_verb_has_any_ending(language: Analyser, said: str) -> None:
    triggers = Triggers([["등본 떼다"], ["여권"]], language)
    assert [one.keyword for one in triggers.find(said, language.morphemes(said, tolerant=True))] == ["등본 떼다"]


def test_another_verb_is_another_phrase(language: Analyser) -> None:
    triggers = Triggers([["등본 떼다"]], language)
    assert triggers.find("등본을 잃어버렸어요", language.morphemes("등본을 잃어버렸어요")) == []
