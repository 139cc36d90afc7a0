"""One leg of a call on pjsua2. The rules that keep it alive:

- one thread owns it; callbacks copy facts and post jobs; nothing is answered, dialled or connected inside a callback;
- no exception leaves a callback;
- a leg whose call is over is disarmed at once (``sip_worker_memory``).
"""

from __future__ import annotations

import ctypes
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

import msgspec
import pjsua2 as pj

from core.errors import EnvironmentFault
from telephony.contract import Headers
from telephony.sip_worker_audio_only import audio_only
from telephony.sip_worker_door import UNKNOWN_LAYOUT
from telephony.sip_worker_memory import call_slot, disarm, native

_NOT_A_NEW_PRESS = 0b11
"""PJMEDIA_STREAM_DTMF_IS_UPDATE | ..._IS_END: a key that is still, or no longer, held down."""
_REASONS = {100: "Trying", 180: "Ringing", 480: "Temporarily Unavailable", 486: "Busy Here", 603: "Decline"}
_LIBRARY = ctypes.CDLL(native.__file__)

F = TypeVar("F", bound=Callable[..., None])


class MediaFacts(msgspec.Struct, frozen=True):
    """What a leg's audio is doing."""

    index: int
    slot: int
    """Its port in the conference bridge."""
    active: bool
    """Audio can flow, held or not."""
    held: bool
    """The party put us on hold."""


class LegWatcher(Protocol):
    """Who is told, on the loop's thread, what happens to legs."""

    def post(self, job: Callable[[], None]) -> None: ...
    def rang(self, leg: Leg) -> None: ...
    def confirmed(self, leg: Leg) -> None: ...
    def disconnected(self, leg: Leg, status: int) -> None: ...
    def media_changed(self, leg: Leg) -> None: ...
    def pressed(self, leg: Leg, digit: str) -> None: ...
    def probed(self, leg: Leg, status: int) -> None: ...
    def refer_told(self, leg: Leg, status: int, final: bool) -> None: ...
    def may_be_replaced(self, leg: Leg) -> bool:
        """Asked on the SIP thread, inside the callback."""

    def replaced(self, leg: Leg, by: Leg) -> None: ...


def callback(method: F) -> F:
    """Marks what C++ calls: no exception may go back there, it would end the process."""

    @wraps(method)
    def careful(self: Any, *args: Any) -> None:
        try:
            method(self, *args)
        except Exception:
            traceback.print_exc(file=sys.stderr)

    return careful  # type: ignore[return-value]


