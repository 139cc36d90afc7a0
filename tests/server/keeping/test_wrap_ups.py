"""Whose draft is still hers: from the talk to the end of the wrap-up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from core.events import AgentState, AgentStateChanged
from server.keeping.wrap_ups import WRITTEN, WrapUps

T0 = datetime(2026, 3, 2, tzinfo=UTC)


def now(state: AgentState, call: str = "", agent: str = "kim") -> AgentStateChanged:
    return AgentStateChanged(agent_id=agent, state=state, since=T0, busy_call=call)


def test_a_talk_a_wrap_up_and_its_end() -> None:
    wrap_ups = WrapUps()
    assert wrap_ups.take(now("offered", "c1")) == ("", ())
    assert wrap_ups.take(now("talking", "c1")) == ("", ())
    assert wrap_ups.has("kim", "c1")
    assert wrap_ups.take(now("wrap_up", "c1")) == ("c1", ())
    assert wrap_ups.take(now("wrap_up", "c1")) == ("c1", ()), "more time changes nothing"
    assert wrap_ups.has("kim", "c1")
    assert wrap_ups.take(now("ready")) == ("", ("c1",))
    assert not wrap_ups.has("kim", "c1")


def test_the_next_caller_ends_it_too() -> None:
    wrap_ups = WrapUps()
    wrap_ups.take(now("wrap_up", "c1"))
    assert wrap_ups.take(now("offered", "c2")) == ("", ("c1",))


def test_without_wrap_up_the_talk_is_left_at_once() -> None:
    wrap_ups = WrapUps()
    wrap_ups.take(now("talking", "c1"))
    assert wrap_ups.take(now("ready")) == ("", ("c1",))


def test_a_closed_written_contact_is_hers_until_she_leaves_it() -> None:
    wrap_ups = WrapUps()
    assert wrap_ups.closed("kim", "text-1", T0) == ""
    assert wrap_ups.has("kim", "text-1") and not wrap_ups.has("lee", "text-1")
    assert wrap_ups.take(now("ready")) == ("", ()), "ready is not gone"
    assert wrap_ups.closed("kim", "text-2", T0) == "text-1", "the next one takes its place"
    assert wrap_ups.lying(T0 + WRITTEN - timedelta(seconds=1)) == ()
    assert wrap_ups.lying(T0 + WRITTEN) == ("text-2",)
    assert wrap_ups.lying(T0 + WRITTEN) == () and not wrap_ups.has("kim", "text-2")
    states: tuple[AgentState, ...] = ("away", "offered")
    for state in states:
        wrap_ups.closed("kim", "text-3", T0)
        assert wrap_ups.take(now(state)) == ("", ("text-3",))
    wrap_ups.closed("kim", "text-4", T0)
    wrap_ups.leave("text-4")
    assert not wrap_ups.has("kim", "text-4")


def test_one_closed_in_wrap_up_is_beside_the_call() -> None:
    wrap_ups = WrapUps()
    wrap_ups.take(now("wrap_up", "c1"))
    wrap_ups.closed("kim", "text-1", T0)
    assert wrap_ups.has("kim", "c1") and wrap_ups.has("kim", "text-1")
    assert wrap_ups.take(now("away")) == ("", ("c1", "text-1"))


@given(st.lists(st.tuples(st.sampled_from(get_args(AgentState)), st.sampled_from(["", "c1", "c2"]))))
def test_whatever_begins_is_left_once(steps: list[tuple[AgentState, str]]) -> None:
    wrap_ups = WrapUps()
    held = ""
    for state, call in steps:
        _, left = wrap_ups.take(now(state, call))
        assert left in ((), (held,))
        held = call if state in ("talking", "wrap_up") else ""
        assert wrap_ups.has("kim", held) is bool(held)
