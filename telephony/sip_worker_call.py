"""One call inside a worker: its two legs, who hears whom, what either is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from core.events import Party, Speaker
from telephony.call_states import CallEvent, CallState, step
from telephony.dtmf import KeyFold
from telephony.prompts_folder import Clip
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_leg import Leg, connect, disconnect
from telephony.sip_worker_loop import Timer
from telephony.sip_worker_media import Headset, Headsets, VoiceTrack
from telephony.wire import CallOut, RunningCall


class Side:
    """A leg with what belongs to it: headset, key presses, the watch over its voice."""

    def __init__(self, leg: Leg, headset: Headset, watch: RtpWatch, speaker: Speaker, dial: int) -> None:
        self.leg = leg
        self.headset = headset
        self.watch = watch
        self.keys = KeyFold()
        self.speaker: Speaker = speaker
        self.dial = dial
        """0 for the caller."""
        self.held = False
        """This side holds the other."""
        self.heard = False
        """Its voice goes to the node."""
        self.prompt = 0
        """Number of the prompt that it hears, or will when it has been read; 0 = none."""
        self.speaking = False
        """The headset says that prompt to it."""


class WorkerCall:
    """Legs and connections of one call. Orders come from the switchboard, which also tells the node."""

    def __init__(
        self,
        call_id: str,
        leg: Leg,
        headsets: Headsets,
        watch: Callable[[], RtpWatch],
        out: CallOut | None = None,
    ) -> None:
        self.call_id = call_id
        self.out = out
        """What was asked for, if it is a call that we make."""
        self.party = Party()
        self.called = ""
        self.trunk = ""
        self.started = time.time()
        self.began = time.monotonic()
        self.state = CallState.RINGING if out is None else CallState.RESERVED
        self.dial = 0
        self.reference = ""
        self.ring_timer: Timer | None = None
        self._headsets = headsets
        self._watch = watch
        self._connections: set[tuple[int, int]] = set()
        self.caller = Side(leg, headsets.take(), watch(), "caller", 0)
        self.agent: Side | None = None

    @property
    def joined(self) -> bool:
        """Whether caller and agent hear each other."""
        return self.state is CallState.JOINED

    @property
    def legs_to_come(self) -> int:
        """Legs that this call may still need a slot for."""
        return (self.agent is None) + (not self.caller.leg.sip_call_id)

    def side(self, speaker: Speaker) -> Side | None:
        """The caller's side, or the agent's if there is one."""
        return self.caller if speaker == "caller" else self.agent

    def sides(self) -> list[Side]:
        """Caller, and agent if one is dialled or joined."""
        return [self.caller] if self.agent is None else [self.caller, self.agent]

    def side_of(self, leg: Leg) -> Side | None:
        """The side that a leg is, None for an agent's leg that was given up."""
        return next((side for side in self.sides() if side.leg is leg), None)

    def step(self, event: CallEvent) -> None:
        """The only place where the state changes."""
        self.state = step(self.state, event)

    def take_agent(self, leg: Leg, dial: int, reference: str) -> None:
        """An agent's phone is being called."""
        self.reference = reference
        self.agent = Side(leg, self._headsets.take(), self._watch(), "agent", dial)

    def drop_agent(self) -> None:
        """The agent's leg is no longer part of the call. Call before that leg is ended."""
        if self.ring_timer is not None:
            self.ring_timer.cancel()
        if self.agent is not None:
            dropped, self.agent = self.agent, None
            dropped.prompt = 0
            self.caller.headset.hum(b"")
            self.rewire(dropped)
            self._headsets.give_back(dropped.headset)

    def close(self) -> None:
        """The call is over: headsets go back. Call before the legs are ended."""
        self.drop_agent()
        self.caller.prompt = 0
        self.rewire()
        self._headsets.give_back(self.caller.headset)

    def await_prompt(self, side: Side, number: int) -> None:
        """A prompt will be said to a side: the one before stops now."""
        side.prompt = number
        side.headset.hush()

    def say(self, side: Side, clip: Clip, loop: bool, done: Callable[[], None]) -> None:
        """Say a prompt to a side, beside the other's voice."""
        side.speaking = True
        side.headset.speak(clip, loop, done)
        self.rewire()

    def hush(self, side: Side) -> None:
        """No prompt for that side."""
        side.prompt = 0
        side.headset.hush()
        if side.speaking:
            side.speaking = False
            self.rewire()

    def hear(self, side: Side) -> None:
        """From now on the side's voice goes to the node."""
        if not side.heard:
            side.heard = True
            side.headset.listen(VoiceTrack(self.call_id, side.dial, self.began))

    def running(self, silent_s: float) -> RunningCall:
        """The call as a new node must know it."""
        return RunningCall(
            call=self.call_id,
            caller=self.party,
            called=self.called,
            trunk=self.trunk,
            started=self.started,
            reference=self.reference,
            dial=self.dial,
            silent_s=silent_s,
            outgoing=self.out is not None,
            out_reference="" if self.out is None else self.out.reference,
        )

    def hold(self, side: Side, held: bool, music: Clip) -> None:
        """A side put the other on hold: its own sound is music, and the other hears ours."""
        side.held = held
        if side.headset.track is not None:
            side.headset.track.muted = held
        other = self.agent if side is self.caller else self.caller
        if other is not None and self.joined:
            other.headset.hum(music if held else b"")

    def rewire(self, dropped: Side | None = None) -> None:
        """Make the conference bridge connect exactly who shall hear whom.

        All wanted connections are made again each time: a re-INVITE may have given a leg a new port of the same
        number, and connecting twice is harmless. Ports that went away took their connections with them.
        """
        sides = self.sides() if dropped is None else [*self.sides(), dropped]
        there = {side.headset.getPortId() for side in sides}
        there |= {side.leg.media.slot for side in sides if side.leg.has_voice}
        wanted = set(self._wanted()) if self.state is not CallState.ENDED else set()
        for source, sink in self._connections - wanted:
            if source in there and sink in there:
                disconnect(source, sink)
        for source, sink in wanted:
            connect(source, sink)
        self._connections = wanted

    def _wanted(self) -> Iterator[tuple[int, int]]:
        for side in self.sides():
            if not side.leg.has_voice:
                continue
            voice, headset = side.leg.media.slot, side.headset.getPortId()
            yield voice, headset
            other = self.agent if side is self.caller else self.caller
            if self.joined and other is not None:
                if other.held:
                    yield headset, voice
                elif not side.held and other.leg.has_voice:
                    yield voice, other.leg.media.slot
            if side.speaking:
                yield headset, voice
