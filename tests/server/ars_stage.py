"""A node without its web: calls over a scripted bridge, with the small menu, callbacks, messages and a real store.

async with ArsStage(home, "kim") as stage:
    call = stage.bridge.ring()
    await stage.until(ScreenShown, screen="main")
    call.press("caller", "0")
    await stage.until(CallJoined)
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec

from ars.model import LANGUAGES, Language, Menu
from ars.visit import Visit
from channels.contract import Message, Receipt
from channels.messenger import Messenger
from channels.outbox import Outbox
from core.audio import Frame
from core.bus.contract import Overflow, Subscription
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, ArsConfig, SipConfig
from core.events import Event, Party, Speaker, Suggestion
from core.home import Home
from core.store.sql_store import open_store
from server.callbacks import Callbacks
from server.callflow import CallFlow
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.visual_ars import VisualArs
from stt.contract import Heard
from tests.ars.small import open_menu
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.conversation import SilentConversation

E = TypeVar("E", bound=Event)
WAITS_S = 20.0
"""Generous: the machine may be busy."""
MOBILE = Party(number="01000001111")
LANDLINE = Party(number="0310001111")
WITHHELD = Party(anonymous=True)


class Shelf:
    """Menus by version, without files."""

    def __init__(self, menu: Menu) -> None:
        self.current = menu
        self.kept = {menu.version: menu}

    async def by_version(self, version: str) -> Menu | None:
        return self.kept.get(version)


class Voices:
    """Renders sentences to names, at once; knows Korean and English."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.spoken_once: list[str] = []

    async def path(self, text: str, language: Language, name: str = "") -> str:
        self.said.append(text)
        return f"/{language}/{text}"

    async def once(self, text: str, language: Language) -> Path:
        self.spoken_once.append(text)
        return Path(f"/once/{len(self.spoken_once)}.wav")

    def forget(self, path: Path) -> None:
        """It was heard."""

    def can_say(self, _text: str, language: Language) -> bool:
        return language in ("ko", "en")

    def voices(self) -> dict[Language, bool]:
        return {language: language in ("ko", "en") for language in LANGUAGES}


class Attentive(SilentConversation):
    """An assistant that hears and suggests nothing."""

    def __init__(self) -> None:
        self.heard_words: list[str] = []

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        self.heard_words.append(text)
        return None


