"""Streams become calls."""

from __future__ import annotations

import pytest

from core import metrics
from core.errors import Refused
from telephony.forks.call import ForkCall
from telephony.forks.joining import Joining
from telephony.forks.said import Opened
from tests.telephony.forks.test_call import Clock, Connection

CALLER, AGENT = (Opened(call="7", speakers=(speaker,)) for speaker in ("caller", "agent"))


@pytest.fixture
def came() -> list[ForkCall]:
    return []


@pytest.fixture
def joining(came: list[ForkCall]) -> Joining:
    return Joining(came.append, Clock())


def test_one_key_is_one_call(joining: Joining, came: list[ForkCall]) -> None:
    call = joining.attach(Connection(), "audiosocket", CALLER, "10.0.0.5")
    assert joining.attach(Connection(), "audiosocket", AGENT, "10.0.0.5") is call
    assert came == [call] and call.trunk == "audiosocket 10.0.0.5"


def test_a_key_of_another_dialect_is_another_call(joining: Joining, came: list[ForkCall]) -> None:
    joining.attach(Connection(), "audiosocket", CALLER, "")
    joining.attach(Connection(), "asterisk", AGENT, "")
    assert len(came) == 2


def test_without_a_key_every_stream_is_a_call(joining: Joining, came: list[ForkCall]) -> None:
    for _ in range(3):
        joining.attach(Connection(), "jambonz", Opened(call="", speakers=("caller",)), "")
    assert len({call.call_id for call in came}) == 3


async def test_a_key_may_come_again(joining: Joining, came: list[ForkCall]) -> None:
    first = joining.attach(Connection(), "audiosocket", CALLER, "")
    await first.hang_up()
    assert joining.attach(Connection(), "audiosocket", CALLER, "") is not first
    joining.tick()
    assert joining.calls == came[1:]


def test_draining_takes_second_voices_alone(joining: Joining) -> None:
    joining.attach(Connection(), "audiosocket", CALLER, "")
    joining.draining = True
    joining.attach(Connection(), "audiosocket", AGENT, "")
    with pytest.raises(Refused):
        joining.attach(Connection(), "audiosocket", Opened(call="8", speakers=("caller",)), "")


def test_every_refusal_is_counted(joining: Joining) -> None:
    counter = metrics.FORKS_REFUSED.labels(reason="test")
    for _ in range(5):
        joining.refused("test", "10.0.0.9", "advice")
    assert counter._value.get() == 5
