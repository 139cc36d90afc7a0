"""How often a message centre that is away is tried."""

from __future__ import annotations

from channels.smpp_line import FIRST_S, LONGEST_S, pause_s


def test_pauses_grow_to_half_a_minute_and_are_spread() -> None:
    assert pause_s(0, 0.0) == FIRST_S / 2
    assert pause_s(0, 1.0) == FIRST_S
    pauses = [pause_s(failed, 1.0) for failed in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_S
    assert pause_s(10_000, 0.0) == LONGEST_S / 2
