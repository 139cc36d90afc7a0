"""How much one address may ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telephony.rate_limit import RateLimit


def test_a_seconds_worth_at_once_and_then_the_rate() -> None:
    limit = RateLimit()
    assert [limit.allows("a", 3, 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [limit.allows("a", 3, 1 / 3) for _ in range(2)] == [True, False]
    assert limit.allows("b", 3, 0.0)


def test_less_than_one_a_second() -> None:
    limit = RateLimit()
    assert limit.allows("a", 0.1, 0.0) and not limit.allows("a", 0.1, 9.0) and limit.allows("a", 0.1, 11.0)


def test_memory_is_bounded_and_who_asked_last_is_remembered() -> None:
    limit = RateLimit(addresses=2)
    for address in "abca":
        limit.allows(address, 1, 0.0)
    assert len(limit) == 2 and not limit.allows("a", 1, 0.0) and limit.allows("b", 1, 0.0)


@given(st.lists(st.floats(-2, 5), max_size=60), st.floats(0.5, 20))
def test_never_more_than_the_rate_and_one_seconds_worth(steps: list[float], per_s: float) -> None:
    limit, now, forward, taken = RateLimit(), 100.0, 0.0, 0
    for step in steps:
        now += step  # clocks are put back, too
        forward += max(0.0, step)
        taken += limit.allows("a", per_s, now)
    assert taken <= max(1.0, per_s) + per_s * forward + 1e-6
