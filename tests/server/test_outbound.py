"""The door against toll fraud: which numbers are called, and how they stand in the address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import SipConfig
from core.errors import Refused
from server.outbound import callable_number, outbound_uri, plain

OUT = SipConfig(outbound="sip:{number}@10.0.0.5")


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("010-1234-5678", "01012345678"),
        ("+82 10 1234 5678", "01012345678"),
        ("+82 (0)10-1234-5678", "01012345678"),
        ("02.123.4567", "021234567"),
        ("031-0000-2345", "03100002345"),
        ("070-1234-5678", "07012345678"),
    ],
)
def test_numbers_of_this_country_are_called(number: str, digits: str) -> None:
    assert outbound_uri(OUT, number) == f"sip:{digits}@10.0.0.5"


@pytest.mark.parametrize(
    "number",
    [
        "0601234567",  # premium rate
        "060-700-1234",
        "0015551234567",  # international
        "00700-1-555-123-4567",
        "+15551234567",
        "+8100100010001",
        "15551234",  # a company's number may cost as well; the engineer may allow it
        "112",
        "1",
        "",
        "010-1234-567a",
        "01012345678@evil.example",
        "01012345678;phone-context=+1",
        "{number}",
        "sip:01012345678",
        "０１０１２３４５６７８",
        "٠١٠١٢٣٤٥٦٧٨",
        "010123456789012345",
    ],
)
def test_others_are_refused(number: str) -> None:
    with pytest.raises(Refused) as refused:
        outbound_uri(OUT, number)
    assert refused.value.code == "not_callable"
    assert number.strip() not in str(refused.value) or len(number) < 2


def test_without_a_way_out_nobody_is_called_but_numbers_are_known() -> None:
    with pytest.raises(Refused) as refused:
        outbound_uri(SipConfig(), "01012345678")
    assert refused.value.code == "no_outbound"
    assert callable_number(SipConfig(), "010-1234-5678")


@given(st.text(alphabet="0123456789+-(). a@;{}\n０٠", max_size=20))
def test_whatever_is_called_is_digits_of_the_pattern(number: str) -> None:
    assert plain(plain(number)) == plain(number)
    try:
        uri = outbound_uri(OUT, number)
    except Refused:
        assert not callable_number(OUT, number)
        return
    called = re.fullmatch(r"sip:([0-9]+)@10\.0\.0\.5", uri)
    assert called is not None
    assert re.fullmatch(OUT.outbound_numbers, called[1])