class Leg(pj.Call):  # type: ignore[misc]  # pjsua2 has no types
    """One dialog. Facts are copied in callbacks, the watcher is told in jobs."""

    def __init__(self, watcher: LegWatcher, account: pj.Account, call_id: int = -1) -> None:
        self._watcher = watcher
        self._account = account
        self._successor: Leg | None = None
        """What takes its place (RFC 3891); kept, because C++ knows it by its address alone."""
        self.owner = ""
        """Id of the call that it belongs to, or did."""
        self.sip_call_id = ""
        self.rang = False
        self.confirmed = False
        self.over = False
        self.ending = False
        """We are about to end it."""
        self.probing = False
        self.media = MediaFacts(0, -1, False, False)
        """True at any time on the SIP thread: written in the callback, before the stack goes on."""
        super().__init__(account, call_id)
        if call_slot(self).value != call_id:
            raise EnvironmentFault(UNKNOWN_LAYOUT)
        if call_id >= 0:
            self.sip_call_id = self.getInfo().callIdString

    def call(self, uri: str, headers: Headers = ()) -> None:
        """Send an INVITE. ``pj.Error`` if the URI or the route is impossible."""
        operation = _operation(200)
        add_headers(operation.txOption, headers)
        self.makeCall(uri, operation)
        if call_slot(self).value != self.getId():
            raise EnvironmentFault(UNKNOWN_LAYOUT)
        self.sip_call_id = self.getInfo().callIdString

    def reply(self, status: int, retry_after_s: int = 0) -> None:
        """Answer the INVITE; nothing if a CANCEL was quicker."""
        if self.over:
            return
        operation = _operation(status)
        if retry_after_s:
            add_headers(operation.txOption, (("Retry-After", str(retry_after_s)),))
        try:
            if status < 300:
                self.answer(operation)
            else:
                self.hangup(operation)
        except pj.Error:
            if not self.over and status < 300:
                self.end()

    def end(self) -> None:
        """BYE, CANCEL or 603, whichever fits; nothing where no INVITE was sent. Idempotent."""
        if self.over or self.ending or not self.sip_call_id:
            return
        self.ending = True
        try:
            self.hangup(_operation(0))
        except pj.Error:
            self.ending = False

    def probe(self) -> None:
        """Ask the party with an OPTIONS inside the dialog whether it is still there."""
        parameter = pj.CallSendRequestParam()
        parameter.method = "OPTIONS"
        self.probing = True
        self.sendRequest(parameter)

    def refer(self, uri: str) -> None:
        """Ask the party to call ``uri`` (RFC 3515); ``refer_told`` follows, if it ever says how that went."""
        self.xfer(f"<{uri}>", pj.CallOpParam(True))

    def refer_replacing(self, other: Leg) -> None:
        """Ask the party to take another leg's place in that leg's own dialog (RFC 3891)."""
        self.xferReplaces(other, pj.CallOpParam(True))

    def notify_refer(self, status: int) -> None:
        """Tell the party how its own REFER went (RFC 3515 section 2.4.5); from 200 on for the last time."""
        parameter = pj.CallSendRequestParam()
        parameter.method = "NOTIFY"
        over = "terminated;reason=noresource" if status >= 200 else "active;expires=120"
        add_headers(parameter.txOption, (("Event", "refer"), ("Subscription-State", over)))
        parameter.txOption.contentType = "message/sipfrag;version=2.0"
        parameter.txOption.msgBody = f"SIP/2.0 {status} {_reason(status)}\r\n"
        self.sendRequest(parameter)

    @property
    def has_voice(self) -> bool:
        """Whether its conference port is there and stays until the next event."""
        return self.media.active and not self.over and not self.ending

    @callback
    def onCallState(self, prm: Any) -> None:
        info = self.getInfo()
        state, status = info.state, info.lastStatusCode
        if state == pj.PJSIP_INV_STATE_DISCONNECTED:
            disarm(self)
            self.over = True
            self._watcher.post(lambda: self._watcher.disconnected(self, status))
        elif state == pj.PJSIP_INV_STATE_EARLY:
            self.rang = True
            self._watcher.post(lambda: self._watcher.rang(self))
        elif state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.confirmed = True
            self._watcher.post(lambda: self._watcher.confirmed(self))

    @callback
    def onCallMediaState(self, prm: Any) -> None:
        info = self.getInfo()  # kept in a name: its media live no longer than itself
        self.media = MediaFacts(0, -1, False, False)
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                held = media.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
                active = (held or media.status == pj.PJSUA_CALL_MEDIA_ACTIVE) and media.audioConfSlot >= 0
                self.media = MediaFacts(media.index, media.audioConfSlot, active, held)
                break
        self._watcher.post(lambda: self._watcher.media_changed(self))

    @callback
    def onDtmfEvent(self, prm: Any) -> None:
        if not prm.flags & _NOT_A_NEW_PRESS:
            digit = prm.digit
            self._watcher.post(lambda: self._watcher.pressed(self, digit))

    @callback
    def onCallTransferStatus(self, prm: Any) -> None:
        status, final = prm.statusCode, prm.finalNotify
        self._watcher.post(lambda: self._watcher.refer_told(self, status, final))

    @callback
    def onCallReplaceRequest(self, prm: Any) -> None:
        prm.statusCode = 481
        if self._watcher.may_be_replaced(self):
            self._successor = Leg(self._watcher, self._account)
            prm.newCall = self._successor
            prm.statusCode = 200
            audio_only(prm.opt)

    @callback
    def onCallReplaced(self, prm: Any) -> None:
        by = self._successor
        if by is not None:
            self.ending = True  # the stack says BYE as soon as this returns, and takes the port away
            by.sip_call_id = by.getInfo().callIdString
            self._watcher.post(lambda: self._watcher.replaced(self, by))

    @callback
    def onCallTsxState(self, prm: Any) -> None:
        if prm.e.type != pj.PJSIP_EVENT_TSX_STATE:
            return
        transaction = prm.e.body.tsxState.tsx
        done = transaction.state in (pj.PJSIP_TSX_STATE_COMPLETED, pj.PJSIP_TSX_STATE_TERMINATED)
        if self.probing and done and transaction.role == pj.PJSIP_ROLE_UAC and transaction.method == "OPTIONS":
            status = transaction.statusCode
            self._watcher.post(lambda: self._watcher.probed(self, status))


def connect(source: int, sink: int) -> None:
    """Let one conference port hear another. Takes effect at the next tick; idempotent.

    Both must be there: the wheel aborts on a port whose removal is queued already, here and in ``disconnect``.
    """
    _LIBRARY.pjsua_conf_connect(source, sink)


def disconnect(source: int, sink: int) -> None:
    """Undo ``connect``."""
    _LIBRARY.pjsua_conf_disconnect(source, sink)


def add_headers(option: Any, headers: Headers) -> None:
    """Put further headers on what is sent with ``option``."""
    for name, value in headers:
        header = pj.SipHeader()
        header.hName, header.hValue = name, value
        option.headers.append(header)


def _reason(status: int) -> str:
    return _REASONS.get(status) or ("OK" if 200 <= status < 300 else "Failed")


def _operation(status: int) -> Any:
    operation = pj.CallOpParam(True)
    operation.statusCode = status
    audio_only(operation.opt)
    return operation
