from __future__ import annotations

from itertools import product

import pytest

from agent_assist.reminders.steps import IS_SAID, MUST_BE_SAID, STATES, STEPS, State, Step, after, possible
from core.errors import IllegalStep


@pytest.mark.parametrize(("state", "step", "negate"), list(product(STATES, STEPS, [True, False])))
def test_every_state_with_every_step(state: State, step: Step, negate: bool) -> None:
    table = MUST_BE_SAID if negate else IS_SAID
    if (state, step) in table:
        assert possible(state, step, negate=negate)
        assert after(state, step, negate=negate) == table[state, step]
    else:
        assert not possible(state, step, negate=negate)
        with pytest.raises(IllegalStep, match=f"'{step}'.*'{state}'"):
            after(state, step, negate=negate)


@pytest.mark.parametrize("negate", [True, False])
def test_what_is_settled_stays_settled(negate: bool) -> None:
    table = MUST_BE_SAID if negate else IS_SAID
    assert not [state for state, _ in table if state in {"met", "passed", "dismissed"}]
