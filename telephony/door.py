"""Who is let in: the decision on every SIP request before the stack sees it.

Foreign requests get no answer at all (scanners learn nothing), refused calls cost neither a call slot nor a
transaction, and requests that this stack answers badly are answered here. No I/O: ``telephony.sip_worker_door``
stands between this and pjsip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Protocol

import msgspec

from telephony.allow_list import AllowList
from telephony.dtmf import info_digit
from telephony.request import Request, user_part

_FOR_THE_STACK = frozenset({"INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "OPTIONS"})
_UNBELIEVABLE = re.compile(r"^[a-z]=.*\S{254}", re.MULTILINE)
"""A host name has at most 253 characters (RFC 1035); in an SDP a longer one makes pjsua2's wheel abort."""


class Verdict(msgspec.Struct, frozen=True):
    """What to do with a request."""

    status: int
    """Answer with this; ``PASS`` or ``DROP``."""
    retry_after_s: int = 0
    key: str = ""
    """A key press that it carries."""


PASS, DROP = 0, -1
_PASS, _DROP = Verdict(PASS), Verdict(DROP)


class Rooms(Protocol):
    """What the door must know about the house."""

    def knows(self, call_id: str) -> bool:
        """Whether a leg with this SIP Call-ID is alive."""

    def is_open(self) -> bool:
        """Whether new calls are taken: a node is there, no drain."""

    def has_room(self) -> bool:
        """Whether one more call fits."""


class Door:
    """Decides; counts what it turned down."""

    def __init__(self, allowed: AllowList, hotline: Collection[str], retry_after_s: int, rooms: Rooms) -> None:
        self._allowed = allowed
        self._hotline = frozenset(hotline)
        self._retry_after_s = retry_after_s
        self._rooms = rooms
        self._last_info: tuple[str, str] = ("", "")
        self.refused = 0
        """Calls and foreign requests that were turned down."""
        self.bad_messages = 0
        """Requests that the stack must not see."""

    def verdict(self, request: Request, source: str) -> Verdict:
        """The decision on a request that came from the address ``source``."""
        known = self._rooms.knows(request.first("call-id"))
        inside = known and request.in_dialog
        if not inside and source not in self._allowed:
            return self._counted(_DROP)
        if is_unbelievable(request.body):
            self.bad_messages += 1
            return _DROP if request.method == "ACK" else Verdict(400)
        if inside:
            return self._in_dialog(request)
        if request.method == "INVITE" and not request.in_dialog and not known:
            return self._new_call(request)
        if request.method == "OPTIONS" and not self._rooms.is_open():
            return Verdict(503, self._retry_after_s)
        return _PASS if request.method in _FOR_THE_STACK else Verdict(405)

    def _new_call(self, request: Request) -> Verdict:
        if self._hotline and user_part(request.uri) not in self._hotline:
            return self._counted(Verdict(404))
        if not (self._rooms.is_open() and self._rooms.has_room()):
            return self._counted(Verdict(503, self._retry_after_s))
        return _PASS

    def _in_dialog(self, request: Request) -> Verdict:
        match request.method:
            case "OPTIONS":  # a keep-alive (pjsua2 would say 500)
                return Verdict(200)
            case "INFO":
                return self._info(request)
            case "NOTIFY" | "MESSAGE" | "REFER" | "SUBSCRIBE":
                return Verdict(405)
        return _PASS

    def _info(self, request: Request) -> Verdict:
        if not request.body.strip():
            return Verdict(200)
        digit = info_digit(request.first("content-type"), request.body)
        if not digit:
            return Verdict(415)
        this = (request.first("call-id"), request.first("cseq"))
        repeated = this == self._last_info
        self._last_info = this
        return Verdict(200, key="" if repeated else digit)

    def _counted(self, verdict: Verdict) -> Verdict:
        self.refused += 1
        return verdict


def is_unbelievable(body: str) -> bool:
    """Whether an SDP holds what makes the stack abort."""
    return _UNBELIEVABLE.search(body) is not None


KeyHandler = Callable[[str, str], None]
"""Called with SIP Call-ID and digit."""
