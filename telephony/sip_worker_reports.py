"""What the legs of a worker report, and what it means for their calls (``LegWatcher``)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from core.events import KeyMethod
from telephony import wire
from telephony.call_states import CallState
from telephony.contract import Key, LegEnded
from telephony.party import party_from
from telephony.referral import Referral
from telephony.request import Request, user_part
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_dialling import Dialling
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_outgoing import Outgoing
from telephony.sip_worker_parties import Parties
from telephony.sip_worker_rooms import WorkerRooms
from telephony.sip_worker_transfers import Transfers


class Reports:
    """One for the worker; on the loop's thread, but for ``post``."""

    def __init__(
        self,
        calls: Calls,
        rooms: WorkerRooms,
        dialling: Dialling,
        outgoing: Outgoing,
        parties: Parties,
        transfers: Transfers,
    ) -> None:
        self._calls = calls
        self._rooms = rooms
        self._dialling = dialling
        self._outgoing = outgoing
        self._parties = parties
        self._transfers = transfers

    def owner_of(self, call_id: str) -> tuple[str, str]:
        """Call and role of the leg with this SIP Call-ID; '' where there is none."""
        leg = self._calls.leg(call_id)
        _, side = self._calls.find(leg)
        return (leg.owner, side.role if side is not None else "") if leg is not None else ("", "")

    def post(self, job: Callable[[], None]) -> None:
        """From any thread."""
        self._calls.loop.post(job)

    def came(self, leg: Leg, request: Request, whence: str) -> None:
        """A new call; on the SIP thread inside a callback, so that the very next INVITE finds the slot taken."""
        self._calls.lives(leg)
        self._rooms.let_in()
        call = self._calls.open(secrets.token_hex(8), leg)
        call.party = party_from(request)
        call.called = user_part(request.uri)
        call.trunk = f"{self._calls.settings.name} {whence}"
        self._calls.loop.post(lambda: self._calls.guarded(call, lambda: self._announce(call)))

    def _announce(self, call: WorkerCall) -> None:
        if call.state is not CallState.RINGING:
            return
        if not self._rooms.is_open():
            call.caller.leg.reply(503, self._calls.settings.retry_after_s)
            self._calls.finish(call, LegEnded(status=503, by_peer=False))
            return
        call.caller.leg.reply(180)
        self._calls.tell(
            wire.Incoming(
                call=call.call_id, caller=call.party, called=call.called, trunk=call.trunk, started=call.started
            )
        )

    def rang(self, leg: Leg) -> None:
        """See ``LegWatcher``; the leg keeps the fact."""

    def confirmed(self, leg: Leg) -> None:
        """See ``LegWatcher``."""
        self._proceed(leg)

    def media_changed(self, leg: Leg) -> None:
        """See ``LegWatcher``."""
        call, side = self._calls.find(leg)
        if call is not None and side is not None:
            self._parties.holds(call, side)
            self._proceed(leg)
            call.rewire()

    def _proceed(self, leg: Leg) -> None:
        call, side = self._calls.find(leg)
        if call is not None and side is not None:
            self._calls.guarded(call, lambda: self._outgoing.answered_if_ready(call))
            self._calls.guarded(call, lambda: self._dialling.answered_if_ready(call, side))

    def pressed(self, leg: Leg, digit: str) -> None:
        """See ``LegWatcher``."""
        self._press(leg, digit, "rfc4733")

    def pressed_by_info(self, sip_call_id: str, digit: str) -> None:
        """The door read a key from an INFO."""
        self._press(self._calls.leg(sip_call_id), digit, "info")

    def _press(self, leg: Leg | None, digit: str, method: KeyMethod) -> None:
        call, side = self._calls.find(leg)
        if call is None or side is None or side.role == "supervisor":
            return
        if side.keys.is_press(digit, method, time.monotonic()):
            self._calls.signal(call, side, Key(digit=digit, method=method))

    def probed(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``: any answer but 'no answer' and 'no such call' shows that the party is there."""
        if not leg.probing:
            return
        if status not in (408, 481, 503):
            leg.probing = False
            return
        self._left(leg, LegEnded(status=408, by_peer=True, reason="no_media"))

    def disconnected(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``."""
        self._calls.died(leg)
        lost = status == 408 and leg.confirmed
        reason = ("no_media" if leg.probing else "expired") if lost else ""
        self._left(leg, LegEnded(status=status, reason=reason))

    def _left(self, leg: Leg, ended: LegEnded) -> None:
        call, side = self._calls.find(leg)
        if call is None or side is None:
            return
        if side.role == "caller":
            ended = self._transfers.taken_over(call, ended)
        about = LegEnded(speaker=side.speaker, status=ended.status, by_peer=ended.by_peer, reason=ended.reason)
        self._calls.guarded(call, lambda: self._parties.left(call, side, about))

    def referred(self, sip_call_id: str, referral: Referral) -> None:
        """The door has answered a REFER with 202."""
        self._transfers.asked(sip_call_id, referral)

    def refer_told(self, leg: Leg, status: int, final: bool) -> None:
        """See ``LegWatcher``."""
        self._transfers.refer_told(leg, status, final)

    def may_be_replaced(self, leg: Leg) -> bool:
        """See ``LegWatcher``."""
        return self._transfers.may_be_replaced(leg)

    def replaced(self, leg: Leg, by: Leg) -> None:
        """See ``LegWatcher``."""
        self._transfers.replaced(leg, by)
