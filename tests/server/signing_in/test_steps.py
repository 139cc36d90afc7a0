"""Every set of proofs x every account: the questions come in order, and nobody is in too early."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from server.signing_in.steps import Needs, Proof, next_step

PROOFS: tuple[Proof, ...] = get_args(Proof)
SETS = [frozenset(each) for size in range(len(PROOFS) + 1) for each in itertools.combinations(PROOFS, size)]
NEEDS = [Needs(has_second=has, must_second=must) for has in (False, True) for must in (False, True)]


@pytest.mark.parametrize("needs", NEEDS)
def test_nobody_is_in_too_early(needs: Needs) -> None:
    for shown in SETS:
        if next_step(shown, needs) != "in":
            continue
        assert shown & {"password", "invitation", "provider"}
        assert "invitation" not in shown or "new_password" in shown
        if "provider" not in shown:
            assert not needs.has_second or "code" in shown
            assert not needs.must_second or needs.has_second


@pytest.mark.parametrize("needs", NEEDS)
def test_every_question_can_be_answered(needs: Needs) -> None:
    """Whatever is asked for is shown: after a few steps she is in, whichever way she began."""
    for first in ("password", "invitation", "provider"):
        shown, now = frozenset({first}), needs
        for _ in range(4):
            step = next_step(shown, now)
            if step == "enrol":  # the second factor is there then, and its first code was shown
                now, shown = Needs(has_second=True, must_second=needs.must_second), shown | {"code"}
            elif step != "in":
                shown = shown | {step}
        assert next_step(shown, now) == "in"


def test_the_code_comes_before_the_new_password() -> None:
    needs = Needs(has_second=True, must_second=False)
    assert next_step(frozenset({"invitation"}), needs) == "code"
    assert next_step(frozenset({"invitation", "code"}), needs) == "new_password"
