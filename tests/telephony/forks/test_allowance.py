"""A burst at once, then so much a second."""

from __future__ import annotations

from telephony.forks.allowance import Allowance


def test_a_burst_and_then_the_pace() -> None:
    allowance = Allowance(3, 2, 100.0)
    assert [allowance.takes(100.0) for _ in range(4)] == [True, True, True, False]
    assert not allowance.takes(100.5), "what was asked too much is owed"
    assert allowance.takes(102.0)


def test_a_rest_fills_no_more_than_the_burst() -> None:
    allowance = Allowance(3, 2, 0.0)
    assert [allowance.takes(1000.0) for _ in range(4)] == [True, True, True, False]
