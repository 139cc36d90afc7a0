"""Runs of digits: where they are, what they say, what is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digit_runs import all_runs, digits_of, groups, may_end_with_two, other_digits_of, runs
from tests.fakes.spoken_numbers import digit_words


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("850312-2345678", ["8503122345678"]),
        ("팔오공삼일이 다시 이삼사오육칠팔이에요", ["8503122345678"]),
        ("팔십오 공삼 십이", ["850312"]),
        ("하나 둘 셋 일곱 여덟", ["12378"]),
        ("일이삼에 사오육에 칠팔구", ["123456789"]),
        ("팔오공삼일일이고요 이삼사", ["850311234"]),
        ("일 음 이 네 삼 그리고 사", ["1234"]),
        ("제로 일 제로", ["010"]),
        ("1588-0000이고 02-123-4567", ["15880000", "021234567"]),
        ("육오육 하이픈 제이 하이픈 칠일이일", ["656", "7121"]),
        ("이게 이거 이런 이렇게", []),
        ("가나다", []),
    ],
)
def test_runs(text: str, digits: list[str]) -> None:
    assert [run.digits for run in runs(text)] == digits


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("11월 26일 010-1234-5678", ["date", "phone"]),
        ("십일월 이십육 일 공일공 일이삼사", ["date", "digits"]),
        ("2026-11-26 02-123-4567", ["date", "phone"]),
        ("35,000원 3통", ["money", "digits"]),
        ("85.03.12-2345678", ["digits"]),
        ("010-1234-56789", ["digits"]),
    ],
)
def test_amounts_dates_and_telephones_are_runs_of_their_own(text: str, sorts: list[str]) -> None:
    assert [run.sort for run in all_runs(text)] == sorts


@given(st.text("0123456789", min_size=1, max_size=20), st.sampled_from(["", " ", "-", " 다시 ", "에 ", " 음 "]))
def test_what_is_said_is_read(digits: str, gap: str) -> None:
    if gap == "에 " and "2" in digits:
        return  # '이에' may be a copula in other places too
    (run,) = runs(gap.join(digit_words(digits)))
    assert run.digits == digits


def test_tens_apart_have_two_readings() -> None:
    assert digits_of("팔십 오") == "805"
    assert other_digits_of("팔십 오") == "85"
    assert other_digits_of("팔십오 육") == "856"


def test_groups_are_cut_at_blanks() -> None:
    text = "번호 119 850312-2345678, 3"
    (run,) = runs(text)
    assert [text[group.start : group.end] for group in groups(text, run)] == ["119", "850312-2345678", "3"]


def test_an_ending_may_hide_a_two() -> None:
    text = "칠팔육이요"
    (run,) = runs(text)
    assert run.digits == "786"
    assert may_end_with_two(text, run)


@given(st.text(max_size=100))
def test_any_text_is_survived(text: str) -> None:
    found = all_runs(text)
    assert all(run.digits and text[run.start : run.end].strip() for run in found)
    assert all(
        "".join(group.digits for group in groups(text, run)) == run.digits for run in found if run.sort == "digits"
    )


@pytest.mark.parametrize("piece", ["1 ", "1" + " " * 50, "이 ", "네 ", "일 음 ", "1,", "에 ", "십"])
def test_long_texts_take_no_longer_than_they_must(piece: str) -> None:
    began = time.process_time()
    all_runs(piece * (100_000 // len(piece)) + "x")
    assert time.process_time() - began < 2
