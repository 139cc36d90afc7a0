"""Key presses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import KeyMethod
from telephony.dtmf import DIGITS, SAME_PRESS_S, KeyFold, info_digit


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay", "Signal= *\r\n", "*"),
        ("Application/DTMF-Relay; charset=utf-8", "signal = 11\nDuration=1", "#"),
        ("application/dtmf-relay", "Duration=160\r\nSignal=a\r\n", "A"),
        ("application/dtmf", "7", "7"),
        ("application/dtmf", " # \r\n", "#"),
        ("application/dtmf", "77", ""),
        ("application/dtmf-relay", "Duration=160", ""),
        ("text/plain", "5", ""),
        ("", "", ""),
    ],
)
def test_keys_in_info(kind: str, body: str, digit: str) -> None:
    assert info_digit(kind, body) == digit


@given(st.text(), st.text())
def test_any_info_gives_a_key_or_none(kind: str, body: str) -> None:
    assert info_digit(kind, body) in DIGITS | {""}
    assert info_digit("application/dtmf-relay", body) in DIGITS | {""}


def test_a_key_that_comes_both_ways_counts_once() -> None:
    fold = KeyFold()
    assert fold.is_press("5", "rfc4733", 10.0)
    assert not fold.is_press("5", "info", 10.1)
    assert fold.is_press("5", "rfc4733", 10.2)
    assert fold.is_press("5", "info", 10.2 + SAME_PRESS_S)


METHODS: list[KeyMethod] = ["rfc4733", "info"]


@given(st.lists(st.tuples(st.sampled_from(sorted(DIGITS)), st.floats(0.0, 2.0))), st.sampled_from(METHODS))
def test_by_one_method_every_press_counts(presses: list[tuple[str, float]], method: KeyMethod) -> None:
    fold, at = KeyFold(), 0.0
    for digit, pause in presses:
        at += pause
        assert fold.is_press(digit, method, at)


def test_what_is_no_key() -> None:
    assert not KeyFold().is_press("R", "rfc4733", 0.0)
    assert not KeyFold().is_press("", "info", 0.0)
