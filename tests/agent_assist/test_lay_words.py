from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from agent_assist.everyday import EMPTY
from agent_assist.hangul import squeezed
from agent_assist.lay_words import office_words, phrases

TABLES = tomllib.loads(files("agent_assist").joinpath("lay_words.toml").read_text(encoding="utf-8"))


def test_an_office_has_another_word() -> None:
    assert "주민센터" in office_words("n동사무소")
    assert "발급" in office_words("v떼")
    assert office_words("n떼") == ()


def test_phrases_are_found_whatever_their_spaces() -> None:
    assert list(phrases("제가 앞이 안 보이는데요")) == [("시각", "장애인")]
    assert list(phrases("네 알겠습니다")) == []


@pytest.mark.parametrize("table", ["nouns", "verbs", "phrases"])
def test_no_word_stands_for_itself_or_for_nothing(table: str) -> None:
    for word, office in TABLES[table].items():
        assert office, word
        assert word not in office, word
        assert len(set(office)) == len(office), word


def test_no_key_is_a_word_that_is_never_looked_at() -> None:
    assert {word for table in ("nouns", "verbs") for word in TABLES[table]} & EMPTY == set()
    assert all(phrase == squeezed(phrase) for phrase in TABLES["phrases"])
