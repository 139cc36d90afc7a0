"""A SIP call as the call flow sees it: the node's half, whose other half lives in a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import cast

from core.audio import SILENCE, Frame, FrameQueue
from core.events import CallWay, Party, Speaker, SupervisionMode
from telephony import wire
from telephony.call_states import TALKING, CallEvent, CallState, play_to, step
from telephony.contract import (
    AnySignal,
    ConsultResult,
    DialResult,
    HandedOver,
    Headers,
    Identified,
    LegEnded,
    PromptDone,
    SupervisorLeft,
)
from telephony.signals import SignalQueue
from telephony.sip_call_dials import Dials

Send = Callable[[wire.Message], None]
_SPEAKERS: tuple[Speaker, ...] = ("caller", "agent", "third")
_NOBODY_TOLD = 408


class SipCall:
    """``telephony.contract.Call``. Orders go out through ``send``; what the worker tells comes in by ``told_...``."""

    def __init__(self, about: wire.Incoming | wire.Outgoing | wire.RunningCall, send: Send) -> None:
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
        self._send = send
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

    # The contract.

    def frames(self, speaker: Speaker) -> FrameQueue:
        """See ``Call``."""
        return self._voices[speaker]

    def signals(self) -> AsyncIterator[AnySignal]:
        """See ``Call``."""
        return aiter(self._signals)

    async def answer(self) -> None:
        """See ``Call``."""
        if self.over:
            return
        if self.way == "bridge":
            self._step(CallEvent.ANSWER)
        else:
            self._step(CallEvent.LISTEN)
            self._dials.adopt("agent", 1)
            self._open("agent")
        self._send(wire.Answer(call=self.call_id))
        try:
            await self._answered.wait()
        except asyncio.CancelledError:
            if self.outgoing:
                await self.hang_up()
            raise

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        """See ``Call``."""
        if not self.over:
            step(self._state, CallEvent.REFUSE)
            self._send(wire.Refuse(call=self.call_id, status=status, retry_after_s=retry_after_s))

    async def play(self, prompt: str, *, loop: bool = False, to: Speaker = "caller") -> None:
        """See ``Call``."""
        if not self.over:
            self._step(play_to(to))
            self._signals.withdraw_prompt(to)
            self._prompt_number += 1
            self._prompts[to] = (self._prompt_number, prompt)
            self._send(wire.Play(call=self.call_id, prompt=prompt, loop=loop, to=to, number=self._prompt_number))

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        """See ``Call``."""
        if not self.over:
            self._signals.withdraw_prompt(to)
            self._prompts.pop(to, None)
            self._send(wire.StopPrompt(call=self.call_id, to=to))

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> DialResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.DIAL)
        dial, dialled = self._ring("agent", uri, reference, ring_timeout_s, headers)
        try:
            return cast(DialResult, await dialled)
        except asyncio.CancelledError:
            if not self.over:
                self._step(CallEvent.CANCEL_DIAL)
                self._dials.forget("agent")
                self._voices["agent"].close()
                self._send(wire.CancelDial(call=self.call_id, dial=dial))
            raise

    async def hold(self, on: bool) -> None:
        """See ``Call``."""
        if not self.over:
            self._step(CallEvent.HOLD)
            self.on_hold = on
            self._send(wire.Hold(call=self.call_id, on=on))

    async def consult(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> ConsultResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.CONSULT)
        self.on_hold = True
        dial, dialled = self._ring("third", uri, reference, ring_timeout_s, headers)
        try:
            return await dialled
        except asyncio.CancelledError:
            if not self.over:
                self._cancel_consultation(dial)
            raise

    async def conference(self) -> None:
        """See ``Call``."""
        if not self.over:
            self._step(CallEvent.CONFERENCE)
            self.on_hold = False
            self._send(wire.Conference(call=self.call_id))

    async def drop_third(self) -> None:
        """See ``Call``."""
        if self.over:
            return
        state = self._state
        self._step(CallEvent.DROP_THIRD)
        if state is CallState.JOINED:
            return
        self.on_hold = False
        self._voices["third"].close()
        dial = self._dials.forget("third")
        if state is CallState.THREE:
            self._send(wire.Release(call=self.call_id, role="third"))
        else:
            self._send(wire.CancelDial(call=self.call_id, dial=dial))
            self._send(wire.Hold(call=self.call_id, on=False))

    async def hand_over(self) -> None:
        """See ``Call``. Her end and the third's new place are told by the worker."""
        if not self.over:
            step(self._state, CallEvent.HAND_OVER)
            self._send(wire.HandOver(call=self.call_id))

    async def release_agent(self) -> None:
        """See ``Call``."""
        if not self.over:
            self._step(CallEvent.RELEASE_AGENT)
            self._alone()

    async def refer(self, uri: str, *, replacing_third: bool = False) -> int:
        """See ``Call``."""
        if self.over:
            return _NOBODY_TOLD
        self._step(CallEvent.REFER)
        if replacing_third:
            step(self._state, CallEvent.CONFERENCE)  # there must be one
        self._referred = asyncio.get_running_loop().create_future()
        self._send(wire.Refer(call=self.call_id, uri=uri, replacing_third=replacing_third))
        try:
            return await self._referred
        finally:
            self._referred = None

    async def transfer_told(self, status: int) -> None:
        """See ``Call``. The worker knows whether somebody asked."""
        if not self.over:
            self._send(wire.TransferTold(call=self.call_id, status=status))

    async def supervise(
        self, uri: str, *, reference: str, mode: SupervisionMode, ring_timeout_s: float, headers: Headers = ()
    ) -> ConsultResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.SUPERVISE)
        dial, dialled = self._ring("supervisor", uri, reference, ring_timeout_s, headers, mode)
        try:
            return await dialled
        except asyncio.CancelledError:
            if self._dials.number("supervisor") == dial:
                self._dials.forget("supervisor")
            if not self.over:
                self._send(wire.CancelDial(call=self.call_id, dial=dial))
            raise

    async def set_supervision(self, mode: SupervisionMode | None) -> None:
        """See ``Call``."""
        if self.over or not self._dials.number("supervisor"):
            return
        if mode is None:
            self._dials.forget("supervisor")
            self._send(wire.Release(call=self.call_id, role="supervisor"))
        else:
            self._send(wire.Supervise(call=self.call_id, mode=mode))

    async def hang_up(self) -> None:
        """See ``Call``."""
        if not self.over:
            self._send(wire.HangUp(call=self.call_id))

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
        elif role == "agent":
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

    def _ring(
        self,
        role: wire.Role,
        uri: str,
        reference: str,
        ring_timeout_s: float,
        headers: Headers,
        mode: SupervisionMode | None = None,
    ) -> tuple[int, asyncio.Future[ConsultResult]]:
        dial, dialled = self._dials.begin(role)
        self._send(
            wire.Dial(
                call=self.call_id,
                dial=dial,
                uri=uri,
                reference=reference,
                ring_timeout_s=ring_timeout_s,
                role=role,
                headers=headers,
                mode=mode,
            )
        )
        return dial, dialled

    def _cancel_consultation(self, dial: int) -> None:
        """Whatever has become of it meanwhile."""
        if self._dials.number("agent") == dial:
            self._step(CallEvent.CANCEL_DIAL if self._state is CallState.DIALLING else CallEvent.RELEASE_AGENT)
            self._alone()
        elif self._dials.number("third") == dial:
            self._step(CallEvent.DROP_THIRD)
            self._dials.forget("third")
            self._voices["third"].close()
            self._send(wire.CancelDial(call=self.call_id, dial=dial))

    def _alone(self) -> None:
        """The caller stays, all who were called go."""
        self.on_hold = False
        for role in ("third", "agent"):
            self._voices[role].close()
            self._dials.forget(role)
        self._send(wire.Release(call=self.call_id, role="agent"))

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
        self.told_referred(_NOBODY_TOLD)


def _closed() -> FrameQueue:
    queue = FrameQueue()
    queue.close()
    return queue
