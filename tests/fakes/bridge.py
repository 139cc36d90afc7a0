"""A bridge that plays scripts: the same contract as ``telephony.sip`` without a packet sent.

async with ScriptedBridge() as bridge:
    bridge.script("sip:2107@phone", "no_answer")          # how agents' phones answer; default: at once
    call = bridge.ring(Party(anonymous=True), "120")    # also comes out of bridge.calls()
    await call.say("caller", pcm)                          # 20 ms frames, as fast as they are read
    call.press("caller", "5")
    call.party_hangs_up("caller")
    assert call.done == ["answer", "play wait loop", "dial sip:2107@phone kim no_answer", ...]
    # a prompt for the agent is "play x to agent", "stop_prompt to agent"

    bridge.script("sip:0100@trunk", "busy")                # how a citizen answers our call; default: at once
    call = await bridge.call_out("sip:0100@trunk")       # done: "call sip:0100@trunk busy" after answer()
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from itertools import count

from core.audio import FRAME_BYTES, FRAME_S, SILENCE, Frame, FrameQueue
from core.errors import Refused
from core.events import KeyMethod, Party, Speaker, now
from telephony.call_states import CallEvent, CallState, play_to, step
from telephony.contract import (
    AnySignal,
    AudioBack,
    AudioLost,
    Call,
    DialResult,
    Held,
    Key,
    LegEnded,
    PromptDone,
    Resumed,
    WorkerState,
)
from telephony.signals import SignalQueue

_STATUS: dict[DialResult, int] = {"busy": 486, "no_answer": 480, "refused": 603, "unreachable": 408}
ANN = Party(number="01000001111", name="Ann")


class ScriptedCall:
    """One call. The upper half is the contract; the lower half is what tests make its parties do."""

    def __init__(
        self,
        bridge: ScriptedBridge,
        call_id: str,
        caller: Party,
        called: str,
        agent: str = "",
        silent_s: float = 0.0,
        *,
        out: str = "",
        reference: str = "",
        ring_timeout_s: float = 0.0,
    ):
        """With ``out``, a SIP address, a call that we make."""
        self.call_id = call_id
        self.outgoing = bool(out)
        self.reference = reference
        self.caller = caller
        self.called = called
        self.trunk = "scripted 127.0.0.1:5060/udp"
        self.started = now() - timedelta(seconds=silent_s)
        self.adopted_agent = agent
        self.silent_s = silent_s
        self.answered = asyncio.Event()
        self.joined = asyncio.Event()
        self.ended = asyncio.Event()
        self.done: list[str] = []
        """What the call flow did, in order."""
        self._bridge = bridge
        self._state = CallState.RINGING
        self._signals = SignalQueue()
        self._queues: dict[Speaker, FrameQueue] = {"caller": FrameQueue(), "agent": _closed_queue()}
        self._next_start: dict[Speaker, float] = {"caller": silent_s, "agent": silent_s}
        self._prompts: dict[Speaker, asyncio.TimerHandle] = {}
        self._out = out
        self._ring_timeout_s = ring_timeout_s
        if out:
            self._state = CallState.RESERVED
        if agent:
            self._state = CallState.DIALLING
            self.answered.set()
            self._join()

    # The contract.

    def frames(self, speaker: Speaker) -> FrameQueue:
        return self._queues[speaker]

    def signals(self) -> AsyncIterator[AnySignal]:
        return aiter(self._signals)

    async def answer(self) -> None:
        if not self.ended.is_set():
            self._step(CallEvent.ANSWER)
            if self._state is CallState.CALLING:
                await self._call()
            else:
                self.done.append("answer")
                self.answered.set()

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        if not self.ended.is_set():
            step(self._state, CallEvent.REFUSE)
            self.done.append(f"refuse {status}" + (f" retry-after {retry_after_s}" if retry_after_s else ""))
            self._end(LegEnded(status=status, by_peer=False))

    async def play(self, prompt: str, *, loop: bool = False, to: Speaker = "caller") -> None:
        if self.ended.is_set():
            return
        self._step(play_to(to))
        self.done.append(f"play {prompt}" + (" loop" if loop else "") + (" to agent" if to == "agent" else ""))
        self._silence(to)
        if not loop:
            done = PromptDone(prompt=prompt, speaker=to)
            self._prompts[to] = asyncio.get_running_loop().call_later(self._bridge.prompt_s, self._signals.put, done)

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        if not self.ended.is_set():
            self.done.append("stop_prompt" + (" to agent" if to == "agent" else ""))
            self._silence(to)

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float) -> DialResult:
        if self.ended.is_set():
            return "gone"
        self._step(CallEvent.DIAL)
        result, rings_s = self._bridge.next_dial(uri)
        if result == "no_answer" and not rings_s:
            rings_s = ring_timeout_s
        try:
            async with asyncio.timeout(min(rings_s, ring_timeout_s)):
                await self.ended.wait()
            result = "gone"
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            self._step(CallEvent.CANCEL_DIAL)
            self.done.append(f"dial {uri} {reference} cancelled")
            raise
        self.done.append(f"dial {uri} {reference} {result}")
        if result == "answered":
            self._join()
        else:
            self._step(CallEvent.AGENT_FAILED)
        return result

    async def hang_up(self) -> None:
        if not self.ended.is_set():
            self.done.append("hang_up")
            self._end(LegEnded(status=200, by_peer=False))

    # What the parties do.

    async def say(self, speaker: Speaker, pcm: bytes, *, lost: Collection[int] = (), pace_s: float = 0.0) -> None:
        """Speak ``pcm`` in frames; those whose index is in ``lost`` come as lost. ``pace_s=0.02`` is real time."""
        for index in range(0, len(pcm), FRAME_BYTES):
            gone = index // FRAME_BYTES in lost
            chunk = SILENCE if gone else pcm[index : index + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
            self._queues[speaker].put(Frame(chunk, round(self._next_start[speaker], 3), gone))
            self._next_start[speaker] += FRAME_S
            await asyncio.sleep(pace_s)

    def press(self, speaker: Speaker, digits: str, method: KeyMethod = "rfc4733") -> None:
        """Press keys, one after the other."""
        for digit in digits:
            self._signals.put(Key(speaker=speaker, digit=digit, method=method))

    def hold(self, speaker: Speaker, held: bool = True) -> None:
        """That side puts the other on hold, or takes it back."""
        self._signals.put(Held(speaker=speaker) if held else Resumed(speaker=speaker))

    def lose_audio(self, speaker: Speaker, lost: bool = True) -> None:
        """RTP of that side stops, or comes again."""
        self._signals.put(AudioLost(speaker=speaker) if lost else AudioBack(speaker=speaker))

    def party_hangs_up(self, speaker: Speaker) -> None:
        """A BYE (or CANCEL) from that side; the other leg is ended by the bridge."""
        if speaker == "agent":
            self._end_agent(LegEnded(speaker="agent", status=200))
            self._end(LegEnded(status=200, by_peer=False))
        else:
            self._end(LegEnded(status=200 if self.answered.is_set() else 487))

    def worker_dies(self) -> None:
        """The process that carries the call is gone."""
        self._end(LegEnded(by_peer=False, reason="worker_lost"))

    def media_dies(self) -> None:
        """The caller's phone is gone without a BYE."""
        self._end(LegEnded(by_peer=False, reason="no_media"))

    # What follows.

    def _step(self, event: CallEvent) -> None:
        self._state = step(self._state, event)

    def _join(self) -> None:
        self._step(CallEvent.AGENT_ANSWERED)
        self._silence("caller")
        self._queues["agent"] = FrameQueue()
        self._next_start["agent"] = max(self._next_start["caller"], (now() - self.started).total_seconds())
        self.joined.set()

    async def _call(self) -> None:
        """Our call to the citizen, as her phone's script says."""
        result, rings_s = self._bridge.next_dial(self._out)
        if result == "no_answer" and not rings_s:
            rings_s = self._ring_timeout_s
        try:
            async with asyncio.timeout(min(rings_s, self._ring_timeout_s)):
                await self.ended.wait()
            result = "gone"
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            self.done.append(f"call {self._out} cancelled")
            self._end(LegEnded(status=487, by_peer=False))
            raise
        self.done.append(f"call {self._out} {result}")
        if result == "answered":
            self._step(CallEvent.CALLER_ANSWERED)
            self.answered.set()
        elif result != "gone":
            self._end(LegEnded(status=_STATUS[result]))

    def _silence(self, speaker: Speaker) -> None:
        self._signals.withdraw_prompt(speaker)
        if speaker in self._prompts:
            self._prompts.pop(speaker).cancel()

    def _end_agent(self, ended: LegEnded) -> None:
        if self.joined.is_set() and not self._queues["agent"].closed:
            self._queues["agent"].close()
            self._signals.put(ended)

    def _end(self, ended: LegEnded) -> None:
        if self.ended.is_set():
            return
        for timer in self._prompts.values():
            timer.cancel()
        self._end_agent(LegEnded(speaker="agent", status=ended.status, by_peer=False, reason=ended.reason))
        self._queues["caller"].close()
        self._step(CallEvent.CALLER_ENDED)
        self._signals.put(ended)
        self.ended.set()


