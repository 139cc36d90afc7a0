"""Spoken numbers, particles, letters, lexicons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.numerals import sino
from models.korean import jamo
from models.korean.lexicon import lexicon
from models.korean.particles import attach
from models.korean.spoken_numbers import digits, native, number


def test_numbers_are_said_a_word_a_unit() -> None:
    """As the recogniser writes them."""
    assert number(1234) == "천 이백 삼십 사"
    assert number(150_000) == "십 오 만"
    assert number(10_000) == "만"
    assert number(0) == "영"
    assert digits("010") == "공 일 공"
    assert [native(value) for value in (3, 20, 25)] == ["세", "스무", "스물다섯"]


@given(st.integers(1, 10**12 - 1))
def test_core_reads_every_number_back(value: int) -> None:
    """What is said is what the finishing of texts understands."""
    assert sino(number(value).replace(" ", "")) == value


@pytest.mark.parametrize("value", [-1, 10**12])
def test_numbers_beyond_speech_are_refused(value: int) -> None:
    """One clear error."""
    with pytest.raises(ValueError, match="not a number"):
        number(value)


def test_particles_fit() -> None:
    """By the last letter."""
    assert attach("등본", "을/를") == "등본을"
    assert attach("버스", "으로/로") == "버스로"
    assert attach("서울", "으로/로") == "서울로"
    assert attach("집", "으로/로") == "집으로"
    assert attach("집", "에서") == "집에서"


@given(st.integers(0xAC00, 0xD7A3).map(chr))
def test_letters_make_the_syllable_again(syllable: str) -> None:
    """Taking apart and putting together."""
    assert jamo.join(jamo.split(syllable)) == syllable


def test_a_lexicon_has_both_ways_of_saying() -> None:
    """As espeak-ng reads it, and as people say it; neighbours only of frequent words."""
    found = lexicon(["국물", "가로등", "옷"], frequent=["옷"])
    assert found["국물"] == [("g", "u", "q", "m", "u", "L"), ("g", "u", "N", "m", "u", "L")]
    assert len(found["가로등"]) == 1
    assert ("o", "n") in found["옷"]


@pytest.mark.parametrize("word", ["3층", "TV", "", "두 말", "ㅋㅋ"])
def test_a_word_with_unknown_letters_is_refused(word: str) -> None:
    """One line that says why."""
    with pytest.raises(BadInput, match="written in Hangul syllables only"):
        lexicon([word])
