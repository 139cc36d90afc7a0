"""Recording sessions of a worker (RFC 7866): beside the switchboard's calls, with legs and rules of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pjsua2 as pj

from telephony import wire
from telephony.contract import LegEnded
from telephony.request import Request
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_recording_leg import RecordingLeg
from telephony.sip_worker_recording_session import House, Place, Session
from telephony.siprec.sides import Ours

WATCH_S = 0.1
TURNS = 5
"""Each session is looked at in every fifth tick, so that many of them never hold the thread for long."""
_AFTERLIFE_S = 32.0
"""For how long a peer may still send something in a dialog that is over (64 T1, RFC 3261 section 17)."""


class Recordings:
    """All of them. ``Sessions`` for the switchboard, ``RecordingWatcher`` for the legs."""

    def __init__(
        self,
        loop: Loop,
        headsets: Headsets,
        settings: wire.Settings,
        tell: Callable[[wire.Message], None],
        house: House,
    ) -> None:
        self._loop = loop
        self._place = Place(settings, headsets, tell, house, Ours(settings.extensions, frozenset(settings.hotline)))
        self._sessions: dict[Leg, Session] = {}
        self._former: set[str] = set()
        """SIP Call-IDs of sessions that are over, as long as their clients may not know it."""
        self._count = 0
        self._turn = 0
        loop.every(WATCH_S, self._look)
        loop.every(1.0, self._end_again)

    # What the switchboard asks (``Sessions``).

    def knows(self, sip_call_id: str) -> bool:
        """Whether a session has, or lately had, this Call-ID."""
        return sip_call_id in self._former or any(leg.sip_call_id == sip_call_id for leg in self._sessions)

    def owner_of(self, sip_call_id: str) -> tuple[str, str]:
        """Call and role of the session with this Call-ID, for who watches; '' where there is none."""
        session = next((session for leg, session in self._sessions.items() if leg.sip_call_id == sip_call_id), None)
        return (session.call.call_id, "caller") if session is not None and session.call is not None else ("", "")

    @property
    def idle(self) -> bool:
        """No session is left."""
        return not self._sessions

    @property
    def legs_to_come(self) -> int:
        """None, but each session has a second stream, with sockets and ports as a second leg would have them: it counts
        as a call does."""
        return len(self._sessions)

    def running(self, silent_s: float) -> tuple[wire.RunningCall, ...]:
        """What goes on, for a new node. A conversation that began while there was none is announced to it next."""
        for session in self._sessions.values():
            self._loop.post(session.announce)
        running = (session.running(silent_s) for session in self._sessions.values())
        return tuple(call for call in running if call is not None)

    def node_went(self) -> None:
        """Nobody decides any more."""
        for session in list(self._sessions.values()):
            session.node_went()

    def obey(self, order: wire.AboutCall) -> bool:
        """Carry out an order that is for a call of ours; whether it was."""
        session = next((s for s in self._sessions.values() if s.call and s.call.call_id == order.call), None)
        if session is not None:
            session.obey(order)
        return session is not None

    def hang_up_all(self) -> None:
        """End every session."""
        for session in list(self._sessions.values()):
            session.end(LegEnded(status=200, by_peer=False))

    # What the line and the legs report (``RecordingWatcher``).

    def came(self, account: pj.Account, slot: int, request: Request, whence: str) -> None:
        """An INVITE of a recording client, on the SIP thread inside a callback. ``slot``: pjsua's call."""
        self._place.house.let_in()
        leg = RecordingLeg(self, account, slot)
        self._count += 1
        session = self._sessions[leg] = Session(leg, request, whence, self._place, turn=self._count % TURNS)
        self._loop.post(session.begin)

    def post(self, job: Callable[[], None]) -> None:
        """From any thread."""
        self._loop.post(job)

    def updated(self, leg: Leg, request: Request) -> None:
        """A re-INVITE or UPDATE was granted."""
        if (session := self._sessions.get(leg)) is not None:
            session.updated(request)

    def media_changed(self, leg: Leg) -> None:
        """See ``LegWatcher``."""
        if (session := self._sessions.get(leg)) is not None:
            session.media_changed()

    def probed(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``."""
        if (session := self._sessions.get(leg)) is not None:
            session.probed(status)

    def disconnected(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``."""
        if (session := self._sessions.pop(leg, None)) is not None:
            session.disconnected(status)
        self._former.add(leg.sip_call_id)
        self._loop.later(_AFTERLIFE_S, partial(self._former.discard, leg.sip_call_id))

    def confirmed(self, leg: Leg) -> None:
        """See ``LegWatcher``; nothing waits for it."""

    def rang(self, leg: Leg) -> None:
        """See ``LegWatcher``; nothing rings."""

    def pressed(self, leg: Leg, digit: str) -> None:
        """See ``LegWatcher``; whose key it was cannot be told."""

    def refer_told(self, leg: Leg, status: int, final: bool) -> None:
        """See ``LegWatcher``; we refer nobody."""

    def may_be_replaced(self, leg: Leg) -> bool:
        """See ``LegWatcher``: nobody takes a recording client's place."""
        return False

    def replaced(self, leg: Leg, by: Leg) -> None:
        """See ``LegWatcher``; never."""

    # Now and then.

    def _look(self) -> None:
        self._turn = (self._turn + 1) % TURNS
        at = time.monotonic()
        for session in list(self._sessions.values()):
            if session.turn == self._turn:
                session.look(at)

    def _end_again(self) -> None:
        """What could not be ended before."""
        for session in self._sessions.values():
            if session.over:
                session.leg.end()
