"""A call that an exchange lets us listen to by forks of its voices. ``telephony.contract.Call`` with way "fork"."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final, Literal, Protocol

from core.audio import FrameQueue
from core.errors import IllegalStep, Refused
from core.events import CallWay, Party, Speaker, SupervisionMode, now
from telephony.contract import (
    AnySignal,
    ConsultResult,
    DialResult,
    Headers,
    Identified,
    Key,
    LegEnded,
)
from telephony.forks.said import Opened
from telephony.forks.track import Track
from telephony.signals import SignalQueue

HUNG_UP_FIRST_S: Final = 2.0
"""An agent's stream that ended so shortly before the caller's: she hung up."""
Why = Literal["over", "refused", "flood", "stalled", "full", "leaving"]
"""Why we end a stream."""


class Source(Protocol):
    """One connection with voices of this call."""

    def close(self, why: Why) -> None:
        """End it; nothing more is told of it."""


class ForkCall:
    """The upper half is the contract. What streams tell comes in by the lower half."""

    outgoing = False
    reference = ""
    adopted_agent = adopted_third = adopted_supervisor = ""
    silent_s = 0.0
    on_hold = False
    way: CallWay = "fork"

    def __init__(self, call_id: str, opened: Opened, trunk: str, clock: Callable[[], float]) -> None:
        self.call_id = call_id
        self.caller = opened.caller
        self.agent = opened.agent
        self.called = opened.called
        self.trunk = trunk
        self.started = now()
        self.over = False
        self._clock = clock
        self._began = clock()
        self._signals = SignalQueue()
        self._queues: dict[Speaker, FrameQueue] = {"caller": FrameQueue(), "agent": FrameQueue()}
        self._tracks: dict[Speaker, Track] = {}
        self._sources: dict[Speaker, Source] = {}
        self._agent_left: float | None = None
        self._had_agent = False

    # The contract.

    def frames(self, speaker: Speaker) -> FrameQueue:
        """See ``Call``. Both are open from the start: streams of one call come one after the other."""
        return self._queues[speaker]

    def signals(self) -> AsyncIterator[AnySignal]:
        """See ``Call``."""
        return aiter(self._signals)

    async def answer(self) -> None:
        """See ``Call``."""

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        """See ``Call``."""
        self.end("refused")

    async def hang_up(self) -> None:
        """See ``Call``."""
        self.end("over")

    async def play(self, prompt: str, *, loop: bool = False, to: Speaker = "caller") -> None:
        """See ``Call``."""
        self._only_listening("play")

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        """See ``Call``."""
        self._only_listening("stop_prompt")

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> DialResult:
        """See ``Call``."""
        self._only_listening("dial")
        return "gone"

    async def hold(self, on: bool) -> None:
        """See ``Call``."""
        self._only_listening("hold")

    async def consult(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> ConsultResult:
        """See ``Call``."""
        self._only_listening("consult")
        return "gone"

    async def conference(self) -> None:
        """See ``Call``."""
        self._only_listening("conference")

    async def drop_third(self) -> None:
        """See ``Call``."""
        self._only_listening("drop_third")

    async def hand_over(self) -> None:
        """See ``Call``."""
        self._only_listening("hand_over")

    async def take_over(self) -> None:
        """See ``Call``."""
        self._only_listening("take_over")

    async def release_agent(self) -> None:
        """See ``Call``."""
        self._only_listening("release_agent")

    async def refer(self, uri: str, *, replacing_third: bool = False) -> int:
        """See ``Call``."""
        self._only_listening("refer")
        return 0

    async def transfer_told(self, status: int) -> None:
        """See ``Call``."""

    async def supervise(
        self, uri: str, *, reference: str, mode: SupervisionMode, ring_timeout_s: float, headers: Headers = ()
    ) -> DialResult:
        """See ``Call``."""
        self._only_listening("supervise")
        return "gone"

    async def set_supervision(self, mode: SupervisionMode | None) -> None:
        """See ``Call``."""
        self._only_listening("set_supervision")

    def _only_listening(self, event: str) -> None:
        if not self.over:
            raise IllegalStep("fork", "listening", event)

    # What streams tell.

    def attach(self, source: Source, opened: Opened) -> None:
        """One more stream of this call. ``Refused`` when a voice of it is there already."""
        if any(speaker in self._sources for speaker in opened.speakers):
            raise Refused("two streams with one voice of one call: give each call a key of its own", code="doubled")
        at = self._elapsed()
        for speaker in opened.speakers:
            self._sources[speaker] = source
            self._tracks[speaker] = Track(at)
        if "agent" in opened.speakers:
            self._had_agent, self._agent_left = True, None
        self._identify("caller", self.caller, opened.caller)
        self._identify("agent", self.agent, opened.agent)

    def hear(self, speaker: Speaker, pcm: bytes, stamp_ms: int | None) -> int:
        """A piece of a voice; how many frames of it were too much."""
        track = self._tracks[speaker]
        before = track.dropped
        for frame in track.put(pcm, self._elapsed(), stamp_ms):
            self._queues[speaker].put(frame)
        return track.dropped - before

    def press(self, speaker: Speaker, digit: str) -> None:
        """A key; the exchange has understood it for us."""
        self._signals.put(Key(speaker=speaker, digit=digit, method="info"))

    def tick(self) -> None:
        """About every 100 ms."""
        at = self._elapsed()
        for speaker, track in self._tracks.items():
            for frame in track.tick(at):
                self._queues[speaker].put(frame)

    def left(self, source: Source, *, broken: bool) -> None:
        """A stream has ended: with the caller's, or the last one, the call."""
        speakers = [speaker for speaker, its in self._sources.items() if its is source]
        for speaker in speakers:
            del self._sources[speaker]
            self._finish(speaker)
        if self.over or not speakers:
            return
        if "caller" in speakers or not self._sources:
            self._end(LegEnded(by_peer=not broken, status=0 if broken else 200, reason="source" if broken else ""))
            self._close_sources("over")
        elif not broken:
            self._agent_left = self._elapsed()

    def end(self, why: Why) -> None:
        """From our side: nobody listens any more."""
        if self.over:
            return
        for speaker in list(self._tracks):
            self._finish(speaker)
        self._end(LegEnded(by_peer=False, status=200))
        self._close_sources(why)

    def _identify(self, speaker: Speaker, known: Party, told: Party) -> None:
        if told in (known, Party()):
            return
        if speaker == "caller":
            self.caller = told
        else:
            self.agent = told
        self._signals.put(Identified(speaker=speaker, party=told))

    def _finish(self, speaker: Speaker) -> None:
        track = self._tracks.pop(speaker, None)
        for frame in track.end() if track is not None else ():
            self._queues[speaker].put(frame)

    def _end(self, ended: LegEnded) -> None:
        self.over = True
        for queue in self._queues.values():
            queue.close()
        if self._had_agent:
            first = self._agent_left is not None and self._elapsed() - self._agent_left <= HUNG_UP_FIRST_S
            self._signals.put(LegEnded(speaker="agent", by_peer=first, status=ended.status, reason=ended.reason))
        self._signals.put(ended)

    def _close_sources(self, why: Why) -> None:
        sources = set(self._sources.values())
        self._sources.clear()
        for source in sources:
            source.close(why)

    def _elapsed(self) -> float:
        return self._clock() - self._began
