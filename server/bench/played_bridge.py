"""A bridge without telephony: its calls play prepared talks, all by one timer, at the pace of a telephone.

What it leaves out is the SIP workers' share (the bench ``sip`` measures that); everything behind the frames is the
node's own.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from itertools import count
from typing import Final

from core.audio import FRAME_S, Frame, FrameQueue
from core.errors import IllegalStep, Refused
from core.events import CallWay, Party, Speaker, SupervisionMode, now
from server.bench.talk import Talk
from telephony.contract import AnySignal, Call, ConsultResult, DialResult, Headers, LegEnded, WorkerState
from telephony.signals import SignalQueue

LATE_FRAMES: Final = 100
"""A timer that is later than 2 s plays on from there: it would only overrun the queues, and is a fault of its own."""


class PlayedCall:
    """A call whose agent answers at once; then both legs play the talk, round and round."""

    def __init__(self, call_id: str, talk: Talk, phase: int, on_begin: Callable[[PlayedCall], None]) -> None:
        self.call_id = call_id
        self.outgoing = False
        self.reference = ""
        self.caller = Party(number="01000000000")
        self.called = "120"
        self.trunk = "played"
        self.started = now()
        self.adopted_agent = self.adopted_third = self.adopted_supervisor = ""
        self.on_hold = False
        self.way: CallWay = "bridge"
        self.agent = Party()
        self.silent_s = 0.0
        self.over = False
        self.began = 0.0
        """``time.monotonic()`` at the first sample; 0 before."""
        self.begins_at = 0.0
        """The same moment on the call's own clock."""
        self.phase = phase
        """Frame of the talk that is played first."""
        self._talk = talk
        self._on_begin = on_begin
        self._created = time.monotonic()
        self._played = 0
        self._signals = SignalQueue()
        self._legs: dict[Speaker, FrameQueue] = {"caller": FrameQueue(), "agent": FrameQueue()}

    @property
    def dropped(self) -> int:
        """Frames that the listeners did not fetch in time."""
        return sum(leg.dropped for leg in self._legs.values())

    def play_until(self, moment: float) -> int:
        """Deliver every frame that is complete by then; returns how many had to be left out."""
        if not self.began or self.over:
            return 0
        due = int((moment - self.began) / FRAME_S)
        left_out = max(0, due - self._played - LATE_FRAMES)
        self._played += left_out
        caller, agent = self._legs["caller"], self._legs["agent"]
        while self._played < due:
            place = (self.phase + self._played) % len(self._talk.caller)
            start = self.begins_at + self._played * FRAME_S
            caller.put(Frame(self._talk.caller[place], start))
            agent.put(Frame(self._talk.agent[place], start))
            self._played += 1
        return left_out

    # The contract.

    def frames(self, speaker: Speaker) -> FrameQueue:
        """See ``Call``."""
        return self._legs[speaker]

    def signals(self) -> AsyncIterator[AnySignal]:
        """See ``Call``."""
        return aiter(self._signals)

    async def answer(self) -> None:
        """See ``Call``."""

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        """See ``Call``."""
        await self.hang_up()

    async def play(self, prompt: str, *, loop: bool = False, to: Speaker = "caller") -> None:
        """Nobody is there to hear it."""

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        """See ``Call``."""

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> DialResult:
        """The agent answers at once, and the talk begins."""
        self.began = time.monotonic()
        self.begins_at = self.began - self._created
        self._on_begin(self)
        return "answered"

    # A played talk has two voices, and nothing changes that.

    async def hold(self, on: bool) -> None:
        """Not here."""
        raise _two_only("hold")

    async def consult(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> ConsultResult:
        """Not here."""
        raise _two_only("consult")

    async def conference(self) -> None:
        """Not here."""
        raise _two_only("conference")

    async def drop_third(self) -> None:
        """There is none."""

    async def hand_over(self) -> None:
        """Not here."""
        raise _two_only("hand_over")

    async def take_over(self) -> None:
        """Not here."""
        raise _two_only("take_over")

    async def release_agent(self) -> None:
        """Not here."""
        raise _two_only("release_agent")

    async def refer(self, uri: str, *, replacing_third: bool = False) -> int:
        """Not here."""
        raise _two_only("refer")

    async def transfer_told(self, status: int) -> None:
        """No phone asks."""

    async def supervise(
        self, uri: str, *, reference: str, mode: SupervisionMode, ring_timeout_s: float, headers: Headers = ()
    ) -> ConsultResult:
        """Not here."""
        raise _two_only("supervise")

    async def set_supervision(self, mode: SupervisionMode | None) -> None:
        """Nobody supervises."""

    async def hang_up(self) -> None:
        """See ``Call``."""
        if not self.over:
            self.over = True
            for leg in self._legs.values():
                leg.close()
            self._signals.put(LegEnded(speaker="agent", by_peer=False))
            self._signals.put(LegEnded())


class PlayedBridge:
    """Carries as many calls as :meth:`carry` was last told."""

    def __init__(self, talks: Sequence[Talk], on_begin: Callable[[PlayedCall], None]) -> None:
        self.running: list[PlayedCall] = []
        self.left_out = 0
        """Frames that were never played because the timer itself came too late."""
        self._talks = talks
        self._on_begin = on_begin
        self._numbers = count()
        self._new: deque[PlayedCall] = deque()
        self._wake = asyncio.Event()
        self._drained = False
        self._dropped = 0
        self._playing: asyncio.Task[None] | None = None

    @property
    def dropped(self) -> int:
        """Frames that were lost on their way to the speech path, in all calls so far."""
        return self.left_out + self._dropped + sum(call.dropped for call in self.running)

    async def carry(self, calls: int) -> None:
        """Begin calls or end the newest ones, until there are so many."""
        while len(self.running) > calls:
            call = self.running.pop()
            self._dropped += call.dropped
            await call.hang_up()
        while len(self.running) < calls:
            number = next(self._numbers)
            talk = self._talks[number % len(self._talks)]
            # Calls with the same talk must not speak in chorus.
            phase = number * 397 % len(talk.caller)
            call = PlayedCall(f"played-{number}", talk, phase, self._on_begin)
            self.running.append(call)
            self._new.append(call)
            self._wake.set()

    # The contract.

    async def __aenter__(self) -> PlayedBridge:
        self._playing = asyncio.create_task(self._play(), name="played bridge")
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.drain()
        await self.carry(0)
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)

    async def calls(self) -> AsyncIterator[Call]:
        """See ``Bridge``."""
        while True:
            while self._new:
                yield self._new.popleft()
            if self._drained:
                return
            self._wake.clear()
            await self._wake.wait()

    async def call_out(self, uri: str, *, reference: str = "", ring_timeout_s: float = 30.0) -> Call:
        """Nobody is there to be called."""
        raise Refused("the played bridge calls nobody", code="no_line")

    async def drain(self) -> None:
        """See ``Bridge``."""
        self._drained = True
        self._wake.set()

    @property
    def adopted(self) -> Collection[str]:
        """See ``Bridge``."""
        return ()

    def workers(self) -> Sequence[WorkerState]:
        """See ``Bridge``."""
        return (
            WorkerState(
                name="played",
                address="",
                alive=True,
                calls=len(self.running),
                capacity=len(self.running),
                restarts=0,
                bad_messages=0,
                refused=0,
                frames_dropped=self.dropped,
            ),
        )

    @property
    def addresses(self) -> Sequence[str]:
        """See ``Bridge``."""
        return ()

    async def _play(self) -> None:
        tick = time.monotonic()
        while True:
            tick += FRAME_S
            await asyncio.sleep(max(0.0, tick - time.monotonic()))
            moment = time.monotonic()
            for call in self.running:
                self.left_out += call.play_until(moment)


def _two_only(step: str) -> IllegalStep:
    return IllegalStep("played call", "talking", step)
