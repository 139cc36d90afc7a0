"""The worker's switchboard: its parts are put together here, and the node's orders go to the one that carries them out.

Everything here runs on the loop's thread. The node decides; without a node joined calls go on and all else ends.

    sip_worker_calls      the register: calls, legs, what is told of them, how a call ends
    sip_worker_rooms      what the door asks                  sip_worker_reports    what the legs report
    sip_worker_dialling   legs that we dial in a call         sip_worker_outgoing   calls that we make
    sip_worker_parties    hold, three, who goes, who stays    sip_worker_transfers  REFER and Replaces
    sip_worker_prompter   prompts                             sip_worker_watch      voices that stop, how they sound
"""

from __future__ import annotations

import time
from collections.abc import Callable

from telephony import wire
from telephony.call_states import CallEvent, play_to
from telephony.contract import LegEnded
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_dialling import Dialling
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_outgoing import Outgoing
from telephony.sip_worker_parties import Parties
from telephony.sip_worker_phone import Phone
from telephony.sip_worker_prompter import Prompter
from telephony.sip_worker_prompts import PromptShelf
from telephony.sip_worker_reports import Reports
from telephony.sip_worker_rooms import WorkerRooms
from telephony.sip_worker_sessions import Sessions
from telephony.sip_worker_transfers import Transfers
from telephony.sip_worker_watch import Watch


class Switchboard:
    """All calls of this worker."""

    def __init__(
        self,
        loop: Loop,
        phone: Phone,
        headsets: Headsets,
        prompts: PromptShelf,
        settings: wire.Settings,
        tell: Callable[[wire.Message], None],
    ) -> None:
        self._tell = tell
        self._calls = calls = Calls(loop, headsets, prompts, settings, tell)
        self._prompter = Prompter(prompts, loop, calls.guarded, tell, calls.note)
        self._dialling = Dialling(calls, phone)
        self._outgoing = Outgoing(calls, phone)
        self._parties = Parties(calls, self._dialling)
        self._transfers = Transfers(calls, lambda: phone.address)
        self._watch = Watch(calls)
        self.rooms = WorkerRooms(calls, phone, self._dialling, self._transfers)
        """For the door."""
        self.reports = Reports(calls, self.rooms, self._dialling, self._outgoing, self._parties, self._transfers)
        """For the legs."""
        calls.watcher = self.reports

    def add(self, sessions: Sessions) -> None:
        """Others who carry calls in this worker."""
        self.rooms.sessions.append(sessions)

    # The node comes and goes.

    def node_came(self) -> tuple[wire.RunningCall, ...]:
        """A node listens again; it gets the calls that went on without one."""
        silent = self.rooms.silent_s()
        self.rooms.silent_since = None
        running = [call.running(silent) for call in self._calls if call.joined]
        return (*running, *(one for sessions in self.rooms.sessions for one in sessions.running(silent)))

    def node_went(self) -> None:
        """Joined calls go on; nobody can decide about the others any more."""
        self.rooms.silent_since = time.monotonic()
        for call in self._calls:
            if call.joined:
                self._transfers.told(call, 503)
                self._parties.node_went(call)
            else:
                self._calls.finish(call, LegEnded(status=503, by_peer=False))
        for sessions in self.rooms.sessions:
            sessions.node_went()

    # Orders of the node.

    def obey(self, order: wire.FromNode) -> None:
        """Carry out an order. One for a call that is over is no mistake: it crossed with the end."""
        match order:
            case wire.Drain():
                self.rooms.draining = True
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
                    any(sessions.obey(order) for sessions in self.rooms.sessions)

    def hang_up_all(self) -> None:
        """End every call and take no new one."""
        self.rooms.draining = True
        for call in self._calls:
            self._calls.finish(call, LegEnded(status=200, by_peer=False))
        for sessions in self.rooms.sessions:
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
                self._parties.third_rings(call)
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
            case wire.HandOver(to="supervisor"):
                self._parties.take_over(call)
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
        if self.rooms.is_open() and self.rooms.has_room() and self._outgoing.reserve(order):
            self.rooms.let_in()
        else:
            self._tell(wire.NoRoom(call=order.call))
