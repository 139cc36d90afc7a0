"""The table of written contacts: every state with every step."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IllegalStep
from core.written import STEPS, WrittenState, WrittenStep, after, possible

STATES: tuple[WrittenState, ...] = get_args(WrittenState)
ALL: tuple[WrittenStep, ...] = get_args(WrittenStep)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", ALL)
def test_every_state_with_every_step(state: WrittenState, step: WrittenStep) -> None:
    if (state, step) in STEPS:
        assert possible(state, step)
        assert after(state, step) in STATES
    else:
        assert not possible(state, step)
        with pytest.raises(IllegalStep):
            after(state, step)


@given(st.lists(st.sampled_from(ALL), max_size=30))
def test_what_is_owed_follows_from_the_last_word(steps: list[WrittenStep]) -> None:
    state: WrittenState = "waiting"
    has_agent, owed = False, True
    for step in steps:
        if not possible(state, step):
            continue
        state = after(state, step)
        match step:
            case "receive" | "fail":  # an answer that did not arrive is owed again
                owed = True
            case "assign":
                has_agent = True
            case "give_back":
                has_agent = False
            case "answer":
                assert has_agent, "nobody answers what she does not have"
                owed = False
            case "close":
                break
        assert state == ("waiting" if not has_agent else "assigned" if owed else "answered")
    if state == "closed":
        assert not any(possible("closed", step) for step in ALL)


def test_every_state_can_be_left_and_closed_is_for_good() -> None:
    for state in STATES:
        assert possible(state, "close") is (state != "closed")
