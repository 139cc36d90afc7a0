"""One call inside a worker: its sides by role, who hears whom, what each is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from core.events import Party as Person
from core.events import SupervisionMode
from telephony.call_states import TALKING, CallEvent, CallState, step
from telephony.mixing import Party, Scene, Sound, hearings
from telephony.prompts_folder import Clip
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_leg import Leg, connect, disconnect
from telephony.sip_worker_loop import Timer
from telephony.sip_worker_media import Headsets, VoiceTrack
from telephony.sip_worker_side import Side
from telephony.wire import CallOut, Role, RunningCall

Sounds = Mapping[Sound, Clip]
"""What is played where nobody is to be heard; a prompt has its own clip."""
_HUMMED: Mapping[str, Sound] = {"music": "music", "ringing": "ringing", "reminder": "reminder"}


class WorkerCall:
    """Legs and connections of one call. Orders come from the switchboard, which also tells the node."""

    def __init__(
        self,
        call_id: str,
        leg: Leg,
        headsets: Headsets,
        watch: Callable[[], RtpWatch],
        sounds: Sounds,
        out: CallOut | None = None,
    ) -> None:
        self.call_id = call_id
        self.out = out
        """What was asked for, if it is a call that we make."""
        self.party = Person()
        self.called = ""
        self.trunk = ""
        self.started = time.time()
        self.began = time.monotonic()
        self.state = CallState.RINGING if out is None else CallState.RESERVED
        self.on_hold = False
        """The node has put the caller on hold."""
        self.place_open = False
        """The agent went, and a third's phone rings still, whose place that is."""
        self.supervision: SupervisionMode = "listen"
        self.wanted: dict[Role, int] = {}
        """Dials that were ordered and are not settled, by role: they wait for a slot, or ring."""
        self.turn = 0
        """When the watch looks at it."""
        self.referring: Timer | None = None
        """The exchange was asked to take the call over and has not said how that went."""
        self._headsets = headsets
        self._watch = watch
        self._sounds = sounds
        self._connections: set[tuple[int, int]] = set()
        self._sides: dict[Party, Side] = {"caller": Side(leg, headsets.take(), watch(), "caller")}

    @property
    def joined(self) -> bool:
        """Whether caller and agent are both there."""
        return self.state in TALKING

    @property
    def legs_to_come(self) -> int:
        """Legs that this call may still need a slot for: caller and agent, nobody else."""
        return ("agent" not in self._sides) + (not self.caller.leg.sip_call_id)

    @property
    def caller(self) -> Side:
        """The caller's side."""
        return self._sides["caller"]

    def side(self, role: Party) -> Side | None:
        """The side of that role, if there is one."""
        return self._sides.get(role)

    def sides(self) -> list[Side]:
        """All that are dialled or there, the caller first."""
        return list(self._sides.values())

    def side_of(self, leg: Leg) -> Side | None:
        """The side that a leg is, None for one that was given up."""
        return next((side for side in self._sides.values() if side.leg is leg), None)

    def side_dialled(self, dial: int) -> Side | None:
        """The side that was called by that dial."""
        return next((side for side in self._sides.values() if side.dial == dial), None)

    def step(self, event: CallEvent) -> None:
        """The only place where the state changes."""
        self.state = step(self.state, event)

    # Who comes and goes.

    def take(self, role: Role, leg: Leg, dial: int, reference: str) -> Side:
        """Somebody's phone is being called."""
        side = self._sides[role] = Side(leg, self._headsets.take(), self._watch(), role, dial, reference)
        return side

    def drop(self, role: Role) -> Side | None:
        """That leg is no longer part of the call. Call before it is ended: ending it removes its port."""
        self.wanted.pop(role, None)
        side = self._sides.pop(role, None)
        if side is not None:
            side.rings_no_longer()
            side.prompt = 0
            self.rewire(side)
            self._headsets.give_back(side.headset)
        return side

    def give_agents_place_to_supervisor(self) -> Side:
        """The supervisor is the agent from now on, where there is none any more."""
        supervisor = self._sides["agent"] = self._sides.pop("supervisor")
        supervisor.role = "agent"
        self.on_hold = False
        self.rewire()
        return supervisor

    def give_agents_place_to_third(self) -> Side | None:
        """The third is the agent from now on, where there is none any more. None: it waits for a slot still."""
        third = self._sides.pop("third", None)
        if third is not None:
            third.role, third.takes_place = "agent", True
            self._sides["agent"] = third
        if "third" in self.wanted:
            self.wanted["agent"] = self.wanted.pop("third")
            self.place_open = True
        self.on_hold = False
        self.rewire()
        return third

    def replace(self, side: Side, leg: Leg) -> None:
        """Another leg has taken a side's place (RFC 3891); the one before is ended by the stack."""
        side.becomes(leg, self._watch())
        self.rewire()

    def close(self) -> None:
        """The call is over: headsets go back. Call before the legs are ended."""
        for role in ("supervisor", "third", "agent"):
            self.drop(role)
        self.caller.rings_no_longer()
        self.caller.prompt = 0
        self.rewire()
        self._headsets.give_back(self.caller.headset)

    # What each is told.

    def await_prompt(self, side: Side, number: int) -> None:
        """A prompt will be said to a side: the one before stops now."""
        side.prompt = number
        side.headset.hush()

    def say(self, side: Side, clip: Clip, loop: bool, done: Callable[[], None]) -> None:
        """Say a prompt to a side, beside the others' voices."""
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
            self._mute(side)

    def running(self, silent_s: float) -> RunningCall:
        """The call as a new node must know it. It is joined."""
        agent, third, supervisor = (self._sides.get(role) for role in ("agent", "third", "supervisor"))
        return RunningCall(
            call=self.call_id,
            caller=self.party,
            called=self.called,
            trunk=self.trunk,
            started=self.started,
            reference=agent.reference if agent else "",
            dial=agent.dial if agent else 0,
            silent_s=silent_s,
            outgoing=self.out is not None,
            out_reference="" if self.out is None else self.out.reference,
            third=third.reference if third else "",
            third_dial=third.dial if third else 0,
            supervisor=supervisor.reference if supervisor else "",
            supervisor_dial=supervisor.dial if supervisor else 0,
            on_hold=self.on_hold,
        )

    # Who hears whom.

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
        for side in self.sides():
            self._mute(side)

    def _wanted(self) -> Iterator[tuple[int, int]]:
        """Connections of ports. A voice goes to its own headset, too, and from there to the node."""
        heard = hearings(self._scene())
        sounds = {hearer: source for source, hearer in heard if source not in self._sides}
        for side in self.sides():
            if not side.leg.has_voice:
                continue
            voice, headset = side.leg.media.slot, side.headset.getPortId()
            if side.role != "supervisor":
                yield voice, headset
            sound = sounds.get(side.role)
            self._hum(side, sound)
            if sound is not None:
                yield headset, voice
        for source, hearer in heard:
            if source in self._sides:
                yield self._sides[source].leg.media.slot, self._sides[hearer].leg.media.slot

    def _scene(self) -> Scene:
        sides = self.sides()
        return Scene(
            there=frozenset(side.role for side in sides if side.there and side.leg.has_voice),
            on_hold=self.on_hold,
            holding=frozenset(side.role for side in sides if side.held),
            third_rings=self.state is CallState.INVITING,
            place_open=self.place_open,
            supervision=self.supervision,
            prompted=frozenset(side.role for side in sides if side.speaking),
        )

    def _hum(self, side: Side, sound: str | None) -> None:
        hums = side.hums if sound == "prompt" else _HUMMED.get(sound or "")  # after a prompt it goes on
        if hums != side.hums:
            side.hums = hums
            side.headset.hum(self._sounds[hums] if hums else b"")

    def _mute(self, side: Side) -> None:
        """What comes from a phone that holds is somebody's music; a caller on hold shall not be heard."""
        if side.headset.track is not None:
            side.headset.track.muted = side.held or (side is self.caller and self.on_hold)
