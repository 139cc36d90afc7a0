"""The worker's calls: what the node orders, what the legs report, and what the one is told of the other.

Everything here runs on the loop's thread. The node decides; without a node joined calls go on and all else ends.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable
from functools import partial

import pjsua2 as pj

from core.errors import IllegalStep
from core.events import KeyMethod
from telephony import wire
from telephony.call_states import CallEvent, CallState, dial_result, play_to
from telephony.contract import (
    AnySignal,
    AudioBack,
    AudioLost,
    DialResult,
    Held,
    Key,
    LegEnded,
    Resumed,
)
from telephony.party import name_and_uri, party_at, party_from
from telephony.prompts_folder import HOLD_MUSIC
from telephony.request import Request, user_part
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_call import Side, WorkerCall
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_phone import Phone
from telephony.sip_worker_prompter import Prompter
from telephony.sip_worker_prompts import PromptShelf

_SLOT_RETRY_S = 0.1
"""A leg that we ended keeps its slot until the peer has agreed or is found dead; a dial waits for it."""
_AFTERLIFE_S = 32.0
"""For how long a peer may still send something in a dialog that is over (64 T1, RFC 3261 section 17)."""
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
        self._headsets = headsets
        self._prompter = Prompter(prompts, loop, self._guarded, tell, self._note)
        self._hold_music = prompts.named(HOLD_MUSIC)
        self._settings = settings
        self._tell = tell
        self._legs: set[Leg] = set()
        self._former: set[str] = set()
        """SIP Call-IDs of legs that are over, as long as their peers may not know it."""
        self._lately: deque[float] = deque()
        """When calls came within the last second."""
        self._calls: dict[str, WorkerCall] = {}
        self._silent_since: float | None = time.monotonic()
        """Since when no node is there; None while one is."""
        self.draining = False
        loop.every(1.0, self._watch)

    # What the door asks.

    @property
    def capacity(self) -> int:
        """Calls of two legs."""
        return self._phone.max_legs // 2

    def knows(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        return call_id in self._former or any(leg.sip_call_id == call_id for leg in self._legs)

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
        promised = sum(call.legs_to_come for call in self._calls.values())
        return len(self._calls) < self.capacity and free >= promised + 2 and not crowded

    @property
    def idle(self) -> bool:
        """No leg is left, not even one that only waits for the peer's last answer."""
        return not self._calls and self._phone.legs_in_use() == 0

    # The node comes and goes.

    def node_came(self) -> tuple[wire.RunningCall, ...]:
        """A node listens again; it gets the calls that went on without one."""
        silent = 0.0 if self._silent_since is None else time.monotonic() - self._silent_since
        self._silent_since = None
        return tuple(call.running(silent) for call in self._calls.values() if call.joined)

    def node_went(self) -> None:
        """Joined calls go on; nobody can decide about the others any more."""
        self._silent_since = time.monotonic()
        for call in list(self._calls.values()):
            if not call.joined:
                self._finish(call, LegEnded(status=503, by_peer=False))
                continue
            for side in call.sides():
                call.hush(side)  # a prompt in a loop would never stop

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
                pass
            case _:
                call = self._calls.get(order.call)
                if call is not None:
                    self._guarded(call, lambda: self._obey_for(call, order))

    def hang_up_all(self) -> None:
        """End every call and take no new one."""
        self.draining = True
        for call in list(self._calls.values()):
            self._finish(call, LegEnded(status=200, by_peer=False))

    def _obey_for(self, call: WorkerCall, order: wire.FromNode) -> None:
        match order:
            case wire.Answer():
                call.step(CallEvent.ANSWER)
                if call.out is not None:
                    self._call_caller(call, call.out)
                    return
                call.caller.leg.reply(200)
                self._tell(wire.Answered(call=call.call_id))
                call.hear(call.caller)
            case wire.Refuse(status=status, retry_after_s=retry_after_s):
                call.step(CallEvent.REFUSE)
                call.caller.leg.reply(status, retry_after_s)
                self._finish(call, LegEnded(status=status, by_peer=False))
            case wire.Play():
                call.step(play_to(order.to))
                self._prompter.play(call, order)
            case wire.StopPrompt(to=to):
                self._prompter.stop(call, to)
            case wire.Dial():
                call.step(CallEvent.DIAL)
                call.dial = order.dial
                self._dial(call, order, time.monotonic() + order.ring_timeout_s)
            case wire.CancelDial(dial=dial):
                if dial == call.dial:
                    call.step(CallEvent.CANCEL_DIAL)
                    self._give_up_agent(call)
            case wire.HangUp():
                self._finish(call, LegEnded(status=200, by_peer=False))

    # A call that we make.

    def _reserve(self, order: wire.CallOut) -> None:
        line = self._phone.line
        if line is None or order.call in self._calls or not (self.is_open() and self.has_room()):
            self._tell(wire.NoRoom(call=order.call))
            return
        self._lately.append(time.monotonic())
        call = WorkerCall(order.call, Leg(self, line), self._headsets, self._new_watch, order)
        register = self._settings.register
        call.party = party_at(order.uri)
        call.called = register.user if register else user_part(name_and_uri(self._settings.caller_id)[1])
        call.trunk = f"{self._settings.name} {order.uri.partition('@')[2]}"
        self._calls[call.call_id] = call
        self._tell(
            wire.Outgoing(
                call=call.call_id,
                caller=call.party,
                called=call.called,
                trunk=call.trunk,
                started=call.started,
                reference=order.reference,
            )
        )

    def _call_caller(self, call: WorkerCall, out: wire.CallOut) -> None:
        call.caller.leg.call(out.uri)
        self._legs.add(call.caller.leg)
        rang_out = partial(self._caller_rang_out, call)
        call.ring_timer = self._loop.later(out.ring_timeout_s, lambda: self._guarded(call, rang_out))

    def _caller_rang_out(self, call: WorkerCall) -> None:
        if call.state is CallState.CALLING:
            self._finish(call, LegEnded(status=480 if call.caller.leg.rang else 408))

    def _caller_answered_if_ready(self, call: WorkerCall) -> None:
        leg = call.caller.leg
        if call.state is CallState.CALLING and leg.confirmed and leg.has_voice:
            call.step(CallEvent.CALLER_ANSWERED)
            if call.ring_timer is not None:
                call.ring_timer.cancel()
            self._tell(wire.Answered(call=call.call_id))
            call.hear(call.caller)
            call.rewire()

    # An agent's leg.

    def _dial(self, call: WorkerCall, order: wire.Dial, give_up: float) -> None:
        if call.state is not CallState.DIALLING or call.agent is not None or call.dial != order.dial:
            return
        remaining = give_up - time.monotonic()
        if remaining <= 0:
            self._agent_failed(call, "unreachable")
            return
        try:
            leg = self._leg_to(order.uri)
        except pj.Error as error:
            self._note("warning", "dial.impossible", call_id=call.call_id, reason=str(error.reason))
            self._agent_failed(call, "unreachable")
            return
        if leg is None:
            self._note("debug", "dial.waits_for_a_slot", call_id=call.call_id, legs=self._phone.legs_in_use())
            self._loop.later(_SLOT_RETRY_S, lambda: self._guarded(call, lambda: self._dial(call, order, give_up)))
            return
        call.take_agent(leg, order.dial, order.reference)
        call.ring_timer = self._loop.later(remaining, lambda: self._guarded(call, lambda: self._rang_out(call)))

    def _leg_to(self, uri: str) -> Leg | None:
        """A leg that calls ``uri``; None while every slot is taken."""
        if self._phone.line is None or self._phone.legs_in_use() >= self._phone.max_legs:
            return None
        leg = Leg(self, self._phone.line)
        leg.call(uri)
        self._legs.add(leg)
        return leg

    def _rang_out(self, call: WorkerCall) -> None:
        rang = call.agent is not None and call.agent.leg.rang
        self._give_up_agent(call)
        self._agent_failed(call, "no_answer" if rang else "unreachable")

    def _agent_failed(self, call: WorkerCall, result: DialResult) -> None:
        call.step(CallEvent.AGENT_FAILED)
        call.drop_agent()
        self._tell(wire.Dialled(call=call.call_id, dial=call.dial, result=result))

    def _give_up_agent(self, call: WorkerCall) -> None:
        agent = call.agent
        call.drop_agent()  # first: ending a leg removes its port
        if agent is not None:
            agent.leg.end()

    def _proceed(self, call: WorkerCall) -> None:
        self._caller_answered_if_ready(call)
        self._join_if_ready(call)

    def _join_if_ready(self, call: WorkerCall) -> None:
        agent = call.agent
        if call.state is not CallState.DIALLING or agent is None:
            return
        if agent.leg.confirmed and agent.leg.has_voice:
            call.step(CallEvent.AGENT_ANSWERED)
            if call.ring_timer is not None:
                call.ring_timer.cancel()
            call.hush(call.caller)
            call.rewire()
            self._tell(wire.Dialled(call=call.call_id, dial=call.dial, result="answered"))
            call.hear(agent)
            if call.caller.held:
                call.hold(call.caller, True, self._hold_music)
            if agent.leg.media.held:
                self._set_hold(call, agent, True)

    # What legs report (``LegWatcher``).

    def post(self, job: Callable[[], None]) -> None:
        """From any thread."""
        self._loop.post(job)

    def came(self, leg: Leg, request: Request, source: str) -> None:
        """A new call; on the SIP thread inside a callback, so that the very next INVITE finds the slot taken."""
        self._legs.add(leg)
        self._lately.append(time.monotonic())
        call = WorkerCall(secrets.token_hex(8), leg, self._headsets, self._new_watch)
        via = request.first("via").split()[:1]
        transport = via[0].rpartition("/")[2].lower() if via else "udp"
        call.party = party_from(request)
        call.called = user_part(request.uri)
        call.trunk = f"{self._settings.name} {source}/{transport}"
        self._calls[call.call_id] = call
        self._loop.post(lambda: self._guarded(call, lambda: self._announce(call)))

    def _announce(self, call: WorkerCall) -> None:
        if call.state is not CallState.RINGING:
            return
        if not self.is_open():
            call.caller.leg.reply(503, self._settings.retry_after_s)
            self._finish(call, LegEnded(status=503, by_peer=False))
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
        call, side = self._find(leg)
        if call is not None and side is not None:
            self._guarded(call, lambda: self._proceed(call))

    def media_changed(self, leg: Leg) -> None:
        """See ``LegWatcher``."""
        call, side = self._find(leg)
        if call is None or side is None:
            return
        if leg.confirmed and leg.has_voice and leg.media.held != side.held and (side is call.caller or call.joined):
            self._set_hold(call, side, leg.media.held)
        self._guarded(call, lambda: self._proceed(call))
        call.rewire()

    def pressed(self, leg: Leg, digit: str) -> None:
        """See ``LegWatcher``."""
        self._press(leg, digit, "rfc4733")

    def pressed_by_info(self, sip_call_id: str, digit: str) -> None:
        """The door read a key from an INFO."""
        for leg in self._legs:
            if leg.sip_call_id == sip_call_id:
                self._press(leg, digit, "info")

    def probed(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``: any answer but 'no answer' and 'no such call' shows that the party is there."""
        if not leg.probing:
            return
        if status not in (408, 481, 503):
            leg.probing = False
            return
        call, side = self._find(leg)
        if call is not None and side is not None:
            self._side_ended(call, side, LegEnded(speaker=side.speaker, status=408, by_peer=True, reason="no_media"))

    def disconnected(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``."""
        call, side = self._find(leg)
        self._legs.discard(leg)
        self._former.add(leg.sip_call_id)
        self._loop.later(_AFTERLIFE_S, lambda: self._former.discard(leg.sip_call_id))
        if call is not None and side is not None:
            lost = status == 408 and leg.confirmed
            reason = ("no_media" if leg.probing else "expired") if lost else ""
            self._side_ended(call, side, LegEnded(speaker=side.speaker, status=status, reason=reason))

    def _side_ended(self, call: WorkerCall, side: Side, ended: LegEnded) -> None:
        if side is not call.caller and not call.joined:
            self._agent_failed(call, dial_result(max(ended.status, 300)))
        else:
            self._finish(call, ended)

    def _finish(self, call: WorkerCall, ended: LegEnded) -> None:
        """The call is over: tell the node, agent's leg first, and end what still lives."""
        if self._calls.pop(call.call_id, None) is None:
            return
        if call.joined and call.agent is not None:
            by_peer = ended.by_peer and ended.speaker == "agent"
            self._signal(call, call.agent, _about(ended, call.agent, by_peer))
        by_peer = ended.by_peer and ended.speaker == "caller"
        self._signal(call, call.caller, _about(ended, call.caller, by_peer))
        call.step(CallEvent.HANG_UP)
        sides = call.sides()
        call.close()  # first: ending a leg removes its port
        for side in sides:
            refused = not side.leg.confirmed and ended.status >= 300 and not ended.by_peer
            if side is call.caller and call.out is None and refused:
                side.leg.reply(ended.status)
            side.leg.end()

    # Hold, keys, silence.

    def _set_hold(self, call: WorkerCall, side: Side, held: bool) -> None:
        call.hold(side, held, self._hold_music)
        self._signal(call, side, Held(speaker=side.speaker) if held else Resumed(speaker=side.speaker))

    def _press(self, leg: Leg, digit: str, method: KeyMethod) -> None:
        call, side = self._find(leg)
        if call is not None and side is not None and side.keys.is_press(digit, method, time.monotonic()):
            self._signal(call, side, Key(speaker=side.speaker, digit=digit, method=method))

    def _watch(self) -> None:
        for leg in self._legs:
            if self._find(leg) == (None, None):
                leg.end()  # it could not be ended before
        for call in list(self._calls.values()):
            self._guarded(call, partial(self._watch_call, call))

    def _watch_call(self, call: WorkerCall) -> None:
        for side in call.sides():
            if side.heard and side.leg.has_voice:
                self._watch_side(call, side)

    def _watch_side(self, call: WorkerCall, side: Side) -> None:
        match side.watch.tick(side.leg.packets(), side.held):
            case "lost":
                self._signal(call, side, AudioLost(speaker=side.speaker))
            case "back":
                self._signal(call, side, AudioBack(speaker=side.speaker))
            case "probe":
                side.leg.probe()

    # Small things.

    def _new_watch(self) -> RtpWatch:
        return RtpWatch(self._settings.no_audio_s, self._settings.no_audio_end_s)

    def _find(self, leg: Leg) -> tuple[WorkerCall | None, Side | None]:
        for call in self._calls.values():
            side = call.side_of(leg)
            if side is not None:
                return call, side
        return None, None

    def _signal(self, call: WorkerCall, side: Side, signal: AnySignal) -> None:
        self._tell(wire.Signalled(call=call.call_id, dial=side.dial, signal=signal))

    def _note(self, level: str, event: str, **fields: str | int | float) -> None:
        self._tell(wire.Note(level=level, event=event, fields=fields))  # type: ignore[arg-type]

    def _guarded(self, call: WorkerCall, work: Callable[[], None]) -> None:
        """What fails in one call ends that call, and is told."""
        try:
            work()
        except IllegalStep as error:
            self._note("warning", "order.illegal", call_id=call.call_id, state=str(error.state), order=str(error.event))
        except pj.Error as error:
            self._note("warning", "call.failed", call_id=call.call_id, reason=str(error.reason))
            with contextlib.suppress(pj.Error):
                self._finish(call, LegEnded(status=500, by_peer=False, reason="failed"))


def _about(ended: LegEnded, side: Side, by_peer: bool) -> LegEnded:
    return LegEnded(speaker=side.speaker, status=ended.status, by_peer=by_peer, reason=ended.reason)
