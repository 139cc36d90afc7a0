"""Numerals read as what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numerals import amount, native, phone, sino, spoken_digits
from tests.fakes.spoken_numbers import native_words, sino_words


@given(st.integers(1, 9_999_999_999))
def test_any_number_is_read_back(number: int) -> None:
    """Written as Koreans say it, read as the same number."""
    assert sino(sino_words(number)) == number
    assert amount(sino_words(number)) == number
    assert amount(f"{number:,}") == amount(f" {number} ") == number


@given(st.integers(1, 99))
def test_any_native_number_is_read_back(number: int) -> None:
    assert native(native_words(number)) == number


@given(st.integers(1, 9999), st.integers(1, 9), st.sampled_from([("천", 1000), ("백", 100), ("십", 10)]))
def test_digits_and_words_together(left: int, right: int, scale: tuple[str, int]) -> None:
    """As people write it: '3만5천'."""
    name, size = scale
    assert amount(f"{left}만{right}{name}") == left * 10_000 + right * size
    assert amount(f"{left}만 {right * size:,}") == left * 10_000 + right * size


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("만", 10_000),
        ("3만5천", 35_000),
        ("백이십만", 1_200_000),
        ("1억 2천만", 120_000_000),
        ("3천5백", 3_500),
        ("3천 오백", 3_500),
        ("5천삼", 5_003),
        ("삼만 오천", 35_000),
        ("0", 0),
    ],
)
def test_amounts(numeral: str, number: int) -> None:
    assert amount(numeral) == number


@pytest.mark.parametrize(
    "numeral", ["", "이삼", "3만 2억", "만만", "12천", "천백만 2만", "3백5천", "원", "1" * 50, "九"]
)
def test_what_is_no_amount_is_none(numeral: str) -> None:
    assert amount(numeral) is None


@pytest.mark.parametrize("numeral", ["", "이삼", "일일이", "십백", "만만"])
def test_what_is_no_number_is_none(numeral: str) -> None:
    """Single digits in a row are a run, not a number."""
    assert sino(numeral) is None


@pytest.mark.parametrize("numeral", ["", "셋넷", "한열", "이십", "스무한", "열스물"])
def test_what_is_no_native_number_is_none(numeral: str) -> None:
    assert native(numeral) is None


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    for read in (amount, native, sino):
        assert read(text) is None or read(text) == read(text)


def test_spoken_digits() -> None:
    """All of the token or nothing."""
    assert spoken_digits("공일영") == "010"
    assert spoken_digits("공사중") == ""
    assert spoken_digits("십") == ""


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("01000001234", "010-0000-1234"),
        ("021230000", "02-123-0000"),
        ("0212340000", "02-1234-0000"),
        ("0312000000", "031-200-0000"),
        ("07012340000", "070-1234-0000"),
        ("15880000", "1588-0000"),
        ("050412340000", "0504-1234-0000"),
        ("0010000", None),
        ("8503122345678", None),
        ("", None),
    ],
)
def test_telephone_numbers(digits: str, written: str | None) -> None:
    """The numbering plan of Korea, as far as callers use it."""
    assert phone(digits) == written
