from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from agent_assist.everyday import EMPTY
from agent_assist.lay_words import NOUNS, PHRASES, VERBS

TEXT = files("agent_assist").joinpath("lay_words.toml").read_text(encoding="utf-8")


def test_an_office_has_another_word() -> None:
    assert "주민센터" in NOUNS["동사무소"]
    assert "발급" in VERBS["떼"]
    assert "누수" in PHRASES["물이 새다"]


@pytest.mark.parametrize("table", ["nouns", "verbs", "phrases"])
def test_no_word_stands_for_itself_or_for_nothing(table: str) -> None:
    for word, office in tomllib.loads(TEXT)[table].items():
        assert office, word
        assert word not in office, word
        assert len(set(office)) == len(office), word


def test_no_key_is_a_word_that_is_never_looked_at() -> None:
    assert (NOUNS.keys() | VERBS.keys()) & EMPTY == set()
