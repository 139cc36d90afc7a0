"""The roster: every state x every event either moves as the table says or changes nothing."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import AgentConfig
from core.errors import IllegalStep, Refused
from core.events import AgentState
from server.roster import IDLE, STEPS, AgentEvent, Roster

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVENTS = get_args(AgentEvent)


def a_roster(*starts: AgentState) -> Roster:
    return Roster(
        [
            AgentConfig(id=f"a{n}", name=f"상담사 {n}", uri=f"sip:{n}@127.0.0.1", starts=s)  # type: ignore[arg-type]
            for n, s in enumerate(starts)
        ],
        T0,
    )


@pytest.mark.parametrize(("state", "event"), list(itertools.product(get_args(AgentState), EVENTS)))
def test_each_state_has_an_answer_to_each_event(state: AgentState, event: AgentEvent) -> None:
    roster = a_roster("away")
    roster.agent("a0").state = state
    if (state, event) in STEPS:
        assert roster.step("a0", event, T0).state == STEPS[state, event]
    else:
        with pytest.raises(IllegalStep, match=event):
            roster.step("a0", event, T0)
        assert roster.agent("a0").state == state


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_whatever_happens_a_call_is_named_exactly_while_she_is_busy(events: list[AgentEvent]) -> None:
    roster = a_roster("ready")
    for event in events:
        try:
            roster.step("a0", event, T0, call_id="c1")
        except IllegalStep:
            continue
        agent = roster.agent("a0")
        assert (agent.call_id == "") == (agent.state in IDLE)


def test_the_agent_who_waited_longest_is_called_first() -> None:
    roster = a_roster("ready", "ready", "away")
    roster.step("a0", "go_away", T0 + timedelta(seconds=1))
    roster.step("a0", "go_ready", T0 + timedelta(seconds=2))
    longest = roster.longest_ready()
    assert longest is not None
    assert longest.id == "a1"


def test_an_agent_without_a_phone_is_never_called() -> None:
    roster = Roster([AgentConfig(id="a", name="전화 없음", starts="ready")], T0)
    assert roster.longest_ready() is None


def test_staying_ready_does_not_lose_the_place() -> None:
    roster = a_roster("ready")
    assert roster.wish("a0", "ready", T0 + timedelta(minutes=5)).since == T0


def test_a_wish_during_a_call_is_refused_in_words() -> None:
    roster = a_roster("ready")
    roster.step("a0", "offer", T0, call_id="c")
    with pytest.raises(Refused, match="once the call is over"):
        roster.wish("a0", "away", T0)


def test_only_ready_and_away_can_be_wished() -> None:
    with pytest.raises(Refused):
        a_roster("ready").wish("a0", "talking", T0)


def test_an_unknown_agent_is_refused() -> None:
    with pytest.raises(Refused, match="'ghost'"):
        a_roster().agent("ghost")
