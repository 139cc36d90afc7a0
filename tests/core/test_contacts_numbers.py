"""A number is read as far as it is one."""

from __future__ import annotations

import pytest

from core.contacts.numbers import Number, number_at, shorter


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("이십삼 길", "23", "이십삼"),
        (" 천 이백 삼 호", "1203", "천 이백 삼"),
        ("일공일 동", "101", "일공일"),
        ("십오 사 주세요", "15", "십오"),
        ("015호", "15", "015"),
        ("십오이에요", "15", "십오"),
    ],
)
def test_numbers(text: str, value: str, said: str) -> None:
    number = number_at(text, 0)
    assert number is not None
    assert (number.value, text[number.start : number.end]) == (value, said)


@pytest.mark.parametrize("text", ["", "길 15", "123456", "공공", "   1"])
def test_none(text: str) -> None:
    assert number_at(text, 0) is None


def test_a_shorter_reading() -> None:
    assert shorter("이십삼", Number("23", 0, 3)) == Number("20", 0, 2)
    assert shorter("삼", Number("3", 0, 1)) is None
