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

    # A third and a supervisor are dialled with the same scripts; done: "consult sip:tax@phone tax answered",
    # "supervise sip:2001@phone boss listen answered", "hold on", "conference", "hand_over", "refer sip:x@y 200" ...
    bridge.script_refer("sip:x@y", 503)                    # what the exchange tells of our REFER; default 200
    call.ask_transfer("agent", "sip:tax@phone")            # her phone's transfer key; then call.told == [180, 200]
    call.supervisor_hangs_up()

    call = bridge.observe("recording", agent=Party(number="2101"))   # a call that we only hear
    call.identify("agent", Party(number="2102"))
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from itertools import count

from core.audio import FRAME_BYTES, FRAME_S, SILENCE, Frame, FrameQueue
from core.errors import Refused
from core.events import CallWay, KeyMethod, Party, Speaker, SupervisionMode, now
from telephony.call_states import TALKING, CallEvent, CallState, play_to, step
from telephony.contract import (
    AnySignal,
    AudioBack,
    AudioLost,
    Call,
    ConsultResult,
    DialResult,
    HandedOver,
    Headers,
    Held,
    Identified,
    Key,
    LegEnded,
    LegSound,
    PromptDone,
    Resumed,
    SupervisorLeft,
    TransferAsked,
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
        way: CallWay = "bridge",
        agents_side: Party | None = None,
        third: str = "",
        supervisor: str = "",
        on_hold: bool = False,
    ):
        """With ``out``, a SIP address, a call that we make. With ``agent`` one that is adopted: with ``third``,
        ``supervisor`` and ``on_hold`` as the node before left it."""
        self.call_id = call_id
        self.way: CallWay = way
        self.agent = agents_side or Party()
        self.outgoing = bool(out)
        self.reference = reference
        self.caller = caller
        self.called = called
        self.trunk = "scripted 127.0.0.1:5060/udp"
        self.started = now() - timedelta(seconds=silent_s)
        self.adopted_agent = agent
        self.adopted_third = third
        self.adopted_supervisor = supervisor
        self.on_hold = on_hold
        self.silent_s = silent_s
        self.supervision: SupervisionMode | None = "listen" if supervisor else None
        """What the supervisor's phone does; None = nobody is there."""
        self.third_is_agent = False
        """A third has got the agent's place; from then on it is "agent" here, too."""
        self.told: list[int] = []
        """Statuses that the phone which asked for a transfer was told."""
        self.headers: list[Headers] = []
        """What each dial, of whatever kind, had as further headers."""
        self.answered = asyncio.Event()
        self.joined = asyncio.Event()
        self.ended = asyncio.Event()
        self.done: list[str] = []
        """What the call flow did, in order."""
        self._bridge = bridge
        self._state = CallState.RINGING
        self._signals = SignalQueue()
        self._queues: dict[Speaker, FrameQueue] = {
            "caller": FrameQueue(),
            "agent": _closed_queue(),
            "third": _closed_queue(),
        }
        self._next_start: dict[Speaker, float] = {"caller": silent_s, "agent": silent_s, "third": silent_s}
        self._ringing: asyncio.Event | None = None
        """A third's phone rings; set = it rings no longer."""
        self._supervising: asyncio.Event | None = None
        """The same of a supervisor's."""
        self._asked: Speaker | None = None
        """Whose phone asked for a transfer and was not told how it went."""
        self._prompts: dict[Speaker, asyncio.TimerHandle] = {}
        self._out = out
        self._ring_timeout_s = ring_timeout_s
        if out:
            self._state = CallState.RESERVED
        if agent:
            self._state = CallState.DIALLING
            self.answered.set()
            self._join()
            if third:
                self._step(CallEvent.CONSULT)
                self._third_is_there()

    # The contract.

    def frames(self, speaker: Speaker) -> FrameQueue:
        return self._queues[speaker]

    def signals(self) -> AsyncIterator[AnySignal]:
        return aiter(self._signals)

    async def answer(self) -> None:
        if not self.ended.is_set():
            self._step(CallEvent.ANSWER if self.way == "bridge" else CallEvent.LISTEN)
            if self._state is CallState.LISTENING:
                self._open("agent")
                self.joined.set()
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
        self.done.append(f"play {prompt}" + (" loop" if loop else "") + ("" if to == "caller" else f" to {to}"))
        self._silence(to)
        if not loop:
            done = PromptDone(prompt=prompt, speaker=to)
            self._prompts[to] = asyncio.get_running_loop().call_later(self._bridge.prompt_s, self._signals.put, done)

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        if not self.ended.is_set():
            self.done.append("stop_prompt" + ("" if to == "caller" else f" to {to}"))
            self._silence(to)

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> DialResult:
        if self.ended.is_set():
            return "gone"
        self._step(CallEvent.DIAL)
        self.headers.append(headers)
        try:
            result = await self._rings(uri, ring_timeout_s, asyncio.Event())
        except asyncio.CancelledError:
            self._step(CallEvent.CANCEL_DIAL)
            self.done.append(f"dial {uri} {reference} cancelled")
            raise
        self.done.append(f"dial {uri} {reference} {result}")
        if result == "answered":
            self._join()
        elif result != "gone":
            self._step(CallEvent.AGENT_FAILED)
        return result

    async def hold(self, on: bool) -> None:
        if not self.ended.is_set():
            self._step(CallEvent.HOLD)
            self.done.append(f"hold {'on' if on else 'off'}")
            self.on_hold = on

    async def consult(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> ConsultResult:
        if self.ended.is_set():
            return "gone"
        self._step(CallEvent.CONSULT)
        self.on_hold = True
        self.headers.append(headers)
        dropped = self._ringing = asyncio.Event()
        try:
            result: ConsultResult = "no_line"
            if not self._bridge.no_line:
                result = await self._rings(uri, ring_timeout_s, dropped)
        except asyncio.CancelledError:
            if not self.ended.is_set():
                alone = self._state is CallState.DIALLING
                self._step(CallEvent.CANCEL_DIAL if alone else CallEvent.DROP_THIRD)
            self.done.append(f"consult {uri} {reference} cancelled")
            raise
        finally:
            if self._ringing is dropped:
                self._ringing = None
        self.done.append(f"consult {uri} {reference} {result}")
        self._consulted(result)
        return result

    async def conference(self) -> None:
        if not self.ended.is_set():
            self._step(CallEvent.CONFERENCE)
            self.done.append("conference")
            self.on_hold = False

    async def drop_third(self) -> None:
        if not self.ended.is_set():
            alone = self._state is CallState.JOINED
            self._step(CallEvent.DROP_THIRD)
            self.done.append("drop_third")
            self._queues["third"].close()
            self.on_hold = self.on_hold and alone
            if self._ringing is not None:
                self._ringing.set()

    async def hand_over(self) -> None:
        if not self.ended.is_set():
            step(self._state, CallEvent.HAND_OVER)
            self.done.append("hand_over")
            self._agent_goes(CallEvent.HAND_OVER, LegEnded(speaker="agent", status=200, by_peer=False))

    async def take_over(self) -> None:
        if not self.ended.is_set():
            self._step(CallEvent.TAKE_OVER)
            self.done.append("take_over")
            if self.supervision is None:
                return
            self.supervision = None
            self.on_hold = False
            self._queues["agent"].close()
            self._signals.put(LegEnded(speaker="agent", status=200, by_peer=False))
            self._open("agent")
            self.third_is_agent = True
            self._signals.put(HandedOver(speaker="agent"))

    async def release_agent(self) -> None:
        if not self.ended.is_set():
            self._step(CallEvent.RELEASE_AGENT)
            self.done.append("release_agent")
            self.on_hold = False
            self._queues["agent"].close()
            self._queues["third"].close()
            self.joined.clear()
            if self._ringing is not None:
                self._ringing.set()

    async def refer(self, uri: str, *, replacing_third: bool = False) -> int:
        if self.ended.is_set():
            return 408
        self._step(CallEvent.REFER)
        if replacing_third:
            step(self._state, CallEvent.CONFERENCE)  # there must be one
        status = self._bridge.refers.get(uri, 200)
        self.done.append(f"refer {uri}" + (" replacing third" if replacing_third else "") + f" {status}")
        if 200 <= status < 300:
            self._end(LegEnded(status=200, by_peer=False, reason="handed_on"))
        return status

    async def transfer_told(self, status: int) -> None:
        if not self.ended.is_set() and self._asked is not None:
            self.done.append(f"transfer_told {status}")
            self.told.append(status)
            if status >= 200:
                self._asked = None

    async def supervise(
        self, uri: str, *, reference: str, mode: SupervisionMode, ring_timeout_s: float, headers: Headers = ()
    ) -> ConsultResult:
        if self.ended.is_set():
            return "gone"
        self._step(CallEvent.SUPERVISE)
        self.headers.append(headers)
        self.supervision = None
        if self._supervising is not None:
            self._supervising.set()
        dropped = self._supervising = asyncio.Event()
        try:
            result: ConsultResult = "no_line"
            if not self._bridge.no_line:
                result = await self._rings(uri, ring_timeout_s, dropped)
        finally:
            if self._supervising is dropped:
                self._supervising = None
        self.done.append(f"supervise {uri} {reference} {mode} {result}")
        if result == "answered":
            self.supervision = mode
        return result

    async def set_supervision(self, mode: SupervisionMode | None) -> None:
        if self.ended.is_set() or (self.supervision is None and self._supervising is None):
            return
        self.done.append(f"supervision {mode or 'off'}")
        if self.supervision is not None:
            self.supervision = mode
        elif mode is None and self._supervising is not None:
            self._supervising.set()

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

    def party_holds(self, speaker: Speaker, held: bool = True) -> None:
        """That side's phone puts the others on hold, or takes them back."""
        self._signals.put(Held(speaker=speaker) if held else Resumed(speaker=speaker))

    def lose_audio(self, speaker: Speaker, lost: bool = True) -> None:
        """RTP of that side stops, or comes again."""
        self._signals.put(AudioLost(speaker=speaker) if lost else AudioBack(speaker=speaker))

    def party_hangs_up(self, speaker: Speaker) -> None:
        """A BYE (or CANCEL) from that side; what that means for the others is the bridge's rule."""
        if speaker == "third":
            self._step(CallEvent.THIRD_ENDED)
            self._queues["third"].close()
            self.on_hold = False
            self._signals.put(LegEnded(speaker="third", status=200))
        elif speaker == "agent" and self._state in (CallState.INVITING, CallState.THREE):
            self._agent_goes(CallEvent.AGENT_ENDED, LegEnded(speaker="agent", status=200))
        elif speaker == "agent" and self.way != "bridge":
            self._end_agent(LegEnded(speaker="agent", status=200))
        elif speaker == "agent":
            self._end_agent(LegEnded(speaker="agent", status=200))
            self._end(LegEnded(status=200, by_peer=False))
        else:
            self._end(LegEnded(status=200 if self.answered.is_set() else 487))

    def supervisor_hangs_up(self) -> None:
        """The supervisor has heard enough."""
        self.supervision = None
        self._signals.put(SupervisorLeft())

    def ask_transfer(self, speaker: Speaker, uri: str, replaces: str = "") -> bool:
        """The transfer key of that side's phone; False: refused, one before was not told how it went."""
        if self._asked is not None or self._state not in TALKING:
            return False
        self._asked = speaker
        self._signals.put(TransferAsked(speaker=speaker, uri=uri, replaces=replaces))
        return True

    def identify(self, speaker: Speaker, party: Party) -> None:
        """The source of an observed call tells who is there."""
        self._signals.put(Identified(speaker=speaker, party=party))

    def sounds(self, sound: LegSound) -> None:
        """What a leg's RTP tells now."""
        self._signals.put(sound)

    def source_ends(self) -> None:
        """An observed call's source broke off."""
        self._end(LegEnded(by_peer=True, reason="source"))

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
        self._open("agent")
        self.joined.set()

    def _open(self, speaker: Speaker) -> None:
        """A new queue for a party that has come."""
        self._queues[speaker] = FrameQueue()
        self._next_start[speaker] = max(self._next_start["caller"], (now() - self.started).total_seconds())

    async def _rings(self, uri: str, ring_timeout_s: float, dropped: asyncio.Event) -> DialResult:
        """A phone's answer by its script; 'gone' when the call, or this dial of it, is over first."""
        result, rings_s = self._bridge.next_dial(uri)
        if result == "no_answer" and not rings_s:
            rings_s = ring_timeout_s
        over = asyncio.create_task(self.ended.wait())
        gone = asyncio.create_task(dropped.wait())
        try:
            done, _ = await asyncio.wait(
                {over, gone}, timeout=min(rings_s, ring_timeout_s), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            over.cancel()
            gone.cancel()
        return "gone" if done or dropped.is_set() or self.ended.is_set() else result

    def _consulted(self, result: ConsultResult) -> None:
        """A third's phone has answered or not; where the agent went meanwhile, it was to have her place."""
        if result == "gone":
            return
        if self._state is CallState.DIALLING and result == "answered":
            self._join()
            self.third_is_agent = True
            self._signals.put(HandedOver(speaker="agent"))
        elif self._state is CallState.DIALLING:
            self._step(CallEvent.AGENT_FAILED)
        elif result == "answered":
            self._third_is_there()
        else:
            self._step(CallEvent.THIRD_FAILED)

    def _third_is_there(self) -> None:
        self._step(CallEvent.THIRD_ANSWERED)
        self._open("third")

    def _agent_goes(self, why: CallEvent, ended: LegEnded) -> None:
        """A third is there or rings: the place is not empty."""
        self._step(why)
        self.on_hold = False
        self._queues["agent"].close()
        self._signals.put(ended)
        if self._state is CallState.DIALLING:
            self.joined.clear()
            return
        self._queues["third"].close()
        self._open("agent")
        self.third_is_agent = True
        self._signals.put(HandedOver(speaker="agent"))

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
        if not self._queues["third"].closed:
            self._queues["third"].close()
            self._signals.put(LegEnded(speaker="third", status=ended.status, by_peer=False, reason=ended.reason))
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
        self.no_line = False
        """No leg is free for a third or a supervisor."""
        self.refers: dict[str, int] = {}
        """What the exchange tells of our REFERs, by address; 200 without an entry."""
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

    def ring(
        self,
        caller: Party = ANN,
        called: str = "120",
        *,
        agent: str = "",
        silent_s: float = 0.0,
        third: str = "",
        supervisor: str = "",
        on_hold: bool = False,
    ) -> ScriptedCall:
        """A new call; with ``agent`` one that was joined before the node started and is adopted, as it was then."""
        return self._comes(
            ScriptedCall(
                self,
                f"scripted-{next(self._numbers)}",
                caller,
                called,
                agent,
                silent_s,
                third=third,
                supervisor=supervisor,
                on_hold=on_hold,
            )
        )

    def observe(self, way: CallWay, caller: Party = ANN, called: str = "120", *, agent: Party) -> ScriptedCall:
        """A call that we only hear."""
        number = f"scripted-{next(self._numbers)}"
        return self._comes(ScriptedCall(self, number, caller, called, way=way, agents_side=agent))

    def _comes(self, call: ScriptedCall) -> ScriptedCall:
        self.all_calls.append(call)
        if self._drained:
            call.party_hangs_up("caller")
        else:
            self._new.append(call)
            self._wake.set()
        return call

    def script_refer(self, uri: str, status: int) -> None:
        """What the exchange tells at last of our REFER to ``uri``."""
        self.refers[uri] = status

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
