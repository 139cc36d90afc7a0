"""What the law offers, as shipped."""

from __future__ import annotations

from typing import get_args

import pytest

from agent_assist.alerts.procedures import PROCEDURES
from agent_assist.desk_assist import Procedure
from core.events import AlertKind


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda each: each.kind)
def test_every_procedure_can_be_gone_through(procedure: Procedure) -> None:
    taken: set[str] = set()
    for step in procedure.steps:
        assert not step.needs or taken & set(step.needs), step
        taken.add(step.step)
    assert len(taken) == len(procedure.steps)
    assert {"closed", "dismissed"} <= taken
    assert procedure.title
    assert procedure.law
    assert procedure.advice


def test_there_is_one_for_each_kind() -> None:
    assert [each.kind for each in PROCEDURES] == list(get_args(AlertKind))


@pytest.mark.parametrize("kind", ["abuse", "threat", "sexual"])
def test_no_call_is_ended_without_a_warning(kind: AlertKind) -> None:
    (procedure,) = (each for each in PROCEDURES if each.kind == kind)
    steps = {step.step: step for step in procedure.steps}
    assert "warned" in steps["ended"].needs
    assert all(steps[name].says for name in ("warned", "ended"))


@pytest.mark.parametrize(("kind", "numbers"), [("self_harm", ("109", "119", "112")), ("emergency", ("119", "112"))])
def test_help_has_a_number_and_no_warning_ends_the_call(kind: AlertKind, numbers: tuple[str, ...]) -> None:
    (procedure,) = (each for each in PROCEDURES if each.kind == kind)
    assert all(number in " ".join(procedure.advice) for number in numbers)
    assert "ended" not in {step.step for step in procedure.steps}
