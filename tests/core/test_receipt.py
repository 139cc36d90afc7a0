"""The number that a citizen can quote: short, of digits, and one wrong digit finds nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import TranscriptFinal
from core.personal import without_personal_numbers
from core.receipt import receipt_number, receipt_shaped, receipt_typed, spoken_apart

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(st.text(max_size=40), st.integers(0, 50))
def test_it_is_eleven_digits_that_are_read_back(contact_id: str, attempt: int) -> None:
    number = receipt_number(contact_id, AT, attempt)
    assert len(number) == 11
    assert number.startswith("26")
    assert receipt_typed(number) == receipt_typed(spoken_apart(number)) == receipt_typed(f" {number} ") == number
    assert number == receipt_number(contact_id, AT, attempt)


@given(st.uuids(), st.integers(0, 10), st.integers(1, 9))
def test_one_misheard_digit_is_no_number(contact_id: object, place: int, by: int) -> None:
    number = receipt_number(str(contact_id), AT)
    wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
    assert receipt_typed(wrong) == ""


@given(st.uuids())
def test_a_text_with_it_goes_through_unmasked(contact_id: object) -> None:
    words = f"접수번호는 {spoken_apart(receipt_number(str(contact_id), AT))}입니다"
    said = TranscriptFinal(utterance="1", speaker="agent", start=0.0, end=1.0, text=words)
    assert without_personal_numbers(said) == said


def test_the_next_try_is_another() -> None:
    assert len({receipt_number("c1", AT, attempt) for attempt in range(20)}) == 20


def test_the_year_is_the_citizens() -> None:
    assert receipt_number("c1", datetime(2025, 12, 31, 15, 0, tzinfo=UTC)).startswith("26")


@pytest.mark.parametrize("text", ["010-1234-5678", "01012345678", "5678", "26-482", "+82 10 1234 5678", "여권", ""])
def test_telephone_numbers_and_words_are_none(text: str) -> None:
    assert not receipt_shaped(text)
    assert receipt_typed(text) == ""


def test_shown_in_threes() -> None:
    assert spoken_apart("26482173053") == "26-482-173-053"
    assert spoken_apart("") == ""
