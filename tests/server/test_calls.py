"""Live calls: apart from each other, known to the history, told when nothing listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from core.audio import Frame
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.events import Event
from core.home import Home
from core.journal import Journal
from core.store.sql_store import open_store
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.recorder import Recorder
from stt.contract import Heard
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.conversation import SilentConversation
from tests.patience import until


async def deaf_listener(frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
    async for _frame in frames:
        pass
    return
    yield  # an async generator that yields nothing


async def broken_listener(frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
    async for _frame in frames:
        raise ValueError("broken")
    return
    yield


class House:
    """Live calls over a scripted bridge and a real store."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.bridge = ScriptedBridge()
        self.bus = MemoryBus()
        self.listen: Any = deaf_listener

    async def open(self) -> None:
        self.store = await open_store("", self.home)
        self.recorder = Recorder(self.store, Journal(self.home.spool))
        await self.recorder.__aenter__()
        agents = [AgentConfig(id=a, name=a, uri=f"sip:{a}", starts="ready") for a in ("kim", "lee")]
        self.calls = LiveCalls(
            bridge=self.bridge,
            dispatcher=Dispatcher(agents, self.bus, wrap_up_s=0, spawn=self._spawn),
            listen=lambda frames, _language: self.listen(frames),
            conversation=lambda _call_id: SilentConversation(),
            keep=self.recorder.keep,
            flushed=self._flushed,
            store=self.store,
            bus=self.bus,
            sip=SipConfig(),
        )
        self.taking = asyncio.create_task(self.calls.take())

    async def close(self) -> None:
        await self.bridge.drain()
        await self.calls.end_all("node_stopped", grace_s=0)
        await self.taking
        await self.recorder.__aexit__()
        await self.store.close()
        await self.bus.close()

    async def joined(self) -> ScriptedCall:
        call = self.bridge.ring()
        await asyncio.wait_for(call.joined.wait(), 5)
        return call

    async def until_over(self, call: ScriptedCall) -> None:
        await until(lambda: self.calls.flow(call.call_id) is None)

    async def types(self, call: ScriptedCall) -> list[str]:
        events: list[Event] = await self.calls.history(call.call_id, 0)
        return [type(event).__name__ for event in events]

    async def _flushed(self) -> None:
        await self.recorder.flush(5)

    def _spawn(self, work: Coroutine[Any, Any, None], _name: str) -> None:
        raise AssertionError("no wrap-up in these tests")


@pytest.fixture
async def house(home: Home) -> AsyncIterator[House]:
    house = House(home)
    await house.open()
    yield house
    await house.close()


async def test_history_has_no_moment_without_words(house: House) -> None:
    call = await house.joined()
    assert await house.types(call) == ["CallStarted", "AgentOffered", "CallJoined"]
    call.party_hangs_up("caller")
    await house.until_over(call)
    assert (await house.types(call))[-1] == "CallEnded"
    assert (await house.store.call(call.call_id)).reason == "caller_hung_up"  # type: ignore[union-attr]


async def test_one_calls_fault_never_touches_another(house: House) -> None:
    healthy = await house.joined()
    house.listen = broken_listener
    broken = await house.joined()
    await broken.say("caller", bytes(320))
    await house.until_over(broken)
    assert (await house.store.call(broken.call_id)).reason == "failed"  # type: ignore[union-attr]
    assert broken.ended.is_set()
    assert not healthy.ended.is_set()
    assert house.calls.flow(healthy.call_id) is not None


async def test_every_desk_is_told_while_nothing_listens(house: House) -> None:
    before = await house.joined()
    await house.calls.set_deaf([""])  # the language of calls where none is configured
    await house.calls.set_deaf([""])
    during = await house.joined()
    await house.calls.set_deaf([])
    assert (await house.types(before)).count("AlarmRaised") == 1
    assert "AlarmRaised" in await house.types(during)
    assert (await house.types(during))[-1] == "AlarmCleared"


async def test_calls_that_nobody_carries_any_more_are_closed_in_the_history(house: House) -> None:
    call = await house.joined()
    await house.recorder.flush(5)
    await house.calls.close_orphans(adopted=[])
    await house.recorder.flush(5)
    summary = await house.store.call(call.call_id)
    assert summary is not None
    assert summary.reason == "node_stopped"
