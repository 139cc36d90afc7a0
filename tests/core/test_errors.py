"""The tree of errors: one root, a code that machines may rely on, a message that people can."""

from __future__ import annotations

import inspect

import pytest

from core import errors
from core.errors import EnvironmentFault, IllegalStep, MinwonError, Refused, StoreFault

KINDS = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, MinwonError)]


def test_codes_are_what_was_released() -> None:
    assert {kind.__name__: kind.code for kind in KINDS} == {
        "MinwonError": "error",
        "ConfigError": "config",
        "EnvironmentFault": "environment",
        "PortTaken": "port_taken",
        "ModelFault": "model",
        "StoreFault": "store",
        "GatewayFault": "gateway",
        "NotSent": "gateway",
        "KeyFault": "key",
        "BadInput": "bad_input",
        "IllegalStep": "illegal_step",
        "Refused": "refused",
    }


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn = errors.__doc__ or ""
    for kind in KINDS:
        assert kind.__name__ in drawn
        assert kind.__doc__
    assert issubclass(StoreFault, EnvironmentFault)


def test_a_finer_code_may_be_given_and_stays_with_that_error() -> None:
    fault = Refused("too many sign-ins: wait a minute", code="limited")
    assert (fault.code, str(fault)) == ("limited", "too many sign-ins: wait a minute")
    assert Refused("no").code == "refused"


def test_an_illegal_step_names_machine_state_and_event() -> None:
    with pytest.raises(MinwonError, match="call: 'Answered' is not possible in state 'ended'") as caught:
        raise IllegalStep("call", "ended", "Answered")
    assert isinstance(caught.value, IllegalStep)
    assert (caught.value.state, caught.value.event) == ("ended", "Answered")
