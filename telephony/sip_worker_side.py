"""One party's side of a call inside a worker: its leg, and all that belongs to it."""

from __future__ import annotations

from core.events import Speaker
from telephony.contract import LegEnded
from telephony.dtmf import KeyFold
from telephony.mixing import Party, Sound
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_loop import Timer
from telephony.sip_worker_media import Headset
from telephony.sip_worker_sound import LegMeter


class Side:
    """A leg with what belongs to it: headset, key presses, the watch over its voice."""

    def __init__(self, leg: Leg, headset: Headset, watch: RtpWatch, role: Party, dial: int = 0, who: str = "") -> None:
        self.leg = leg
        self.headset = headset
        self.watch = watch
        self.meter = LegMeter("caller")
        self.keys = KeyFold()
        self.role: Party = role
        self.dial = dial
        """0 for the caller."""
        self.reference = who
        """What the node said of who it is; '' for the caller."""
        self.takes_place = False
        """It was called as a third, and has the agent's place."""
        self.ring_timer: Timer | None = None
        self.there = role == "caller"
        """It has answered, and is in the talk."""
        self.held = False
        """This side's phone holds the others."""
        self.heard = False
        """Its voice goes to the node."""
        self.prompt = 0
        """Number of the prompt that it hears, or will when it has been read; 0 = none."""
        self.speaking = False
        """The headset says that prompt to it."""
        self.hums: Sound | None = None
        """What the headset plays when it says nothing."""
        self.transferring = False
        """Its phone asked for a transfer and was not told how it went."""
        self.leaving: LegEnded | None = None
        """... and hung up at once: its leg is over, and counts as there for a moment."""

    @property
    def speaker(self) -> Speaker:
        """Whose voice it is. (A supervisor's is never told.)"""
        return "agent" if self.role == "supervisor" else self.role

    def becomes(self, leg: Leg, watch: RtpWatch) -> None:
        """Another leg has taken this side's place."""
        self.leg, self.watch = leg, watch
        self.meter, self.keys = LegMeter("caller"), KeyFold()
        self.transferring = False

    def rings_no_longer(self) -> None:
        """It answered, or is given up."""
        if self.ring_timer is not None:
            self.ring_timer.cancel()
            self.ring_timer = None
