"""Transfers in a worker: those that phones ask for, those that we ask the exchange for, legs that others take over.

A REFER never makes this stack call by itself: the door answers it, the node decides, and the phone is told by NOTIFY
(RFC 3515). An INVITE with Replaces (RFC 3891), by which an exchange completes an attended transfer of its own, gives a
leg of ours to somebody else; the talk goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pjsua2 as pj

from telephony import wire
from telephony.call_states import CallEvent
from telephony.contract import LegEnded, TransferAsked
from telephony.mixing import Party
from telephony.party import name_and_uri
from telephony.referral import Referral
from telephony.request import user_part
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_side import Side

_ACCEPTED, _FORBIDDEN, _NOT_FOUND, _LOOP, _PENDING = 202, 403, 404, 482, 491
_TOLD_S = 60.0
"""How long the exchange may ring somebody before it says how our REFER went."""
_MAY_ASK: tuple[Party, ...] = ("agent", "third")


class Transfers:
    """One for the worker; on the loop's thread."""

    def __init__(self, calls: Calls, address: Callable[[], str]) -> None:
        """``address``: host:port of our SIP socket, known once it is open."""
        self._calls = calls
        self._address = address
        settings = calls.settings
        ours = {*settings.hotline, user_part(name_and_uri(settings.caller_id)[1])}
        if settings.register is not None:
            ours.add(settings.register.user)
        self._our_numbers = frozenset(number for number in ours if number)

    # A phone's transfer key.

    def may(self, sip_call_id: str, referral: Referral) -> int:
        """The answer to a REFER in that dialog: 202, or why not."""
        call, side = self._calls.find(self._calls.leg(sip_call_id))
        if call is None or side is None or not (call.joined and side.there and side.role in _MAY_ASK):
            return _FORBIDDEN
        if side.transferring:
            return _PENDING
        if not referral.uri:
            return _NOT_FOUND
        return _LOOP if self._leads_back(referral.uri) else _ACCEPTED

    def asked(self, sip_call_id: str, referral: Referral) -> None:
        """A REFER was answered 202; on the SIP thread, so that the next one finds it."""
        call, side = self._calls.find(self._calls.leg(sip_call_id))
        if call is not None and side is not None:
            side.transferring = True
            self._calls.loop.post(partial(self._calls.guarded, call, partial(self._tell_node, call, side, referral)))

    def told(self, call: WorkerCall, status: int) -> None:
        """How it went, or how far it is, by the node."""
        for side in call.sides():
            if side.transferring:
                side.transferring = status < 200
                self._notify(side, status)

    def _tell_node(self, call: WorkerCall, side: Side, referral: Referral) -> None:
        if call.side(side.role) is side:
            self._notify(side, 100)
            self._calls.signal(call, side, TransferAsked(uri=referral.uri, replaces=referral.replaces))

    def _notify(self, side: Side, status: int) -> None:
        if side.leg.over or side.leg.ending:
            return
        try:
            side.leg.notify_refer(status)
        except pj.Error as error:
            self._calls.note("debug", "notify.impossible", reason=str(error.reason))

    def _leads_back(self, uri: str) -> bool:
        """Whether who is called there would be we."""
        host, _, port = uri.partition("@")[2].partition(";")[0].partition(":")
        own_host, _, own_port = self._address().rpartition(":")
        ours = (port or "5060") == own_port and host in (own_host, self._calls.settings.public_address)
        return ours or user_part(uri) in self._our_numbers

    # The exchange takes a call over.

    def refer(self, call: WorkerCall, order: wire.Refer) -> None:
        """REFER on the caller's leg; ``Referred`` follows."""
        call.step(CallEvent.REFER)
        third = call.side("third")
        if order.replacing_third and (third is None or not third.there):
            self._referred(call, 481)
            return
        call.referring = self._calls.loop.later(
            _TOLD_S, partial(self._calls.guarded, call, partial(self._referred, call, 408))
        )
        try:
            if order.replacing_third and third is not None:
                call.caller.leg.refer_replacing(third.leg)
            else:
                call.caller.leg.refer(order.uri)
        except pj.Error as error:
            self._calls.note("warning", "refer.impossible", call_id=call.call_id, reason=str(error.reason))
            self._referred(call, 500)

    def refer_told(self, leg: Leg, status: int, final: bool) -> None:
        """A NOTIFY, or the answer to our REFER."""
        call, side = self._calls.find(leg)
        if call is not None and side is not None and call.referring is not None and final:
            self._referred(call, status)
            if 200 <= status < 300:
                self._calls.finish(call, LegEnded(status=200, by_peer=False, reason="handed_on"))

    def taken_over(self, call: WorkerCall, ended: LegEnded) -> LegEnded:
        """How a caller's end is to be told: an exchange that was asked to take the call may hang up before it tells."""
        if call.referring is None or not ended.by_peer or ended.reason:
            return ended
        self._referred(call, 200)
        return LegEnded(status=ended.status, by_peer=True, reason="handed_on")

    def _referred(self, call: WorkerCall, status: int) -> None:
        if call.referring is not None:
            call.referring.cancel()
            call.referring = None
        self._calls.tell(wire.Referred(call=call.call_id, status=status))

    # Others come into a leg of ours.

    def may_be_replaced(self, leg: Leg) -> bool:
        """Whether that leg is one that somebody talks on."""
        call, side = self._calls.find(leg)
        return call is not None and side is not None and side.there and leg.confirmed and not leg.ending

    def replaced(self, leg: Leg, by: Leg) -> None:
        """It was replaced; the stack has answered the new one."""
        self._calls.lives(by)
        call, side = self._calls.find(leg)
        if call is None or side is None:
            by.end()
            return
        by.owner = call.call_id
        call.replace(side, by)
        self._calls.note("info", "leg.replaced", call_id=call.call_id, side=side.role)
