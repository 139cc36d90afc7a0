from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent_assist.korean import Analyser
from agent_assist.lay_words import PHRASES
from agent_assist.thesaurus import Phrases, Thesaurus, known_by
from core.store.knowledge import Synonym, SynonymState


def synonym(lay: str, *office: str, state: SynonymState = "in_force") -> Synonym:
    return Synonym(lay=lay, office=office, state=state, at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def shipped(language: Analyser) -> Thesaurus:
    return Thesaurus(language)


def office(thesaurus: Thesaurus, language: Analyser, text: str) -> set[str]:
    return {word for phrase in thesaurus.phrases(language.morphemes(text)) for word in phrase.office}


def test_an_office_has_another_word(shipped: Thesaurus) -> None:
    assert "주민센터" in shipped.office("n동사무소")
    assert "발급" in shipped.office("v떼")
    assert shipped.office("n떼") == ()


@pytest.mark.parametrize("said", ["물이 안 나와요", "물도 통 안 나오는데요", "물이 전혀 안 나온다니까요"])
def test_a_phrase_is_known_by_its_words(shipped: Thesaurus, language: Analyser, said: str) -> None:
    assert "단수" in office(shipped, language, said)


@pytest.mark.parametrize("said", ["물건이 안 나와요", "집 앞에 나가 봤어요", "네 알겠습니다", ""])
def test_other_words_are_another_phrase(shipped: Thesaurus, language: Analyser, said: str) -> None:
    assert not office(shipped, language, said) & {"단수", "가출"}


def test_a_phrase_tells_where_it_stands(shipped: Thesaurus, language: Analyser) -> None:
    text = "저기 어제부터 물이 안 나와요"
    (found,) = shipped.phrases(language.morphemes(text))
    assert text[found.start : found.end].startswith("물이 안 나")


def test_every_shipped_phrase_finds_itself(shipped: Thesaurus, language: Analyser) -> None:
    for said, words in PHRASES.items():
        assert set(words) <= office(shipped, language, said), said


def test_a_citys_noun_verb_and_phrase(language: Analyser) -> None:
    own = Thesaurus(
        language, [synonym("따르릉", "자전거"), synonym("갈기다", "투기"), synonym("밥차가 오다", "무료급식")]
    )
    assert own.office("n따르릉") == ("자전거",)
    assert "투기" in own.office("v갈기")
    assert "무료급식" in office(own, language, "밥차가 언제 오나요") | office(own, language, "밥차가 와요")


def test_a_city_takes_a_pair_away(language: Analyser, shipped: Thesaurus) -> None:
    own = Thesaurus(
        language, [synonym("동사무소", "주민센터", state="off"), synonym("물이 안 나오다", "단수", state="off")]
    )
    assert "주민센터" not in own.office("n동사무소")
    assert "행정복지센터" in own.office("n동사무소")
    assert "단수" not in office(own, language, "물이 안 나와요")
    assert "주민센터" in shipped.office("n동사무소")


def test_a_proposal_is_not_in_force(language: Analyser) -> None:
    assert Thesaurus(language, [synonym("따르릉", "자전거", state="proposed")]).office("n따르릉") == ()


@pytest.mark.parametrize("lay", ["", " ", "다", "😀", "ㅁㄴㅇ", "a" * 1000])
def test_an_odd_synonym_does_no_harm(language: Analyser, lay: str) -> None:
    Thesaurus(language, [synonym(lay, "자전거")])


def test_phrases_of_one_word(language: Analyser) -> None:
    phrases = Phrases({known_by(language.morphemes("로또")): ()})
    assert list(phrases.find(language.morphemes("로또 번호요")))
    assert not list(phrases.find(language.morphemes("전화번호요")))
