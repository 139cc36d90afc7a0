"""One worker of a chosen build, its calls joined by the plainest call flow there is, both voices read."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import numpy as np
import numpy.typing as npt

from core.audio import FRAME_S
from core.config import SipConfig
from core.errors import Refused
from core.events import Speaker
from server.bench.stage import Stage
from telephony.contract import Call
from telephony.sip import SipBridge
from telephony.sip_build import Kind

UNLIMITED: Final = 100_000.0


PUNCTUAL: Final = 25
"""Calls whose frames are awaited one by one; those of the others are fetched twice a second, so that it is the worker
that is measured and not hundreds of tasks of this process."""
_FETCH_S: Final = 0.5


class Ear:
    """Reads one leg, and while ``on`` notes when each frame came."""

    def __init__(self, punctual: bool = True) -> None:
        self.starts: array[float] = array("d")
        self.came: array[float] = array("d")
        self.heard = 0
        """Frames while ``on``."""
        self.on = False
        self._punctual = punctual

    async def listen(self, call: Call, speaker: Speaker) -> None:
        """Until the leg ends."""
        frames = call.frames(speaker)
        async for frame in frames:
            if self.on:
                self.heard += 1
                if self._punctual:
                    self.came.append(time.monotonic())
                    self.starts.append(frame.start)
            if not self._punctual and not len(frames):
                await asyncio.sleep(_FETCH_S)

    def lateness(self) -> npt.NDArray[np.float64]:
        """Seconds by which frames came after the leg's most punctual one."""
        late: npt.NDArray[np.float64] = np.asarray(self.came) - np.asarray(self.starts)
        if len(late):
            late -= late.min()
        return late


class Joiner:
    """Answers every call, dials the agent and listens to both."""

    def __init__(self, bridge: SipBridge, agent: str) -> None:
        self._bridge = bridge
        self._agent = agent
        self.ears: list[Ear] = []
        self.joined = 0
        """Calls that are joined now."""
        self.failed = 0
        """Calls whose agent was not reached."""

    async def work(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            async for call in self._bridge.calls():
                group.create_task(self._join(call))

    async def _join(self, call: Call) -> None:
        try:
            await call.answer()
            if await call.dial(self._agent, reference="agent", ring_timeout_s=20) != "answered":
                self.failed += 1
                await call.hang_up()
                return
        except Refused:
            return
        await self.hear(call)

    async def hear(self, call: Call) -> None:
        """Read both legs until they end."""
        ears = [Ear(self.joined < PUNCTUAL), Ear(self.joined < PUNCTUAL)]
        self.ears += ears
        self.joined += 1
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(ears[0].listen(call, "caller"))
                group.create_task(ears[1].listen(call, "agent"))
        finally:
            self.joined -= 1
            for ear in ears:
                self.ears.remove(ear)

    def listen(self, on: bool) -> None:
        """Note the frames of all legs anew, or stop doing so."""
        for ear in self.ears:
            if on:
                ear.came, ear.starts, ear.heard = array("d"), array("d"), 0
            ear.on = on

    def lateness(self) -> npt.NDArray[np.float64]:
        """Of all frames whose coming was noted."""
        heard = [ear.lateness() for ear in self.ears]
        return np.concatenate(heard) if heard else np.zeros(0)

    def lost(self, seconds: float) -> int:
        """Frames that are missing in what was noted for so long."""
        wanted = int((seconds - 2 * _FETCH_S) / FRAME_S)
        return sum(max(0, wanted - ear.heard) for ear in self.ears)


@asynccontextmanager
async def one_worker(stage: Stage, build: Kind) -> AsyncIterator[SipBridge]:
    """A bridge with one worker that lets everything in."""
    config = SipConfig(port=0, rtp_port=0, workers=1, build=build, invites_per_s=UNLIMITED)
    async with SipBridge(config, run_dir=stage.fresh_home().run) as bridge:
        yield bridge
