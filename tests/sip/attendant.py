"""A call flow small enough to test the bridge with: it answers, plays, dials agents in order, notes all that comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import numpy as np
import numpy.typing as npt

from core.audio import Frame
from core.events import Speaker
from telephony.contract import AnySignal, Bridge, Call, DialResult, LegEnded


class Attended:
    """What became of one call."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.results: list[DialResult] = []
        self.signals: list[AnySignal] = []
        self.frames: dict[Speaker, list[Frame]] = {"caller": [], "agent": []}
        self.joined = asyncio.Event()
        self.over = asyncio.Event()

    @property
    def ended(self) -> LegEnded:
        """The caller's end."""
        last = self.signals[-1]
        assert isinstance(last, LegEnded) and last.speaker == "caller"
        return last

    def tones(self, speaker: Speaker) -> set[int]:
        """The frequencies that a side's voice holds, rounded to 20 Hz."""
        return tones(np.frombuffer(b"".join(frame.pcm for frame in self.frames[speaker]), "<i2"))


class Attendant:
    """Takes every call of a bridge."""

    def __init__(
        self,
        bridge: Bridge,
        agents: Sequence[str] = (),
        *,
        ring_s: float = 5.0,
        refuse: Callable[[Call], bool] = lambda call: False,
    ) -> None:
        self._refuse = refuse
        self.agents = list(agents)
        self.calls: list[Attended] = []
        self._bridge = bridge
        self._ring_s = ring_s
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Attendant]:
        """Attends calls inside the context; faults of the attendants come out of it."""
        taking = asyncio.create_task(self._take_calls())
        try:
            yield self
        finally:
            taking.cancel()
            for task in self._tasks:
                task.cancel()
            results = await asyncio.gather(taking, *self._tasks, return_exceptions=True)
            for result in results:
                if isinstance(result, Exception):
                    raise result

    async def nth(self, number: int = 0) -> Attended:
        """Wait for the call of that number."""
        await self.until(lambda: len(self.calls) > number)
        return self.calls[number]

    async def joined(self, number: int = 0) -> Attended:
        """Wait until that call is joined."""
        attended = await self.nth(number)
        async with asyncio.timeout(15):
            await attended.joined.wait()
        return attended

    async def over(self, number: int = 0) -> Attended:
        """Wait until that call is over."""
        attended = await self.nth(number)
        async with asyncio.timeout(25):
            await attended.over.wait()
        return attended

    async def until(self, what: Callable[[], bool], timeout: float = 15.0) -> None:
        """Wait until something is true, looking again with each call and signal."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(what)

    async def _take_calls(self) -> None:
        async for call in self._bridge.calls():
            if self._refuse(call):
                await call.refuse(486)
                continue
            attended = Attended(call)
            self.calls.append(attended)
            self._tasks.add(asyncio.create_task(self._attend(attended)))
            await self._notify()

    async def _attend(self, attended: Attended) -> None:
        call = attended.call
        async with asyncio.TaskGroup() as group:
            group.create_task(self._note_signals(attended))
            if call.adopted_agent:
                attended.joined.set()
            elif not await self._connect(attended):
                if attended.results:
                    await call.hang_up()
                return
            group.create_task(_listen(attended, "caller"))
            group.create_task(_listen(attended, "agent"))

    async def _connect(self, attended: Attended) -> bool:
        if not self.agents:
            return False
        await attended.call.answer()
        await attended.call.play("waiting", loop=True)
        for uri in self.agents:
            result = await attended.call.dial(uri, reference=uri, ring_timeout_s=self._ring_s)
            attended.results.append(result)
            if result == "answered":
                attended.joined.set()
                return True
        return False

    async def _note_signals(self, attended: Attended) -> None:
        async for signal in attended.call.signals():
            attended.signals.append(signal)
            await self._notify()
        attended.over.set()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def tones(samples: Sequence[int] | npt.NDArray[np.int16]) -> set[int]:
    """The strongest frequency of each loud fifth of a second, rounded to 20 Hz."""
    voice = np.asarray(samples, dtype=float)
    found: set[int] = set()
    for at in range(0, len(voice) - 1600, 1600):
        piece = voice[at : at + 1600]
        if np.abs(piece).max() > 1500:
            found.add(round(int(np.argmax(np.abs(np.fft.rfft(piece)))) * 5 / 20) * 20)
    return found


async def _listen(attended: Attended, speaker: Speaker) -> None:
    async for frame in attended.call.frames(speaker):
        attended.frames[speaker].append(frame)
