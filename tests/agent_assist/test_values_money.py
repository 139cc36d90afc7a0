"""Amounts of won."""

from __future__ import annotations

import time

import pytest

from agent_assist.values.money import money


@pytest.mark.parametrize(
    ("said", "won"),
    [
        ("이 삼만 원만요", "30000"),
        ("일억 이천만 원이래요", "120000000"),
        ("총 3만 5,000원", "35000"),
        ("약3만원쯤", "30000"),
        ("천 원짜리", "1000"),
        ("0.5만원", "5000"),
        ("1억2천만원에", "120000000"),
        ("십원이요", "10"),
    ],
)
def test_amounts(said: str, won: str) -> None:
    assert [candidate.value for candidate in money(said)] == [won]


@pytest.mark.parametrize(
    "said",
    ["구원 투수", "만원 버스", "이삼만 원", "만 원룸", "백여 만원", "몇 천 원", "병원 3", "1.5원"],
)
def test_no_amounts(said: str) -> None:
    assert list(money(said)) == []


def test_the_first_word_may_be_another() -> None:
    (candidate,) = money("저 이 삼만 원요")
    assert "저 이 삼만 원요"[candidate.start : candidate.end] == "삼만 원"


@pytest.mark.parametrize("piece", ["1", "1,", "만", "일 ", "1 ", "3만"])
def test_rows_of_digits_are_quick(piece: str) -> None:
    """No pattern tries all ways to cut them."""
    began = time.process_time()
    list(money(piece * 2_000 + "원"))
    assert time.process_time() - began < 1
