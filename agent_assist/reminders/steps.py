"""How far a rule is in one call, as two tables: what must be said, and what is waited for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from core.errors import IllegalStep

State = Literal["idle", "waiting", "due", "met", "passed", "dismissed"]
"""Not begun, time runs, the agent is reminded, it was said, its time is over unused, the agent put it away."""
Step = Literal["open", "said", "time_up", "dismiss"]

STATES: Final[tuple[State, ...]] = get_args(State)
STEPS: Final[tuple[Step, ...]] = get_args(Step)

MUST_BE_SAID: Final[Mapping[tuple[State, Step], State]] = {
    ("idle", "open"): "waiting",
    ("idle", "said"): "met",  # where 'earlier' is as good
    ("waiting", "said"): "met",
    ("waiting", "time_up"): "due",
    ("due", "said"): "met",
    ("due", "dismiss"): "dismissed",
}
IS_SAID: Final[Mapping[tuple[State, Step], State]] = {
    ("idle", "open"): "waiting",
    ("waiting", "said"): "due",
    ("waiting", "time_up"): "passed",
    ("due", "dismiss"): "dismissed",
}


def after(state: State, step: Step, *, negate: bool) -> State:
    """The state that follows. ``IllegalStep`` where the table has none."""
    found = (MUST_BE_SAID if negate else IS_SAID).get((state, step))
    if found is None:
        raise IllegalStep("reminder", state, step)
    return found


def possible(state: State, step: Step, *, negate: bool) -> bool:
    """Whether the table knows that step."""
    return (state, step) in (MUST_BE_SAID if negate else IS_SAID)
