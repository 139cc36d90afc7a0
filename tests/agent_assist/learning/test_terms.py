from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.learning.terms import TERMS_LIMIT, learnable, shown


@pytest.mark.parametrize("term", ["n등본", "v떼", "n이사", "n오이", "nwifi", "n일자리"])
def test_words_are_learnt(term: str) -> None:
    assert learnable([term]) == (term,)


@pytest.mark.parametrize(
    "term",
    [
        "n010",
        "n공일공",
        "n일이삼사오육",
        "n******",
        "n12가",
        "p등본",
        "w등본",
        "n",
        "",
        "na",
        "n등본 떼",
        "n" + "가" * 30,
        "n하나둘셋",
    ],
)
def test_numbers_masks_and_pieces_are_not(term: str) -> None:
    assert learnable([term]) == ()


def test_each_once_and_not_too_many() -> None:
    assert learnable(["n등본", "n등본"]) == ("n등본",)
    assert len(learnable([f"n가나{chr(0xAC00 + at)}" for at in range(500)])) == TERMS_LIMIT


def test_shown_as_people_write_them() -> None:
    assert (shown("n등본"), shown("v떼")) == ("등본", "떼다")


@given(st.lists(st.text(max_size=30), max_size=10))
def test_no_digit_ever(terms: list[str]) -> None:
    assert not [term for term in learnable(terms) if any(char.isdigit() or char == "*" for char in term)]
