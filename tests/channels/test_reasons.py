"""Reasons are advice in Korean, with an English twin and room for the provider's code."""

from __future__ import annotations

import re

import pytest

from channels.reasons import _WORDS, in_english, in_words


@pytest.mark.parametrize("name", _WORDS)
def test_every_reason_is_advice_in_both_languages(name: str) -> None:
    korean, english = _WORDS[name]
    assert re.search("[가-힣]", korean)
    assert not re.search("[가-힣]", english)
    assert korean.endswith(".")
    assert english.endswith(".")
    assert in_english(in_words(name)) == english
    assert in_english(in_words(name, "3001")) == f"{english} [3001]"


def test_what_is_not_ours_stays() -> None:
    assert in_english("다른 말 [1]") == "다른 말 [1]"
