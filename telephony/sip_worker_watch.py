"""Looks at every leg twice a second: does its voice come, how does it sound, is a leg left over?

A fifth of the calls at a time, so that hundreds of legs never keep the loop for long.
"""

from __future__ import annotations

import time
from functools import partial

from telephony.contract import AudioBack, AudioLost
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_side import Side

_TURNS, _TURN_S = 5, 0.1


class Watch:
    """One for the worker; on the loop's thread."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._turn = 0
        calls.loop.every(_TURN_S, self._look)

    def _look(self) -> None:
        self._turn = (self._turn + 1) % _TURNS
        if self._turn == 0:
            for leg in self._calls.legs():
                if self._calls.find(leg) == (None, None):
                    leg.end()  # it could not be ended before
        for call in self._calls:
            if call.turn % _TURNS == self._turn:
                self._calls.guarded(call, partial(self._look_at, call))

    def _look_at(self, call: WorkerCall) -> None:
        for side in call.sides():
            if side.there and side.leg.confirmed and side.leg.has_voice:
                self._listen(call, side)

    def _listen(self, call: WorkerCall, side: Side) -> None:
        reading = side.meter.read(side.leg, time.monotonic())
        notice = side.watch.tick(reading, side.held)
        if notice == "probe":
            side.leg.probe()
        if not side.heard:
            return  # a supervisor: nobody reads her voice
        if notice in ("lost", "back"):
            self._calls.signal(call, side, AudioLost() if notice == "lost" else AudioBack())
        sound = side.meter.sound(reading)
        if sound is not None:
            self._calls.signal(call, side, sound)