class ScriptedBridge:
    """A bridge whose calls come when a test says so."""

    def __init__(self, *, prompt_s: float = 0.01) -> None:
        self.prompt_s = prompt_s
        """How long an unlooped prompt lasts."""
        self.full = False
        """No line is free for a call to the outside."""
        self.all_calls: list[ScriptedCall] = []
        self._scripts: dict[str, deque[tuple[DialResult, float]]] = {}
        self._new: deque[ScriptedCall] = deque()
        self._wake = asyncio.Event()
        self._drained = False
        self._numbers = count(1)

    # The contract.

    async def __aenter__(self) -> ScriptedBridge:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.drain()
        for call in self.all_calls:
            await call.hang_up()

    async def calls(self) -> AsyncIterator[Call]:
        while True:
            while self._new:
                yield self._new.popleft()
            if self._drained:
                return
            self._wake.clear()
            await self._wake.wait()

    @property
    def adopted(self) -> Collection[str]:
        return [call.call_id for call in self.all_calls if call.adopted_agent]

    async def call_out(self, uri: str, *, reference: str = "", ring_timeout_s: float = 30.0) -> Call:
        if self._drained or self.full:
            raise Refused("no line is free for a call to the outside", code="no_line")
        number = uri.partition(":")[2].partition("@")[0]
        call = ScriptedCall(
            self,
            f"scripted-{next(self._numbers)}",
            Party(number=number),
            "120",
            out=uri,
            reference=reference,
            ring_timeout_s=ring_timeout_s,
        )
        self.all_calls.append(call)
        return call

    async def drain(self) -> None:
        self._drained = True
        self._wake.set()

    def workers(self) -> Sequence[WorkerState]:
        running = sum(not call.ended.is_set() for call in self.all_calls)
        return (
            WorkerState(
                name="scripted",
                address=self.addresses[0],
                alive=True,
                calls=running,
                capacity=100,
                restarts=0,
                bad_messages=0,
                refused=0,
                frames_dropped=sum(call.frames("caller").dropped for call in self.all_calls),
            ),
        )

    @property
    def addresses(self) -> Sequence[str]:
        return ("127.0.0.1:5060",)

    # What tests do.

    def ring(self, caller: Party = ANN, called: str = "120", *, agent: str = "", silent_s: float = 0.0) -> ScriptedCall:
        """A new call; with ``agent`` one that was joined before the node started and is adopted."""
        call = ScriptedCall(self, f"scripted-{next(self._numbers)}", caller, called, agent, silent_s)
        self.all_calls.append(call)
        if self._drained:
            call.party_hangs_up("caller")
        else:
            self._new.append(call)
            self._wake.set()
        return call

    def script(self, uri: str, *results: DialResult, after_s: float = 0.0) -> None:
        """What the next dials of ``uri`` bring, or our calls to a citizen there, the last one for ever; ``no_answer``
        rings to the time-out unless ``after_s`` is given."""
        self._scripts[uri] = deque((result, after_s) for result in results)

    def next_dial(self, uri: str) -> tuple[DialResult, float]:
        """The scripted result and after how many seconds it comes."""
        script = self._scripts.get(uri)
        if not script:
            return "answered", 0.0
        return script.popleft() if len(script) > 1 else script[0]


def _closed_queue() -> FrameQueue:
    queue = FrameQueue()
    queue.close()
    return queue
