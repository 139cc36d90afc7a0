"""A scripted call whose recording is real: writer, spool, store, finished file."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from core.audio import FRAME_SAMPLES, RATE, Frame
from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, RecordingConfig, SipConfig
from core.events import CallJoined, Event, Party, RecordingChanged
from core.home import open_home
from core.keyring import Keyring, new_key
from core.store.recordings import Recording
from core.store.sql_store import SqlStore, open_store
from records.recording.codec import decode
from records.recording.timeline import Stereo
from server.callflow import CallFlow
from server.dispatcher import Dispatcher
from server.line import Line
from server.recording.recordings import Recordings
from server.recording.shelf import RecordingShelf
from server.recording.writer import Writer
from stt.contract import Heard
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.conversation import SilentConversation

E = TypeVar("E", bound=Event)
WAITS_S = 10.0
LOUD = 5000
ALWAYS = RecordingConfig(start="always", codec="flac", floor_mb=50)


def tone(seconds: float, loud: int = LOUD) -> bytes:
    """A voice that is never silent: every sample is loud."""
    return np.full(round(seconds * RATE / FRAME_SAMPLES) * FRAME_SAMPLES, loud, "<i2").tobytes()


class RecordingStage:
    """``async with RecordingStage(folder, config) as stage``: kim is ready, and what is said is told by ``heard``."""

    def __init__(
        self,
        folder: Path,
        config: RecordingConfig = ALWAYS,
        *,
        keyring: Keyring | None = None,
        heard: Sequence[Heard] = (),
        free: Callable[[Path], int] = lambda _folder: 2**40,
        prompt_s: float = 0.01,
    ) -> None:
        self.folder = folder
        self.config = config
        self.keyring = keyring or Keyring([new_key()])
        self.heard = heard
        self.free = free
        self.bridge = ScriptedBridge(prompt_s=prompt_s)
        self.bus = MemoryBus()
        self.seen = self.bus.subscribe(
            name="test", limit=1000, overflow=Overflow.WAIT, only=lambda event: bool(event.call_id)
        )
        self.kept: list[Event] = []
        self.told: list[Event] = []
        self.running: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.store: SqlStore = await open_store("", open_home(self.folder / "home"))
        self.shelf = RecordingShelf(self.folder / "recordings", self.store.recordings, self.keyring)
        self.recordings = self.another_node()
        self.recordings.begin()
        self.dispatcher = Dispatcher(
            [AgentConfig(id="kim", name="김하늘", uri="sip:kim", starts="ready")],
            self.bus,
            wrap_up_s=30,
            spawn=self._spawn,
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.recordings.close()
        await self.bus.close()
        await self.store.close()

    def another_node(self) -> Recordings:
        """As one that starts with this folder."""
        return Recordings(
            self.config,
            self.shelf,
            self.store,
            running=lambda: self.running,
            tell=self._tell,
            writer=Writer(self.shelf.spool, floor_bytes=self.config.floor_mb * 2**20, free=self.free),
        )

    def begin(self, called: str = "120") -> ScriptedCall:
        """A call comes in."""
        call = self.bridge.ring(Party(number="01000000001"), called)
        self.running.add(call.call_id)
        self.line = Line(call.call_id, self.kept.append, self.bus)
        self.flow = CallFlow(
            call,
            self.line,
            self.dispatcher,
            self._listen,
            SilentConversation(),
            SipConfig(ring_timeout_s=0.5),
            recording=self.recordings.of_call(call, self.line),
        )
        self._spawn(self.flow.run(), call.call_id)
        return call

    async def talking(self, called: str = "120") -> ScriptedCall:
        """A call that kim has answered."""
        call = self.begin(called)
        await self.until(CallJoined)
        await asyncio.sleep(0)
        return call

    async def over(self, call: ScriptedCall) -> None:
        """The caller hangs up; what was said is in the store."""
        call.party_hangs_up("caller")
        async with asyncio.timeout(WAITS_S):
            await asyncio.gather(*(task for task in self._tasks if task.get_name() == call.call_id))
        self.running.discard(call.call_id)
        await self.store.append(self.kept)
        await asyncio.sleep(0.05)

    async def finished(self, call: ScriptedCall) -> list[Recording]:
        """Its recordings, finished."""
        await self.over(call)
        assert await self.recordings.finish_all() == 0
        return await self.store.recordings.of_call(call.call_id)

    async def until(self, kind: type[E]) -> E:
        async with asyncio.timeout(WAITS_S):
            async for event in self.seen:
                if isinstance(event, kind):
                    return event
        raise AssertionError(f"no {kind.__name__}")

    async def states(self, count: int) -> list[tuple[str, str]]:
        """The next changes of the recording, with their reasons."""
        changes = [await self.until(RecordingChanged) for _ in range(count)]
        return [(change.state, change.reason) for change in changes]

    def sound(self, recording: Recording) -> Stereo:
        """What is in the file."""
        return decode(io.BytesIO(self.shelf.read(recording, 0, recording.audio_size)))

    async def _listen(self, frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
        async for _frame in frames:
            pass
        for each in self.heard:
            yield each

    async def _tell(self, _call_id: str, event: Event) -> None:
        self.told.append(event)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.add(asyncio.create_task(work, name=name))
