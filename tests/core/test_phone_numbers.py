"""Numbers as exchanges send them become numbers as one dials them; only mobiles take messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phone_numbers import is_mobile, normalised


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("+82 10-1234-5678", "01012345678"),
        ("+82-(0)10-1234-5678", "01012345678"),
        ("+821012345678", "01012345678"),
        ("821012345678", "01012345678"),
        ("00182 10 1234 5678", "01012345678"),
        ("0082 10 1234 5678", "01012345678"),
        ("010.1234.5678", "01012345678"),
        ("02-120", "02120"),
        ("+82 2 120", "02120"),
        ("120", "120"),
        ("8212", "8212"),
        ("", ""),
        ("anonymous", ""),
        ("010-1234-567a", ""),
        ("+1 650 555 0100", ""),
        ("٠١٠١٢٣٤٥٦٧٨", ""),
    ],
)
def test_a_number_becomes_what_one_dials(number: str, digits: str) -> None:
    assert normalised(number) == digits


@given(
    prefix=st.sampled_from(["010", "011", "016", "017", "018", "019"]),
    rest=st.text("0123456789", min_size=8, max_size=8),
)
def test_every_way_to_write_a_mobile_is_the_same(prefix: str, rest: str) -> None:
    national = prefix + rest
    ways = [
        national,
        f"{prefix}-{rest[:4]}-{rest[4:]}",
        f"+82 {national[1:]}",
        f"82{national[1:]}",
        f"0082{national[1:]}",
    ]
    assert {normalised(way) for way in ways} == {national}
    assert is_mobile(national)


@given(st.text(alphabet="0123456789+-() .", max_size=20))
def test_normalising_twice_is_normalising(number: str) -> None:
    once = normalised(number)
    assert normalised(once) == once or once.startswith("82"), (
        "a bare 82 is read as the country only in front of a mobile"
    )


@pytest.mark.parametrize(
    "number", ["0212345678", "07012345678", "0101234567", "010123456789", "01312345678", "120", ""]
)
def test_what_is_no_mobile_takes_no_message(number: str) -> None:
    assert not is_mobile(number)


def test_old_prefixes_may_be_a_digit_shorter() -> None:
    assert is_mobile("0111234567")
    assert is_mobile("01912345678")
