from __future__ import annotations

import numpy as np
import pytest

from agent_assist.entry_index import EntryIndex
from agent_assist.korean import Analyser
from agent_assist.question import Question, Questioner, Slot, Weights
from agent_assist.search import reason, scores, top
from agent_assist.thesaurus import Thesaurus
from core.store.entry import Entry


@pytest.fixture(scope="module")
def index(language: Analyser, few: tuple[Entry, ...]) -> EntryIndex:
    return EntryIndex(few, language)


@pytest.fixture(scope="module")
def questioner(index: EntryIndex, language: Analyser) -> Questioner:
    return Questioner(index, language, Thesaurus(language), Weights())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("등본 좀 떼려고요", "1"),
        ("여권을 잃어버렸어요", "2"),
        ("장롱을 버리려고 하는데요", "3"),
        ("씨감자 나눠 주나요", "4"),
    ],
)
def test_the_entry_that_answers_comes_first(
    index: EntryIndex, questioner: Questioner, said: str, expected: str
) -> None:
    found = top(scores(index, questioner.ask(said)), 3)
    assert index.entries[found[0]].id == expected


def test_who_has_more_of_what_was_said_wins(language: Analyser) -> None:
    index = EntryIndex(
        (
            Entry(id="one", title="안내", body="가로등"),
            Entry(id="both", title="안내", body="가로등 보수"),
            *(Entry(id=str(at), title="안내", body="보수 공사") for at in range(5)),
        ),
        language,
    )
    question = Questioner(index, language, Thesaurus(language), Weights()).ask("가로등 보수해 주세요")
    assert index.entries[top(scores(index, question), 1)[0]].id == "both"


def test_equals_keep_the_order_of_the_database() -> None:
    assert top(np.array([1.0, 2.0, 2.0, 0.0], np.float32), 3) == [1, 2, 0]
    assert top(np.zeros(3, np.float32), 3) == []
    assert top(np.empty(0, np.float32), 3) == []


def test_the_reason_names_the_words(index: EntryIndex, questioner: Questioner) -> None:
    question = questioner.ask("저기 여권을 어제 분실했어요")
    found = reason(index, question, 1)
    assert {question.text[start:end] for start, end in found} >= {"여권", "분실"}


def test_an_entry_without_the_words_has_no_reason(index: EntryIndex, questioner: Questioner) -> None:
    assert reason(index, questioner.ask("여권이요"), 3) == ()


def test_an_entry_earns_the_best_option_of_a_slot_once(index: EntryIndex) -> None:
    passport, again = index.vocabulary["n여권"], index.vocabulary["n재발급"]
    slot = Slot(((passport, 1.0), (again, 0.5)), 0, 2, counts=False)
    nothing = np.zeros(1, np.float32)
    question = Question("여권", (slot,), (), 1, 0, nothing, asks=False, elsewhere=False, terms=())
    impact = index.postings.impact
    best = max(impact(passport, 1), 0.5 * impact(again, 1))
    assert scores(index, question)[1] == pytest.approx(best, rel=1e-5)
