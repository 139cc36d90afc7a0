from __future__ import annotations

import unicodedata

import pytest

from agent_assist.entry_index import EntryIndex
from agent_assist.korean import Analyser
from agent_assist.question import TEXT_LIMIT, Question, Questioner, Weights
from core.store.contract import Entry


@pytest.fixture(scope="module")
def index(language: Analyser, few: tuple[Entry, ...]) -> EntryIndex:
    return EntryIndex(few, language)


@pytest.fixture(scope="module")
def questioner(index: EntryIndex, language: Analyser) -> Questioner:
    return Questioner(index, language, Weights())


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
    assert options(index, question, "쓰레기")["n폐기물"] == pytest.approx(0.6)


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
