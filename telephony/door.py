"""Who is let in: the decision on every SIP request before the stack sees it.

Foreign requests get no answer at all (scanners learn nothing), refused calls cost neither a call slot nor a
transaction, and requests that this stack answers badly are answered here. No I/O: ``telephony.sip_worker_door``
stands between this and pjsip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from ipaddress import ip_address
from typing import Protocol

import msgspec

from telephony.believable import is_unbelievable
from telephony.digest import Challenger, Outcome
from telephony.dtmf import info_digit
from telephony.peers import Peers
from telephony.rate_limit import RateLimit
from telephony.referral import Referral, referral_in, replaced_call_id
from telephony.request import Request, is_sip_address, user_part
from telephony.srtp_offer import offer_in
from telephony.wire import Peer

_FOR_THE_STACK = frozenset({"INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "OPTIONS"})
_PART_OF_ANOTHER = frozenset({"ACK", "CANCEL"})
"""They belong to an INVITE that was counted, and can be neither refused nor asked for a password (RFC 3261 22.1)."""
_OFFERS_PER_S = 10.0
"""Offers in one dialog that reach the stack. Each may take new sockets, and the wheel keeps a closed one for half a
second in a table of 64: a phone that asks on and on would fill it, and then the wheel aborts."""
SOURCE_HEADER = "x-minwon-source"
"""By it our own Kamailio tells whose request it passes on: ADDRESS/TRANSPORT."""


class Verdict(msgspec.Struct, frozen=True):
    """What to do with a request."""

    status: int
    """Answer with this; ``PASS`` or ``DROP``."""
    retry_after_s: int = 0
    key: str = ""
    """A key press that it carries."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer."""
    referral: Referral | None = None
    """The transfer that it asks for."""


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

    def may_transfer(self, call_id: str, referral: Referral) -> int:
        """The answer to a REFER in that dialog: 202, or why not."""

    def refers(self, call_id: str) -> bool:
        """Whether we sent a REFER in that dialog, and NOTIFYs are expected."""

    def has_leg_for(self, call_id: str) -> bool:
        """Whether another leg may take the place of the one in that dialog (RFC 3891), and fits."""


class Arrival(msgspec.Struct, frozen=True):
    """A request at the door."""

    request: Request
    source: str
    """Where it comes from, seen through our own front."""
    transport: str
    """'udp', 'tcp' or 'tls', likewise."""
    peer: Peer | None
    """Whose terms count."""
    by_front: bool
    """Our own front handed it on: the flood is held back there."""
    known: bool
    """Of a call that is alive."""
    inside: bool
    """In the dialog of one."""
    now: float

    @property
    def new_call(self) -> bool:
        """Whether it begins a call."""
        return self.request.method == "INVITE" and not self.request.in_dialog and not self.known


Rule = Callable[[Arrival], Verdict | None]


