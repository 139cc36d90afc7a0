from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from agent_assist.entry_index import EntryIndex
from agent_assist.korean import Analyser
from agent_assist.question import TEXT_LIMIT, Question, Questioner, Weights
from agent_assist.thesaurus import Thesaurus
from core.store.entry import Entry


@pytest.fixture(scope="module")
def index(language: Analyser, few: tuple[Entry, ...]) -> EntryIndex:
    return EntryIndex(few, language)


@pytest.fixture(scope="module")
def questioner(index: EntryIndex, language: Analyser) -> Questioner:
    return Questioner(index, language, Thesaurus(language), Weights())


def options(index: EntryIndex, question: Question, word: str) -> dict[str, float]:
    names = {number: term for term, number in index.vocabulary.items()}
    place = question.text.index(word)
    return {
        names[number]: weight
        for slot in question.slots
        if slot.end and slot.start <= place < slot.end
        for number, weight in slot.options
    }


def test_a_word_of_the_database_counts_full(index: EntryIndex, questioner: Questioner) -> None:
    assert options(index, questioner.ask("여권이 없어졌어요"), "여권")["n여권"] == 1.0


def test_an_office_word_is_found_by_the_lay_word(index: EntryIndex, questioner: Questioner) -> None:
    question = questioner.ask("쓰레기를 내놓으려고요")
    assert options(index, question, "쓰레기")["n폐기물"] == pytest.approx(0.9)


def test_a_misheard_word_is_taken_for_one_that_sounds_alike(index: EntryIndex, questioner: Questioner) -> None:
    found = options(index, questioner.ask("폐기몰 내놓으려고요"), "폐기몰")
    assert 0 < found["n폐기물"] < 1


@pytest.mark.parametrize(
    "text",
    ["네 공일공에 일이삼사에 오육칠팔이요", "010-0123-4567", "네 감사합니다", "", "😀 👍", "!!!", "이십일일이요"],
)
def test_numbers_and_politeness_are_no_question(questioner: Questioner, text: str) -> None:
    assert questioner.ask(text).words == 0


def test_moving_house_is_no_number(questioner: Questioner) -> None:
    assert questioner.ask("이사했어요").words >= 1


def test_words_of_any_call_are_counted_out(questioner: Questioner) -> None:
    assert questioner.ask("우리 동네 사람들이요").words == 0
    assert questioner.ask("우리 동네 가로등이요").words == 1


def test_what_the_database_has_nothing_like_is_counted(questioner: Questioner) -> None:
    question = questioner.ask("뷁뷁뷁 여권")
    assert question.words > question.unknown > 0


def test_decomposed_letters_are_read(questioner: Questioner) -> None:
    assert questioner.ask(unicodedata.normalize("NFD", "여권이요")).slots == questioner.ask("여권이요").slots


def test_a_giant_text_is_cut(questioner: Questioner) -> None:
    question = questioner.ask("가나다라 " * 20_000 + "여권")
    assert len(question.text) == TEXT_LIMIT
    assert question.text.endswith("여권")


def test_a_question_is_told_from_a_topic(questioner: Questioner) -> None:
    assert questioner.ask("여권은 어디서 받아요").asks
    assert not questioner.ask("여권 때문에 전화했는데요").asks


def test_what_no_office_does_is_known(questioner: Questioner) -> None:
    assert questioner.ask("세탁기 수리 기사 좀 불러 주세요").elsewhere
    assert not questioner.ask("세탁기를 버리려고 하는데요").elsewhere


def test_a_slip_that_is_another_word_is_heard_as_the_word_of_the_database(
    index: EntryIndex, questioner: Questioner
) -> None:
    assert "n등본" in options(index, questioner.ask("동본 떼려고요"), "동본")


def test_the_words_with_a_topic_are_its_terms(questioner: Questioner) -> None:
    assert questioner.ask("저기 여권을 분실해서요").terms == ("n여권", "n분실")


def test_the_sense_is_longer_the_more_was_said(questioner: Questioner) -> None:
    assert not questioner.ask("네 네").sense.any()
    one, two = questioner.ask("여권이요").sense, questioner.ask("여권 분실 신고요").sense
    assert np.linalg.norm(two) > np.linalg.norm(one) > 0


@pytest.mark.parametrize(
    "text", ["ㄷㅡㅇㅂㅗㄴ ㄸㅔ", "등본ㅇ", "\u1103\u1173\u11bc", "ㅋㅋ ㅠㅠ", "👨‍👩‍👧‍👦 등본 👍🏽"]
)
def test_half_composed_letters_and_emoji_are_read(questioner: Questioner, text: str) -> None:
    assert questioner.ask(text).words <= 4
