"""The table of phases: every phase with every event; trails that stay short."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ars.model import TALK, WAIT
from ars.state import LONGEST_TRAIL, PHASES, Phase, PhaseEvent, Stop, begin, can, in_phase, resumed, way_to
from core.errors import IllegalStep
from tests.ars.small import small_menu

NOON = dt.datetime(2026, 11, 26, 11, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
STATE = begin("v", small_menu(), NOON)


@pytest.mark.parametrize("phase", get_args(Phase))
@pytest.mark.parametrize("event", get_args(PhaseEvent))
def test_every_phase_with_every_event(phase: Phase, event: PhaseEvent) -> None:
    state = replace(STATE, phase=phase)
    if can(state, event):
        assert in_phase(state, event) == replace(state, phase=PHASES[phase, event])
    else:
        with pytest.raises(IllegalStep, match=f"visit: '{event}' is not possible in state '{phase}'"):
            in_phase(state, event)


def test_only_a_callback_wakes_what_is_over_and_every_call_can_end() -> None:
    assert [event for phase, event in PHASES if phase == "over"] == ["call_back"]
    assert all((phase, "hang_up") in PHASES for phase in ("menu", "queued", "talking"))


@given(st.lists(st.sampled_from([f"s{number}" for number in range(80)]), max_size=120))
def test_a_trail_is_short_without_doubles_and_keeps_its_first(ids: list[str]) -> None:
    trail: tuple[Stop, ...] = (Stop(id="first"),)
    for id in ids:
        trail = way_to(trail, Stop(id=id))
        assert trail[-1].id == id
    assert len({stop.id for stop in trail}) == len(trail) <= LONGEST_TRAIL
    assert trail[0].id == "first"


def test_who_waits_already_begins_at_the_waiting() -> None:
    assert begin("v", small_menu(), NOON, phase="queued").here.id == WAIT


@pytest.mark.parametrize(("screen", "here"), [(TALK, TALK), ("waste", "waste"), ("gone", "main")])
def test_a_talk_is_resumed_where_it_was(screen: str, here: str) -> None:
    state = resumed("v", small_menu(), NOON, screen=screen, language="en", has_number=True, number=1500)
    assert (state.phase, state.here.id, state.number, state.language) == ("talking", here, 1500, "en")
    assert state.field == (0 if screen == "waste" else -1)
