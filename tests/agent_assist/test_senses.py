from __future__ import annotations

import numpy as np
import pytest

from agent_assist.entry_index import EntryIndex
from agent_assist.korean import Analyser
from agent_assist.meaning import SIZE, meaning
from core.store.entry import Entry


@pytest.fixture(scope="module")
def index(language: Analyser, few: tuple[Entry, ...]) -> EntryIndex:
    return EntryIndex(few, language)


def test_a_word_that_nobody_wrote_is_like_one_that_is_there(index: EntryIndex) -> None:
    number, likeness = index.senses.like("n고구마", 0.2)[0]
    assert number == index.vocabulary["n감자"]
    assert 0.2 <= likeness < 1


def test_an_unknown_word_is_like_nothing(index: EntryIndex) -> None:
    assert index.senses.like("n뷁뷁뷁", 0.2) == ()


def test_a_question_is_nearest_to_the_entry_that_is_about_the_same(index: EntryIndex, language: Analyser) -> None:
    sense = meaning(language).of("n고구마")
    assert sense is not None
    near = index.senses.near(sense, np.arange(4, dtype=np.int32))
    assert near.argmax() == 3
    assert (near >= 0).all() and (near <= 2).all()


def test_no_sense_is_near_to_nothing(index: EntryIndex) -> None:
    assert not index.senses.near(np.zeros(SIZE, np.float32), np.arange(4, dtype=np.int32)).any()


def test_an_empty_database_has_none(language: Analyser) -> None:
    senses = EntryIndex((), language).senses
    assert senses.like("n감자", 0.1) == ()
    assert senses.near(np.ones(SIZE, np.float32), np.empty(0, np.int32)).size == 0
