"""The call's table: every state with every event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IllegalStep
from telephony.call_states import CallEvent, CallState, dial_result, play_to, step

S, E = CallState, CallEvent
LEGAL = {
    (S.RINGING, E.ANSWER): S.ANSWERED,
    (S.RINGING, E.REFUSE): S.ENDED,
    (S.RESERVED, E.ANSWER): S.CALLING,
    (S.CALLING, E.CALLER_ANSWERED): S.ANSWERED,
    (S.ANSWERED, E.PLAY): S.ANSWERED,
    (S.ANSWERED, E.DIAL): S.DIALLING,
    (S.ANSWERED, E.CANCEL_DIAL): S.ANSWERED,
    (S.DIALLING, E.PLAY): S.DIALLING,
    (S.DIALLING, E.CANCEL_DIAL): S.ANSWERED,
    (S.DIALLING, E.AGENT_ANSWERED): S.JOINED,
    (S.DIALLING, E.AGENT_FAILED): S.ANSWERED,
    (S.JOINED, E.PLAY): S.JOINED,
    (S.JOINED, E.PLAY_TO_AGENT): S.JOINED,
    (S.JOINED, E.CANCEL_DIAL): S.ANSWERED,
    (S.JOINED, E.AGENT_ENDED): S.ENDED,
}


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("event", CallEvent)
def test_every_state_with_every_event(state: CallState, event: CallEvent) -> None:
    if state is S.ENDED or event in (E.CALLER_ENDED, E.HANG_UP):
        assert step(state, event) is S.ENDED
    elif (state, event) in LEGAL:
        assert step(state, event) is LEGAL[state, event]
    else:
        with pytest.raises(IllegalStep, match=f"call: '{event}' is not possible in state '{state}'"):
            step(state, event)


@given(st.sampled_from([S.RINGING, S.RESERVED]), st.lists(st.sampled_from(CallEvent)))
def test_no_way_leads_to_joined_without_an_answer_on_both_sides(begin: CallState, events: list[CallEvent]) -> None:
    state, done = begin, set[CallEvent]()
    for event in events:
        try:
            state = step(state, event)
        except IllegalStep:
            continue
        done.add(event)
        if state is S.JOINED:
            assert {E.ANSWER, E.DIAL, E.AGENT_ANSWERED} <= done
            assert begin is S.RINGING or E.CALLER_ANSWERED in done


def test_a_prompt_for_the_agent_needs_one() -> None:
    assert (play_to("caller"), play_to("agent")) == (E.PLAY, E.PLAY_TO_AGENT)


@given(st.integers(300, 699))
def test_a_refusal_is_never_an_answer(status: int) -> None:
    assert dial_result(status) != "answered"


@pytest.mark.parametrize(
    ("status", "result"),
    [(200, "answered"), (486, "busy"), (600, "busy"), (480, "no_answer"), (487, "no_answer"), (603, "refused"),
     (403, "refused"), (404, "unreachable"), (408, "unreachable"), (503, "unreachable")],
)  # fmt: skip
def test_what_a_status_means(status: int, result: str) -> None:
    assert dial_result(status) == result
