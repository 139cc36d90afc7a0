"""The call's table: every state with every event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IllegalStep
from telephony.call_states import TALKING, CallEvent, CallState, dial_result, play_to, step

S, E = CallState, CallEvent
LEGAL = {
    (S.RINGING, E.ANSWER): S.ANSWERED,
    (S.RINGING, E.LISTEN): S.LISTENING,
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
    (S.JOINED, E.CANCEL_DIAL): S.ANSWERED,
    (S.JOINED, E.CONSULT): S.INVITING,
    (S.JOINED, E.TAKE_OVER): S.JOINED,
    (S.JOINED, E.AGENT_ENDED): S.ENDED,
    (S.INVITING, E.THIRD_ANSWERED): S.THREE,
    (S.INVITING, E.THIRD_FAILED): S.JOINED,
    (S.INVITING, E.HAND_OVER): S.DIALLING,
    (S.INVITING, E.AGENT_ENDED): S.DIALLING,
    (S.THREE, E.PLAY_TO_THIRD): S.THREE,
    (S.THREE, E.CONFERENCE): S.THREE,
    (S.THREE, E.THIRD_ENDED): S.JOINED,
    (S.THREE, E.HAND_OVER): S.JOINED,
    (S.THREE, E.AGENT_ENDED): S.JOINED,
}
for talking in TALKING:
    LEGAL |= {(talking, same): talking for same in (E.PLAY, E.PLAY_TO_AGENT, E.HOLD, E.REFER, E.SUPERVISE)}
    LEGAL |= {(talking, E.RELEASE_AGENT): S.ANSWERED, (talking, E.DROP_THIRD): S.JOINED}


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


@given(st.lists(st.sampled_from(CallEvent)))
def test_a_third_comes_only_to_a_talk_and_nobody_gets_an_empty_place(events: list[CallEvent]) -> None:
    state, third = S.JOINED, False
    for event in events:
        try:
            state = step(state, event)
        except IllegalStep:
            assert event is not E.HANG_UP
            continue
        if event is E.CONSULT and state is not S.ENDED:
            third = True
        if event in (E.HAND_OVER, E.AGENT_ENDED) and state is not S.ENDED:
            assert third, "her place was given to nobody"
        third = state in (S.INVITING, S.THREE)


def test_a_prompt_for_somebody_needs_that_one() -> None:
    assert [play_to(who) for who in ("caller", "agent", "third")] == [E.PLAY, E.PLAY_TO_AGENT, E.PLAY_TO_THIRD]


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
