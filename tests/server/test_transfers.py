"""The table of transfers: every stage x every event."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IllegalStep
from server.transfers import STEPS, Stage, Transfer, TransferEvent, possible, step

EVENTS: tuple[TransferEvent, ...] = get_args(TransferEvent)


def at(stage: Stage) -> Transfer:
    return Transfer(transfer_id="transfer-1", kind="consult", stage=stage, to="2311", name="세무과", by="kim")


@pytest.mark.parametrize(("stage", "event"), list(product(Stage, EVENTS)))
def test_every_event_in_every_stage_is_a_step_or_an_error_that_names_both(stage: Stage, event: TransferEvent) -> None:
    transfer = at(stage)
    if possible(transfer, event):
        after = step(transfer, event, "busy")
        assert after.stage is STEPS[stage][event]
        assert after.event().reason == "busy"
        return
    with pytest.raises(IllegalStep, match=f"'{event}' is not possible in state '{stage}'"):
        step(transfer, event)


@given(st.sampled_from([Stage.RINGING, Stage.CONSULTING, Stage.REFERRING]), st.lists(st.sampled_from(EVENTS)))
def test_whatever_happens_it_ends_with_somebody_or_says_that_nobody_has_the_caller(
    stage: Stage, events: list[TransferEvent]
) -> None:
    transfer, told = at(stage), []
    for event in events:
        if possible(transfer, event):
            transfer = step(transfer, event)
            told.append(transfer.event().state)
    assert transfer.over == (transfer.stage in (Stage.DONE, Stage.RETURNED, Stage.CANCELLED, Stage.FAILED))
    assert transfer.over or possible(transfer, "caller_left")
    assert "failed" not in told[:-1], "nothing follows a caller who is with nobody"


def test_a_reason_stays_once_it_is_known() -> None:
    recalled = step(at(Stage.RINGING), "missed", "no_answer")
    assert recalled.event().state == "returned"
    assert step(recalled, "agent_gone").event().reason == "no_answer"
