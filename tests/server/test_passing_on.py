"""Holding a caller and passing her on: what each of the three hears, is told and ends with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.errors import Refused
from core.events import AgentMissed, CallEnded, CallHeld, CallJoined, CallResumed, TransferChanged
from server.targets import Third
from tests.server.talk_stage import CALLER, TAX, TAX_URI, TalkStage


@pytest.fixture
async def stage() -> AsyncIterator[TalkStage]:
    async with TalkStage() as made:
        yield made


def states(stage: TalkStage) -> list[str]:
    return [event.state for event in stage.of(TransferChanged)]


async def test_hold_is_music_for_the_caller_and_told(stage: TalkStage) -> None:
    call = await stage.talk()
    await stage.flow.passing.hold(True, "kim")
    await stage.flow.passing.hold(True, "kim")
    await stage.flow.passing.hold(False, "kim")
    await stage.until(lambda: stage.of(CallResumed))
    assert [event.by for event in stage.of(CallHeld)] == ["agent"]
    assert [deed for deed in call.done if "hold" in deed] == ["hold on", "hold off"]
    with pytest.raises(Refused, match="not your running call"):
        await stage.flow.passing.hold(True, "lee")


async def test_passed_on_at_once_the_caller_is_with_the_department_and_the_agent_is_free(stage: TalkStage) -> None:
    call = await stage.talk()
    await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
    await stage.told("done")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    there = stage.of(CallJoined)[-1]
    assert (there.agent_id, there.agent_name, there.extension) == ("", "세무과", TAX)
    assert states(stage) == ["ringing", "done"]
    assert stage.state("kim") == "wrap_up"
    assert call.done[call.done.index("release_agent") :] == [
        "release_agent",
        "play music loop",
        f"dial {TAX_URI} @세무과 answered",
    ]
    words = await stage.says("agent")
    assert (words.speaker, words.aside) == ("agent", False)
    call.party_hangs_up("agent")
    await stage.run
    assert stage.of(CallEnded)[-1].reason == "agent_hung_up"


@pytest.mark.parametrize("result", ["no_answer", "busy", "unreachable"])
async def test_where_nobody_answers_the_caller_comes_back_to_the_same_agent_with_the_reason(
    stage: TalkStage, result: str
) -> None:
    call = await stage.talk()
    stage.bridge.script(TAX_URI, result)  # type: ignore[arg-type]
    await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
    back = await stage.told("returned")
    assert (back.reason, back.name, back.by) == (result, "세무과", "kim")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    assert stage.of(CallJoined)[-1].agent_id == "kim"
    assert stage.state("kim") == "talking"
    assert stage.flow.agent_id == "kim"
    assert call.done[-1] == "dial sip:2101@pbx kim answered"
    assert (await stage.says("agent")).speaker == "agent"
    call.party_hangs_up("caller")
    await stage.run
    assert stage.of(CallEnded)[-1].reason == "caller_hung_up"
    assert stage.state("kim") == "wrap_up"


async def test_while_it_rings_the_agent_is_bound_and_may_take_the_caller_back(stage: TalkStage) -> None:
    await stage.talk()
    stage.bridge.script(TAX_URI, "answered", after_s=60)
    await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
    await stage.until(lambda: stage.last("kim").reason == "passing_on")
    assert (stage.state("kim"), stage.last("kim").busy_call) == ("wrap_up", stage.call.call_id)
    await stage.flow.passing.step("back", "kim")
    assert (await stage.told("returned")).reason == "taken_back"
    await stage.until(lambda: stage.flow.agent_id == "kim")
    assert stage.state("kim") == "talking"


async def test_an_agent_who_does_not_answer_her_own_caller_is_away_and_the_next_one_is_found() -> None:
    async with TalkStage(max_wait_s=5.0) as stage:
        await stage.talk()
        stage.bridge.script(TAX_URI, "no_answer")
        stage.bridge.script("sip:2101@pbx", "no_answer")
        await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
        await stage.told("failed")
        await stage.until(lambda: stage.of(AgentMissed))
        assert stage.of(AgentMissed)[-1].agent_id == "kim"
        await stage.dispatcher.wish("lee", "ready")
        await stage.until(lambda: stage.flow.agent_id == "lee")
        assert stage.state("kim") == "away"
        assert states(stage) == ["ringing", "returned", "failed"]


async def test_nobody_at_all_hears_the_closing_words(stage: TalkStage) -> None:
    call = await stage.talk()
    stage.bridge.script(TAX_URI, "busy")
    await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
    stage.dispatcher.roster.agent("kim").uri = ""  # she has gone to another telephone
    await stage.run
    assert "play closing" in call.done
    assert stage.of(CallEnded)[-1].reason == "no_agent"


async def test_asked_first_then_handed_over(stage: TalkStage) -> None:
    call = await stage.talk()
    before = await stage.says("agent")
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await stage.told("talking")
    aside = [await stage.says("agent"), await stage.says("third")]
    assert (before.aside, [words.aside for words in aside]) == (False, [True, True])
    assert aside[1].speaker == "third"
    await stage.flow.passing.step("connect", "kim")
    await stage.told("done")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    assert stage.of(CallJoined)[-1].agent_name == "세무과"
    assert stage.state("kim") == "wrap_up"
    assert not (await stage.says("agent")).aside
    assert states(stage) == ["ringing", "talking", "done"]
    assert stage.assistant.heard_from == [before.utterance, "agent-3"], "nothing of what the caller has not heard"
    call.party_hangs_up("caller")
    await stage.run
    assert stage.of(CallEnded)[-1].reason == "caller_hung_up"


async def test_asked_first_then_all_three_then_the_third_leaves(stage: TalkStage) -> None:
    call = await stage.talk()
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await stage.told("talking")
    await stage.flow.passing.step("join", "kim")
    await stage.told("conference")
    assert not (await stage.says("third")).aside
    call.party_hangs_up("third")
    assert (await stage.told("cancelled")).reason == "third_left"
    assert stage.state("kim") == "talking"
    with pytest.raises(Refused, match="not possible now"):
        await stage.flow.passing.step("connect", "kim")


async def test_asked_first_and_taken_back_while_it_rings_and_while_they_talk(stage: TalkStage) -> None:
    call = await stage.talk()
    stage.bridge.script(TAX_URI, "answered", after_s=60)
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await asyncio.sleep(0.01)
    await stage.flow.passing.step("back", "kim")
    await stage.told("cancelled")
    await stage.until(lambda: not call.on_hold)
    stage.bridge.script(TAX_URI, "answered")
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await stage.told("talking")
    await stage.flow.passing.step("back", "kim")
    await stage.until(lambda: states(stage) == ["ringing", "cancelled", "ringing", "talking", "cancelled"])
    assert len({event.transfer_id for event in stage.of(TransferChanged)}) == 2
    assert not call.on_hold
    assert not (await stage.says("agent")).aside
    assert stage.flow.agent_id == "kim"


async def test_a_third_who_does_not_answer_leaves_caller_and_agent_together(stage: TalkStage) -> None:
    call = await stage.talk()
    await stage.flow.passing.hold(True, "kim")
    stage.bridge.script(TAX_URI, "busy")
    await stage.flow.passing.hold(False, "kim")
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    assert (await stage.told("returned")).reason == "busy"
    await stage.until(lambda: not call.on_hold)
    assert stage.state("kim") == "talking"


@pytest.mark.parametrize("joined", [False, True])
async def test_an_agent_who_hangs_up_in_the_middle_hands_over(stage: TalkStage, joined: bool) -> None:
    call = await stage.talk()
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await stage.told("talking")
    if joined:
        await stage.flow.passing.step("join", "kim")
    call.party_hangs_up("agent")
    await stage.told("done")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    assert stage.state("kim") == "wrap_up"
    call.party_hangs_up("caller")
    await stage.run
    assert stage.of(CallEnded)[-1].reason == "caller_hung_up"


@pytest.mark.parametrize("result", ["answered", "no_answer"])
async def test_an_agent_who_hangs_up_while_it_rings_gets_her_caller_back_if_nobody_answers(
    stage: TalkStage, result: str
) -> None:
    call = await stage.talk()
    stage.bridge.script(TAX_URI, result, after_s=0.08)  # type: ignore[arg-type]
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await asyncio.sleep(0.01)
    call.party_hangs_up("agent")
    await stage.told("done" if result == "answered" else "returned")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    assert stage.of(CallJoined)[-1].agent_id == ("" if result == "answered" else "kim")
    call.party_hangs_up("caller")
    await stage.run
    assert stage.of(CallEnded)[-1].reason == "caller_hung_up"


async def test_a_colleague_gets_the_call_on_her_desk_and_both_are_released() -> None:
    async with TalkStage(lee="ready") as stage:
        call = await stage.talk()
        lee = stage.targets.third("number", "2102")
        assert lee == Third(number="2102", name="상담사 lee", agent_id="lee")
        await stage.flow.passing.pass_on(lee, "consult", "kim")
        await stage.told("talking")
        await stage.until(lambda: stage.last("lee").busy_call == call.call_id)
        assert stage.state("lee") == "talking"
        await stage.flow.passing.step("connect", "kim")
        await stage.until(lambda: stage.flow.agent_id == "lee")
        assert (stage.state("kim"), stage.state("lee")) == ("wrap_up", "talking")
        call.party_hangs_up("caller")
        await stage.run
        assert stage.state("lee") == "wrap_up"


async def test_a_colleague_who_is_not_free_is_refused_and_one_who_does_not_answer_is_set_away() -> None:
    async with TalkStage(lee="away") as stage:
        await stage.talk()
        lee = Third(number="2102", name="상담사 lee", agent_id="lee")
        with pytest.raises(Refused) as refusal:
            await stage.flow.passing.pass_on(lee, "blind", "kim")
        assert refusal.value.code == "colleague_busy"
        await stage.dispatcher.wish("lee", "ready")
        stage.bridge.script("sip:2102@pbx", "unreachable")
        await stage.flow.passing.pass_on(lee, "blind", "kim")
        await stage.until(lambda: stage.flow.agent_id == "kim" and stage.state("kim") == "talking")
        await stage.until(lambda: stage.last("lee").reason == "unreachable")
        assert stage.state("lee") == "away"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2101", "transfer_loop"),
        ("120", "transfer_loop"),
        (CALLER.number, "transfer_loop"),
        ("00442071234567", "not_callable"),
    ],
)
async def test_loops_and_numbers_outside_the_dial_plan_are_refused(stage: TalkStage, number: str, code: str) -> None:
    call = await stage.talk()
    with pytest.raises(Refused) as refusal:
        await stage.flow.passing.pass_on(stage.targets.third("number", number), "blind", "kim")
    assert refusal.value.code == code
    assert stage.of(TransferChanged) == []
    call.ask_transfer("agent", f"sip:{number}@evil.example")
    await stage.until(lambda: call.told)
    assert call.told[-1] in (403, 482)
    assert stage.state("kim") == "talking"


async def test_the_phones_own_transfer_key_takes_the_same_way(stage: TalkStage) -> None:
    call = await stage.talk()
    call.ask_transfer("agent", f"sip:{TAX}@wherever")
    await stage.told("done")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    assert call.told[-1] == 200
    assert stage.of(CallJoined)[-1].extension == TAX
    assert stage.state("kim") == "wrap_up"


async def test_a_phone_that_hangs_up_after_its_transfer_key_gets_the_caller_back(stage: TalkStage) -> None:
    call = await stage.talk()
    stage.bridge.script(TAX_URI, "no_answer")
    call.ask_transfer("agent", f"sip:{TAX}@wherever")
    await stage.until(lambda: call.on_hold)
    call.party_hangs_up("agent")
    await stage.told("returned")
    await stage.until(lambda: len(stage.of(CallJoined)) == 2)
    assert stage.state("kim") == "talking"


async def test_a_phone_that_has_spoken_already_hands_over_by_replaces(stage: TalkStage) -> None:
    call = await stage.talk()
    call.ask_transfer("agent", f"sip:{TAX}@pbx", replaces="abc;to-tag=1;from-tag=2")
    done = await stage.told("done")
    assert done.kind == "consult"
    assert ("Replaces", "abc;to-tag=1;from-tag=2") in [header for some in call.headers for header in some]


@pytest.mark.parametrize(("status", "state"), [(200, "done"), (486, "returned")])
async def test_the_exchange_takes_it_over_or_nothing_has_changed(status: int, state: str) -> None:
    async with TalkStage(transfer="refer") as stage:
        call = await stage.talk()
        stage.bridge.script_refer(TAX_URI, status)
        await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
        told = await stage.told(state)
        if status == 200:
            await stage.run
            assert stage.of(CallEnded)[-1].reason == "handed_on"
            return
        assert told.reason == "busy"
        assert stage.state("kim") == "talking"
        await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
        await stage.told("talking")
        await stage.flow.passing.step("connect", "kim")  # refused with 486: we carry it ourselves
        await stage.until(lambda: stage.of(CallJoined)[-1].agent_id == "")
        assert "hand_over" in call.done


async def test_a_caller_who_hangs_up_meanwhile_binds_nobody(stage: TalkStage) -> None:
    call = await stage.talk()
    stage.bridge.script(TAX_URI, "no_answer")
    await stage.flow.passing.pass_on(stage.tax, "blind", "kim")
    await stage.until(lambda: stage.state("kim") == "wrap_up")
    call.party_hangs_up("caller")
    await stage.run
    assert states(stage)[-1] == "failed"
    assert stage.of(CallEnded)[-1].reason == "caller_hung_up"
    await stage.until(lambda: stage.last("kim").reason == "")  # her wrap-up runs


async def test_a_restarted_node_goes_on_with_the_third() -> None:
    past = [
        CallJoined(call_id="c", seq=1, agent_id="kim"),
        TransferChanged(
            call_id="c",
            seq=2,
            transfer_id="transfer-1",
            kind="consult",
            state="talking",
            to=TAX,
            name="세무과",
            by="kim",
        ),
    ]
    async with TalkStage(past=list(past)) as stage:
        call = stage.bridge.ring(CALLER, agent="kim", third="@세무과", on_hold=True)
        await stage.talk(call)
        await stage.until(lambda: stage.flow.passing.transfer is not None)
        await stage.flow.passing.step("connect", "kim")
        await stage.told("done")
        await stage.until(lambda: stage.of(CallJoined))
        assert stage.of(CallJoined)[-1].agent_name == "세무과"
