"""One conversation of a recording session inside a worker: two voices, each on its way to the node."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator

import pjsua2 as pj

from core.events import Speaker
from telephony.call_states import CallEvent, CallState, step
from telephony.contract import AnySignal, AudioBack, AudioLost
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_leg import connect, disconnect
from telephony.sip_worker_media import Headset, Headsets, VoiceTrack
from telephony.sip_worker_recording_leg import RecordingLeg
from telephony.sip_worker_sound import LegMeter
from telephony.siprec.session import SPEAKERS, Picture

DIALS: dict[Speaker, int] = {"caller": 0, "agent": 1}
"""Whose voice it is, on the wire."""


class Side:
    """One voice. Nothing is ever said to it."""

    def __init__(self, speaker: Speaker, headset: Headset, watch: RtpWatch) -> None:
        self.speaker: Speaker = speaker
        self.headset = headset
        self.watch = watch
        self.meter = LegMeter(speaker)


class Conversation:
    """A call, as the node knows it."""

    def __init__(self, picture: Picture, headsets: Headsets, watch: Callable[[], RtpWatch]) -> None:
        self.call_id = secrets.token_hex(8)
        self.picture = picture
        self.started = time.time()
        self.told: Picture | None = None
        """What the node was told of it last; None = nothing."""
        self._state = CallState.RINGING
        self._began = time.monotonic()
        self._headsets = headsets
        self._connections: set[tuple[int, int]] = set()
        self.sides = tuple(Side(speaker, headsets.take(), watch()) for speaker in SPEAKERS)

    @property
    def listening(self) -> bool:
        """Whether the node has taken it on."""
        return self._state is CallState.LISTENING

    def step(self, event: CallEvent) -> None:
        """The only place where the state changes."""
        self._state = step(self._state, event)

    def listen(self) -> None:
        """From now on both voices go to the node."""
        for side in self.sides:
            side.headset.listen(VoiceTrack(self.call_id, DIALS[side.speaker], self._began))

    def rewire(self, leg: RecordingLeg) -> None:
        """Connect each side's stream with its headset. All are connected again each time: a re-INVITE may have given
        a stream a new port of the same number; ports that went away took their connections with them."""
        slots = {} if leg.over or leg.ending else leg.slots
        there = set(slots.values())
        wanted = {
            (slots[index], side.headset.getPortId())
            for side in self.sides
            if self.listening and (index := self.picture.index(side.speaker)) in slots and index is not None
        }
        for source, sink in self._connections - wanted:
            if source in there:
                disconnect(source, sink)
        for source, sink in wanted:
            connect(source, sink)
        self._connections = wanted

    def look(self, leg: RecordingLeg, at: float) -> Iterator[AnySignal | None]:
        """What the streams' counters tell; None = ask whether the client is there at all. ``at``: seconds."""
        for side in self.sides:
            index = self.picture.index(side.speaker)
            if not self.listening or index is None or index not in leg.slots or leg.over or leg.ending:
                continue
            try:
                reading = side.meter.read(leg, at, index=index)
            except pj.Error:  # taken away in this moment
                continue
            match side.watch.tick(reading, not self.picture.speaks(side.speaker)):
                case "lost":
                    yield AudioLost(speaker=side.speaker)
                case "back":
                    yield AudioBack(speaker=side.speaker)
                case "probe":
                    yield None
            if (sound := side.meter.sound(reading)) is not None:
                yield sound

    def close(self, leg: RecordingLeg) -> None:
        """It is over: headsets go back. Call before the leg is ended."""
        self.step(CallEvent.HANG_UP)
        self.rewire(leg)
        for side in self.sides:
            self._headsets.give_back(side.headset)
