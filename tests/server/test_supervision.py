"""A supervisor's phone in a call of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.errors import Refused
from core.events import CallJoined, Party, SupervisionChanged
from tests.server.talk_stage import CALLER, TalkStage


@pytest.fixture
async def stage() -> AsyncIterator[TalkStage]:
    async with TalkStage() as made:
        yield made


def modes(stage: TalkStage) -> list[str | None]:
    return [event.mode for event in stage.of(SupervisionChanged)]


async def code_of(wish: object) -> str:
    with pytest.raises(Refused) as refusal:
        await wish  # type: ignore[misc]
    return refusal.value.code


async def test_she_listens_whispers_barges_in_and_leaves(stage: TalkStage) -> None:
    call = await stage.talk()
    lee = stage.dispatcher.roster.agent("lee")
    supervision = stage.flow.supervision
    for mode in ("listen", "listen", "whisper", "barge", None):
        await supervision.change(lee, mode)  # type: ignore[arg-type]
    await stage.until(lambda: len(modes(stage)) == 4)
    assert modes(stage) == ["listen", "whisper", "barge", None]
    assert {event.supervisor_id for event in stage.of(SupervisionChanged)} == {"lee"}
    assert [deed for deed in call.done if deed.startswith("superv")] == [
        "supervise sip:2102@pbx lee listen answered",
        "supervision whisper",
        "supervision barge",
        "supervision off",
    ]
    await supervision.change(lee, "listen")
    call.supervisor_hangs_up()
    await stage.until(lambda: modes(stage)[-2:] == ["listen", None])
    assert supervision.supervisor_id == ""


async def test_her_own_phone_gets_no_caller_meanwhile() -> None:
    async with TalkStage(lee="ready") as stage:
        await stage.talk()
        await stage.flow.supervision.change(stage.dispatcher.roster.agent("lee"), "listen")
        await stage.until(lambda: stage.last("lee").reason == "supervising")
        assert stage.state("lee") == "away"


async def test_refusals(stage: TalkStage) -> None:
    await stage.talk()
    roster, change = stage.dispatcher.roster, stage.flow.supervision.change
    lee, kim = roster.agent("lee"), roster.agent("kim")
    assert await code_of(change(kim, "listen")) == "own_call"
    stage.bridge.script("sip:2102@pbx", "busy")
    assert await code_of(change(lee, "listen")) == "supervisor_missed"
    stage.bridge.no_line = True
    assert await code_of(change(lee, "listen")) == "no_line"
    stage.bridge.no_line = False
    uri, lee.uri = lee.uri, ""
    assert await code_of(change(lee, "listen")) == "no_phone"
    lee.uri = uri
    stage.bridge.script("sip:2102@pbx", "answered", after_s=0.05)
    first = asyncio.create_task(change(lee, "listen"))
    await asyncio.sleep(0)
    assert await code_of(change(kim, "listen")) == "supervised"
    await first
    assert modes(stage) == ["listen"] or await stage.until(lambda: modes(stage) == ["listen"]) is None


async def test_she_stays_while_the_caller_is_passed_on_and_is_gone_with_the_call(stage: TalkStage) -> None:
    call = await stage.talk()
    await stage.flow.supervision.change(stage.dispatcher.roster.agent("lee"), "barge")
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await stage.told("talking")
    await stage.flow.passing.step("connect", "kim")
    await stage.told("done")
    assert (stage.flow.supervision.supervisor_id, stage.flow.supervision.mode) == ("lee", "barge")
    await stage.until(lambda: stage.of(CallJoined)[-1].agent_name == "세무과")
    call.party_hangs_up("caller")
    await stage.run
    assert modes(stage) == ["barge", None]


async def test_a_restarted_node_knows_that_she_is_there() -> None:
    past = [CallJoined(seq=1, agent_id="kim"), SupervisionChanged(seq=2, supervisor_id="lee", mode="whisper")]
    async with TalkStage(past=list(past)) as stage:
        call = stage.bridge.ring(CALLER, agent="kim", supervisor="lee")
        await stage.talk(call)
        await stage.until(lambda: stage.flow.supervision.mode == "whisper")
        await stage.flow.supervision.change(stage.dispatcher.roster.agent("lee"), None)
        assert "supervision off" in call.done


async def test_a_call_that_the_exchange_has_is_left_alone() -> None:
    async with TalkStage() as stage:
        call = stage.bridge.observe("recording", agent=Party(number="2101"))
        await stage.talk(call)
        lee = stage.dispatcher.roster.agent("lee")
        assert await code_of(stage.flow.supervision.change(lee, "listen")) == "only_listening"
        assert await code_of(stage.flow.passing.hold(True, "kim")) == "only_listening"
        assert await code_of(stage.flow.passing.pass_on(stage.tax, "blind", "kim")) == "only_listening"


async def test_she_takes_the_call_over_and_the_agent_is_free(stage: TalkStage) -> None:
    call = await stage.talk()
    lee, supervision = stage.dispatcher.roster.agent("lee"), stage.flow.supervision
    await supervision.take_over(lee, "이상해서")
    await stage.until(lambda: stage.flow.agent_id == "lee" and stage.state("lee") == "talking")
    assert [deed for deed in call.done if "over" in deed or "superv" in deed] == [
        "supervise sip:2102@pbx lee barge answered",
        "take_over",
    ]
    assert "hang_up" not in call.done
    await stage.until(lambda: stage.last("kim").state == "wrap_up" and len(stage.of(CallJoined)) == 2)
    kim = stage.last("kim")
    assert (kim.state, kim.reason, kim.by) == ("wrap_up", "taken_over", "lee")
    told = stage.of(SupervisionChanged)[-1]
    assert (told.supervisor_id, told.mode, told.took_over, told.reason) == ("lee", None, True, "이상해서")
    assert [event.agent_id for event in stage.of(CallJoined)] == ["kim", "lee"]
    assert stage.flow.supervision.supervisor_id == ""
    said = await stage.says("agent")
    assert said.speaker == "agent"
    call.party_hangs_up("agent")
    await stage.run
    assert stage.state("lee") == "wrap_up"


async def test_no_call_is_taken_over_while_a_third_is_there(stage: TalkStage) -> None:
    await stage.talk()
    lee, supervision = stage.dispatcher.roster.agent("lee"), stage.flow.supervision
    await stage.flow.passing.pass_on(stage.tax, "consult", "kim")
    await stage.told("talking")
    assert await code_of(supervision.take_over(lee, "")) == "transfer_running"
    assert stage.flow.agent_id == "kim" and supervision.mode == "barge"
    await stage.flow.passing.step("connect", "kim")
    await stage.until(lambda: stage.of(CallJoined)[-1].agent_name == "세무과")
    assert supervision.mode == "barge", "the department has the agent's place, she has not"
