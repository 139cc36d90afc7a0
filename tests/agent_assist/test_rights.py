"""Who may do what, and what follows what."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from agent_assist.knowledge.rights import (
    STEPS,
    Step,
    Writer,
    is_allowed,
    is_own_draft,
    next_state,
    owns,
    publishes,
    steps,
)
from core.agent import Agent
from core.errors import Refused
from core.store.knowledge import Department, EntryState, EntryVersion
from core.store.resolving import Shelf
from tests.agent_assist.writers import ADMIN, AGENT, EDITOR, EVERYBODY, OTHER_EDITOR, OWNER, T0, Who

SHELF = Shelf([Department(id="d1", name="민원과"), Department(id="d2", name="교통과")])
ALL_STEPS: tuple[Step, ...] = get_args(Step)
ALL_STATES: tuple[EntryState, ...] = get_args(EntryState)


def version(state: EntryState = "draft", by: str = "haneul") -> EntryVersion:
    return EntryVersion(entry_id="1", version=3, state=state, title="여권", by=by, at=T0)


@pytest.mark.parametrize(("state", "step"), list(product(ALL_STATES, ALL_STEPS)))
def test_every_state_knows_its_steps_and_refuses_all_others(state: EntryState, step: Step) -> None:
    if (state, step) in STEPS:
        assert next_state(version(state), step, published=1) == STEPS[state, step]
        return
    with pytest.raises(Refused) as refused:
        next_state(version(state), step, published=1)
    assert refused.value.code == "no_such_step"


def test_nothing_is_published_that_was_not_reviewed() -> None:
    assert {state for (state, _), after in STEPS.items() if after == "published"} == {"reviewed"}
    assert {state for (state, _), after in STEPS.items() if after == "reviewed"} == {"draft"}


def test_only_what_agents_read_can_be_withdrawn() -> None:
    assert next_state(version("draft"), "withdraw", published=2) == "withdrawn"
    with pytest.raises(Refused):
        next_state(version("draft"), "withdraw", published=0)


def may(who: Writer, department_id: str = "d1") -> set[Step]:
    return {step for step in ALL_STEPS if is_allowed(step, who, department_id, SHELF)}


def test_roles() -> None:
    assert may(AGENT) == set()
    assert may(Who("boss", ("supervisor",))) == set()
    assert may(EDITOR) == {"save", "review", "send_back", "withdraw", "restore"}
    assert may(OWNER) == set(ALL_STEPS)
    assert may(OWNER, "d2") == set()
    assert may(OWNER, "") == set()
    assert may(ADMIN, "") == set(ALL_STEPS)


def test_an_owner_is_known_by_her_departments_name_or_id() -> None:
    assert owns(Who("x", ("owner",), "d1"), "d1", SHELF)
    assert owns(Who("x", ("owner",), "민원과"), "d1", SHELF)
    assert not owns(Who("x", ("owner",), ""), "", SHELF)
    assert not owns(Who("x", ("editor",), "민원과"), "d1", SHELF)
    assert not owns(Who("x", ("owner",), "교통과"), "d1", SHELF)


def test_an_agent_of_the_desk_is_a_writer() -> None:
    who: Writer = Agent(id="san", name="박산", roles=("owner",), department="민원과")
    assert owns(who, "d1", SHELF)


def test_ones_own_draft_is_reviewed_by_somebody_else() -> None:
    assert is_own_draft(version(), EDITOR, own_review=False)
    assert not is_own_draft(version(), EDITOR, own_review=True)
    assert not is_own_draft(version(), OTHER_EDITOR, own_review=False)
    assert not is_own_draft(version(by="admin"), ADMIN, own_review=False)
    assert is_own_draft(version(by="san"), OWNER, own_review=False)


def test_restoring_publishes_at_once_only_what_was_published_and_by_whom_may() -> None:
    assert publishes(version("published"), OWNER, "d1", SHELF)
    assert publishes(version("published"), ADMIN, "d2", SHELF)
    assert not publishes(version("published"), OWNER, "d2", SHELF)
    assert not publishes(version("published"), EDITOR, "d1", SHELF)
    assert not publishes(version("draft"), ADMIN, "d1", SHELF)


@pytest.mark.parametrize(("state", "who", "published"), list(product(ALL_STATES, EVERYBODY, (0, 2))))
def test_the_buttons_are_exactly_what_will_not_be_refused(state: EntryState, who: Who, published: int) -> None:
    for department_id, by, own_review in product(("d1", "d2", ""), ("haneul", "san", "x"), (False, True)):
        newest = version(state, by)
        offered = steps(newest, published, department_id, who, SHELF, own_review=own_review)
        for step in ALL_STEPS:
            fine = is_allowed(step, who, department_id, SHELF)
            fine &= not (step == "review" and is_own_draft(newest, who, own_review=own_review))
            try:
                next_state(newest, step, published)
            except Refused:
                fine = False
            assert (step in offered) == fine
