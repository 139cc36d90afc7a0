"""The door against toll fraud: which numbers are called, and how they stand in the address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import SipConfig
from core.errors import Refused
from server.outbound import HourlyLimit, Outbound, callable_number, is_internal, number_in, outbound_uri, plain

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
        "1588-1234",  # a company's service number
        "1833-0000",
        "080-123-4567",
        "0505-123-4567",
        "00182212345678",
        "+44 20 7946 0000",
        "*21*01012345678#",  # switches a diversion on, at many exchanges
        "010%31234567",
        "%2b15551234567",
        "01012345678%00",
        "01012345678,,1",
        "01012345678p123",
        "01012345678\r\nContact: <sip:evil@example>",
        "tel:+15551234567",
        "911@10.0.0.5:5060",
        "8105551234567",  # a prefix for the outside line before it
        "9,01012345678",
        "1234",  # extensions begin with 2 to 8
        "21071",
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
        assert not callable_number(OUT, number) and not is_internal(OUT, number)
        return
    called = re.fullmatch(r"sip:([0-9]+)@10\.0\.0\.5", uri)
    assert called is not None
    assert re.fullmatch(f"{OUT.outbound_numbers}|{OUT.internal_numbers}", called[1])


def test_extensions_of_the_house_are_called_too() -> None:
    assert outbound_uri(OUT, "2107") == "sip:2107@10.0.0.5"
    assert is_internal(OUT, "2-107") and not callable_number(OUT, "2107")


def test_a_pattern_with_digits_of_any_script_lets_in_ours_alone() -> None:
    loose = SipConfig(outbound="sip:{number}@10.0.0.5", outbound_numbers=r"\d+", internal_numbers=r"\d{4}")
    assert outbound_uri(loose, "01012345678") and not callable_number(loose, "０１０１２３４５６７８")
    assert not callable_number(loose, "1" * 33)


@pytest.mark.parametrize(
    ("refer_to", "number"),
    [
        ("sip:2107@10.0.0.5", "2107"),
        ("sip:2107@10.0.0.5;user=phone?Replaces=x", "2107"),
        ("<sips:010-1234-5678@elsewhere.example:5061>", "010-1234-5678"),
        ("tel:+82-10-1234-5678;phone-context=x", "+82-10-1234-5678"),
        ("sip:2107;ext=1@10.0.0.5", "2107"),
        ("sip:10.0.0.5", "10.0.0.5"),
        ("http://evil.example/2107", ""),
        ("2107", ""),
        ("", ""),
    ],
)
def test_of_a_phones_transfer_the_number_counts(refer_to: str, number: str) -> None:
    assert number_in(refer_to) == number


def test_a_phone_cannot_send_a_call_anywhere_but_by_the_dial_plan() -> None:
    assert outbound_uri(OUT, number_in("sip:2107@evil.example;transport=tcp")) == "sip:2107@10.0.0.5"
    for refer_to in ("sip:+15551234567@10.0.0.5", "sip:%2107@10.0.0.5", "sip:10.0.0.5", "sip:@x", "sip:2107%40evil@x"):
        with pytest.raises(Refused) as refused:
            outbound_uri(OUT, number_in(refer_to))
        assert refused.value.code == "not_callable"


def test_the_hours_limit_is_for_the_outside_and_shared() -> None:
    clock = [0.0]
    ways = Outbound(SipConfig(outbound="sip:{number}@10.0.0.5", outbound_per_hour=2), lambda: clock[0])
    ways.uri("01012345678")
    clock[0] = 1800.0
    ways.uri("02-1234-5678")
    with pytest.raises(Refused) as refused:
        ways.uri("01012345678")
    assert refused.value.code == "too_many_calls" and "01012345678" not in str(refused.value)
    assert [ways.uri("2107") for _ in range(5)], "the house itself is not the outside"
    with pytest.raises(Refused):
        ways.uri("0601234567")
    clock[0] = 3600.0
    ways.uri("01012345678")
    with pytest.raises(Refused):
        ways.uri("01012345678")


@given(st.lists(st.floats(0, 3000), max_size=50), st.integers(1, 5))
def test_never_more_than_the_limit_within_any_hour(waits: list[float], most: int) -> None:
    limit, at, taken = HourlyLimit(most), 0.0, []
    for wait in waits:
        at += wait
        if limit.take(at):
            taken.append(at)
    for number, begin in enumerate(taken):
        assert sum(begin <= other < begin + 3600 for other in taken[number:]) <= most
    assert all(HourlyLimit(0).take(0.0) for _ in waits), "0 = no limit"
