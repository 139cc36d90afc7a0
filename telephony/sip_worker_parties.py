"""What the parties of a call do together: hold, confer, come into another's place, go."""

from __future__ import annotations

from functools import partial
from typing import Final

from telephony import wire
from telephony.call_states import CallEvent, CallState, dial_result
from telephony.contract import HandedOver, Held, LegEnded, Resumed, SupervisorLeft
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_dialling import Dialling
from telephony.sip_worker_side import Side
from telephony.wire import Role

PASSED_ON_S: Final = 0.5
"""How long the node may take to call the third for a phone that hangs up as soon as its transfer is accepted."""


class Parties:
    """One for the worker; on the loop's thread."""

    def __init__(self, calls: Calls, dialling: Dialling) -> None:
        self._calls = calls
        self._dialling = dialling

    # As the node orders.

    def hold(self, call: WorkerCall, on: bool) -> None:
        """The caller hears music, or all who are there."""
        call.step(CallEvent.HOLD)
        call.on_hold = on
        call.rewire()

    def confer(self, call: WorkerCall) -> None:
        """All three hear each other."""
        call.step(CallEvent.CONFERENCE)
        call.on_hold = False
        call.rewire()

    def hand_over(self, call: WorkerCall) -> None:
        """The agent is let go, the third has her place."""
        self._agent_goes(call, CallEvent.HAND_OVER, LegEnded(status=200, by_peer=False))

    def take_over(self, call: WorkerCall) -> None:
        """The agent is let go, the supervisor has her place; one who has just hung up has not."""
        supervisor, agent = call.side("supervisor"), call.side("agent")
        if supervisor is None or not supervisor.there:
            return
        call.step(CallEvent.TAKE_OVER)
        if agent is not None:
            self._calls.signal(call, agent, LegEnded(status=200, by_peer=False))
        self._dialling.give_up(call, "agent")
        successor = call.give_agents_place_to_supervisor()
        self._calls.signal(call, successor, HandedOver())
        call.hear(successor)

    def release(self, call: WorkerCall, role: Role) -> None:
        """End one leg; nobody is told."""
        if role == "supervisor":
            self._dialling.give_up(call, role)
            return
        if role == "third":
            call.step(CallEvent.DROP_THIRD)
        else:
            call.step(CallEvent.RELEASE_AGENT if call.joined else CallEvent.CANCEL_DIAL)
            call.place_open = False
        call.on_hold = False
        self._dialling.give_up(call, "third")
        if role == "agent":
            self._dialling.give_up(call, "agent")
        call.rewire()

    def supervise(self, call: WorkerCall, order: wire.Supervise) -> None:
        """What the supervisor does from now on."""
        call.supervision = order.mode
        call.rewire()

    # As it happens.

    def left(self, call: WorkerCall, side: Side, ended: LegEnded) -> None:
        """A leg is over, or as good as."""
        if call.state is CallState.JOINED and side.role == "agent" and side.transferring and side.leaving is None:
            # Phones that pass a caller on often hang up with the 202, before the node has called the third: for a
            # moment she counts as there, so that the caller does not go with her.
            side.leaving = ended
            self._calls.loop.later(PASSED_ON_S, partial(self._calls.guarded, call, partial(self.third_rings, call)))
        elif side.role == "caller" or (side.role == "agent" and call.state is CallState.JOINED):
            self._calls.finish(call, ended)
        elif not side.there:
            self._dialling.failed(call, side.role, dial_result(max(ended.status, 300)))
        elif side.role == "agent":
            self._agent_goes(call, CallEvent.AGENT_ENDED, ended)
        elif side.role == "third":
            call.step(CallEvent.THIRD_ENDED)
            call.on_hold = False
            self._calls.signal(call, side, ended)
            self._dialling.give_up(call, "third")
            call.rewire()
        else:
            self._calls.signal(call, side, SupervisorLeft())
            self._dialling.give_up(call, "supervisor")

    def third_rings(self, call: WorkerCall) -> None:
        """Nobody need wait for a third any longer: an agent who hung up at once has left now."""
        agent = call.side("agent")
        if agent is not None and agent.leaving is not None:
            self.left(call, agent, agent.leaving)

    def holds(self, call: WorkerCall, side: Side) -> None:
        """Its phone may have put us on hold, or taken us back."""
        held = side.leg.media.held
        if side.there and side.leg.confirmed and side.leg.has_voice and held != side.held:
            side.held = held
            if side.role != "supervisor":
                self._calls.signal(call, side, Held() if held else Resumed())

    def node_went(self, call: WorkerCall) -> None:
        """Nobody decides any more: what rings is given up, nobody waits for somebody who cannot come back."""
        for side in call.sides():
            call.hush(side)  # a prompt in a loop would never stop
            if side.role != "caller" and not side.there:
                self._dialling.give_up(call, side.role)
        call.wanted.clear()
        if call.state is CallState.INVITING:
            call.step(CallEvent.THIRD_FAILED)
        if call.state is CallState.JOINED:
            call.on_hold = False
        call.rewire()

    def _agent_goes(self, call: WorkerCall, why: CallEvent, ended: LegEnded) -> None:
        agent = call.side("agent")
        call.step(why)
        if agent is not None:
            self._calls.signal(call, agent, ended)
        self._dialling.give_up(call, "agent")
        successor = call.give_agents_place_to_third()
        if successor is not None and successor.there:
            self._calls.signal(call, successor, HandedOver())
