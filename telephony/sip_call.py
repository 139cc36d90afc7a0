"""A SIP call as the call flow sees it: the node's half, whose other half lives in a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from core.audio import SILENCE, Frame, FrameQueue
from core.events import Speaker
from telephony import wire
from telephony.call_states import CallEvent, CallState, play_to, step
from telephony.contract import AnySignal, DialResult, LegEnded, PromptDone
from telephony.signals import SignalQueue

Send = Callable[[wire.Message], None]


class SipCall:
    """``telephony.contract.Call``. Orders go out through ``send``; what the worker tells comes in by ``told_...``."""

    def __init__(self, about: wire.Incoming | wire.Outgoing | wire.RunningCall, send: Send) -> None:
        self.call_id = about.call
        self.caller = about.caller
        self.called = about.called
        self.trunk = about.trunk
        self.started = datetime.fromtimestamp(about.started, UTC)
        self.outgoing = False
        self.reference = ""
        self.adopted_agent = ""
        self.silent_s = 0.0
        self._send = send
        self._state = CallState.RINGING
        self._dial = 0
        self._dialled: asyncio.Future[DialResult] | None = None
        self._answered = asyncio.Event()
        self._signals = SignalQueue()
        self._prompts: dict[Speaker, tuple[int, str]] = {}
        """What each side hears: its number and what ``play`` was given."""
        self._prompt_number = 0
        self._voices: dict[Speaker, FrameQueue] = {"caller": FrameQueue(), "agent": _closed()}
        self._earlier_drops = 0
        if isinstance(about, wire.RunningCall):
            self.adopted_agent = about.reference
            self.silent_s = about.silent_s
            self.outgoing, self.reference = about.outgoing, about.out_reference
            self._state = CallState.JOINED
            self._dial = about.dial
            self._voices["agent"] = FrameQueue()
        elif isinstance(about, wire.Outgoing):
            self.outgoing, self.reference = True, about.reference
            self._state = CallState.RESERVED

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
        if not self.over:
            self._step(CallEvent.ANSWER)
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

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float) -> DialResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.DIAL)
        self._dial += 1
        self._dialled = asyncio.get_running_loop().create_future()
        self._send(
            wire.Dial(call=self.call_id, dial=self._dial, uri=uri, reference=reference, ring_timeout_s=ring_timeout_s)
        )
        try:
            return await self._dialled
        except asyncio.CancelledError:
            if not self.over:
                self._step(CallEvent.CANCEL_DIAL)
                self._voices["agent"].close()
                self._send(wire.CancelDial(call=self.call_id, dial=self._dial))
            raise
        finally:
            self._dialled = None

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

    def told_dialled(self, dial: int, result: DialResult) -> None:
        """A dial ended; one that was cancelled meanwhile is nobody's business any more."""
        if self._dialled is None or self._dialled.done() or dial != self._dial or self.over:
            return
        self._step(CallEvent.AGENT_ANSWERED if result == "answered" else CallEvent.AGENT_FAILED)
        if result == "answered":
            self._prompts.clear()  # both hear each other now
            self._signals.withdraw_prompt("caller")
            self._earlier_drops += self._voices["agent"].dropped
            self._voices["agent"] = FrameQueue()
        self._dialled.set_result(result)

    def told_signal(self, dial: int, signal: AnySignal) -> None:
        """Something happened on a leg."""
        if dial and (dial != self._dial or self._state is not CallState.JOINED):
            return
        if isinstance(signal, LegEnded):
            self._voices[signal.speaker].close()
            if signal.speaker == "caller":
                self._end()
        self._signals.put(signal)

    def told_voice(self, dial: int, ms: int, pcm: bytes) -> None:
        """20 ms of a leg; b'' = nothing came."""
        if dial in (0, self._dial):
            self._voices["agent" if dial else "caller"].put(Frame(pcm or SILENCE, ms / 1000, not pcm))

    def lost(self) -> None:
        """The worker is gone, and both legs with it."""
        if self.over:
            return
        ended = LegEnded(by_peer=False, reason="worker_lost")
        if self._state is CallState.JOINED:
            self.told_signal(self._dial, LegEnded(speaker="agent", by_peer=False, reason="worker_lost"))
        self.told_signal(0, ended)

    def _step(self, event: CallEvent) -> None:
        self._state = step(self._state, event)

    def _end(self) -> None:
        self._step(CallEvent.CALLER_ENDED)
        for queue in self._voices.values():
            queue.close()
        self._answered.set()
        if self._dialled is not None and not self._dialled.done():
            self._dialled.set_result("gone")


def _closed() -> FrameQueue:
    queue = FrameQueue()
    queue.close()
    return queue
