"""The limits of one stream."""

from __future__ import annotations

import pytest

from core.audio import FRAME_BYTES
from core.errors import BadInput, Refused
from telephony.forks.joining import Joining
from telephony.forks.said import Ended, Opened, Pressed, Said, Voice
from telephony.forks.stream import FLOOD_FRAMES, HELLO_S, IDLE_S, MESSAGES, MESSAGES_PER_S, Stream
from tests.telephony.forks.test_call import Clock, Connection

OPENED = Opened(call="7", speakers=("caller",))


def voice(frames: int = 1) -> Said:
    return Voice(data=bytes(frames * FRAME_BYTES), speakers=("caller",), coding="slin", rate=8000)


class Setting:
    def __init__(self) -> None:
        self.clock = Clock()
        self.calls: list[object] = []
        self.link = Connection()
        self.stream = Stream(Joining(self.calls.append, self.clock), self.link, "10.0.0.5", "jambonz")


@pytest.fixture
def at() -> Setting:
    return Setting()


def test_what_is_told_goes_to_the_call(at: Setting) -> None:
    assert at.stream.take([OPENED, voice(), Pressed(speaker="caller", digit="1")])
    call = at.stream.call
    assert call is not None and len(call.frames("caller")) == 1
    assert not at.stream.take([Ended(), voice()])
    assert call.over and at.link.closed == "over"


def test_one_more_voice_comes(at: Setting) -> None:
    at.stream.take([OPENED, Opened(call="", speakers=("agent",))])
    at.stream.take([Voice(data=bytes(FRAME_BYTES), speakers=("agent",), coding="slin", rate=8000)])
    assert at.stream.call is not None and len(at.stream.call.frames("agent")) == 1


def test_a_voice_of_nobody_is_nobodys(at: Setting) -> None:
    assert at.stream.take([voice(), Pressed(speaker="caller", digit="1")])
    assert at.stream.call is None


def test_a_stream_must_say_hello_in_time(at: Setting) -> None:
    at.clock.now += HELLO_S + 0.1
    assert at.stream.stalled(at.clock.now)


def test_and_go_on_speaking(at: Setting) -> None:
    at.stream.take([OPENED])
    at.clock.now += HELLO_S + 0.1
    assert not at.stream.stalled(at.clock.now)
    at.clock.now += IDLE_S
    assert at.stream.stalled(at.clock.now)


def test_a_flood_of_sound(at: Setting) -> None:
    at.stream.take([OPENED])
    with pytest.raises(Refused) as refused:
        at.stream.take([voice(FLOOD_FRAMES + 200)])
    assert refused.value.code == "flood"
    at.stream.fail(refused.value, "flood")
    assert at.link.closed == "flood" and at.stream.call is not None and at.stream.call.over


def test_a_stall_is_no_flood(at: Setting) -> None:
    at.stream.take([OPENED])
    for _ in range(20):
        at.clock.now += 60
        at.stream.take([voice(350)])


def test_a_flood_of_messages(at: Setting) -> None:
    for _ in range(MESSAGES):
        at.stream.take([])
    with pytest.raises(Refused):
        at.stream.take([])
    at.clock.now += 1
    for _ in range(MESSAGES_PER_S - 1):
        at.stream.take([])


def test_a_fault_ends_it_once(at: Setting) -> None:
    at.stream.take([OPENED])
    at.stream.fail(BadInput("x", code="json"))
    assert at.link.closed == "refused"
    at.link.closed = None
    at.stream.fail(BadInput("x", code="json"))
    at.stream.over(broken=True)
    at.stream.close("over")
    assert at.link.closed is None


def test_no_room_says_try_again(at: Setting) -> None:
    at.stream.fail(Refused("x", code="full"))
    assert at.link.closed == "full"


def test_linear_sound_that_is_none_is_read_by_its_law() -> None:
    at = Setting()
    stream = Stream(Joining(at.calls.append, at.clock), at.link, "", "audiosocket")
    stream.take([OPENED])
    piece = Voice(data=b"\xd5" * 160, speakers=("caller",), coding="slin", rate=8000)
    for _ in range(60):
        at.clock.now += 0.02
        stream.take([piece])
    assert stream.call is not None
    before = stream.call.frames("caller").dropped + len(stream.call.frames("caller"))
    for _ in range(10):
        at.clock.now += 0.02
        stream.take([piece])
    assert stream.call.frames("caller").dropped + len(stream.call.frames("caller")) == before + 10
