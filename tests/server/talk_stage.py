"""A call that an agent has answered over the scripted bridge, and a colleague beside her: to try transfers on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Self, TypeVar

from core.audio import SILENCE, Frame
from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.events import AgentStateChanged, Event, Party, Speaker, Suggestion, TranscriptFinal, TransferChanged
from server.callflow import CallFlow
from server.dispatcher import Dispatcher
from server.line import Line
from server.targets import Directory, Targets, Third
from stt.contract import Heard
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.conversation import SilentConversation

E = TypeVar("E", bound=Event)
WAITS_S = 10.0
CALLER = Party(number="01000001111")
TAX = "0310001234"
TAX_URI = f"sip:{TAX}@pbx"
AGENTS = (("kim", "2101"), ("lee", "2102"))


async def each_half_second(frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
    """An utterance a half second of audio."""
    count = 0
    async for frame in frames:
        count += 1
        if count % 25 == 0:
            yield Heard(
                kind="final", utterance=count // 25, start=frame.start, end=frame.start, text=f"말 {count // 25}"
            )


class Listening(SilentConversation):
    """What the assistant gets to hear."""

    def __init__(self) -> None:
        self.heard_from: list[str] = []

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        self.heard_from.append(utterance)
        return None


class TalkStage:
    """``async with TalkStage() as stage``: kim talks with a caller, lee is ready as ``lee`` says."""

    def __init__(
        self, *, lee: str = "away", past: list[Event] | None = None, wrap_up_s: float = 30, **sip: Any
    ) -> None:
        self.bridge = ScriptedBridge()
        self.bus = MemoryBus()
        self.sip = SipConfig(
            **{"ring_timeout_s": 0.1, "outbound": "sip:{number}@pbx", "hotline": ("120",), "max_wait_s": 0.1, **sip}
        )
        self.events: list[Event] = []
        self._news = asyncio.Event()
        self._side: set[asyncio.Task[Any]] = set()
        self.past = past or []
        self.assistant = Listening()
        self.dispatcher = Dispatcher(
            [
                AgentConfig(
                    id=name,
                    name=f"상담사 {name}",
                    extension=extension,
                    uri=f"sip:{extension}@pbx",
                    starts="ready" if name == "kim" else lee,  # type: ignore[arg-type]
                )
                for name, extension in AGENTS
            ],
            self.bus,
            wrap_up_s=30,
            spawn=self._spawn,
        )
        self.targets = Targets(self.dispatcher.roster, self.sip, directory=Directory)
        self.call: ScriptedCall
        self.flow: CallFlow
        self.run: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self._spawn(self._note(), "notes")
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if hasattr(self, "call"):
            await self.call.hang_up()
            await asyncio.wait({self.run}, timeout=WAITS_S)
        for task in self._side:
            task.cancel()
        await asyncio.gather(*self._side, return_exceptions=True)
        await self.bus.close()

    async def talk(self, call: Any = None) -> ScriptedCall:
        """Caller and kim hear each other; ``call``: another than one that rings here, of another bridge perhaps."""
        self.call = call or self.bridge.ring(CALLER)
        line = Line(self.call.call_id, lambda _event: None, self.bus, self.past)
        self.flow = CallFlow(
            self.call,
            line,
            self.dispatcher,
            each_half_second,
            self.assistant,
            self.sip,
            targets=self.targets,
        )
        self.run = asyncio.create_task(self.flow.run())
        await self.until(lambda: self.flow.joined)
        await self.until(lambda: self.state("kim") == "talking" or self.call.way != "bridge")
        return self.call

    async def until(self, true: Any) -> None:
        """Wait until that is so."""
        async with asyncio.timeout(WAITS_S):
            while not true():
                self._news.clear()
                try:
                    async with asyncio.timeout(0.02):
                        await self._news.wait()
                except TimeoutError:
                    pass

    async def told(self, state: str) -> TransferChanged:
        """Wait for a transfer in that state."""
        await self.until(lambda: any(event.state == state for event in self.of(TransferChanged)))
        return next(event for event in reversed(self.of(TransferChanged)) if event.state == state)

    def of(self, kind: type[E]) -> list[E]:
        """Events of that kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def state(self, agent: str) -> str:
        """Where she stands."""
        return self.dispatcher.roster.agent(agent).state

    def last(self, agent: str) -> AgentStateChanged:
        """What her desk was told last."""
        told = [event for event in self.of(AgentStateChanged) if event.agent_id == agent]
        return told[-1] if told else self.dispatcher.roster.seen(agent)

    async def says(self, speaker: Any) -> TranscriptFinal:
        """That side says something; as it stands in the transcript."""
        before = len(self.of(TranscriptFinal))
        await self.call.say(speaker, SILENCE * 25)
        await self.until(lambda: len(self.of(TranscriptFinal)) > before)
        return self.of(TranscriptFinal)[-1]

    @property
    def tax(self) -> Third:
        """A department by its number."""
        return Third(number=TAX, name="세무과")

    def _spawn(self, work: Coroutine[Any, Any, Any], _name: str) -> None:
        self._side.add(asyncio.create_task(work))

    async def _note(self) -> None:
        async with self.bus.subscribe(name="test", limit=1000, overflow=Overflow.WAIT) as events:
            async for event in events:
                self.events.append(event)
                self._news.set()
