"""Check digits: the right last digit, and only that one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.check_digits import card_shaped, luhn, resident_checks, resident_shaped

first_twelve = st.tuples(
    st.integers(0, 99), st.integers(1, 12), st.integers(1, 28), st.integers(1, 8), st.integers(0, 99_999)
).map(lambda t: f"{t[0]:02}{t[1]:02}{t[2]:02}{t[3]}{t[4]:05}")


@given(first_twelve)
def test_of_ten_last_digits_one_is_right(digits: str) -> None:
    numbers = [digits + last for last in "0123456789"]
    assert all(resident_shaped(number) for number in numbers)
    assert sum(resident_checks(number) for number in numbers) == 1


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        ("8001011234561", False),
        ("8001012345674", False),
        ("800101123456", False),
        ("800101-123456", False),
        ("", False),
    ],
)
def test_what_does_not_check(digits: str, right: bool) -> None:
    assert resident_checks(digits) is right


def test_the_sum_that_the_law_gives() -> None:
    """Weights 2 to 9, then 2 to 5; eleven less the rest, thirteen less the rest for aliens."""
    weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    for twelve, eleven in (("800101123456", 11), ("800101523456", 13)):
        rest = sum(w * int(d) for w, d in zip(weights, twelve, strict=True)) % 11
        assert resident_checks(twelve + str((eleven - rest) % 10))


@given(st.text("0123456789", min_size=1, max_size=18))
def test_luhn_knows_a_changed_digit_and_a_swap(digits: str) -> None:
    whole = next(digits + last for last in "0123456789" if luhn(digits + last))
    changed = str((int(whole[0]) + 1) % 10) + whole[1:]
    assert not luhn(changed)
    if len(whole) > 1 and {whole[0], whole[1]} not in ({"0", "9"}, {whole[0]}):
        assert not luhn(whole[1] + whole[0] + whole[2:])


@pytest.mark.parametrize(
    ("digits", "is_card"),
    [
        ("4111111111111111", True),
        ("378282246310005", True),
        ("4111111111111112", False),
        ("1111111111111117", False),
        ("", False),
    ],
)
def test_cards(digits: str, is_card: bool) -> None:
    assert card_shaped(digits) is is_card


@pytest.mark.parametrize("digits", ["8513011234567", "8500011234567", "8501321234567", "8501019234567", "850101123456"])
def test_no_birthday_no_resident_number(digits: str) -> None:
    assert not resident_shaped(digits)
