"""The legs that a worker dials for the node: agent, third, supervisor. From the order to its answer, whatever that is.

An agent's leg was promised when the call was let in. A third's or a supervisor's was not: it gets one only when that
leaves every promise true. It waits for one that is about to be free; else there is no line for it.
"""

from __future__ import annotations

import time
from functools import partial

import pjsua2 as pj

from telephony import wire
from telephony.call_states import CallEvent, CallState
from telephony.contract import ConsultResult, HandedOver, Held, LegEnded
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_phone import Phone
from telephony.sip_worker_side import Side
from telephony.wire import Role

_SLOT_RETRY_S = 0.1
"""A leg that we ended keeps its slot until the peer has agreed or is found dead; a dial waits for it."""
_ORDERED: dict[Role, CallEvent] = {
    "agent": CallEvent.DIAL,
    "third": CallEvent.CONSULT,
    "supervisor": CallEvent.SUPERVISE,
}


class Dialling:
    """One for the worker; on the loop's thread."""

    def __init__(self, calls: Calls, phone: Phone) -> None:
        self._calls = calls
        self._phone = phone

    def room_for_one(self) -> bool:
        """Whether a leg more leaves a slot for each that was promised one."""
        free = self._phone.max_legs - self._phone.legs_in_use()
        return free > self._calls.legs_to_come

    def dial(self, call: WorkerCall, order: wire.Dial) -> None:
        """Call somebody's phone; ``Dialled`` follows, unless the dial is cancelled."""
        call.step(_ORDERED[order.role])
        if order.role == "third":
            call.on_hold = True
        elif order.role == "supervisor":
            self.give_up(call, "supervisor")
            call.supervision = order.mode or "listen"
        call.wanted[order.role] = order.dial
        call.rewire()
        self._try(call, order, time.monotonic())

    def cancel(self, call: WorkerCall, dial: int) -> None:
        """The node wants that dial no longer, answered or not."""
        side = call.side_dialled(dial)
        role = next((role for role, wanted in call.wanted.items() if wanted == dial), side.role if side else None)
        match role:
            case "agent" if call.place_open or (side is not None and side.takes_place):
                # The node does not know yet that the agent went: to it there is nobody left for the caller.
                self._calls.finish(call, LegEnded(status=200, by_peer=False))
            case "agent":
                call.step(CallEvent.CANCEL_DIAL)
                self.give_up(call, "agent")
            case "third":
                call.step(CallEvent.DROP_THIRD)
                self.give_up(call, "third")
            case "supervisor":
                self.give_up(call, "supervisor")

    def give_up(self, call: WorkerCall, role: Role) -> None:
        """That leg is not wanted any more."""
        side = call.drop(role)  # first: ending a leg removes its port
        if side is not None:
            side.leg.end()

    def failed(self, call: WorkerCall, role: Role, result: ConsultResult) -> None:
        """Nobody answered there; the caller's place in the call is as before."""
        dial = call.wanted.get(role, 0)
        if role == "agent":
            call.step(CallEvent.AGENT_FAILED)
            call.place_open = False
        elif role == "third":
            call.step(CallEvent.THIRD_FAILED)
        self.give_up(call, role)
        call.rewire()
        self._calls.tell(wire.Dialled(call=call.call_id, dial=dial, result=result))

    def answered_if_ready(self, call: WorkerCall, side: Side) -> None:
        """A leg that was dialled is in the talk as soon as its voice can pass."""
        if side.role == "caller" or side.there or not (side.leg.confirmed and side.leg.has_voice):
            return
        side.rings_no_longer()
        opened = side.role == "agent" and call.place_open
        if side.role == "agent":
            call.step(CallEvent.AGENT_ANSWERED)
            call.place_open = False
            call.hush(call.caller)
        elif side.role == "third":
            call.step(CallEvent.THIRD_ANSWERED)
        call.wanted.pop(side.role, None)
        side.there, side.held = True, side.leg.media.held
        call.rewire()
        if opened:
            self._calls.signal(call, side, HandedOver())
        self._calls.tell(wire.Dialled(call=call.call_id, dial=side.dial, result="answered"))
        if side.role != "supervisor":
            call.hear(side)
            if side.held:
                self._calls.signal(call, side, Held())

    def _try(self, call: WorkerCall, order: wire.Dial, began: float) -> None:
        role = next((role for role, dial in call.wanted.items() if dial == order.dial), None)
        if role is None or call.state is CallState.ENDED:
            return  # cancelled, or the call is over
        waited = time.monotonic() - began
        remaining = order.ring_timeout_s - waited
        if remaining <= 0:
            self._no_line(call, order, role)
            return
        try:
            leg = self._leg(order) if order.role == "agent" or self.room_for_one() else None
        except pj.Error as error:
            self._calls.note("warning", "dial.impossible", call_id=call.call_id, reason=str(error.reason))
            self.failed(call, role, "unreachable")
            return
        if leg is not None:
            side = call.take(role, leg, order.dial, order.reference)
            side.takes_place = role != order.role
            leg.owner = call.call_id
            rang_out = partial(self._calls.guarded, call, partial(self._rang_out, call, side))
            side.ring_timer = self._calls.loop.later(remaining, rang_out)
        elif order.role != "agent" and not self._leg_is_going():
            self._no_line(call, order, role)
        else:
            self._calls.note("debug", "dial.waits_for_a_slot", call_id=call.call_id, legs=self._phone.legs_in_use())
            again = partial(self._calls.guarded, call, partial(self._try, call, order, began))
            self._calls.loop.later(_SLOT_RETRY_S, again)

    def _leg_is_going(self) -> bool:
        """Whether a slot is held by a leg that is over for us already."""
        return self._phone.legs_in_use() > sum(self._calls.find(leg) != (None, None) for leg in self._calls.legs())

    def _no_line(self, call: WorkerCall, order: wire.Dial, role: Role) -> None:
        self._calls.note("warning", "dial.no_line", call_id=call.call_id, role=order.role)
        self.failed(call, role, "unreachable" if order.role == "agent" else "no_line")

    def _leg(self, order: wire.Dial) -> Leg | None:
        """A leg that calls the number; None while every slot is taken."""
        line = self._phone.line_for(order.uri)
        if line is None or self._phone.legs_in_use() >= self._phone.max_legs:
            return None
        leg = Leg(self._calls.watcher, line)
        leg.call(order.uri, order.headers)
        self._calls.lives(leg)
        return leg

    def _rang_out(self, call: WorkerCall, side: Side) -> None:
        if call.side(side.role) is side and side.role != "caller":
            self.failed(call, side.role, "no_answer" if side.leg.rang else "unreachable")
