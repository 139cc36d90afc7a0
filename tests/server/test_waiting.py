"""How long it will take: between a guess and the mean of what was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.waiting import FIRST_GUESS_S, REMEMBERED, HandlingTime, expected_s

SECONDS = st.floats(0, 7200)


@given(st.lists(SECONDS, max_size=3 * REMEMBERED))
def test_the_mean_lies_between_guess_and_experience(seconds: list[float]) -> None:
    handling = HandlingTime()
    for each in seconds:
        handling.note(each)
    known = [*seconds[-REMEMBERED:], FIRST_GUESS_S] if len(seconds) < 5 else seconds[-REMEMBERED:]
    assert min(known) - 1e-6 <= handling.mean_s <= max(known) + 1e-6


def test_before_any_call_it_is_the_guess_and_a_clock_that_jumped_counts_nothing() -> None:
    handling = HandlingTime()
    assert handling.mean_s == FIRST_GUESS_S
    handling.note(-3600)
    assert 0 < handling.mean_s < FIRST_GUESS_S


@given(st.integers(1, 500), st.integers(1, 100), st.floats(1, 3600), st.floats(0, 7200))
def test_nearer_places_and_more_agents_never_wait_longer(
    position: int, agents: int, mean_s: float, moved_s: float
) -> None:
    waits = expected_s(position, agents, mean_s, moved_s)
    assert 0 < waits <= position * mean_s / agents + 1e-6
    assert waits <= expected_s(position + 1, agents, mean_s, moved_s)
    assert expected_s(position, agents + 1, mean_s, moved_s) <= waits + 1e-6
    assert expected_s(position, agents, mean_s, moved_s + 1) <= waits


@pytest.mark.parametrize(("position", "agents"), [(1, 0), (0, 3)])
def test_nobody_can_say_without_agents_or_place(position: int, agents: int) -> None:
    assert expected_s(position, agents, 180.0, 0.0) == 0.0
