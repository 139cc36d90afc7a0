"""The conductor with real phones; the place of the node is taken by the agent's phone itself, which is dialled."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import pytest

from core.errors import EnvironmentFault, Refused
from server.demo import conductor as conducting
from server.demo.conductor import Conductor
from server.demo.dialogue import Dialogue, Turn
from server.demo.voice import Voice, VoiceBox
from telephony.softphone import Answering, PhoneCall, Softphone

pytestmark = pytest.mark.sip

AGENT_VOICE = Voice(variant="f3")
TWO_TURNS = (
    Turn(speaker="agent", text="네, 민원콜센터입니다.", pause=0.0),
    Turn(speaker="caller", text="여권이요.", pause=1.0),
)


ONE_WORD = (Turn(speaker="caller", text="네.", pause=0.0),)


def dialogue(*turns: Turn, name: str = "passport", anonymous: bool = False) -> Dialogue:
    return Dialogue(
        id=name,
        title="여권",
        caller="" if anonymous else "010-0123-0001",
        anonymous=anonymous,
        voice="m3",
        turns=turns or ONE_WORD,
    )


@pytest.fixture
async def agent() -> AsyncIterator[Softphone]:
    async with Softphone(user="2107", lines=1, answering=Answering(after_ms=200)) as phone:
        yield phone


@pytest.fixture
def box(tmp_path: Path) -> VoiceBox:
    return VoiceBox(tmp_path / "voices")


async def first_heard(agent: Softphone) -> PhoneCall:
    """The agent's call, at the moment when she hears the caller's first sound."""
    await agent.until(lambda: "in-1" in agent.calls and agent.calls["in-1"].hearing, 20)
    return agent.calls["in-1"]


async def test_a_call_is_spoken_in_turns(agent: Softphone, box: VoiceBox) -> None:
    conductor = Conductor([agent.address], [agent], AGENT_VOICE, box)
    playing = asyncio.create_task(conductor.run_once(dialogue(*TWO_TURNS)))
    await agent.until(lambda: "in-1" in agent.calls and agent.calls["in-1"].playing is not None, 20)
    assert not agent.calls["in-1"].heard
    call = await first_heard(agent)
    assert call.playing is None, "the caller waits for the agent's end"
    await playing
    assert call.incoming is not None and call.incoming.from_uri.startswith("<sip:01001230001@")
    assert call.incoming.message.startswith("INVITE sip:120@")
    assert call.ended is not None and call.ended.by_peer


async def test_barge_in_begins_over_the_last_words(agent: Softphone, box: VoiceBox) -> None:
    barging = dialogue(TWO_TURNS[0], Turn(speaker="caller", text="여권이요.", pause=1.2, barge_in=True))
    playing = asyncio.create_task(Conductor([agent.address], [agent], AGENT_VOICE, box).run_once(barging))
    call = await first_heard(agent)
    assert call.playing is not None, "the agent still speaks"
    await playing


async def test_anonymous_callers_hide_their_number(agent: Softphone, box: VoiceBox) -> None:
    await Conductor([agent.address], [agent], AGENT_VOICE, box).run_once(dialogue(anonymous=True))
    message = agent.calls["in-1"].incoming
    assert message is not None and "Privacy: id\r\n" in message.message
    assert "anonymous@anonymous.invalid" in message.from_uri


async def test_a_full_worker_is_passed_over(agent: Softphone, box: VoiceBox) -> None:
    async with Softphone(answering=Answering(mode="refuse", status=503)) as full:
        conductor = Conductor([full.address, agent.address], [agent], AGENT_VOICE, box)
        await conductor.run_once(dialogue())
        assert full.calls["in-1"].ended is not None and agent.calls["in-1"].up is False
        with pytest.raises(Refused, match="every line"):
            await Conductor([full.address], [agent], AGENT_VOICE, box).run_once(dialogue())


async def test_other_answers_are_not_tried_again(agent: Softphone, box: VoiceBox) -> None:
    async with Softphone(answering=Answering(mode="refuse", status=404)) as wrong_number:
        conductor = Conductor([wrong_number.address, agent.address], [agent], AGENT_VOICE, box)
        with pytest.raises(Refused, match="404"):
            await conductor.run_once(dialogue())
    assert not agent.calls


async def test_an_agent_who_hangs_up_ends_it(agent: Softphone, box: VoiceBox) -> None:
    async def impatient() -> None:
        await agent.until(lambda: "in-1" in agent.calls and agent.calls["in-1"].playing is not None, 10)
        await agent.calls["in-1"].hang_up()

    conductor = Conductor([agent.address], [agent], AGENT_VOICE, box)
    with pytest.raises(ExceptionGroup) as several:
        async with asyncio.TaskGroup() as group:
            group.create_task(impatient())
            group.create_task(conductor.run_once(dialogue(*TWO_TURNS)))
    assert several.group_contains(Refused)


async def test_an_agent_is_free_again_after_a_caller_vanished(
    agent: Softphone, box: VoiceBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones: list[Softphone] = []

    class Noted(Softphone):
        async def __aenter__(self) -> Self:
            phones.append(self)
            return await super().__aenter__()

    async def vanish() -> None:
        await agent.until(lambda: "in-1" in agent.calls and agent.calls["in-1"].playing is not None, 10)
        os.kill(phones[0].pid, signal.SIGKILL)

    monkeypatch.setattr(conducting, "Softphone", Noted)
    conductor = Conductor([agent.address], [agent], AGENT_VOICE, box)
    with pytest.raises(ExceptionGroup) as several:
        async with asyncio.TaskGroup() as group:
            group.create_task(vanish())
            group.create_task(conductor.run_once(dialogue(*TWO_TURNS)))
    assert several.group_contains(EnvironmentFault)
    assert agent.calls["in-1"].up is False
    await conductor.run_once(dialogue())


async def test_calls_follow_each_other_until_cancelled(
    agent: Softphone, box: VoiceBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conducting, "_BREATH_S", (0.0, 0.1))
    dialogues = [dialogue(name="first"), dialogue(name="second", anonymous=True)]
    playing = asyncio.create_task(Conductor([agent.address], [agent], AGENT_VOICE, box).run(dialogues, lines=1))
    await agent.until(lambda: "in-3" in agent.calls and agent.calls["in-3"].up, 20)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    await agent.calls["in-3"].over(5)
    callers = [call.incoming.from_uri for call in agent.calls.values() if call.incoming is not None]
    assert ["anonymous" in caller for caller in callers] == [False, True, False]
