"""What a long number is, by itself and by what is said around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt.number_kinds import is_birthday, is_day, kind_of


@pytest.mark.parametrize(
    ("digits", "before", "after", "kind"),
    [
        ("8503122345678", "", "", "resident_number"),
        ("850312234567", "", "", "resident_number"),
        ("4111111111111111", "", "", "card"),
        ("4111111111111112", "", "", "card"),
        ("112233333344", "", "", "driving_licence"),
        ("1234567890", "서울 ", "", "driving_licence"),
        ("112233333344", "운전면허 번호가 ", "", "driving_licence"),
        ("12345678", "여권 번호는 ", "", "passport"),
        ("12345678901", "국민은행 ", "", "account"),
        ("3010123456791", "농협 계좌 ", "", "account"),
        ("0212345678", "계좌번호 ", "", "account"),
        ("2345678", "뒷자리가 ", "", "resident_number"),
        ("12345678901", "접수번호 말고 계좌번호 ", "", "account"),
        ("12345678901", "", " 이게 제 계좌번호예요", "account"),
        # and what may stay
        ("01012345678", "계좌 말고 ", "", None),
        ("15880000", "카드사 ", "", None),
        ("20261126", "카드 만든 게 ", "", None),
        ("20261126001234", "접수번호가 ", "", None),
        ("20261126001234", "", " 이게 접수번호예요", None),
        ("1234567890", "", "원이요", None),
        ("1234567890", "사업자등록증 ", "", None),
        ("0101234567", "전화번호가 ", "", None),
        ("123456789", "", "", None),
        ("123456", "주민번호 ", "", None),
        ("", "", "", None),
    ],
)
def test_kinds(digits: str, before: str, after: str, kind: str | None) -> None:
    assert kind_of(digits, before, after) == kind


def test_the_check_digit_tells_a_resident_number_from_an_account() -> None:
    """Both have thirteen digits, and both begin like a birthday; but a wrong check digit alone clears nobody."""
    kinds = {kind_of(f"800101123456{last}", "계좌번호 ") for last in range(10)}
    assert kinds == {"resident_number", "account"}
    assert {kind_of(f"800101123456{last}", "접수번호 ") for last in range(10)} == {"resident_number"}


@given(st.text("0123456789", max_size=24), st.text(max_size=40), st.text(max_size=30))
def test_short_numbers_stay_whatever_is_said(digits: str, before: str, after: str) -> None:
    kind = kind_of(digits, before, after)
    if len(digits) < 7:
        assert kind is None


def test_days_and_birthdays() -> None:
    assert is_day("20261126")
    assert not is_day("20261326")
    assert is_birthday("850312")
    assert not is_birthday("851312")