class Door:
    """Decides by the first rule that has something to say; counts what it turned down, by reason."""

    def __init__(
        self, peers: Peers, hotline: Collection[str], retry_after_s: int, rooms: Rooms, challenger: Challenger
    ) -> None:
        self._peers = peers
        self._hotline = frozenset(hotline)
        self._retry_after_s = retry_after_s
        self._rooms = rooms
        self._challenger = challenger
        self._rate = RateLimit()
        self._offers = RateLimit()
        self._last_info: tuple[str, str] = ("", "")
        self._last_refer: tuple[str, str, Verdict] = ("", "", _PASS)
        """SIP Call-ID, CSeq and what was answered: a REFER that comes again is the same one."""
        self._rules: tuple[Rule, ...] = (
            self._plain,
            self._stranger,
            self._flood,
            self._unbelievable,
            self._in_dialog,
            self._not_for_us,
            self._digest,
            self._recording,
            self._replacing,
            self._other_number,
            self._no_room,
            self._voice_as_agreed,
        )
        self.refused_by: Counter[str] = Counter()
        """Requests that were turned down, by reason (``wire.Statistics``)."""
        self.bad_messages = 0
        """Requests that the stack must not see."""
        self.admitted: Arrival | None = None
        """The new call that was let in by the last verdict: what the stack says of it, it says before the next."""

    @property
    def refused(self) -> int:
        """All of ``refused_by``."""
        return self.refused_by.total()

    def verdict(self, request: Request, source: str, transport: str = "udp", now: float = 0.0) -> Verdict:
        """The decision on a request that came from the address ``source``; ``now`` in seconds since 1970."""
        arrival = self._arrival(request, source, transport, now)
        self.admitted = None
        for rule in self._rules:
            verdict = rule(arrival)
            if verdict is not None:
                return verdict
        if arrival.new_call:
            self.admitted = arrival
        return _PASS

    def _arrival(self, request: Request, source: str, transport: str, now: float) -> Arrival:
        peer = self._peers.of(source)
        by_front = peer is not None and peer.front
        told = _told_source(request) if by_front else None
        if told is not None:
            source, transport = told
            peer = self._peers.of(source)
        known = self._rooms.knows(request.first("call-id"))
        return Arrival(request, source, transport, peer, by_front, known, known and request.in_dialog, now)

    # The rules, in their order. None = nothing against it.

    def _plain(self, arrival: Arrival) -> Verdict | None:
        if arrival.peer is not None and arrival.peer.tls_only and arrival.transport != "tls":
            return self._refused("plain", _DROP)
        return None

    def _stranger(self, arrival: Arrival) -> Verdict | None:
        # An agent's phone may be anywhere, once it is in a call of ours.
        return self._refused("stranger", _DROP) if arrival.peer is None and not arrival.inside else None

    def _flood(self, arrival: Arrival) -> Verdict | None:
        peer = arrival.peer
        if peer is None or arrival.by_front or arrival.known or arrival.request.method in _PART_OF_ANOTHER:
            return None
        allowed = self._rate.allows(arrival.source, peer.invites_per_s, arrival.now)
        return None if allowed else self._refused("rate", _DROP)

    def _unbelievable(self, arrival: Arrival) -> Verdict | None:
        if not is_unbelievable(arrival.request):
            return None
        self.bad_messages += 1
        return _DROP if arrival.request.method == "ACK" else Verdict(400)

    def _in_dialog(self, arrival: Arrival) -> Verdict | None:
        if not arrival.inside:
            return None
        match arrival.request.method:
            case "INVITE" | "UPDATE" if not self._offers.allows(
                arrival.request.first("call-id"), _OFFERS_PER_S, arrival.now
            ):
                return self._refused("offers", Verdict(500, 1))  # RFC 3261 section 14.2
            case "OPTIONS":  # a keep-alive (pjsua2 would say 500)
                return Verdict(200)
            case "INFO":
                return self._info(arrival.request)
            case "REFER":
                return self._refer(arrival.request)
            case "NOTIFY" if self._rooms.refers(arrival.request.first("call-id")):
                return _PASS
            case "NOTIFY" | "MESSAGE" | "SUBSCRIBE":
                return Verdict(405)
        return _PASS

    def _not_for_us(self, arrival: Arrival) -> Verdict | None:
        if arrival.new_call:
            return None
        if arrival.request.method == "OPTIONS" and not self._rooms.is_open():
            return Verdict(503, self._retry_after_s)
        return _PASS if arrival.request.method in _FOR_THE_STACK else Verdict(405)

    # From here on a new call.

    def _digest(self, arrival: Arrival) -> Verdict | None:
        peer = arrival.peer
        if peer is None or not peer.user:
            return None
        request, source, now = arrival.request, arrival.source, arrival.now
        values = request.all("authorization")
        outcome = self._challenger.check(
            values, method=request.method, user=peer.user, password=peer.password, source=source, now=now
        )
        match outcome:
            case Outcome.GOOD:
                return None
            case Outcome.WRONG:
                return self._refused("digest", Verdict(403))
        stale = outcome is Outcome.STALE
        asked = self._challenger.challenges(source, now, stale=stale, md5_only=peer.md5_only)
        return Verdict(401, headers=tuple(("WWW-Authenticate", value) for value in asked))

    def _recording(self, arrival: Arrival) -> Verdict | None:
        required = ",".join(arrival.request.all("require")).lower().replace(" ", "").split(",")
        if "siprec" in required and not _records(arrival):
            return self._refused("siprec", Verdict(403))
        return None

    def _replacing(self, arrival: Arrival) -> Verdict | None:
        """An exchange completes a transfer of its own: somebody else comes into a leg of ours, whatever number it
        calls; it needs one slot, not two, and no node."""
        replaced = replaced_call_id(arrival.request.first("replaces"))
        if not replaced:
            return None
        if not self._rooms.knows(replaced):
            return Verdict(481)
        if not self._rooms.has_leg_for(replaced):
            return self._refused("full", Verdict(503, self._retry_after_s))
        return self._voice_as_agreed(arrival) or _PASS

    def _other_number(self, arrival: Arrival) -> Verdict | None:
        ours = not self._hotline or _records(arrival) or user_part(arrival.request.uri) in self._hotline
        return None if ours else self._refused("hotline", Verdict(404))

    def _no_room(self, arrival: Arrival) -> Verdict | None:
        busy = Verdict(503, self._retry_after_s)
        if not self._rooms.is_open():
            return self._refused("closed", busy)
        return None if self._rooms.has_room() else self._refused("full", busy)

    def _voice_as_agreed(self, arrival: Arrival) -> Verdict | None:
        offer, srtp = offer_in(arrival.request.body), "off" if arrival.peer is None else arrival.peer.srtp
        if offer.empty:
            return None  # the stack offers by the peer's terms
        # A voice of another kind alone (DTLS) is not for the stack to refuse: pjproject 2.17 dies of it.
        agreed = {"off": offer.plain, "required": offer.secured, "optional": offer.plain or offer.secured}[srtp]
        return None if agreed else self._refused("srtp", Verdict(488))

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

    def _refer(self, request: Request) -> Verdict:
        call_id, order = request.first("call-id"), request.first("cseq")
        if (call_id, order) == self._last_refer[:2]:
            return msgspec.structs.replace(self._last_refer[2], referral=None)
        referral = referral_in(request.first("refer-to"))
        status = self._rooms.may_transfer(call_id, referral)
        # Whoever accepts a REFER says in its Contact where the subscription lives (RFC 6665): where this was sent to.
        contact = (("Contact", f"<{request.uri}>"),) if status < 300 and is_sip_address(request.uri) else ()
        verdict = Verdict(status, headers=contact, referral=referral if status < 300 else None)
        self._last_refer = (call_id, order, verdict)
        return verdict

    def _refused(self, reason: str, verdict: Verdict) -> Verdict:
        self.refused_by[reason] += 1
        return verdict


def _records(arrival: Arrival) -> bool:
    return arrival.peer is not None and arrival.peer.recorder


def _told_source(request: Request) -> tuple[str, str] | None:
    """What our front says of where a request came from; None if it says nothing, or what cannot be."""
    address, slash, transport = request.first(SOURCE_HEADER).partition("/")
    try:
        ip_address(address)
    except ValueError:
        return None
    return (address, transport.lower()) if slash else None


KeyHandler = Callable[[str, str], None]
"""Called with SIP Call-ID and digit."""
ReferHandler = Callable[[str, Referral], None]
"""Called with SIP Call-ID and what a REFER asks for."""
