"""The node's half of a call: orders that cross with news, agents that come and go, adoption."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import FRAME_BYTES, SILENCE
from core.errors import IllegalStep
from core.events import Party
from telephony import wire
from telephony.contract import AnySignal, HandedOver, Held, Identified, Key, LegEnded, PromptDone, SupervisorLeft
from telephony.sip_call import SipCall

INCOMING = wire.Incoming(call="c", caller=Party(number="0100"), called="120", trunk="sip0", started=1_700_000_000.0)
RUNNING = wire.RunningCall(
    call="c", caller=Party(number="0100"), called="120", trunk="sip0", started=1_700_000_000.0, reference="kim",
    dial=3, silent_s=4.5,
)  # fmt: skip
OUTGOING = wire.Outgoing(
    call="c", caller=Party(number="0100"), called="120", trunk="sip0", started=1_700_000_000.0, reference="callback"
)
VOICE = bytes(range(64)) * (FRAME_BYTES // 64)


async def answered(sent: list[wire.Message]) -> SipCall:
    call = SipCall(INCOMING, sent.append)
    answering = asyncio.create_task(call.answer())
    await asyncio.sleep(0)
    assert not answering.done(), "the worker has not said yet that 200 was sent"
    call.told_answered()
    await answering
    return call


async def dialling(call: SipCall) -> asyncio.Task[str]:
    task = asyncio.create_task(call.dial("sip:1@h", reference="kim", ring_timeout_s=9))
    await asyncio.sleep(0)
    return task


async def everything(call: SipCall) -> list[AnySignal]:
    return [signal async for signal in call.signals()]


async def test_orders_go_out_as_they_are_given() -> None:
    sent: list[wire.Message] = []
    call = await answered(sent)
    await call.play("waiting", loop=True)
    await call.stop_prompt()
    await call.hang_up()
    assert sent == [
        wire.Answer(call="c"),
        wire.Play(call="c", prompt="waiting", loop=True, to="caller", number=1),
        wire.StopPrompt(call="c", to="caller"),
        wire.HangUp(call="c"),
    ]


async def test_the_end_of_a_prompt_is_told_once_and_only_of_the_one_that_plays() -> None:
    call = await answered([])
    await call.play("/a.wav")
    await call.play("/b.wav")
    call.told_prompt_over("caller", 1)  # crossed with the second order
    call.told_prompt_over("caller", 2)
    call.told_prompt_over("caller", 2)
    call.told_signal(0, LegEnded())
    assert await everything(call) == [PromptDone(prompt="/b.wav"), LegEnded()]


async def test_a_prompt_that_is_over_but_unread_is_taken_back() -> None:
    call = await answered([])
    for stop in (True, False):
        await call.play("menu")
        call.told_prompt_over("caller", 1 if stop else 2)
        await (call.stop_prompt() if stop else call.play("again"))
    call.told_signal(0, LegEnded())
    assert await everything(call) == [LegEnded()]


async def test_each_side_has_its_own_prompt_and_joining_ends_the_callers() -> None:
    sent: list[wire.Message] = []
    call = await answered(sent)
    with pytest.raises(IllegalStep, match="play_to_agent"):
        await call.play("/typed.wav", to="agent")
    await call.play("waiting", loop=True)
    dial = await dialling(call)
    call.told_dialled(1, "answered")
    await dial
    call.told_prompt_over("caller", 1)
    await call.play("/typed.wav", to="agent")
    await call.play("fault")
    await call.stop_prompt()
    assert sent[-3:] == [
        wire.Play(call="c", prompt="/typed.wav", loop=False, to="agent", number=2),
        wire.Play(call="c", prompt="fault", loop=False, to="caller", number=3),
        wire.StopPrompt(call="c", to="caller"),
    ]
    call.told_prompt_over("caller", 3)
    call.told_prompt_over("agent", 2)
    call.lost()
    told = await everything(call)
    assert told[0] == PromptDone(prompt="/typed.wav", speaker="agent")
    assert [type(signal) for signal in told[1:]] == [LegEnded, LegEnded]


async def test_a_call_that_we_make_goes_out_with_answer_and_then_is_like_any_other() -> None:
    sent: list[wire.Message] = []
    call = SipCall(OUTGOING, sent.append)
    assert (call.outgoing, call.reference, call.caller.number, call.called) == (True, "callback", "0100", "120")
    with pytest.raises(IllegalStep):
        await call.play("fault")
    answering = asyncio.create_task(call.answer())
    await asyncio.sleep(0)
    assert sent == [wire.Answer(call="c")] and not answering.done()
    with pytest.raises(IllegalStep):
        await call.dial("sip:1@h", reference="kim", ring_timeout_s=1)
    call.told_answered()
    await answering
    dial = await dialling(call)
    call.told_dialled(1, "answered")
    assert await dial == "answered"


async def test_a_call_that_we_make_and_nobody_answers() -> None:
    call = SipCall(OUTGOING, lambda message: None)
    answering = asyncio.create_task(call.answer())
    await asyncio.sleep(0)
    call.told_signal(0, LegEnded(status=480))
    await answering
    assert call.over and await everything(call) == [LegEnded(status=480)]


async def test_cancelling_the_answer_of_a_call_that_we_make_ends_it() -> None:
    sent: list[wire.Message] = []
    call = SipCall(OUTGOING, sent.append)
    answering = asyncio.create_task(call.answer())
    await asyncio.sleep(0)
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering
    assert sent == [wire.Answer(call="c"), wire.HangUp(call="c")]


async def test_an_agent_gets_a_new_queue_and_only_her_own_voice() -> None:
    call = await answered([])
    first = await dialling(call)
    call.told_dialled(1, "busy")
    assert await first == "busy"
    second = await dialling(call)
    call.told_voice(1, 100, VOICE)
    call.told_dialled(1, "answered")  # late news of the first dial
    assert not second.done()
    call.told_dialled(2, "answered")
    assert await second == "answered"
    call.told_voice(2, 120, VOICE)
    call.told_voice(2, 140, b"")
    call.told_signal(1, LegEnded(speaker="agent"))  # and of its leg
    frames = aiter(call.frames("agent"))
    frame, lost = await anext(frames), await anext(frames)
    assert (frame.pcm, frame.start, frame.lost) == (VOICE, 0.12, False)
    assert (lost.pcm, lost.start, lost.lost) == (SILENCE, 0.14, True)


async def test_cancelling_a_dial_that_was_answered_in_the_same_moment() -> None:
    sent: list[wire.Message] = []
    call = await answered(sent)
    dial = await dialling(call)
    call.told_dialled(1, "answered")
    dial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dial
    assert sent[-1] == wire.CancelDial(call="c", dial=1)
    call.told_signal(1, LegEnded(speaker="agent", by_peer=False))
    again = await dialling(call)
    call.told_dialled(2, "answered")
    assert await again == "answered"
    call.told_signal(0, LegEnded())
    assert await everything(call) == [LegEnded()]


async def test_the_callers_end_ends_everything() -> None:
    call = await answered([])
    dial = await dialling(call)
    call.told_signal(0, Key(digit="1", method="info"))
    call.told_signal(0, LegEnded(status=200))
    assert await dial == "gone"
    assert call.over and call.frames("caller").closed and call.frames("agent").closed
    assert await everything(call) == [Key(digit="1", method="info"), LegEnded(status=200)]
    assert await call.dial("sip:1@h", reference="kim", ring_timeout_s=1) == "gone"


async def test_a_call_that_ends_while_it_is_answered() -> None:
    call = SipCall(INCOMING, lambda message: None)
    answering = asyncio.create_task(call.answer())
    await asyncio.sleep(0)
    call.told_signal(0, LegEnded(status=487))
    await answering


async def test_a_lost_worker_ends_both_legs_once() -> None:
    call = await answered([])
    dial = await dialling(call)
    call.told_dialled(1, "answered")
    await dial
    call.lost()
    call.lost()
    assert await everything(call) == [
        LegEnded(speaker="agent", by_peer=False, reason="worker_lost"),
        LegEnded(speaker="caller", by_peer=False, reason="worker_lost"),
    ]


async def test_an_adopted_call_is_joined() -> None:
    call = SipCall(RUNNING, lambda message: None)
    assert not call.outgoing
    assert (call.adopted_agent, call.silent_s, call.started.timestamp()) == ("kim", 4.5, 1_700_000_000.0)
    call.told_voice(3, 9000, VOICE)
    call.told_signal(3, Held(speaker="agent"))
    assert len(call.frames("agent")) == 1
    call.lost()
    assert [type(signal) for signal in await everything(call)] == [Held, LegEnded, LegEnded]


@given(st.lists(st.sampled_from(["answer", "refuse", "play", "dial"])))
def test_orders_in_any_order_are_legal_or_told(orders: list[str]) -> None:
    async def go() -> None:
        sent: list[wire.Message] = []
        call = SipCall(INCOMING, sent.append)
        call.told_answered()
        for order in orders:
            before = len(sent)
            try:
                match order:
                    case "answer":
                        await call.answer()
                    case "refuse":
                        await call.refuse(486)
                    case "play":
                        await call.play("waiting")
                    case _:
                        task = await dialling(call)
                        call.told_dialled(sum(isinstance(message, wire.Dial) for message in sent), "busy")
                        await task
            except IllegalStep:
                assert len(sent) == before, "an illegal order went out"

    asyncio.run(go())


# More than two.


async def joined(sent: list[wire.Message]) -> SipCall:
    call = await answered(sent)
    dial = await dialling(call)
    call.told_dialled(1, "answered")
    await dial
    sent.clear()
    return call


async def consulting(call: SipCall) -> asyncio.Task[str]:
    task = asyncio.create_task(call.consult("sip:2@h", reference="tax", ring_timeout_s=9, headers=(("X", "y"),)))
    await asyncio.sleep(0)
    return task


async def test_orders_about_more_than_two_go_out_with_the_numbers_of_their_dials() -> None:
    sent: list[wire.Message] = []
    call = await joined(sent)
    task = await consulting(call)
    assert call.on_hold
    call.told_dialled(2, "answered")
    assert await task == "answered"
    await call.conference()
    await call.hold(True)
    await call.hand_over()
    await call.transfer_told(200)
    supervising = asyncio.create_task(call.supervise("sip:3@h", reference="boss", mode="listen", ring_timeout_s=9))
    await asyncio.sleep(0)
    call.told_dialled(3, "answered")
    assert await supervising == "answered"
    await call.set_supervision("barge")
    await call.set_supervision(None)
    await call.set_supervision(None)
    await call.drop_third()
    call_facts = {"call": "c", "ring_timeout_s": 9}
    assert sent == [
        wire.Dial(dial=2, uri="sip:2@h", reference="tax", role="third", headers=(("X", "y"),), **call_facts),
        wire.Conference(call="c"),
        wire.Hold(call="c", on=True),
        wire.HandOver(call="c"),
        wire.TransferTold(call="c", status=200),
        wire.Dial(dial=3, uri="sip:3@h", reference="boss", role="supervisor", mode="listen", **call_facts),
        wire.Supervise(call="c", mode="barge"),
        wire.Release(call="c", role="supervisor"),
        wire.Release(call="c", role="third"),
    ]


async def test_the_thirds_voice_is_the_agents_from_the_hand_over_on() -> None:
    call = await joined([])
    task = await consulting(call)
    call.told_dialled(2, "answered")
    await task
    third = call.frames("third")
    call.told_voice(2, 100, VOICE)
    call.told_signal(1, LegEnded(speaker="agent"))
    call.told_signal(2, HandedOver(speaker="agent"))
    call.told_voice(2, 120, VOICE)
    call.told_voice(1, 120, VOICE)
    assert len(third) == 1 and third.closed and len(call.frames("agent")) == 1
    assert not call.on_hold
    with pytest.raises(IllegalStep):
        await call.conference()


async def test_an_agent_who_goes_while_the_third_rings() -> None:
    sent: list[wire.Message] = []
    call = await joined(sent)
    task = await consulting(call)
    call.told_signal(1, LegEnded(speaker="agent"))
    call.told_signal(2, HandedOver(speaker="agent"))
    call.told_dialled(2, "answered")
    assert await task == "answered"
    await call.hold(True)
    call.told_signal(2, LegEnded(speaker="agent"))
    call.told_signal(0, LegEnded(by_peer=False))
    assert [type(signal) for signal in await everything(call)] == [LegEnded, HandedOver, LegEnded, LegEnded]


async def test_a_consultation_that_is_cancelled_after_the_agent_went_leaves_the_caller_alone() -> None:
    sent: list[wire.Message] = []
    call = await joined(sent)
    task = await consulting(call)
    call.told_signal(1, LegEnded(speaker="agent"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sent[-1] == wire.Release(call="c", role="agent")
    call.told_signal(2, HandedOver(speaker="agent"))  # it answered in the same moment
    again = await dialling(call)
    call.told_dialled(3, "busy")
    assert await again == "busy"


async def test_a_third_that_was_dropped_while_it_rang_is_nobody() -> None:
    sent: list[wire.Message] = []
    call = await joined(sent)
    task = await consulting(call)
    await call.drop_third()
    assert await task == "gone"
    assert sent[-2:] == [wire.CancelDial(call="c", dial=2), wire.Hold(call="c", on=False)]
    call.told_dialled(2, "answered")
    call.told_signal(2, LegEnded(speaker="third"))
    with pytest.raises(IllegalStep):
        await call.conference()


async def test_an_adopted_conference() -> None:
    running = wire.RunningCall(
        call="c", caller=Party(), called="120", trunk="sip0", started=1.0, reference="kim", dial=1, silent_s=1.0,
        third="tax", third_dial=4, supervisor="boss", supervisor_dial=3, on_hold=True,
    )  # fmt: skip
    call = SipCall(running, lambda message: None)
    assert (call.adopted_agent, call.adopted_third, call.adopted_supervisor) == ("kim", "tax", "boss")
    assert call.on_hold
    call.told_voice(4, 100, VOICE)
    call.told_voice(3, 100, VOICE)
    assert (len(call.frames("third")), len(call.frames("agent"))) == (1, 0)
    call.lost()
    ends = [signal.speaker for signal in await everything(call) if isinstance(signal, LegEnded)]
    assert ends == ["third", "agent", "caller"]


async def test_a_call_that_we_only_hear() -> None:
    sent: list[wire.Message] = []
    about = wire.Incoming(
        call="c", caller=Party(), called="", trunk="sip0", started=1.0, way="recording", agent=Party(number="2101")
    )
    call = SipCall(about, sent.append)
    call.told_answered()
    await call.answer()
    assert sent == [wire.Answer(call="c")]
    with pytest.raises(IllegalStep):
        await call.play("closing")
    call.told_voice(1, 20, VOICE)
    call.told_signal(1, Identified(speaker="agent", party=Party(number="2102")))
    call.told_signal(1, LegEnded(speaker="agent"))
    assert call.agent.number == "2102" and call.frames("agent").closed and not call.over
    call.told_signal(0, LegEnded(reason="source"))
    assert [type(signal) for signal in await everything(call)] == [Identified, LegEnded, LegEnded]


NEWS = st.sampled_from(
    [LegEnded(speaker="agent"), LegEnded(speaker="third"), HandedOver(speaker="agent"), SupervisorLeft(), Held()]
)
STEPS = st.one_of(
    st.sampled_from(["hold", "consult", "conference", "drop", "hand_over", "release", "dial", "supervise", "cancel"]),
    st.tuples(st.integers(1, 6), st.one_of(NEWS, st.sampled_from(["answered", "busy", "no_line"]))),
)


@given(st.lists(STEPS, max_size=25))
def test_whatever_crosses_no_news_breaks_the_call(steps: list[object]) -> None:
    async def go() -> None:
        call = await joined([])
        tasks: list[asyncio.Task[str]] = []
        orders = {
            "hold": lambda: call.hold(True), "conference": call.conference, "drop": call.drop_third,
            "hand_over": call.hand_over, "release": call.release_agent,
        }  # fmt: skip
        for step in steps:
            try:
                match step:
                    case "consult":
                        tasks.append(await consulting(call))
                    case "dial":
                        tasks.append(await dialling(call))
                    case "supervise":
                        order = call.supervise("sip:3@h", reference="b", mode="listen", ring_timeout_s=1)
                        tasks.append(asyncio.create_task(order))
                    case "cancel" if tasks:
                        tasks[-1].cancel()
                    case str() if step in orders:
                        await orders[step]()
            except IllegalStep:
                pass
            await asyncio.sleep(0)
            match step:
                case (int() as dial, str() as result):
                    call.told_dialled(dial, result)  # type: ignore[arg-type]
                case (int() as dial, signal):
                    call.told_signal(dial, signal)  # type: ignore[arg-type]
        call.told_signal(0, LegEnded())
        await asyncio.gather(*tasks, return_exceptions=True)
        assert call.over and all(call.frames(who).closed for who in ("caller", "agent", "third"))

    asyncio.run(go())
