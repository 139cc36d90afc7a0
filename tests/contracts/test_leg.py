"""The contract of a bridge, its calls and legs: the same for the scripted fake and for real SIP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import pytest_asyncio

from core.audio import FRAME_BYTES, FRAME_S, Frame, FrameQueue
from core.errors import IllegalStep, Refused
from core.events import Party, Speaker, SupervisionMode
from telephony.call_states import dial_result
from telephony.contract import (
    AnySignal,
    Call,
    DialResult,
    HandedOver,
    Held,
    Identified,
    Key,
    LegEnded,
    LegSound,
    PromptDone,
    Resumed,
    SupervisorLeft,
    TransferAsked,
)
from tests.builds import BUILDS, install_only
from tests.contracts.exchange import (
    AGENT_HZ,
    CALLER_HZ,
    THIRD_HZ,
    Exchange,
    RealExchange,
    ScriptedExchange,
    tone,
    write_wav,
)

KIM = Party(number="01000001111", name="김하늘")


KINDS = ["scripted", pytest.param("wheel", marks=pytest.mark.sip), *BUILDS[1:]]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """'scripted', or the one build of pjsua2 that is installed, as far as bridge and softphones can see."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "scripted":
            install_only(request.param, patch)
        yield request.param


def made(kind: str, folder: Path) -> ScriptedExchange | RealExchange:
    return ScriptedExchange() if kind == "scripted" else RealExchange(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_exchange(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ScriptedExchange | RealExchange]:
    async with made(kind, tmp_path_factory.mktemp("leg")) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def exchange(open_exchange: ScriptedExchange | RealExchange) -> AsyncIterator[Exchange]:
    """The same bridge and phones for all tests, with no call left from the test before."""
    yield open_exchange
    await open_exchange.all_over()


async def joined(exchange: Exchange) -> Call:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    assert await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=5) == "answered"
    return call


async def happenings(call: Call) -> AsyncIterator[AnySignal]:
    """Its signals but for what each leg sounds like, which comes when it comes."""
    async for signal in call.signals():
        if not isinstance(signal, LegSound):
            yield signal


async def everything(call: Call) -> list[AnySignal]:
    async with asyncio.timeout(15):
        return [signal async for signal in happenings(call)]


async def whole(queue: FrameQueue) -> list[Frame]:
    return [frame async for frame in queue]


def pitch(frames: list[Frame]) -> float:
    """The strongest frequency of the loud frames, in Hz."""
    loud = [frame.pcm for frame in frames if np.abs(np.frombuffer(frame.pcm, "<i2").astype(int)).max() > 1000]
    samples = np.frombuffer(b"".join(loud), "<i2").astype(float)
    assert len(samples) > 4000, "hardly any sound"
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * 8000 / len(samples))


