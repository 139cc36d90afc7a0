"""A forked call as the call flow sees it."""

from __future__ import annotations

import asyncio

import pytest

from core.audio import FRAME_BYTES
from core.errors import IllegalStep, Refused
from core.events import Party
from telephony.contract import AnySignal, Call, Identified, Key, LegEnded
from telephony.forks.call import ForkCall, Why
from telephony.forks.said import BOTH, Opened

ANN, KIM = Party(number="01012345678"), Party(number="2107")
CALLER = Opened(call="7", speakers=("caller",), caller=ANN)
AGENT = Opened(call="7", speakers=("agent",), agent=KIM)
PCM = bytes(FRAME_BYTES)


class Connection:
    """A stream that is told to close."""

    def __init__(self) -> None:
        self.closed: Why | None = None

    def close(self, why: Why) -> None:
        self.closed = why


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def told(call: ForkCall) -> list[AnySignal]:
    async with asyncio.timeout(5):
        return [signal async for signal in call.signals()]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def call(clock: Clock) -> ForkCall:
    return ForkCall("1", CALLER, "audiosocket 10.0.0.5", clock)


def a_call(call: ForkCall) -> Call:
    """The contract, for mypy."""
    return call


async def test_two_streams_are_two_voices(call: ForkCall, clock: Clock) -> None:
    ann, kim = Connection(), Connection()
    call.attach(ann, CALLER)
    call.hear("caller", PCM, None)
    clock.now += 3
    call.attach(kim, AGENT)
    call.hear("agent", PCM, None)
    call.press("caller", "5")
    assert (call.caller, call.agent, call.way) == (ANN, KIM, "fork")
    call.left(ann, broken=False)
    assert kim.closed == "over" and ann.closed is None
    assert [frame.start async for frame in call.frames("caller")] == [0.0]
    assert [frame.start async for frame in call.frames("agent")] == [3.0]
    assert await told(call) == [
        Identified(speaker="agent", party=KIM),
        Key(speaker="caller", digit="5", method="info"),
        LegEnded(speaker="agent", by_peer=False, status=200),
        LegEnded(speaker="caller", by_peer=True, status=200),
    ]


async def test_a_callers_voice_alone(call: ForkCall) -> None:
    ann = Connection()
    call.attach(ann, CALLER)
    call.left(ann, broken=True)
    assert await told(call) == [LegEnded(speaker="caller", by_peer=False, reason="source")]
    assert call.over


async def test_who_hung_up_first(call: ForkCall, clock: Clock) -> None:
    ann, kim = Connection(), Connection()
    call.attach(ann, CALLER)
    call.attach(kim, AGENT)
    call.left(kim, broken=False)
    assert not call.over, "another agent may come"
    clock.now += 0.1
    call.left(ann, broken=False)
    assert LegEnded(speaker="agent", by_peer=True, status=200) in await told(call)


async def test_another_agent_takes_over(call: ForkCall, clock: Clock) -> None:
    ann, kim, lee = Connection(), Connection(), Connection()
    call.attach(ann, CALLER)
    call.attach(kim, AGENT)
    call.left(kim, broken=False)
    clock.now += 9
    call.attach(lee, Opened(call="7", speakers=("agent",), agent=Party(number="2108")))
    call.hear("agent", PCM, None)
    call.left(ann, broken=False)
    assert [frame.start async for frame in call.frames("agent")] == [9.0]
    ends = await told(call)
    assert ends[1] == Identified(speaker="agent", party=Party(number="2108"))
    assert ends[2] == LegEnded(speaker="agent", by_peer=False, status=200)


async def test_an_agents_voice_that_came_alone(call: ForkCall) -> None:
    kim = Connection()
    call.attach(kim, AGENT)
    call.left(kim, broken=False)
    assert call.over


async def test_one_stream_of_both(call: ForkCall) -> None:
    both = Connection()
    call.attach(both, Opened(call="7", speakers=BOTH, caller=ANN))
    call.hear("agent", PCM[:100], None)
    call.left(both, broken=False)
    assert [len(frame.pcm) async for frame in call.frames("agent")] == [FRAME_BYTES], "nothing is cut off"
    assert len(await told(call)) == 2


def test_one_voice_twice_is_refused(call: ForkCall) -> None:
    call.attach(Connection(), CALLER)
    with pytest.raises(Refused) as refused:
        call.attach(Connection(), CALLER)
    assert refused.value.code == "doubled"


async def test_we_stop_listening(call: ForkCall) -> None:
    ann = Connection()
    call.attach(ann, CALLER)
    await call.answer()
    await call.hang_up()
    await call.hang_up()
    assert ann.closed == "over"
    assert await told(call) == [LegEnded(speaker="caller", by_peer=False, status=200)]
    call.left(ann, broken=True)  # what the carrier says afterwards


async def test_refused(call: ForkCall) -> None:
    ann = Connection()
    call.attach(ann, CALLER)
    await call.refuse(503)
    assert ann.closed == "refused" and call.over


async def test_nothing_can_be_done_to_it(call: ForkCall) -> None:
    call.attach(Connection(), CALLER)

    def deeds() -> list[object]:
        return [
            call.play("wait"),
            call.stop_prompt(),
            call.dial("sip:1@x", reference="", ring_timeout_s=1),
            call.hold(True),
            call.consult("sip:1@x", reference="", ring_timeout_s=1),
            call.conference(),
            call.drop_third(),
            call.hand_over(),
            call.take_over(),
            call.release_agent(),
            call.refer("sip:1@x"),
            call.supervise("sip:1@x", reference="", mode="listen", ring_timeout_s=1),
            call.set_supervision("listen"),
        ]

    for deed in deeds():
        with pytest.raises(IllegalStep):
            await deed  # type: ignore[misc]
    await call.hang_up()
    for deed in deeds():
        await deed  # type: ignore[misc]


async def test_pauses_become_silence(call: ForkCall, clock: Clock) -> None:
    call.attach(Connection(), CALLER)
    call.hear("caller", PCM, None)
    clock.now += 1
    call.tick()
    await call.hang_up()
    lost = [frame.lost async for frame in call.frames("caller")]
    assert lost[0] is False and all(lost[1:]) and len(lost) > 30
