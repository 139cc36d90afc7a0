"""What the node knows of a SIP call: told by its worker, or true because of what was ordered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from core.audio import SILENCE, Frame, FrameQueue
from core.events import CallWay, Party, Speaker
from telephony import wire
from telephony.call_states import TALKING, CallEvent, CallState, step
from telephony.contract import (
    AnySignal,
    ConsultResult,
    HandedOver,
    Identified,
    LegEnded,
    PromptDone,
    SupervisorLeft,
)
from telephony.signals import SignalQueue
from telephony.sip_call_dials import Dials

_SPEAKERS: tuple[Speaker, ...] = ("caller", "agent", "third")
NOBODY_TOLD = 408
"""Of a REFER: the exchange never said how it went."""


class CallSoFar:
    """State, dials, voices and signals of a call. News that cross with an order, or come of somebody whom the node has
    let go, change nothing and break nothing."""

    def __init__(self, about: wire.Incoming | wire.Outgoing | wire.RunningCall) -> None:
        self.call_id = about.call
        self.caller = about.caller
        self.called = about.called
        self.trunk = about.trunk
        self.started = datetime.fromtimestamp(about.started, UTC)
        self.way: CallWay = "bridge"
        self.agent = Party()
        self.outgoing = False
        self.reference = ""
        self.adopted_agent = self.adopted_third = self.adopted_supervisor = ""
        self.on_hold = False
        self.silent_s = 0.0
        self._state = CallState.RINGING
        self._dials = Dials()
        self._referred: asyncio.Future[int] | None = None
        self._answered = asyncio.Event()
        self._signals = SignalQueue()
        self._prompts: dict[Speaker, tuple[int, str]] = {}
        """What each side hears: its number and what ``play`` was given."""
        self._prompt_number = 0
        self._voices: dict[Speaker, FrameQueue] = {"caller": FrameQueue(), "agent": _closed(), "third": _closed()}
        self._earlier_drops = 0
        match about:
            case wire.RunningCall():
                self._adopt(about)
            case wire.Outgoing():
                self.outgoing, self.reference = True, about.reference
                self._state = CallState.RESERVED
            case wire.Incoming():
                self.way, self.agent = about.way, about.agent

    def _adopt(self, about: wire.RunningCall) -> None:
        """It went on without a node."""
        self.adopted_agent, self.adopted_third = about.reference, about.third
        self.adopted_supervisor, self.on_hold = about.supervisor, about.on_hold
        self.silent_s = about.silent_s
        self.outgoing, self.reference = about.outgoing, about.out_reference
        self.way, self.agent = about.way, about.agent
        self._dials.adopt("agent", about.dial)
        self._dials.adopt("third", about.third_dial)
        self._dials.adopt("supervisor", about.supervisor_dial)
        self._voices["agent"] = FrameQueue()
        self._state = CallState.JOINED if self.way == "bridge" else CallState.LISTENING
        if about.third_dial:
            self._state = CallState.THREE
            self._voices["third"] = FrameQueue()

    @property
    def over(self) -> bool:
        """Whether the caller's leg has ended."""
        return self._state is CallState.ENDED

    @property
    def frames_dropped(self) -> int:
        """Frames that the listeners of this call did not fetch in time."""
        return self._earlier_drops + sum(queue.dropped for queue in self._voices.values())

    def frames(self, speaker: Speaker) -> FrameQueue:
        """See ``Call``."""
        return self._voices[speaker]

    def signals(self) -> AsyncIterator[AnySignal]:
        """See ``Call``."""
        return aiter(self._signals)

    # What the worker tells.

    def told_answered(self) -> None:
        """200 was sent, or came."""
        if self._state is CallState.CALLING:
            self._step(CallEvent.CALLER_ANSWERED)
        self._answered.set()

    def told_prompt_over(self, to: Speaker, number: int) -> None:
        """A prompt was played; of one that was replaced or stopped meanwhile nobody wants to hear any more."""
        playing, prompt = self._prompts.get(to, (0, ""))
        if number == playing:
            del self._prompts[to]
            self._signals.put(PromptDone(prompt=prompt, speaker=to))

    def told_dialled(self, dial: int, result: ConsultResult) -> None:
        """A dial ended; one that was cancelled meanwhile is nobody's business any more."""
        role = self._dials.role(dial)
        if role is None or self.over or not self._dials.settle(dial, result):
            return
        answered = result == "answered"
        if role == "third":
            self._step(CallEvent.THIRD_ANSWERED if answered else CallEvent.THIRD_FAILED)
        elif role == "agent" and self._state is CallState.DIALLING:  # else it has been handed the call meanwhile
            self._step(CallEvent.AGENT_ANSWERED if answered else CallEvent.AGENT_FAILED)
        if answered and role == "agent":
            self._prompts.clear()  # both hear each other now
            self._signals.withdraw_prompt("caller")
        if answered and role != "supervisor" and self._voices[role].closed:
            self._open(role)

    def told_referred(self, status: int) -> None:
        """What the exchange said at last of our REFER."""
        if self._referred is not None and not self._referred.done():
            self._referred.set_result(status)

    def told_signal(self, dial: int, signal: AnySignal) -> None:
        """Something happened on a leg."""
        if dial and not self._is_there(dial, signal):
            return  # of somebody whom we have let go
        match signal:
            case LegEnded():
                self._leg_ended(signal)
            case HandedOver():
                self._dials.third_is_agent(dial)
                self._voices["third"].close()
                self._open("agent")
                self.on_hold = False
            case SupervisorLeft():
                self._dials.forget("supervisor")
            case Identified(speaker="caller", party=party):
                self.caller = party
            case Identified(speaker="agent", party=party):
                self.agent = party
        self._signals.put(signal)

    def told_voice(self, dial: int, ms: int, pcm: bytes) -> None:
        """20 ms of a leg; b'' = nothing came."""
        role = self._dials.role(dial) if dial else "caller"
        if role is not None and role != "supervisor":
            self._voices[role].put(Frame(pcm or SILENCE, ms / 1000, not pcm))

    def lost(self) -> None:
        """The worker is gone, and all legs with it."""
        if self.over:
            return
        if self._state is CallState.THREE:
            self._signals.put(LegEnded(speaker="third", by_peer=False, reason="worker_lost"))
        if self._state in TALKING or self._state is CallState.LISTENING:
            self._signals.put(LegEnded(speaker="agent", by_peer=False, reason="worker_lost"))
        self.told_signal(0, LegEnded(by_peer=False, reason="worker_lost"))

    def _is_there(self, dial: int, signal: AnySignal) -> bool:
        """Whether news of that leg still mean somebody."""
        talking = self._state in TALKING or self._state is CallState.LISTENING
        role = self._dials.role(dial)
        if isinstance(signal, HandedOver):  # told also of a third whom we have just dropped: the worker's word counts
            return talking or (self._state is CallState.DIALLING and role == "agent")
        return talking if role == "agent" else role is not None

    def _leg_ended(self, ended: LegEnded) -> None:
        self._voices[ended.speaker].close()
        if ended.speaker == "caller":
            self._end()
        elif ended.speaker == "third" and self._state is CallState.THREE:
            self._step(CallEvent.THIRD_ENDED)
            self._dials.forget("third")
            self.on_hold = False
        elif ended.speaker == "agent" and self._state in (CallState.INVITING, CallState.THREE):
            # The third has her place, or shall have it; where it is there, ``HandedOver`` follows.
            self._step(CallEvent.AGENT_ENDED)
            self._voices["third"].close()
            self._dials.third_is_agent()
            self.on_hold = False

    def _open(self, speaker: Speaker) -> None:
        """A new queue for somebody who has come."""
        self._earlier_drops += self._voices[speaker].dropped
        self._voices[speaker].close()
        self._voices[speaker] = FrameQueue()

    def _step(self, event: CallEvent) -> None:
        self._state = step(self._state, event)

    def _end(self) -> None:
        self._step(CallEvent.CALLER_ENDED)
        for speaker in _SPEAKERS:
            self._voices[speaker].close()
        self._answered.set()
        self._dials.all_gone()
        self.told_referred(NOBODY_TOLD)


def _closed() -> FrameQueue:
    queue = FrameQueue()
    queue.close()
    return queue
