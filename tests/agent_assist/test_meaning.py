from __future__ import annotations

import numpy as np
import pytest

from agent_assist.korean import Analyser
from agent_assist.meaning import SIZE, Meaning, meaning


@pytest.fixture(scope="module")
def words(language: Analyser) -> Meaning:
    return meaning(language)


def likeness(words: Meaning, one: str, other: str) -> float:
    a, b = words.of(one), words.of(other)
    assert a is not None and b is not None
    return float(a @ b)


@pytest.mark.parametrize(
    ("word", "like", "unlike"),
    [
        ("n벌금", "n과태료", "n수영장"),
        ("n남편", "n아내", "n하수도"),
        ("n통장", "n계좌", "n비둘기"),
        ("v때리", "n폭행", "n여권"),
        ("n공짜", "n무료", "n지진"),
    ],
)
def test_words_of_the_same_company_lie_near_each_other(words: Meaning, word: str, like: str, unlike: str) -> None:
    assert likeness(words, word, like) > likeness(words, word, unlike) + 0.15


def test_a_place_is_a_unit_vector(words: Meaning) -> None:
    place = words.of("n여권")
    assert place is not None
    assert place.shape == (SIZE,)
    assert float(np.linalg.norm(place)) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("term", ["n뷁뷁뷁", "v없는말이", "", "x여권", "p여권"])
def test_an_unknown_word_has_no_place(words: Meaning, term: str) -> None:
    assert words.of(term) is None


def test_it_is_the_same_each_time(language: Analyser, words: Meaning) -> None:
    assert meaning(language) is words
    again = Meaning(language)
    assert np.allclose(again.of("n여권"), words.of("n여권"), atol=1e-5)  # type: ignore[arg-type]
