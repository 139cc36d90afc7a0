from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from agent_assist.knowledge_base import KnowledgeBase, Turn
from agent_assist.korean import Analyser
from core.store.entry import Entry
from core.store.knowledge import Synonym


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


def test_an_entry_is_never_meant_with_its_excluded_words(language: Analyser) -> None:
    entries = [
        Entry(id="1", title="여권 재발급", keywords=("여권",), excludes=("단수 여권",)),
        Entry(id="2", title="단수 여권 신청"),
    ]
    base = KnowledgeBase(entries, language)
    assert base.answer(base.ask("여권 재발급이요"), [], bar=0.0, cards=3)[0].id == "1"
    assert [card.id for card in base.answer(base.ask("단수 여권을 재발급하려고요"), [], bar=0.0, cards=3)] == ["2"]


def test_an_expired_entry_is_no_card(language: Analyser) -> None:
    base = KnowledgeBase([Entry(id="1", title="여권 재발급", keywords=("여권",), expires=date(2026, 5, 1))], language)
    asked = base.ask("여권 재발급이요")
    assert base.answer(asked, [], bar=0.0, cards=3, today=date(2026, 5, 1))
    assert base.answer(asked, [], bar=0.0, cards=3, today=date(2026, 5, 2)) == []


def test_a_card_tells_its_version_and_who_is_away(language: Analyser) -> None:
    base = KnowledgeBase([Entry(id="1", title="여권 재발급", version=7, person_absent=True)], language)
    (card,) = base.answer(base.ask("여권 재발급이요"), [], bar=0.0, cards=3)
    assert (card.version, card.absent, card.why) == (7, True, "words")


def test_a_lesson_lifts_but_does_not_conjure(base: KnowledgeBase) -> None:
    asked = base.ask("신청하면 되나요 재발급이나 배출이나")
    plain = base.weigh(asked)
    assert plain is not None
    first, second = plain.documents[:2]
    ids = list(base.entries)
    lifted = base.weigh(asked, bonus={ids[second]: 1.0, ids[first]: -1.0})
    assert lifted is not None
    assert lifted.documents[0] == second
    assert lifted.lifted == {second}
    stranger = next(at for at in range(len(ids)) if at not in plain.documents)
    conjured = base.weigh(asked, bonus={ids[stranger]: 1.0})
    assert conjured is not None
    assert stranger not in conjured.documents


def test_a_lesson_is_no_evidence_but_a_dismissal_is(base: KnowledgeBase) -> None:
    asked = base.ask("여권 재발급이요")
    strength = []
    for bonus in (-1.0, 0.0, 1.0):
        weighing = base.weigh(asked, bonus={"2": bonus})
        assert weighing is not None
        strength.append(weighing.evidence.strength)
    assert strength[0] < strength[1] == pytest.approx(strength[2])


def test_the_citys_words_are_known(language: Analyser, few: tuple[Entry, ...]) -> None:
    word = Synonym(lay="떡잎표", office=("여권",), at=datetime(2026, 1, 1, tzinfo=UTC))
    base = KnowledgeBase(few, language, synonyms=[word])
    assert base.answer(base.ask("떡잎표 때문에요"), [], bar=0.0, cards=1)[0].id == "2"


def test_a_model_that_reads_decides_among_the_best(language: Analyser, few: tuple[Entry, ...]) -> None:
    class Potatoes:
        def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
            return [float("감자" in passage) for passage in passages]

    plain = KnowledgeBase(few, language)
    read = KnowledgeBase(few, language, reranker=Potatoes())
    said = "신청하고 나누어 받나요"
    assert plain.weigh(plain.ask(said)).documents != read.weigh(read.ask(said)).documents  # type: ignore[union-attr]
    assert read.weigh(read.ask(said)).documents[0] == 3  # type: ignore[union-attr]
