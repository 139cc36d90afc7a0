"""One recording session of a worker (RFC 7866): from a recording client's INVITE to its BYE.

In it one conversation follows the other, most often a single one; each is a call for the node. Nobody hears us, so
there is no ringing, no prompt, no tone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Literal, Protocol

import msgspec
import pjsua2 as pj

from core.errors import IllegalStep
from telephony import wire
from telephony.call_states import CallEvent
from telephony.contract import AnySignal, LegEnded
from telephony.request import Request, user_part
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_recorded import DIALS, Conversation
from telephony.sip_worker_recording_leg import RecordingLeg
from telephony.siprec.message import message
from telephony.siprec.session import SPEAKERS, Picture, is_another_call, news
from telephony.siprec.sides import MOST_STREAMS, Ours

REFERENCE = "@recording"
"""Of a recording that a next node adopts: who the agent is, its call tells."""
_GONE = frozenset({408, 481, 503})
"""Answers to a probe that mean: the client is not there, or knows no such session."""
Level = Literal["debug", "info", "warning", "error"]


class House(Protocol):
    """What recordings must know of the worker: its switchboard."""

    draining: bool
    """No new call is taken any more."""

    def is_open(self) -> bool:
        """Whether new calls are taken: a node is there, no drain."""

    def let_in(self) -> None:
        """Told of each new session, for the burst limit."""


class Place(msgspec.Struct, frozen=True):
    """What all sessions of a worker share."""

    settings: wire.Settings
    headsets: Headsets
    tell: Callable[[wire.Message], None]
    house: House
    ours: Ours

    def new_watch(self) -> RtpWatch:
        """Over one voice."""
        return RtpWatch(self.settings.no_audio_s, self.settings.no_audio_end_s)


class Session:
    """A recording client's dialog."""

    def __init__(self, leg: RecordingLeg, request: Request, whence: str, place: Place, *, turn: int = 0) -> None:
        self.leg = leg
        self.turn = turn
        """In which ticks it is looked at."""
        self.over = False
        """We have ended it; its leg may still wait for the client's answer."""
        self.call: Conversation | None = None
        """None between two conversations, and when it is over."""
        self._place = place
        self._invite = request
        self._picture = Picture()
        self._called = user_part(request.uri)
        self._trunk = f"{place.settings.name} {whence}"

    # What the client does.

    def begin(self) -> None:
        """Its INVITE was let in."""
        if self.over:
            return
        if not self._place.house.is_open():
            self.refuse(503)
            return
        self._picture = self._after(self._invite)
        streams = sum(stream.there for stream in self._picture.offer)
        if streams != MOST_STREAMS:  # a mix, or a conference: the rest of it is not heard
            self._note("info", "recording.streams", streams=streams)
        if streams:
            self._converse()
        else:  # without an offer we would have to guess; and the wheel aborts when what follows is as odd
            self.refuse(488)

    def updated(self, request: Request) -> None:
        """A re-INVITE or UPDATE was granted."""
        if self.over:
            return
        before, after = self._picture, self._after(request)
        self._picture = after
        if self.call is not None and not after.over and not is_another_call(before, after):
            self.call.picture = after
            self._tell_news(self.call)
            self.call.rewire(self.leg)
            return
        self.finish(LegEnded(status=200))
        if not after.over:
            self._picture = after.afresh(self._place.ours)
            self._converse()

    def media_changed(self) -> None:
        """Streams came or went."""
        if self.call is not None:
            self.call.rewire(self.leg)

    def probed(self, status: int) -> None:
        """Our question whether the client is there was answered, or was not."""
        if self.leg.probing and status in _GONE:
            self.end(LegEnded(status=408, reason="no_media"))
        self.leg.probing = False

    def disconnected(self, status: int) -> None:
        """The dialog is over."""
        lost = status == 408 and self.leg.confirmed
        reason = ("no_media" if self.leg.probing else "expired") if lost else ""
        self.finish(LegEnded(status=status, reason=reason))

    def look(self, at: float) -> None:
        """Whether the voices come. ``at``: seconds."""
        if self.call is None:
            return
        for signal in self.call.look(self.leg, at):
            if signal is not None:
                self._signal(self.call, signal)
            elif not self.leg.probing:
                with contextlib.suppress(pj.Error):  # it ends in this moment
                    self.leg.probe()

    # What the node wants.

    def obey(self, order: wire.AboutCall) -> None:
        """Carry out an order for its call. What fails ends the session, and is told."""
        assert self.call is not None
        try:
            match order:
                case wire.Answer():
                    self.call.step(CallEvent.LISTEN)
                    self._take(self.call)
                case wire.Refuse(status=status, retry_after_s=retry_after_s):
                    self.call.step(CallEvent.REFUSE)
                    self.refuse(status, retry_after_s)
                case wire.HangUp():
                    self.end(LegEnded(status=200, by_peer=False))
                case _:
                    self._note("warning", "order.illegal", order=type(order).__name__)
        except IllegalStep as error:
            self._note("warning", "order.illegal", state=str(error.state), order=str(error.event))
        except pj.Error as error:
            self._note("warning", "recording.failed", reason=str(error.reason))
            self.end(LegEnded(status=500, by_peer=False, reason="failed"))

    def announce(self) -> None:
        """Tell the node of a conversation that it does not know yet."""
        call = self.call
        if call is None or call.told is not None or not self._place.house.is_open():
            return
        call.told = Picture(sides=call.picture.sides)
        self._place.tell(
            wire.Incoming(
                call=call.call_id,
                caller=call.picture.party("caller"),
                called=self._called,
                trunk=self._trunk,
                started=call.started,
                way="recording",
                agent=call.picture.party("agent"),
            )
        )

    def running(self, silent_s: float) -> wire.RunningCall | None:
        """Its call as a new node must know it; None when nobody had taken one on."""
        call = self.call
        if call is None or not call.listening:
            return None
        return wire.RunningCall(
            call=call.call_id,
            caller=call.picture.party("caller"),
            called=self._called,
            trunk=self._trunk,
            started=call.started,
            reference=REFERENCE,
            dial=DIALS["agent"],
            silent_s=silent_s,
            way="recording",
            agent=call.picture.party("agent"),
        )

    def node_went(self) -> None:
        """What was taken on goes on; a new session can wait for no node, a new conversation can."""
        if not self.leg.taken:
            self.refuse(503)
        elif self.call is not None and not self.call.listening:
            self.call.told = None

    # Ends.

    def refuse(self, status: int, retry_after_s: int | None = None) -> None:
        """Answer the INVITE with that, where it was not answered; the session is over."""
        if not self.leg.taken:
            after_s = self._place.settings.retry_after_s if retry_after_s is None else retry_after_s
            self.leg.reply(status, after_s if status == 503 else 0)
        self.end(LegEnded(status=status, by_peer=False))

    def end(self, ended: LegEnded) -> None:
        """The session is over, from our side."""
        self.over = True
        self.finish(ended)
        self.leg.end()

    def finish(self, ended: LegEnded) -> None:
        """The conversation is over: tell the node, the agent's side first."""
        call, self.call = self.call, None
        if call is None:
            return
        for speaker in reversed(SPEAKERS):
            by_peer = ended.by_peer and speaker == "caller"
            self._signal(call, LegEnded(speaker=speaker, status=ended.status, by_peer=by_peer, reason=ended.reason))
        call.close(self.leg)

    # Small things.

    def _converse(self) -> None:
        """A conversation begins."""
        self.call = Conversation(self._picture, self._place.headsets, self._place.new_watch)
        if self._place.house.draining:
            self.end(LegEnded(status=503, by_peer=False))
        else:
            self.announce()

    def _take(self, call: Conversation) -> None:
        if not self.leg.taken:
            self.leg.take()
        call.listen()
        self._place.tell(wire.Answered(call=call.call_id))
        self._tell_news(call)  # also what is missing or on hold from the beginning
        call.rewire(self.leg)

    def _after(self, request: Request) -> Picture:
        said = message(request)
        for fault in said.faults:
            self._note("warning", "recording.unreadable", why=fault)
        return self._picture.after(self._place.ours, said.offer, said.metadata)

    def _tell_news(self, call: Conversation) -> None:
        if call.listening and call.told is not None:
            before, call.told = call.told, call.picture
            for signal in news(before, call.picture):
                self._signal(call, signal)

    def _signal(self, call: Conversation, signal: AnySignal) -> None:
        if call.told is not None:
            self._place.tell(wire.Signalled(call=call.call_id, dial=DIALS[signal.speaker], signal=signal))

    def _note(self, level: Level, event: str, **fields: str | int | float) -> None:
        about = {} if self.call is None else {"call_id": self.call.call_id}
        self._place.tell(wire.Note(level=level, event=event, fields={"trunk": self._trunk, **about, **fields}))
