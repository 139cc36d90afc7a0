"""Telephone numbers in a text."""

from __future__ import annotations

import pytest

from core.contacts.phones import phones


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("공일공 일이삼사 오육칠팔이에요", ["010-1234-5678"]),
        ("02)123-4567", ["02-123-4567"]),
        ("010 1234 5678 30분 뒤에", ["010-1234-5678"]),
        ("11월 26일 010-1234-5678", ["010-1234-5678"]),
        ("공일공 일이삼사 오육칠팔 그리고 공이 칠칠칠 공구일이", ["010-1234-5678", "02-777-0912"]),
        ("+82 10-1234-5678", ["010-1234-5678"]),
        ("0504 1234 5678", ["0504-1234-5678"]),
        ("1588 2000원", []),
        ("119, 112, 120", []),
        ("850312-2345678", []),
        ("15,880,000원", []),
        ("", []),
    ],
)
def test_telephone_numbers(text: str, numbers: list[str]) -> None:
    assert [contact.value for contact in phones(text)] == numbers


def test_where_it_stands() -> None:
    (contact,) = phones("제 번호는 공일공 일이삼사 오육칠팔이에요")
    assert "제 번호는 공일공 일이삼사 오육칠팔이에요"[contact.start : contact.end] == "공일공 일이삼사 오육칠팔"
