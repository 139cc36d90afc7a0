from __future__ import annotations

import pytest

from agent_assist.knowledge_base import KnowledgeBase, Turn
from agent_assist.korean import Analyser
from core.store.contract import Entry


@pytest.fixture(scope="module")
def base(language: Analyser, few: tuple[Entry, ...]) -> KnowledgeBase:
    return KnowledgeBase(few, language)


def test_a_card_shows_who_answers_and_why(base: KnowledgeBase) -> None:
    best, *_ = base.answer(base.ask("등본을 떼려고 하는데요"), [], bar=0.3, cards=3)
    assert (best.id, best.department, best.person, best.phone) == ("1", "민원여권과", "백서연", "070-0055-1100")
    assert best.words[0] == "등본"


def test_small_talk_brings_nothing(base: KnowledgeBase) -> None:
    assert base.answer(base.ask("네 감사합니다"), [], bar=0.0, cards=3) == []
    assert base.weigh(base.ask("네 감사합니다")) is None


def test_the_keyword_raises_its_entry_and_the_surety(base: KnowledgeBase) -> None:
    weighing = base.weigh(base.ask("소파요"))
    assert weighing is not None
    assert base.entries["3"].title == "대형 폐기물 배출 신청"
    assert weighing.evidence.keyword == 1.0


def test_nothing_is_shown_below_the_bar(base: KnowledgeBase) -> None:
    assert base.answer(base.ask("여권이요"), [], bar=1.0, cards=3) == []


def test_context_speaks_for_the_entry_that_was_talked_about(base: KnowledgeBase) -> None:
    question = base.ask("신청하면 되나요 재발급이나 배출이나")
    alone = base.weigh(question)
    about_passports = base.weigh(question, [Turn(base.ask("여권을 잃어버렸어요"), 0.5)])
    about_furniture = base.weigh(question, [Turn(base.ask("장롱을 버리려고요"), 0.5)])
    assert alone is not None and about_passports is not None and about_furniture is not None
    assert about_passports.documents[0] == 1
    assert about_furniture.documents[0] == 2


def test_twins_do_not_take_two_places(language: Analyser) -> None:
    twin = Entry(id="1", title="여권 재발급", keywords=("여권",))
    base = KnowledgeBase([twin, Entry(id="2", title="여권 재발급", keywords=("여권",))], language)
    assert len(base.answer(base.ask("여권 재발급이요"), [], bar=0.0, cards=3)) == 1


def test_search_finds_letters_first_then_what_is_meant(base: KnowledgeBase) -> None:
    assert [card.id for card in base.search("ㅇㄱ", 5)] == ["2"]
    assert base.search("여권", 5)[0].score > 0.9
    assert base.search("가구를 버릴 때 붙이는 스티커", 5)[0].id == "3"
    assert base.search("", 5) == []
    assert base.search("뷁뷁", 5) == []


def test_an_empty_database_answers_nothing(language: Analyser) -> None:
    base = KnowledgeBase((), language)
    assert base.answer(base.ask("여권이요"), [], bar=0.0, cards=3) == []
    assert base.search("여권", 5) == []


def test_the_same_question_has_the_same_answer(base: KnowledgeBase) -> None:
    first = base.answer(base.ask("여권을 새로 만들려고요"), [], bar=0.1, cards=3)
    assert all(base.answer(base.ask("여권을 새로 만들려고요"), [], bar=0.1, cards=3) == first for _ in range(3))