async def by_half_seconds(frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
    """Hears one utterance per half second of audio, and a word of it at its beginning."""
    count = 0
    async for frame in frames:
        count += 1
        number = (count - 1) // 25 + 1
        if count % 25 == 1:
            yield Heard(kind="partial", utterance=number, start=frame.start, end=frame.start, text="여")
        if count % 25 == 0:
            yield Heard(kind="final", utterance=number, start=0.0, end=frame.start, text=f"여권 {number}")


class ArsStage:
    """See the module. ``sip`` and ``ars`` change those sections, ``menu`` the menu."""

    def __init__(
        self,
        home: Home,
        *agents: str,
        menu: Menu | None = None,
        sip: dict[str, Any] | None = None,
        ars: dict[str, Any] | None = None,
        prompt_s: float = 0.001,
        again: dt.timedelta = dt.timedelta(0),
    ) -> None:
        self.home = home
        self.bridge = ScriptedBridge(prompt_s=prompt_s)
        self.bus = MemoryBus()
        self.sip = msgspec.structs.replace(
            SipConfig(ring_timeout_s=0.05, max_wait_s=60.0, outbound="sip:{number}@trunk"), **(sip or {})
        )
        self.config = msgspec.structs.replace(ArsConfig(link_on_ring=False), **(ars or {}))
        self.shelf: Shelf | None = Shelf(menu or open_menu())
        self.voices = Voices()
        self.outbox = Outbox()
        self.assistant = Attentive()
        self.tasks: set[asyncio.Task[None]] = set()
        self.died: list[BaseException] = []
        """Faults of side tasks: each would take the node's readiness."""
        self.kept: list[Event] = []
        self.events: list[Event] = []
        self._agents = [AgentConfig(id=a, name=f"상담사 {a}", uri=f"sip:{a}", starts="ready") for a in agents]
        self._again = again

    async def __aenter__(self) -> Self:
        self.store = await open_store("", self.home)
        self.messenger = Messenger(self.outbox, self.store, self._told, pace=0.001)
        await self.messenger.__aenter__()
        self.dispatcher = Dispatcher(self._agents, self.bus, wrap_up_s=0, spawn=self.spawn)
        self.ars = VisualArs(
            self.config,
            shelf=self.shelf,  # type: ignore[arg-type]
            voices=self.voices,  # type: ignore[arg-type]
            messenger=self.messenger,
            store=self.store,
            spawn=self.spawn,
            public_url=lambda: "https://minwon.example",
        )
        await self.ars.restore()
        self.calls = LiveCalls(
            bridge=self.bridge,
            dispatcher=self.dispatcher,
            listen=by_half_seconds,
            conversation=lambda _call_id: self.assistant,
            keep=self.kept.append,
            flushed=self._flushed,
            store=self.store,
            bus=self.bus,
            sip=self.sip,
            ars=self.ars,
        )
        self.callbacks = Callbacks(
            self.store,
            self.dispatcher,
            self.bridge,
            self.calls,
            self.sip,
            self.spawn,
            again=self._again,
            no_room_s=0.01,
        )
        self.calls.books = self.callbacks
        self._seen: Subscription = self.bus.subscribe(
            name="test", limit=10_000, overflow=Overflow.WAIT, only=lambda event: bool(event.call_id)
        )
        self.spawn(self.calls.take(), "take calls")
        return self

    async def __aexit__(self, *exc: object) -> None:
        """As the node does it."""
        await self.bridge.drain()
        await self.calls.end_all("node_stopped", grace_s=0)
        await self.end_side_tasks()
        self.ars.visits.close()
        await self.bus.close()
        await self.messenger.__aexit__()
        await self.end_side_tasks()
        await self.store.close()
        assert self.died == []

    async def end_side_tasks(self) -> None:
        ending = list(self.tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            self.died.append(fault)

    async def _told(self, _message: Message, _receipt: Receipt) -> None:
        pass

    async def _flushed(self) -> None:
        kept, self.kept[:] = list(self.kept), []
        await self.store.append(kept)

    # What tests ask.

    async def until(self, kind: type[E], call: ScriptedCall | None = None, **facts: object) -> E:
        """The next event of that kind, of that call, with these facts."""
        async with asyncio.timeout(WAITS_S):
            async for event in self._seen:
                self.events.append(event)
                if (
                    isinstance(event, kind)
                    and (call is None or event.call_id == call.call_id)
                    and all(getattr(event, name) == value for name, value in facts.items())
                ):
                    return event
        raise AssertionError(f"no {kind.__name__}")

    def told(self, kind: type[E]) -> list[E]:
        """Those that were seen so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def flow(self, call: ScriptedCall) -> CallFlow:
        flow = self.calls.flow(call.call_id)
        assert flow is not None
        return flow

    def visit(self, call: ScriptedCall) -> Visit:
        visit = self.ars.visits.of_call(call.call_id)
        assert visit is not None
        return visit

    def states(self) -> dict[str, str]:
        """Of the agents."""
        return {agent.id: agent.state for agent in self.dispatcher.roster}

    async def over(self, call: ScriptedCall) -> None:
        """The call has ended and nothing of it runs any more."""
        async with asyncio.timeout(WAITS_S):
            while self.calls.flow(call.call_id) is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)


def menu_with(**wait: Any) -> Menu:
    """The small menu with other rules for those who wait."""
    menu = open_menu()
    return msgspec.structs.replace(menu, wait=msgspec.structs.replace(menu.wait, **wait))