async def test_a_call_says_who_calls_and_whom(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    assert (call.caller, call.called, call.adopted_agent, call.silent_s) == (KIM, "120", "", 0.0)
    assert call.call_id and call.trunk and call.started.tzinfo is not None


async def test_both_voices_come_separately_and_in_time(exchange: Exchange) -> None:
    call = await joined(exchange)
    heard = {who: asyncio.create_task(whole(call.frames(who))) for who in cast(list[Speaker], ["caller", "agent"])}
    await exchange.talk("caller")
    await exchange.talk("agent")
    await call.hang_up()
    frames = {who: await task for who, task in heard.items()}
    assert pitch(frames["caller"]) == pytest.approx(CALLER_HZ, abs=10)
    assert pitch(frames["agent"]) == pytest.approx(AGENT_HZ, abs=10)
    for of_one in frames.values():
        steps = {round(later.start - frame.start, 3) for frame, later in pairwise(of_one)}
        assert min(steps) == FRAME_S and max(steps) < 0.5
        assert {len(frame.pcm) for frame in of_one} == {FRAME_BYTES}


async def test_caller_hangs_up(exchange: Exchange) -> None:
    call = await joined(exchange)
    await exchange.hang_up("caller")
    assert await everything(call) == [
        LegEnded(speaker="agent", status=200, by_peer=False),
        LegEnded(speaker="caller", status=200, by_peer=True),
    ]
    assert call.frames("caller").closed and call.frames("agent").closed


async def test_agent_hangs_up(exchange: Exchange) -> None:
    call = await joined(exchange)
    await exchange.hang_up("agent")
    assert await everything(call) == [
        LegEnded(speaker="agent", status=200, by_peer=True),
        LegEnded(speaker="caller", status=200, by_peer=False),
    ]
    assert await exchange.caller_is_over() == 200


async def test_we_hang_up(exchange: Exchange) -> None:
    call = await joined(exchange)
    await call.hang_up()
    assert [signal.by_peer for signal in await everything(call) if isinstance(signal, LegEnded)] == [False, False]
    assert await exchange.caller_is_over() == 200


async def test_refused_before_it_was_answered(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    await call.refuse(486)
    assert await everything(call) == [LegEnded(status=486, by_peer=False)]
    assert await exchange.caller_is_over() == 486


async def test_caller_gives_up_while_it_rings(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    await exchange.hang_up("caller")
    assert await everything(call) == [LegEnded(status=487, by_peer=True)]


@pytest.mark.parametrize("result", ["no_answer", "busy", "refused", "unreachable"])
async def test_agent_does_not_come_and_the_next_one_does(exchange: Exchange, result: DialResult) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    assert await call.dial(await exchange.phone(result), reference="lee", ring_timeout_s=0.7) == result
    assert await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=5) == "answered"
    await call.hang_up()
    assert [type(signal) for signal in await everything(call)] == [LegEnded, LegEnded]


async def test_caller_gives_up_while_an_agents_phone_rings(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    uri = await exchange.phone("no_answer")
    dial = asyncio.create_task(call.dial(uri, reference="lee", ring_timeout_s=10))
    await asyncio.sleep(0.3)
    await exchange.hang_up("caller")
    assert await dial == "gone"
    assert await everything(call) == [LegEnded(status=200, by_peer=True)]


async def test_a_dial_that_is_cancelled_leaves_the_caller(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    uri = await exchange.phone("no_answer")
    dial = asyncio.create_task(call.dial(uri, reference="lee", ring_timeout_s=10))
    await asyncio.sleep(0.3)
    dial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dial
    assert await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=5) == "answered"


async def test_keys_come_once_a_press_and_in_order(exchange: Exchange) -> None:
    call = await joined(exchange)
    await exchange.press("caller", "11#")
    await exchange.press("agent", "5*")
    await asyncio.sleep(1.5)
    await call.hang_up()
    keys = [signal for signal in await everything(call) if isinstance(signal, Key)]
    assert "".join(key.digit for key in keys if key.speaker == "caller") == "11#"
    assert "".join(key.digit for key in keys if key.speaker == "agent") == "5*"


async def test_hold_is_told(exchange: Exchange) -> None:
    call = await joined(exchange)
    await exchange.hold("agent", True)
    await exchange.hold("agent", False)
    await exchange.hold("caller", True)
    await asyncio.sleep(0.2)
    await call.hang_up()
    assert [signal for signal in await everything(call) if not isinstance(signal, LegEnded)] == [
        Held(speaker="agent"),
        Resumed(speaker="agent"),
        Held(speaker="caller"),
    ]


async def test_a_prompt_ends_and_says_so_but_not_one_that_was_stopped(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    await call.play("waiting", loop=True)
    await call.play("closing")
    await call.stop_prompt()
    await call.play("ding")
    signals = happenings(call)
    async with asyncio.timeout(10):
        assert await anext(signals) == PromptDone(prompt="ding")


async def test_a_file_is_played_as_a_prompt_and_what_cannot_be_played_is_over_at_once(
    exchange: Exchange, tmp_path: Path
) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    write_wav(tmp_path / "short.wav", tone(600, 0.2))
    (tmp_path / "broken.wav").write_bytes(b"RIFF....")
    signals = happenings(call)
    for name in ("short.wav", "short.wav", "missing.wav", "broken.wav"):
        await call.play(str(tmp_path / name))
        async with asyncio.timeout(10):
            assert await anext(signals) == PromptDone(prompt=str(tmp_path / name))
    await call.play("no_such_name")
    async with asyncio.timeout(10):
        assert await anext(signals) == PromptDone(prompt="no_such_name")
    await call.hang_up()
    assert [type(signal) async for signal in signals] == [LegEnded]


async def test_a_new_prompt_replaces_the_one_before_even_while_that_is_read(exchange: Exchange, tmp_path: Path) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    for name, hertz in (("first", 600), ("second", 800)):
        write_wav(tmp_path / f"{name}.wav", tone(hertz, 0.3))
    await call.play(str(tmp_path / "first.wav"))
    await call.play(str(tmp_path / "second.wav"))
    signals = happenings(call)
    async with asyncio.timeout(10):
        assert await anext(signals) == PromptDone(prompt=str(tmp_path / "second.wav"))


async def test_each_party_of_a_joined_call_has_its_own_prompt(exchange: Exchange, tmp_path: Path) -> None:
    call = await joined(exchange)
    write_wav(tmp_path / "typed.wav", tone(1500, 20.0))
    write_wav(tmp_path / "short.wav", tone(1500, 0.1))
    await call.play(str(tmp_path / "typed.wav"), to="agent")
    await call.stop_prompt("agent")
    await call.play("closing")
    await call.stop_prompt()
    await call.play(str(tmp_path / "short.wav"), to="agent")
    await call.play("closing", to="caller")
    signals = happenings(call)
    async with asyncio.timeout(10):
        assert await anext(signals) == PromptDone(prompt=str(tmp_path / "short.wav"), speaker="agent")
    await call.play(str(tmp_path / "short.wav"), to="caller")
    async with asyncio.timeout(10):
        assert await anext(signals) == PromptDone(prompt=str(tmp_path / "short.wav"), speaker="caller")


async def test_there_is_no_prompt_for_an_agent_who_is_not_there(exchange: Exchange, tmp_path: Path) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    with pytest.raises(IllegalStep):
        await call.play("closing", to="agent")
    await call.stop_prompt("agent")
    write_wav(tmp_path / "short.wav", tone(600, 0.1))
    await call.play(str(tmp_path / "short.wav"))
    signals = happenings(call)
    async with asyncio.timeout(10):
        assert await anext(signals) == PromptDone(prompt=str(tmp_path / "short.wav"))


async def test_a_call_that_we_make_is_answered_joined_and_hung_up_by_the_citizen(exchange: Exchange) -> None:
    call = await exchange.call_out("answered")
    assert (call.outgoing, call.reference, call.adopted_agent) == (True, "callback", "")
    assert (call.caller, call.called) == (Party(number="01000001111"), "120")
    async with asyncio.timeout(10):
        await call.answer()
    await call.play("waiting", loop=True)
    heard = asyncio.create_task(whole(call.frames("caller")))
    assert await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=5) == "answered"
    await exchange.talk("caller")
    await exchange.press("caller", "7")
    await asyncio.sleep(0.3)
    await exchange.hang_up("caller")
    assert await everything(call) == [
        Key(digit="7", method="rfc4733"),
        LegEnded(speaker="agent", status=200, by_peer=False),
        LegEnded(speaker="caller", status=200, by_peer=True),
    ]
    assert pitch(await heard) == pytest.approx(CALLER_HZ, abs=10)


@pytest.mark.parametrize(("result", "status"), [("busy", 486), ("refused", 603), ("no_answer", 480)])
async def test_a_citizen_who_does_not_answer_our_call(exchange: Exchange, result: DialResult, status: int) -> None:
    call = await exchange.call_out(result, ring_timeout_s=0.7)
    async with asyncio.timeout(10):
        await call.answer()
    assert await everything(call) == [LegEnded(status=status, by_peer=True)]
    assert await call.dial("sip:2101@127.0.0.1", reference="kim", ring_timeout_s=1) == "gone"


async def test_a_citizen_who_cannot_be_reached(exchange: Exchange) -> None:
    call = await exchange.call_out("unreachable", ring_timeout_s=0.7)
    async with asyncio.timeout(10):
        await call.answer()
    (ended,) = await everything(call)
    assert isinstance(ended, LegEnded) and ended.by_peer and dial_result(ended.status) == "unreachable"


@pytest.mark.parametrize("how", ["hang_up", "cancel"])
async def test_a_call_that_we_make_is_given_up_while_it_rings(exchange: Exchange, how: str) -> None:
    call = await exchange.call_out("no_answer")
    answering = asyncio.create_task(call.answer())
    await asyncio.sleep(0.3)
    if how == "hang_up":
        await call.hang_up()
        await answering
    else:
        answering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answering
    (ended,) = await everything(call)
    assert isinstance(ended, LegEnded) and not ended.by_peer


async def test_a_call_that_we_make_can_be_dropped_before_it_goes_out(exchange: Exchange) -> None:
    call = await exchange.call_out("answered")
    with pytest.raises(IllegalStep):
        await call.play("closing")
    assert exchange.bridge.workers()[0].calls == 1
    await call.hang_up()
    (ended,) = await everything(call)
    assert isinstance(ended, LegEnded) and not ended.by_peer
    assert exchange.bridge.workers()[0].calls == 0


# More than two.

ENDS = [
    LegEnded(speaker="third", status=200, by_peer=False),
    LegEnded(speaker="agent", status=200, by_peer=False),
    LegEnded(speaker="caller", status=200, by_peer=True),
]


async def with_a_third(exchange: Exchange) -> Call:
    call = await joined(exchange)
    uri = await exchange.phone("answered", "third")
    assert await call.consult(uri, reference="tax", ring_timeout_s=5) == "answered"
    return call


async def next_signal(signals: AsyncIterator[AnySignal]) -> AnySignal:
    async with asyncio.timeout(10):
        return await anext(signals)


async def loud(queue: FrameQueue) -> float:
    """The pitch of the next second or so of sound."""
    frames: list[Frame] = []
    async with asyncio.timeout(10):
        async for frame in queue:
            if np.abs(np.frombuffer(frame.pcm, "<i2").astype(int)).max() > 1000:
                frames.append(frame)
            if len(frames) == 30:
                break
    return pitch(frames)


async def test_a_caller_on_hold_is_not_heard(exchange: Exchange) -> None:
    call = await joined(exchange)
    assert not call.on_hold
    await call.hold(True)
    assert call.on_hold
    await call.hold(True)
    await call.hold(False)
    assert not call.on_hold
    await exchange.talk("caller")
    assert await loud(call.frames("caller")) == pytest.approx(CALLER_HZ, abs=10)
    await exchange.hang_up("caller")
    assert await everything(call) == ENDS[1:]


async def test_a_third_is_asked_while_the_caller_is_on_hold_and_all_end_with_the_caller(exchange: Exchange) -> None:
    call = await with_a_third(exchange)
    assert call.on_hold
    with pytest.raises(IllegalStep):
        await call.consult("sip:2109@127.0.0.1", reference="more", ring_timeout_s=1)
    await exchange.talk("third")
    assert await loud(call.frames("third")) == pytest.approx(THIRD_HZ, abs=10)
    await call.conference()
    assert not call.on_hold
    await exchange.hang_up("caller")
    assert await everything(call) == ENDS
    assert call.frames("third").closed


async def test_a_third_who_hangs_up_leaves_the_other_two_talking(exchange: Exchange) -> None:
    call = await with_a_third(exchange)
    signals = happenings(call)
    await exchange.hang_up("third")
    assert await next_signal(signals) == LegEnded(speaker="third", status=200, by_peer=True)
    assert not call.on_hold and call.frames("third").closed
    with pytest.raises(IllegalStep):
        await call.conference()
    await call.drop_third()
    await exchange.hang_up("agent")
    assert await next_signal(signals) == LegEnded(speaker="agent", status=200, by_peer=True)
    assert await next_signal(signals) == LegEnded(speaker="caller", status=200, by_peer=False)


async def test_a_third_can_be_dropped_and_another_asked(exchange: Exchange) -> None:
    call = await with_a_third(exchange)
    await call.drop_third()
    assert not call.on_hold
    uri = await exchange.phone("answered", "third")
    assert await call.consult(uri, reference="tax", ring_timeout_s=5) == "answered"
    await call.hang_up()
    ends = [signal for signal in await everything(call) if isinstance(signal, LegEnded)]
    assert [(end.speaker, end.by_peer) for end in ends] == [("third", False), ("agent", False), ("caller", False)]


@pytest.mark.parametrize("result", ["no_answer", "busy", "refused"])
async def test_a_third_who_does_not_come_leaves_the_caller_on_hold(exchange: Exchange, result: DialResult) -> None:
    call = await joined(exchange)
    uri = await exchange.phone(result, "third")
    assert await call.consult(uri, reference="tax", ring_timeout_s=0.7) == result
    assert call.on_hold
    await call.hold(False)
    await call.hang_up()
    assert [type(signal) for signal in await everything(call)] == [LegEnded, LegEnded]


@pytest.mark.parametrize("how", ["drop", "cancel"])
async def test_a_third_is_given_up_while_it_rings(exchange: Exchange, how: str) -> None:
    call = await joined(exchange)
    uri = await exchange.phone("no_answer", "third")
    consulting = asyncio.create_task(call.consult(uri, reference="tax", ring_timeout_s=10))
    await asyncio.sleep(0.3)
    if how == "drop":
        await call.drop_third()
        assert await consulting == "gone" and not call.on_hold
    else:
        consulting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consulting
        assert call.on_hold
    uri = await exchange.phone("answered", "third")
    assert await call.consult(uri, reference="tax", ring_timeout_s=5) == "answered"


@pytest.mark.parametrize("how", ["hand_over", "agent_hangs_up"])
async def test_the_third_takes_the_agents_place(exchange: Exchange, how: str) -> None:
    call = await with_a_third(exchange)
    third, signals = call.frames("third"), happenings(call)
    await (call.hand_over() if how == "hand_over" else exchange.hang_up("agent"))
    assert await next_signal(signals) == LegEnded(speaker="agent", status=200, by_peer=how != "hand_over")
    assert await next_signal(signals) == HandedOver(speaker="agent")
    assert third.closed and not call.on_hold
    await exchange.talk("third")
    assert await loud(call.frames("agent")) == pytest.approx(THIRD_HZ, abs=10)
    with pytest.raises(IllegalStep):
        await call.hand_over()
    await exchange.hang_up("third")
    assert await next_signal(signals) == LegEnded(speaker="agent", status=200, by_peer=True)
    assert await next_signal(signals) == LegEnded(speaker="caller", status=200, by_peer=False)


@pytest.mark.parametrize("how", ["hand_over", "agent_hangs_up"])
async def test_the_agent_goes_while_the_third_still_rings_and_it_answers(exchange: Exchange, how: str) -> None:
    call = await joined(exchange)
    uri = await exchange.phone("late", "third")
    consulting = asyncio.create_task(call.consult(uri, reference="tax", ring_timeout_s=10))
    await asyncio.sleep(0.3)
    signals = happenings(call)
    await (call.hand_over() if how == "hand_over" else exchange.hang_up("agent"))
    assert await next_signal(signals) == LegEnded(speaker="agent", status=200, by_peer=how != "hand_over")
    assert await next_signal(signals) == HandedOver(speaker="agent")
    assert await consulting == "answered" and not call.on_hold
    await exchange.talk("third")
    assert await loud(call.frames("agent")) == pytest.approx(THIRD_HZ, abs=10)
    await exchange.hang_up("caller")
    assert [type(signal) async for signal in signals] == [LegEnded, LegEnded]


@pytest.mark.parametrize("how", ["no_answer", "cancel"])
async def test_the_agent_goes_and_the_third_does_not_come(exchange: Exchange, how: str, tmp_path: Path) -> None:
    call = await joined(exchange)
    uri = await exchange.phone("no_answer", "third")
    consulting = asyncio.create_task(call.consult(uri, reference="tax", ring_timeout_s=1.0))
    await asyncio.sleep(0.3)
    signals = happenings(call)
    await exchange.hang_up("agent")
    assert await next_signal(signals) == LegEnded(speaker="agent", status=200, by_peer=True)
    if how == "cancel":
        consulting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consulting
    else:
        assert await consulting == "no_answer"
    short = write_wav(tmp_path / "short.wav", tone(600, 0.1))
    await call.play(short)
    assert await next_signal(signals) == PromptDone(prompt=short)
    assert await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=5) == "answered"
    await exchange.talk("agent")
    assert await loud(call.frames("agent")) == pytest.approx(AGENT_HZ, abs=10)
    await call.hang_up()
    assert [type(signal) async for signal in signals] == [LegEnded, LegEnded]


async def test_the_caller_goes_while_a_third_rings(exchange: Exchange) -> None:
    call = await joined(exchange)
    uri = await exchange.phone("no_answer", "third")
    consulting = asyncio.create_task(call.consult(uri, reference="tax", ring_timeout_s=10))
    await asyncio.sleep(0.3)
    await exchange.hang_up("caller")
    assert await consulting == "gone"
    assert await everything(call) == ENDS[1:]


async def test_the_agent_is_let_go_and_another_takes_the_caller(exchange: Exchange, tmp_path: Path) -> None:
    call = await with_a_third(exchange)
    await call.release_agent()
    assert not call.on_hold and call.frames("agent").closed and call.frames("third").closed
    short = write_wav(tmp_path / "short.wav", tone(600, 0.1))
    await call.play(short)
    signals = happenings(call)
    assert await next_signal(signals) == PromptDone(prompt=short)
    with pytest.raises(IllegalStep):
        await call.hold(True)
    assert await call.dial(await exchange.phone("busy"), reference="tax", ring_timeout_s=5) == "busy"
    assert await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=5) == "answered"
    await exchange.hang_up("caller")
    assert [signal async for signal in signals] == ENDS[1:]


@pytest.mark.parametrize("replacing", [False, True])
async def test_the_exchange_takes_the_call_over(exchange: Exchange, replacing: bool) -> None:
    call = await (with_a_third(exchange) if replacing else joined(exchange))
    uri = await exchange.phone("answered", "third")
    assert await call.refer(uri, replacing_third=replacing) == 200
    ended = (await everything(call))[-1]
    assert isinstance(ended, LegEnded) and (ended.speaker, ended.reason) == ("caller", "handed_on")


async def test_a_transfer_key_is_told_and_told_how_it_went(exchange: Exchange) -> None:
    call = await joined(exchange)
    signals = happenings(call)
    await call.transfer_told(200)  # nobody asked
    assert await exchange.ask_transfer("sip:2140@exchange.example")
    assert await next_signal(signals) == TransferAsked(speaker="agent", uri="sip:2140@exchange.example")
    assert not await exchange.ask_transfer("sip:2141@exchange.example"), "one is under way"
    await call.transfer_told(180)
    await call.transfer_told(404)
    assert await exchange.transfer_heard() == [180, 404]
    assert await exchange.ask_transfer("sip:2141@exchange.example")
    assert await next_signal(signals) == TransferAsked(speaker="agent", uri="sip:2141@exchange.example")


async def test_a_supervisor_comes_changes_what_she_does_and_goes(exchange: Exchange) -> None:
    call = await joined(exchange)
    await call.set_supervision(None)  # nobody is there
    uri = await exchange.phone("answered", "supervisor")
    assert await call.supervise(uri, reference="boss", mode="listen", ring_timeout_s=5) == "answered"
    for mode in ("whisper", "barge", "listen"):
        await call.set_supervision(cast(SupervisionMode, mode))
    signals = happenings(call)
    await exchange.hang_up("supervisor")
    assert await next_signal(signals) == SupervisorLeft()
    assert await call.supervise(uri, reference="boss", mode="barge", ring_timeout_s=5) == "answered"
    await call.set_supervision(None)
    busy = await exchange.phone("busy", "supervisor")
    assert await call.supervise(busy, reference="boss", mode="barge", ring_timeout_s=5) == "busy"
    await exchange.hang_up("caller")
    assert [signal async for signal in signals] == ENDS[1:]


async def test_a_supervisor_takes_the_agents_place(exchange: Exchange) -> None:
    call = await joined(exchange)
    uri = await exchange.phone("answered", "supervisor")
    assert await call.supervise(uri, reference="boss", mode="listen", ring_timeout_s=5) == "answered"
    agent, signals = call.frames("agent"), happenings(call)
    await call.take_over()
    assert await next_signal(signals) == LegEnded(speaker="agent", status=200, by_peer=False)
    assert await next_signal(signals) == HandedOver(speaker="agent")
    assert agent.closed and not call.frames("agent").closed
    await call.set_supervision(None)  # she is no supervisor any more
    await exchange.hang_up("caller")
    assert [type(signal) async for signal in signals] == [LegEnded, LegEnded]


async def test_a_supervisor_is_given_up_while_her_phone_rings(exchange: Exchange) -> None:
    call = await joined(exchange)
    uri = await exchange.phone("no_answer", "supervisor")
    dialling = asyncio.create_task(call.supervise(uri, reference="boss", mode="listen", ring_timeout_s=10))
    await asyncio.sleep(0.3)
    await call.set_supervision(None)
    assert await dialling == "gone"


async def test_with_one_party_alone_there_is_nobody_to_confer_with(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    await call.answer()
    for order in (
        call.hold(True),
        call.conference(),
        call.hand_over(),
        call.take_over(),
        call.release_agent(),
        call.drop_third(),
        call.refer("sip:2140@127.0.0.1"),
        call.consult("sip:2140@127.0.0.1", reference="tax", ring_timeout_s=1),
        call.supervise("sip:2140@127.0.0.1", reference="boss", mode="listen", ring_timeout_s=1),
    ):
        with pytest.raises(IllegalStep):
            await order


async def test_a_call_that_we_only_hear() -> None:
    async with ScriptedExchange() as exchange:
        heard = exchange.bridge.observe("recording", KIM, agent=Party(number="2101"))
        call = await anext(aiter(exchange.bridge.calls()))
        assert (call.way, call.agent) == ("recording", Party(number="2101"))
        await call.answer()
        for order in (
            call.play("closing"),
            call.dial("sip:2101@127.0.0.1", reference="kim", ring_timeout_s=1),
            call.hold(True),
        ):
            with pytest.raises(IllegalStep):
                await order
        await heard.say("agent", tone(AGENT_HZ))
        assert await loud(call.frames("agent")) == pytest.approx(AGENT_HZ, abs=10)
        heard.identify("agent", Party(number="2102"))
        heard.party_hangs_up("agent")
        heard.source_ends()
        assert await everything(call) == [
            Identified(speaker="agent", party=Party(number="2102")),
            LegEnded(speaker="agent", status=200),
            LegEnded(reason="source"),
        ]


async def test_after_the_end_nothing_happens_any_more(exchange: Exchange) -> None:
    call = await joined(exchange)
    await exchange.hang_up("caller")
    await everything(call)
    await call.answer()
    await call.play("waiting")
    await call.stop_prompt()
    await call.refuse(486)
    await call.hang_up()
    assert await call.dial("sip:2101@127.0.0.1", reference="kim", ring_timeout_s=1) == "gone"
    await call.hold(True)
    await call.conference()
    await call.drop_third()
    await call.hand_over()
    await call.take_over()
    await call.release_agent()
    await call.transfer_told(200)
    await call.set_supervision("barge")
    assert await call.refer("sip:2101@127.0.0.1") == 408
    assert await call.consult("sip:2101@127.0.0.1", reference="tax", ring_timeout_s=1) == "gone"
    supervised = call.supervise("sip:2101@127.0.0.1", reference="boss", mode="listen", ring_timeout_s=1)
    assert await supervised == "gone"


async def test_orders_that_make_no_sense_are_told(exchange: Exchange) -> None:
    call = await exchange.ring(KIM, "120")
    with pytest.raises(IllegalStep):
        await call.dial(await exchange.phone("answered"), reference="kim", ring_timeout_s=1)
    await call.answer()
    with pytest.raises(IllegalStep):
        await call.refuse(486)


async def test_drain_ends_the_new_calls_and_spares_the_running(kind: str, tmp_path: Path) -> None:
    async with made(kind, tmp_path) as exchange:
        call = await joined(exchange)
        await exchange.bridge.drain()
        with pytest.raises(Refused):
            await exchange.call_out("answered")
        assert [late async for late in exchange.bridge.calls()] == []
        await exchange.talk("caller")
        assert len(call.frames("caller")) > 10
        assert [(state.alive, state.calls) for state in exchange.bridge.workers()] == [(True, 1)]


async def test_bridge_describes_itself(exchange: Exchange) -> None:
    (state,) = exchange.bridge.workers()
    assert state.alive and state.capacity >= 2 and state.address == exchange.bridge.addresses[0]
    assert list(exchange.bridge.adopted) == []
