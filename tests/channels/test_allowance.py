"""No number and no node sends without bound."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.allowance import Allowance
from core.errors import Refused

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def code(allowance: Allowance, number: str, now: datetime) -> str:
    try:
        allowance.check(number, now)
    except Refused as refusal:
        return refusal.code
    return ""


def test_the_eleventh_within_an_hour_is_refused_and_later_taken_again() -> None:
    allowance = Allowance(per_number=10)
    for minute in range(10):
        assert code(allowance, "a", at(minute)) == ""
        allowance.note("a", at(minute))
    assert code(allowance, "a", at(59)) == "messages_number"
    assert code(allowance, "b", at(59)) == ""
    assert code(allowance, "a", at(60)) == ""


def test_the_total_is_bounded_too() -> None:
    allowance = Allowance(in_total=3)
    for number in "abc":
        allowance.note(number, at(0))
    assert code(allowance, "d", at(1)) == "messages_total"
    assert code(allowance, "d", at(60)) == ""


def test_a_clock_that_was_put_back_silences_nobody() -> None:
    allowance = Allowance(per_number=1, in_total=2)
    allowance.note("01000000001", at(24 * 60))
    assert code(allowance, "01000000001", at(0)) == ""
    allowance.note("01000000001", at(0))
    assert code(allowance, "01000000001", at(0)) == "messages_number"
    assert code(allowance, "01000000001", at(60)) == ""


def test_the_refusal_names_no_number() -> None:
    allowance = Allowance(per_number=0)
    with pytest.raises(Refused) as caught:
        allowance.check("01000001234", T0)
    assert "01000001234" not in str(caught.value)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40)), max_size=60))
def test_no_hour_ever_holds_more_than_allowed(wishes: list[tuple[str, int]]) -> None:
    allowance = Allowance(per_number=3, in_total=5)
    taken: list[tuple[datetime, str]] = []
    now = T0
    for number, pause in wishes:
        now += timedelta(minutes=pause)
        within = [known for moment, known in taken if moment > now - timedelta(hours=1)]
        expected = "messages_number" if Counter(within)[number] >= 3 else "messages_total" if len(within) >= 5 else ""
        assert code(allowance, number, now) == expected
        if not expected:
            allowance.note(number, now)
            taken.append((now, number))
