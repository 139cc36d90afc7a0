"""Recording sessions of a worker (RFC 7866): beside the switchboard's calls, with legs and rules of their own.

A session begins with a recording client's INVITE and ends with its BYE. In it one conversation follows the other, most
often a single one; each is a call for the node. Nobody hears us, so there is no ringing, no prompt, no tone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Literal, Protocol

import pjsua2 as pj

from core.errors import IllegalStep
from telephony import wire
from telephony.call_states import CallEvent
from telephony.contract import AnySignal, LegEnded
from telephony.request import Request, user_part
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_recorded import DIALS, Conversation
from telephony.sip_worker_recording_leg import RecordingLeg
from telephony.siprec.message import message
from telephony.siprec.session import SPEAKERS, Picture, is_another_call, news
from telephony.siprec.sides import MOST_STREAMS, Ours

REFERENCE = "@recording"
"""Of a recording that a next node adopts: who the agent is, its call tells."""
WATCH_S = 0.5
Level = Literal["debug", "info", "warning", "error"]
_AFTERLIFE_S = 32.0
"""For how long a peer may still send something in a dialog that is over (64 T1, RFC 3261 section 17)."""


class House(Protocol):
    """What recordings must know of the worker: its switchboard."""

    draining: bool
    """No new call is taken any more."""

    def is_open(self) -> bool:
        """Whether new calls are taken: a node is there, no drain."""

    def let_in(self) -> None:
        """Told of each new session, for the burst limit."""


class Session:
    """A recording client's dialog."""

    def __init__(self, leg: RecordingLeg, called: str, trunk: str) -> None:
        self.leg = leg
        self.called = called
        self.trunk = trunk
        self.picture = Picture()
        self.call: Conversation | None = None
        """None between two conversations, and when it is over."""
        self.over = False
        """We have ended it; its leg may still wait for the client's answer."""


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
        self._headsets = headsets
        self._settings = settings
        self._tell = tell
        self._house = house
        self._ours = Ours(settings.extensions, frozenset(settings.hotline))
        self._sessions: dict[Leg, Session] = {}
        self._former: set[str] = set()
        """SIP Call-IDs of sessions that are over, as long as their clients may not know it."""
        loop.every(WATCH_S, self._look)
        loop.every(1.0, self._end_again)

    # What the switchboard asks (``Sessions``).

    def knows(self, sip_call_id: str) -> bool:
        """Whether a session has, or lately had, this Call-ID."""
        return sip_call_id in self._former or any(leg.sip_call_id == sip_call_id for leg in self._sessions)

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
            self._loop.post(partial(self._announce, session))
        return tuple(
            wire.RunningCall(
                call=session.call.call_id,
                caller=session.call.picture.party("caller"),
                called=session.called,
                trunk=session.trunk,
                started=session.call.started,
                reference=REFERENCE,
                dial=DIALS["agent"],
                silent_s=silent_s,
                way="recording",
                agent=session.call.picture.party("agent"),
            )
            for session in self._sessions.values()
            if session.call is not None and session.call.listening
        )

    def node_went(self) -> None:
        """What was taken on goes on; nobody can decide about the rest, which waits for the next node if it can."""
        for session in list(self._sessions.values()):
            if not session.leg.taken:
                self._refuse(session, 503, self._settings.retry_after_s)
            elif session.call is not None and not session.call.listening:
                session.call.told = None

    def obey(self, order: wire.AboutCall) -> bool:
        """Carry out an order that is for a call of ours; whether it was."""
        session = next((s for s in self._sessions.values() if s.call and s.call.call_id == order.call), None)
        if session is None or session.call is None:
            return False
        try:
            match order:
                case wire.Answer():
                    session.call.step(CallEvent.LISTEN)
                    self._take(session, session.call)
                case wire.Refuse(status=status, retry_after_s=retry_after_s):
                    session.call.step(CallEvent.REFUSE)
                    self._refuse(session, status, retry_after_s)
                case wire.HangUp():
                    self._end(session, LegEnded(status=200, by_peer=False))
                case _:
                    self._note("warning", "order.illegal", session, order=type(order).__name__)
        except IllegalStep as error:
            self._note("warning", "order.illegal", session, state=str(error.state), order=str(error.event))
        except pj.Error as error:
            self._note("warning", "recording.failed", session, reason=str(error.reason))
            self._end(session, LegEnded(status=500, by_peer=False, reason="failed"))
        return True

    def hang_up_all(self) -> None:
        """End every session."""
        for session in list(self._sessions.values()):
            self._end(session, LegEnded(status=200, by_peer=False))

    # A new session.

    def came(self, account: pj.Account, slot: int, request: Request, source: str) -> None:
        """An INVITE of a recording client, on the SIP thread inside a callback. ``slot``: pjsua's call."""
        self._house.let_in()
        leg = RecordingLeg(self, account, slot)
        via = request.first("via").split()[:1]
        transport = via[0].rpartition("/")[2].lower() if via else "udp"
        session = Session(leg, user_part(request.uri), f"{self._settings.name} {source}/{transport}")
        self._sessions[leg] = session
        self._loop.post(partial(self._begin, session, request))

    def _begin(self, session: Session, request: Request) -> None:
        if session.over:
            return
        if not self._house.is_open():
            self._refuse(session, 503, self._settings.retry_after_s)
            return
        session.picture = self._after(session, request)
        streams = sum(stream.there for stream in session.picture.offer)
        if streams != MOST_STREAMS:  # a mix, or a conference: the rest of it is not heard
            self._note("info", "recording.streams", session, streams=streams)
        if streams:
            self._converse(session)
        else:  # without an offer we would have to guess; and the wheel aborts when what follows is as odd
            self._refuse(session, 488, 0)

    def _converse(self, session: Session) -> None:
        """A conversation begins."""
        session.call = Conversation(session.picture, self._headsets, self._new_watch)
        if self._house.draining:
            self._end(session, LegEnded(status=503, by_peer=False))
        else:
            self._announce(session)

    def _announce(self, session: Session) -> None:
        call = session.call
        if call is None or call.told is not None or not self._house.is_open():
            return
        call.told = Picture(sides=call.picture.sides)
        self._tell(
            wire.Incoming(
                call=call.call_id,
                caller=call.picture.party("caller"),
                called=session.called,
                trunk=session.trunk,
                started=call.started,
                way="recording",
                agent=call.picture.party("agent"),
            )
        )

    def _take(self, session: Session, call: Conversation) -> None:
        if not session.leg.taken:
            session.leg.take()
        call.listen()
        self._tell(wire.Answered(call=call.call_id))
        self._tell_news(call)  # also what is missing or on hold from the beginning
        call.rewire(session.leg)

    def _tell_news(self, call: Conversation) -> None:
        if call.listening and call.told is not None:
            before, call.told = call.told, call.picture
            for signal in news(before, call.picture):
                self._signal(call, signal)

    def _refuse(self, session: Session, status: int, retry_after_s: int) -> None:
        if not session.leg.taken:
            session.leg.reply(status, retry_after_s)
        self._end(session, LegEnded(status=status, by_peer=False))

    # What the legs report (``RecordingWatcher``).

    def post(self, job: Callable[[], None]) -> None:
        """From any thread."""
        self._loop.post(job)

    def updated(self, leg: Leg, request: Request) -> None:
        """A re-INVITE or UPDATE was granted."""
        session = self._sessions.get(leg)
        if session is None or session.over:
            return
        before, after = session.picture, self._after(session, request)
        call = session.call
        if call is not None and not after.over and not is_another_call(before, after):
            session.picture = call.picture = after
            self._tell_news(call)
            call.rewire(session.leg)
            return
        if call is not None:
            self._finish(session, LegEnded(status=200))
        session.picture = after
        if not after.over:
            session.picture = after.afresh(self._ours)
            self._converse(session)

    def confirmed(self, leg: Leg) -> None:
        """See ``LegWatcher``."""

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

    def media_changed(self, leg: Leg) -> None:
        """See ``LegWatcher``."""
        session = self._sessions.get(leg)
        if session is not None and session.call is not None:
            session.call.rewire(session.leg)

    def probed(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``: any answer but 'no answer' and 'no such call' shows that the client is there."""
        session = self._sessions.get(leg)
        if session is None or not leg.probing:
            return
        if status in (408, 481, 503):
            self._end(session, LegEnded(status=408, reason="no_media"))
        else:
            leg.probing = False

    def disconnected(self, leg: Leg, status: int) -> None:
        """See ``LegWatcher``."""
        session = self._sessions.get(leg)
        if session is not None:
            lost = status == 408 and leg.confirmed
            reason = ("no_media" if leg.probing else "expired") if lost else ""
            self._finish(session, LegEnded(status=status, reason=reason))
            del self._sessions[leg]
        self._former.add(leg.sip_call_id)
        self._loop.later(_AFTERLIFE_S, partial(self._former.discard, leg.sip_call_id))

    # Small things.

    def _after(self, session: Session, request: Request) -> Picture:
        said = message(request)
        for fault in said.faults:
            self._note("warning", "recording.unreadable", session, why=fault)
        return session.picture.after(self._ours, said.offer, said.metadata)

    def _look(self) -> None:
        at = time.monotonic()
        for session in list(self._sessions.values()):
            if session.call is None:
                continue
            for signal in session.call.look(session.leg, at):
                if signal is not None:
                    self._signal(session.call, signal)
                elif not session.leg.probing:
                    session.leg.probe()

    def _end_again(self) -> None:
        """What could not be ended before."""
        for session in self._sessions.values():
            if session.over:
                session.leg.end()

    def _finish(self, session: Session, ended: LegEnded) -> None:
        """The conversation is over: tell the node, the agent's side first."""
        call, session.call = session.call, None
        if call is None:
            return
        for speaker in reversed(SPEAKERS):
            by_peer = ended.by_peer and speaker == "caller"
            self._signal(call, LegEnded(speaker=speaker, status=ended.status, by_peer=by_peer, reason=ended.reason))
        call.close(session.leg)

    def _end(self, session: Session, ended: LegEnded) -> None:
        """The session is over."""
        session.over = True
        self._finish(session, ended)
        session.leg.end()

    def _new_watch(self) -> RtpWatch:
        return RtpWatch(self._settings.no_audio_s, self._settings.no_audio_end_s)

    def _signal(self, call: Conversation, signal: AnySignal) -> None:
        if call.told is not None:
            self._tell(wire.Signalled(call=call.call_id, dial=DIALS[signal.speaker], signal=signal))

    def _note(self, level: Level, event: str, session: Session, **fields: str | int | float) -> None:
        about = {} if session.call is None else {"call_id": session.call.call_id}
        self._tell(wire.Note(level=level, event=event, fields={"trunk": session.trunk, **about, **fields}))
