"""The worker's switchboard: what the node orders and what the legs report meets here, and goes to who works on it.

Everything here runs on the loop's thread. The node decides; without a node joined calls go on and all else ends.

    sip_worker_calls      the register: calls, legs, what is told of them, how a call ends
    sip_worker_dialling   legs that we dial in a call        sip_worker_outgoing   calls that we make
    sip_worker_parties    hold, three, who goes and who stays
    sip_worker_transfers  REFER and Replaces                 sip_worker_watch      voices that stop, and how they sound
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable

from core.events import KeyMethod
from telephony import wire
from telephony.call_states import CallEvent, CallState, play_to
from telephony.contract import Key, LegEnded
from telephony.party import party_from
from telephony.referral import Referral
from telephony.request import Request, user_part
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_dialling import Dialling
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_outgoing import Outgoing
from telephony.sip_worker_parties import Parties
from telephony.sip_worker_phone import Phone
from telephony.sip_worker_prompter import Prompter
from telephony.sip_worker_prompts import PromptShelf
from telephony.sip_worker_sessions import Sessions
from telephony.sip_worker_transfers import Transfers
from telephony.sip_worker_watch import Watch

_CALLS_A_SECOND = 4
"""New calls that are let in, times the capacity. Each takes sockets, and the wheel keeps a closed one for half a
second in a table of 64: a burst of calls that are refused one by one would fill it, and then it aborts."""


class Switchboard:
    """All calls of this worker. ``Rooms`` for the door, ``LegWatcher`` for the legs."""

    def __init__(
        self,
        loop: Loop,
        phone: Phone,
        headsets: Headsets,
        prompts: PromptShelf,
        settings: wire.Settings,
        tell: Callable[[wire.Message], None],
    ) -> None:
        self._loop = loop
        self._phone = phone
        self._settings = settings
        self._tell = tell
        self._calls = calls = Calls(loop, self, headsets, prompts, settings, tell)
        self._prompter = Prompter(prompts, loop, calls.guarded, tell, calls.note)
        self._dialling = Dialling(calls, phone)
        self._outgoing = Outgoing(calls, phone)
        self._parties = Parties(calls, self._dialling)
        self._transfers = Transfers(calls)
        self._watch = Watch(calls)
        self._sessions: list[Sessions] = []
        self._lately: deque[float] = deque()
        """When calls came within the last second."""
        self._silent_since: float | None = time.monotonic()
        """Since when no node is there; None while one is."""
        self.draining = False

    def add(self, sessions: Sessions) -> None:
        """Others who carry calls in this worker."""
        self._sessions.append(sessions)

    # What the door asks (``door.Rooms``).

    @property
    def capacity(self) -> int:
        """Calls of two legs."""
        return self._phone.max_legs // 2

    def knows(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        return self._calls.knows(call_id) or any(sessions.knows(call_id) for sessions in self._sessions)

    def owner_of(self, call_id: str) -> tuple[str, str]:
        """Call and role of the leg with this SIP Call-ID; '' where there is none."""
        leg = self._calls.leg(call_id)
        _, side = self._calls.find(leg)
        return (leg.owner, side.role if side is not None else "") if leg is not None else ("", "")

    def is_open(self) -> bool:
        """See ``door.Rooms``."""
        return self._silent_since is None and not self.draining

    def has_room(self) -> bool:
        """See ``door.Rooms``. Each call that is let in must find slots for both its legs."""
        now = time.monotonic()
        while self._lately and now - self._lately[0] > 1.0:
            self._lately.popleft()
        crowded = len(self._lately) >= _CALLS_A_SECOND * self.capacity
        free = self._phone.max_legs - self._phone.legs_in_use()
        promised = self._calls.legs_to_come + sum(sessions.legs_to_come for sessions in self._sessions)
        return len(self._calls) < self.capacity and free >= promised + 2 and not crowded

    def may_transfer(self, call_id: str, referral: Referral) -> int:
        """See ``door.Rooms``."""
        return self._transfers.may(call_id, referral)

    def refers(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        call, side = self._calls.find(self._calls.leg(call_id))
        return call is not None and side is call.caller and call.referring is not None

    def has_leg_for(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        leg = self._calls.leg(call_id)
        return leg is not None and self.may_be_replaced(leg) and self._dialling.room_for_one()

    def let_in(self) -> None:
        """A call, or a recording session, takes sockets now: see ``has_room``."""
        self._lately.append(time.monotonic())

    @property
    def idle(self) -> bool:
        """No leg is left, not even one that only waits for the peer's last answer."""
        return not len(self._calls) and self._phone.legs_in_use() == 0 and all(one.idle for one in self._sessions)

    # The node comes and goes.

    def node_came(self) -> tuple[wire.RunningCall, ...]:
        """A node listens again; it gets the calls that went on without one."""
        silent = self.silent_s()
        self._silent_since = None
        running = [call.running(silent) for call in self._calls if call.joined]
        return (*running, *(one for sessions in self._sessions for one in sessions.running(silent)))

    def node_went(self) -> None:
        """Joined calls go on; nobody can decide about the others any more."""
        self._silent_since = time.monotonic()
        for call in self._calls:
            if call.joined:
                self._transfers.told(call, 503)
                self._parties.node_went(call)
            else:
                self._calls.finish(call, LegEnded(status=503, by_peer=False))
        for sessions in self._sessions:
            sessions.node_went()

    def silent_s(self) -> float:
        """Seconds without a node."""
        return 0.0 if self._silent_since is None else time.monotonic() - self._silent_since

    # Orders of the node.

    def obey(self, order: wire.FromNode) -> None:
        """Carry out an order. One for a call that is over is no mistake: it crossed with the end."""
        match order:
            case wire.Drain():
                self.draining = True
            case wire.Stop():
                self.hang_up_all()
            case wire.CallOut():
                self._reserve(order)
            case wire.Watch():
                pass  # not the calls' business
            case _:
                call = self._calls.get(order.call)
                if call is not None:
                    self._calls.guarded(call, lambda: self._obey_for(call, order))
                else:
                    any(sessions.obey(order) for sessions in self._sessions)

    def hang_up_all(self) -> None:
        """End every call and take no new one."""
        self.draining = True
        for call in self._calls:
            self._calls.finish(call, LegEnded(status=200, by_peer=False))
        for sessions in self._sessions:
            sessions.hang_up_all()

    def _obey_for(self, call: WorkerCall, order: wire.AboutCall) -> None:
        match order:
            case wire.Answer():
                self._answer(call)
            case wire.Refuse(status=status, retry_after_s=retry_after_s):
                call.step(CallEvent.REFUSE)
                call.caller.leg.reply(status, retry_after_s)
                self._calls.finish(call, LegEnded(status=status, by_peer=False))
            case wire.Play():
                call.step(play_to(order.to))
                self._prompter.play(call, order)
            case wire.StopPrompt(to=to):
                self._prompter.stop(call, to)
            case wire.Dial():
                self._dialling.dial(call, order)
            case wire.CancelDial(dial=dial):
                self._dialling.cancel(call, dial)
            case wire.HangUp():
                self._calls.finish(call, LegEnded(status=200, by_peer=False))
            case _:
                self._obey_about_parties(call, order)

    def _obey_about_parties(
        self,
        call: WorkerCall,
        order: wire.Hold
        | wire.Conference
        | wire.HandOver
        | wire.Release
        | wire.Supervise
        | wire.Refer
        | wire.TransferTold,
    ) -> None:
        match order:
            case wire.Hold(on=on):
                self._parties.hold(call, on)
            case wire.Conference():
                self._parties.confer(call)
            case wire.HandOver():
                self._parties.hand_over(call)
            case wire.Release(role=role):
                self._parties.release(call, role)
            case wire.Supervise():
                self._parties.supervise(call, order)
            case wire.Refer():
                self._transfers.refer(call, order)
            case wire.TransferTold(status=status):
                self._transfers.told(call, status)

    def _answer(self, call: WorkerCall) -> None:
        call.step(CallEvent.ANSWER)
        if call.out is not None:
            self._outgoing.call(call, call.out)
            return
        call.caller.leg.reply(200)
        self._tell(wire.Answered(call=call.call_id))
        call.hear(call.caller)

    def _reserve(self, order: wire.CallOut) -> None:
        if self.is_open() and self.has_room() and self._outgoing.reserve(order):
            self.let_in()
        else:
            self._tell(wire.NoRoom(call=order.call))

    # What legs report (``LegWatcher``).

    def post(self, job: Callable[[], None]) -> None:
        """From any thread."""
        self._loop.post(job)

    def came(self, leg: Leg, request: Request, source: str) -> None:
        """A new call; on the SIP thread inside a callback, so that the very next INVITE finds the slot taken."""
        self._calls.lives(leg)
        self.let_in()
        call = self._calls.open(secrets.token_hex(8), leg)
        via = request.first("via").split()[:1]
        transport = via[0].rpartition("/")[2].lower() if via else "udp"
        call.party = party_from(request)
        call.called = user_part(request.uri)
        call.trunk = f"{self._settings.name} {source}/{transport}"
        self._loop.post(lambda: self._calls.guarded(call, lambda: self._announce(call)))

    def _announce(self, call: WorkerCall) -> None:
        if call.state is not CallState.RINGING:
            return
        if not self.is_open():
            call.caller.leg.reply(503, self._settings.retry_after_s)
            self._calls.finish(call, LegEnded(status=503, by_peer=False))
            return
        call.caller.leg.reply(180)
        self._tell(
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
