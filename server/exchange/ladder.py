"""SIP messages as a ladder: who said what to whom, call by call, leg by leg. Pure.

A ``Ladder`` is fed with messages as they were on the wire, in order, and gives an arrow for each. A leg is a SIP
dialog (its Call-ID); legs of one call stand side by side as lanes, with minwon's worker in the middle of the story.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Literal

import msgspec

from server.exchange.sdp_facts import audio_of
from telephony.request import decoded, request_from, user_part
from telephony.sip_text import reply_from

Role = Literal["caller", "agent", "third", "supervisor", "exchange"]
"""'exchange': outside of calls, as OPTIONS and REGISTER."""
LEGS = 4000
"""Legs that are remembered; the one that was silent longest is forgotten first."""
_TOLD: dict[str, Role] = {"caller": "caller", "agent": "agent", "third": "third", "supervisor": "supervisor"}
_LONG_NUMBER = re.compile(r"\+?[0-9]{6,}")
_CALLS = frozenset({"INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY"})


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it was on the wire; what ``telephony.wire.Traced`` says, with the worker that told it."""

    at: float
    """Seconds since 1970."""
    sent: bool
    """By us."""
    peer: str
    """host:port of the other side."""
    text: bytes
    worker: str = "minwon"
    ours: str = ""
    """host:port of our side."""
    call: str = ""
    """The call, where the worker knew it."""
    role: str = ""
    """What the leg is in it, where the worker knew it."""


class Arrow(msgspec.Struct, frozen=True, kw_only=True):
    """One message in words. Nothing in it tells a person's number, unless ``numbers`` was asked for."""

    at: float
    sent: bool
    call: str
    """The call's id, the SIP Call-ID of its first leg while that is unknown."""
    leg: str
    """SIP Call-ID."""
    role: Role
    worker: str
    peer: str
    transport: str
    title: str
    """'INVITE 120', '200 OK (INVITE)'."""
    detail: str = ""
    """SDP facts, the key of an INFO, a Reason."""
    again: bool = False
    """The same message once more: a retransmission."""
    failed: bool = False
    """An answer of 400 or more."""


class _Leg:
    def __init__(self, role: Role) -> None:
        self.role: Role = role
        self.call = ""
        self.over = False
        self.told: set[tuple[bool, str]] = set()


class Ladder:
    """Bounded: ``LEGS`` legs, and what they remember of their messages."""

    def __init__(self, *, numbers: bool = False) -> None:
        self._numbers = numbers
        self._legs: OrderedDict[str, _Leg] = OrderedDict()

    def feed(self, seen: Seen) -> Arrow | None:
        """The arrow of a message; None for what is no SIP."""
        reply = reply_from(seen.text)
        request = request_from(seen.text)
        call_id, cseq = request.first("call-id"), request.first("cseq")
        method = cseq.partition(" ")[2].strip() if reply else request.method
        if not call_id or not method:
            return None
        leg = self._leg(call_id, method, seen)
        key = (seen.sent, f"{reply.status if reply else request.method} {cseq}")
        again = key in leg.told
        if len(leg.told) < LEGS:
            leg.told.add(key)
        if reply and (method == "BYE" or (method == "INVITE" and reply.status >= 300)):
            leg.over = reply.status not in (401, 407)
        return Arrow(
            at=seen.at,
            sent=seen.sent,
            call=leg.call or call_id,
            leg=call_id,
            role=leg.role,
            worker=seen.worker,
            peer=seen.peer,
            transport=_transport(request.first("via")),
            title=f"{reply.status} {reply.reason} ({method})" if reply else self._title(method, request.uri),
            detail=_detail(request.body, request.first("content-type"), request.first("reason")),
            again=again,
            failed=reply is not None and reply.status >= 400 and reply.status not in (401, 407),
        )

    def _title(self, method: str, uri: str) -> str:
        user = user_part(uri)
        return f"{method} {user if self._numbers else masked(user)}".strip() if method == "INVITE" else method

    def _leg(self, call_id: str, method: str, seen: Seen) -> _Leg:
        leg = self._legs.get(call_id)
        if leg is None:
            leg = self._legs[call_id] = _Leg(self._role(method, seen))
            if len(self._legs) > LEGS:
                self._legs.popitem(last=False)
        self._legs.move_to_end(call_id)
        if seen.call and not leg.call:
            leg.call = seen.call
            leg.role = _TOLD.get(seen.role) or (leg.role if leg.role == "caller" else self._place(call_id, seen.call))
        return leg

    def over(self, call: str) -> bool:
        """Whether the call had legs, and all of them are over."""
        legs = [leg for leg in self._legs.values() if leg.call == call]
        return bool(legs) and all(leg.over for leg in legs)

    def _role(self, method: str, seen: Seen) -> Role:
        if method not in _CALLS:
            return "exchange"
        return "agent" if seen.sent and method == "INVITE" else "caller"

    def _place(self, call_id: str, call: str) -> Role:
        """Of a leg that we dialled: the caller's if it is the call's first (a callback), a third's while an agent's
        is alive."""
        others = [leg for name, leg in self._legs.items() if leg.call == call and name != call_id]
        if not others:
            return "caller"
        return "third" if any(leg.role == "agent" and not leg.over for leg in others) else "agent"


def masked(user: str) -> str:
    """A user part without what could be somebody's number: '01012345678' is '010..78', an extension stays."""
    return _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}..{found[0][-2:]}", user)


def _transport(via: str) -> str:
    return via.partition("SIP/2.0/")[2].partition(" ")[0].lower()


def _detail(body: str, kind: str, reason: str) -> str:
    audio = audio_of(body)
    if audio is not None:
        also = " + SIPREC" if "rs-metadata" in body else ""
        return f"{audio.in_words()}{also}"
    if "dtmf" in kind.lower():
        return "a key"
    if kind.lower().startswith("message/sipfrag"):
        return decoded(body.encode()).strip().splitlines()[0][:60] if body.strip() else ""
    return reason[:60]
