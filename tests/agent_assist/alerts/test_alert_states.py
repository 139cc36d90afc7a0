"""Every state, every step, whatever went before."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.alerts.alert_states import OPEN, REASON_NEEDED, TABLE, next_state
from agent_assist.alerts.procedures import PROCEDURES
from agent_assist.desk_assist import Procedure, StepName
from core.errors import Refused
from core.events import AlertState

STATES: tuple[AlertState, ...] = get_args(AlertState)
STEPS: tuple[StepName, ...] = get_args(StepName)


def test_the_table_knows_every_state_and_step() -> None:
    assert set(TABLE) == set(STATES)
    assert all(set(steps) <= set(STEPS) and set(steps.values()) <= set(STATES) for steps in TABLE.values())
    assert all(not TABLE[state] for state in STATES if state not in OPEN)


@given(
    st.sampled_from(STATES),
    st.sampled_from(STEPS),
    st.lists(st.sampled_from(STEPS), unique=True),
    st.sampled_from(PROCEDURES),
    st.sampled_from(["", "  ", "욕설이 이어짐"]),
)
def test_every_state_and_every_step(
    state: AlertState, step: StepName, taken: list[StepName], procedure: Procedure, reason: str
) -> None:
    offered = next((each for each in procedure.steps if each.step == step), None)
    legal = (
        state in OPEN
        and offered is not None
        and step not in taken
        and (not offered.needs or bool(set(offered.needs) & set(taken)))
        and (step not in REASON_NEEDED or bool(reason.strip()))
    )
    try:
        reached = next_state(state, step, tuple(taken), procedure, reason)
    except Refused as refused:
        assert not legal
        korean, english = str(refused).split(" / ", 1)
        assert any("가" <= letter <= "힣" for letter in korean)
        assert english
    else:
        assert legal
        assert (reached in OPEN) == (step not in {"ended", "closed", "dismissed"})
