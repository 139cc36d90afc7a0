"""Calls that a worker makes to citizens: a place kept, an INVITE, an answer or none."""

from __future__ import annotations

from functools import partial

from telephony import wire
from telephony.call_states import CallEvent, CallState
from telephony.contract import LegEnded
from telephony.party import name_and_uri, party_at
from telephony.request import user_part
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_phone import Phone


class Outgoing:
    """One for the worker; on the loop's thread. Whether there is room is asked before."""

    def __init__(self, calls: Calls, phone: Phone) -> None:
        self._calls = calls
        self._phone = phone

    def reserve(self, order: wire.CallOut) -> bool:
        """Keep a place; False where that is not possible."""
        line, settings = self._phone.line_for(order.uri), self._calls.settings
        if line is None or self._calls.get(order.call) is not None:
            return False
        call = self._calls.open(order.call, Leg(self._calls.watcher, line), order)
        register = settings.register
        call.party = party_at(order.uri)
        call.called = register.user if register else user_part(name_and_uri(settings.caller_id)[1])
        call.trunk = f"{settings.name} {order.uri.partition('@')[2]}"
        self._calls.tell(
            wire.Outgoing(
                call=call.call_id,
                caller=call.party,
                called=call.called,
                trunk=call.trunk,
                started=call.started,
                reference=order.reference,
            )
        )
        return True

    def call(self, call: WorkerCall, out: wire.CallOut) -> None:
        """Send the INVITE."""
        call.caller.leg.call(out.uri)
        self._calls.lives(call.caller.leg)
        rang_out = partial(self._calls.guarded, call, partial(self._rang_out, call))
        call.caller.ring_timer = self._calls.loop.later(out.ring_timeout_s, rang_out)

    def answered_if_ready(self, call: WorkerCall) -> None:
        """The caller is there as soon as her voice can pass."""
        leg = call.caller.leg
        if call.state is CallState.CALLING and leg.confirmed and leg.has_voice:
            call.step(CallEvent.CALLER_ANSWERED)
            call.caller.rings_no_longer()
            self._calls.tell(wire.Answered(call=call.call_id))
            call.hear(call.caller)
            call.rewire()

    def _rang_out(self, call: WorkerCall) -> None:
        if call.state is CallState.CALLING:
            self._calls.finish(call, LegEnded(status=480 if call.caller.leg.rang else 408))
