"""How many requests a token may make within a minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.rest.windows import MOST, WINDOW_S, Windows


@given(st.integers(1, 5), st.lists(st.floats(0, 300), max_size=60))
def test_never_more_within_a_window_that_its_first_request_began(limit: int, times: list[float]) -> None:
    windows = Windows(limit)
    began, used = None, 0
    for at in sorted(times):
        if began is None or at >= began + WINDOW_S:
            began, used = at, 0
        left = windows.take("one", at)
        assert left.ok == (used < limit)
        used += left.ok
        assert left.requests == limit - used and 1 <= left.seconds <= WINDOW_S


def test_a_clock_that_goes_back_and_very_many_tokens() -> None:
    windows = Windows(1)
    assert windows.take("one", 100.0).ok and not windows.take("one", 101.0).ok
    assert windows.take("one", 50.0).ok
    for number in range(MOST + 1):
        assert windows.take(f"token {number}", 0.0).ok
