"""Why a call ends."""

from __future__ import annotations

import pytest

from core.events import EndReason
from server.call_end import CallEnd
from telephony.contract import LegEnded

AGENT = LegEnded(speaker="agent", status=200)
CALLER = LegEnded(status=200)
ENDED_BY_US = LegEnded(status=200, by_peer=False)


@pytest.mark.parametrize(
    ("legs", "reason"),
    [
        ([CALLER], "caller_hung_up"),
        ([AGENT, ENDED_BY_US], "agent_hung_up"),
        ([LegEnded(speaker="agent", by_peer=False, reason="no_media"), ENDED_BY_US], "no_media"),
        ([LegEnded(by_peer=False, reason="expired")], "no_media"),
        ([LegEnded(by_peer=False, reason="worker_lost")], "worker_lost"),
        ([LegEnded(by_peer=False, reason="handed_on")], "handed_on"),
        ([LegEnded(by_peer=False, reason="source")], "source_ended"),
        ([ENDED_BY_US], "failed"),
    ],
)
def test_the_legs_tell(legs: list[LegEnded], reason: EndReason) -> None:
    end = CallEnd()
    for leg in legs:
        end.leg_ended(leg, joined=True)
    assert (end.reason, end.status) == (reason, legs[-1].status)


def test_an_agent_who_left_her_caller_to_a_third_has_not_ended_the_call() -> None:
    end = CallEnd()
    end.leg_ended(AGENT, joined=True)
    end.goes_on()
    end.leg_ended(CALLER, joined=True)
    assert end.reason == "caller_hung_up"


def test_what_we_wished_first_is_the_reason() -> None:
    end = CallEnd()
    end.because("desk_hung_up")
    end.leg_ended(CALLER, joined=True)
    assert end.reason == "desk_hung_up"
