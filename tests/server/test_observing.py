"""Calls that we only listen to: whose they are, what her desk shows, how they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from core.audio import SILENCE
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.errors import Refused
from core.events import (
    AlarmRaised,
    CallAdopted,
    CallEnded,
    CallHeld,
    CallJoined,
    CallResumed,
    CallStarted,
    Event,
    Party,
    TranscriptFinal,
    now,
)
from server.callflow import CallFlow
from server.dispatcher import Dispatcher
from server.line import Line
from server.observing import Observed
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.conversation import SilentConversation
from tests.patience import until
from tests.server.test_callflow import every_25_frames

HANEUL = Party(number="2107", name="Kim")
BADA = Party(number="2108")
OUTSIDE = Party(number="0312224444", name="수도과")


class House:
    """Two agents, and the flows of the calls that a test lets come."""

    def __init__(self) -> None:
        self.bus = MemoryBus()
        self.spawned: list[asyncio.Task[None]] = []
        agents = [
            AgentConfig(id="haneul", name="김하늘", extension="2107", uri="sip:2107@pbx", starts="ready"),
            AgentConfig(id="bada", name="이바다", extension="", uri="sip:2108@pbx"),
        ]
        self.dispatcher = Dispatcher(agents, self.bus, wrap_up_s=1000.0, spawn=self._spawn)
        self.observed = Observed(self.dispatcher)
        self.bridge = ScriptedBridge()
        self.events: dict[str, list[Event]] = {}

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.spawned.append(asyncio.create_task(work, name=name))

    def state(self, agent_id: str) -> tuple[str, str]:
        agent = self.dispatcher.roster.agent(agent_id)
        return agent.state, agent.call_id

    def observe(self, agent: Party = HANEUL, *, adopted: bool = False) -> Listening:
        call = self.bridge.observe("recording", agent=agent)
        if adopted:
            call.adopted_agent, call.silent_s = "@recording", 3.0
        return Listening(self, call)


class Listening:
    """One observed call and its flow."""

    def __init__(self, house: House, call: ScriptedCall) -> None:
        self.call = call
        events = self.events = house.events.setdefault(call.call_id, [])
        self.flow = CallFlow(
            call,
            Line(call.call_id, events.append, house.bus, []),
            house.dispatcher,
            every_25_frames,
            SilentConversation(),
            SipConfig(),
            observed=house.observed,
        )
        self.task = asyncio.create_task(self.flow.run())

    def said(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def joined(self, times: int = 1) -> CallJoined:
        await until(lambda: len(self.said(CallJoined)) >= times)
        return self.said(CallJoined)[times - 1]  # type: ignore[no-any-return]

    async def ended(self) -> CallEnded:
        await self.task
        return self.said(CallEnded)[0]  # type: ignore[no-any-return]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    one = House()
    yield one
    for task in one.spawned:
        task.cancel()


async def test_the_whole_life(house: House) -> None:
    one = house.observe()
    joined = await one.joined()
    assert (joined.agent_id, joined.agent_name, joined.extension) == ("haneul", "김하늘", "2107")
    assert house.state("haneul") == ("talking", one.call.call_id)
    await one.call.say("caller", SILENCE * 25)
    await one.call.say("agent", SILENCE * 25)
    await until(lambda: {event.speaker for event in one.said(TranscriptFinal)} == {"caller", "agent"})
    one.call.party_hangs_up("caller")
    ended = await one.ended()
    assert ended.reason == "caller_hung_up" and ended.talk_s > 0
    assert house.state("haneul")[0] == "wrap_up"
    assert one.said(CallStarted)[0].way == "recording"
    assert one.call.done == ["answer"]  # nothing was rung, played or said


async def test_who_is_known_by_her_phones_address_and_who_is_not_known(house: House) -> None:
    assert (await house.observe(BADA).joined()).agent_id == "bada"
    stranger = await house.observe(OUTSIDE).joined()
    assert (stranger.agent_id, stranger.agent_name, stranger.extension) == ("", "수도과", "0312224444")
    nobody = await house.observe(Party()).joined()
    assert (nobody.agent_id, nobody.agent_name, nobody.extension) == ("", "", "")


async def test_a_hot_desk_is_looked_up_when_the_call_begins(house: House) -> None:
    await house.dispatcher.sit("bada", "2999", "sip:2999@pbx")
    assert (await house.observe(Party(number="2999")).joined()).agent_id == "bada"


async def test_a_transfer_releases_one_agent_and_binds_the_next(house: House) -> None:
    one = house.observe()
    await one.joined()
    one.call.identify("agent", HANEUL)
    one.call.identify("agent", BADA)
    assert (await one.joined(2)).agent_id == "bada"
    assert house.state("haneul")[0] == "wrap_up"
    assert house.state("bada") == ("talking", one.call.call_id)
    assert one.flow.agent_id == "bada"
    one.call.identify("agent", OUTSIDE)
    assert (await one.joined(3)).agent_name == "수도과"
    assert house.state("bada")[0] == "wrap_up" and one.flow.agent_id == ""
    one.call.party_hangs_up("caller")
    await one.ended()
    assert len(one.said(CallJoined)) == 3


async def test_a_caller_who_is_named_later_is_said_again(house: House) -> None:
    one = house.observe()
    await one.joined()
    one.call.identify("caller", Party(number="01055556666"))
    await until(lambda: len(one.said(CallStarted)) == 2)
    first, again = one.said(CallStarted)
    assert again.caller.number == "01055556666" and again.at == first.at and again.way == "recording"


async def test_hold_and_lost_audio_are_told(house: House) -> None:
    one = house.observe()
    await one.joined()
    one.call.party_holds("agent")
    one.call.party_holds("agent", held=False)
    one.call.lose_audio("caller")
    await until(lambda: bool(one.said(AlarmRaised)))
    assert [event.by for event in one.said(CallHeld) + one.said(CallResumed)] == ["agent", "agent"]


async def test_a_source_that_breaks_off(house: House) -> None:
    one = house.observe()
    await one.joined()
    one.call.source_ends()
    assert (await one.ended()).reason == "source_ended"


async def test_a_worker_that_dies(house: House) -> None:
    one = house.observe()
    await one.joined()
    one.call.worker_dies()
    assert (await one.ended()).reason == "worker_lost"
    assert house.state("haneul")[0] == "wrap_up"


async def test_two_at_once_the_newer_is_shown_and_the_older_comes_back(house: House) -> None:
    older, newer = house.observe(), house.observe()
    await older.joined()
    await newer.joined()
    assert house.state("haneul") == ("talking", newer.call.call_id)
    newer.call.party_hangs_up("caller")
    await newer.ended()
    assert house.state("haneul") == ("talking", older.call.call_id)
    older.call.party_hangs_up("caller")
    await older.ended()
    assert house.state("haneul")[0] == "wrap_up"


async def test_two_at_once_the_older_ends_first(house: House) -> None:
    older, newer = house.observe(), house.observe()
    await older.joined()
    await newer.joined()
    older.call.party_hangs_up("caller")
    await older.ended()
    assert house.state("haneul") == ("talking", newer.call.call_id)


async def test_the_next_one_in_wrap_up(house: House) -> None:
    first = house.observe()
    await first.joined()
    first.call.party_hangs_up("caller")
    await first.ended()
    second = house.observe()
    await second.joined()
    assert house.state("haneul") == ("talking", second.call.call_id)


async def test_a_phone_that_rings_for_us_and_a_call_of_ours_are_left_alone(house: House) -> None:
    async def nothing(place: object) -> None:
        """She is free at once."""

    agent = await house.dispatcher.next_agent("ours", now(), nothing)
    assert house.state(agent.id) == ("offered", "ours")
    one = house.observe()
    await one.joined()
    assert house.state("haneul") == ("offered", "ours")
    await house.dispatcher.joined("haneul", "ours")
    two = house.observe()
    await two.joined()
    for each in (one, two):
        each.call.party_hangs_up("caller")
        await each.ended()
    assert house.state("haneul") == ("talking", "ours")
    await house.dispatcher.released("haneul")


async def test_our_call_ends_while_an_observed_one_goes_on(house: House) -> None:
    one = house.observe()
    await one.joined()
    await house.dispatcher.released("haneul")  # as if a call of ours had had her too
    one.call.party_hangs_up("caller")
    assert (await one.ended()).reason == "caller_hung_up"
    assert house.state("haneul")[0] == "wrap_up"


async def test_nothing_can_be_said_in_it(house: House) -> None:
    one = house.observe()
    await one.joined()
    with pytest.raises(Refused) as refused:
        await one.flow.announce("이 통화는 녹음됩니다")
    assert refused.value.code == "only_listening"
    await one.flow.end_announced("통화를 종료합니다")
    assert not one.task.done()


async def test_a_node_that_stops_ends_its_listening(house: House) -> None:
    one = house.observe()
    await one.joined()
    await one.flow.hang_up("node_stopped")
    assert (await one.ended()).reason == "node_stopped"


async def test_an_adopted_recording_is_hers_again(house: House) -> None:
    one = house.observe(adopted=True)
    await until(lambda: bool(one.said(CallAdopted)))
    await until(lambda: house.state("haneul") == ("talking", one.call.call_id))
    assert one.said(CallStarted) == [] and one.said(CallJoined) == []
