"""Our identities towards the exchange: an account of pjsua for each way of treating SRTP, and which one a call gets.

All have the same address; the first one registers. Whether voices are encrypted is a property of an account, so a call
that comes is given to the account whose way fits its peer's terms, and a call that we make leaves by it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from core.errors import ConfigError
from telephony.door import Arrival, Door
from telephony.free_ports import any_block
from telephony.peers import Peers
from telephony.request import Request, request_from
from telephony.sip_worker_leg import Leg, LegWatcher, callback
from telephony.wire import Peer, Register, Settings, Srtp

_OPTIONAL_TIMER, _NO_TIMER = 1, 0
_SRTP: dict[Srtp, int] = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "required": pj.PJMEDIA_SRTP_MANDATORY,
}
_KEYS_IN_SDP = 0
"""PJMEDIA_SRTP_KEYING_SDES; DTLS is for browsers, which come by a gateway."""
_NAMES, _NAME_S = 256, 60.0
"""So many host names are remembered, for so long."""

Came = Callable[[Leg, Request, str], None]
"""Called with a new call's leg, its INVITE and its source's host:port, inside the stack's callback."""

Recorded = Callable[[pj.Account, int, Request, str], None]
"""Called in the same way with a recording session's account and pjsua's number of it."""


class Line(pj.Account):  # type: ignore[misc]
    """One identity."""

    def __init__(self, watcher: LegWatcher, came: Came, recorded: Recorded, door: Door) -> None:
        self._watcher = watcher
        self._came = came
        self._recorded = recorded
        self._door = door
        self.registered: bool | None = None
        super().__init__()

    @callback
    def onIncomingCall(self, prm: Any) -> None:
        request = request_from(_utf8(prm.rdata.wholeMsg))
        admitted = self._door.admitted
        peer = admitted.peer if admitted is not None else None
        whence = _whence(admitted, prm.rdata.srcAddress)
        if peer is not None and peer.recorder:
            self._recorded(self, prm.callId, request, whence)
            return
        leg = Leg(self._watcher, self, prm.callId)
        self._came(leg, request, whence)

    @callback
    def onRegState(self, prm: Any) -> None:
        self.registered = prm.code // 100 == 2 and prm.expiration > 0


def _whence(admitted: Arrival | None, address: str) -> str:
    """For the engineer: where a call came from, '10.20.0.10:5060/tcp'; behind our own front, who sent it there."""
    if admitted is None:
        return address
    return f"{admitted.source if admitted.by_front else address}/{admitted.transport}"


class Lines:
    """All of them. Made when the transports are there; ``main`` is the one that registers."""

    def __init__(
        self, settings: Settings, peers: Peers, watcher: LegWatcher, came: Came, recorded: Recorded, door: Door
    ) -> None:
        self._settings = settings
        self._peers = peers
        self._door = door
        # Used where settings.rtp_port is 0; pjmedia skips ports that are taken meanwhile.
        self._any_rtp_port = any_block(settings.host, settings.rtp_ports)
        self.main = Line(watcher, came, recorded, door)
        self._by_srtp = {settings.srtp: self.main}
        self._addresses: dict[str, tuple[str, float]] = {}
        """Of host names, and until when they are believed."""
        self.main.create(self._config(settings.srtp, settings.register), True)
        for srtp in sorted({peer.srtp for peer in settings.peers} - {settings.srtp}):
            line = self._by_srtp[srtp] = Line(watcher, came, recorded, door)
            line.create(self._config(srtp, None), False)

    def to(self, uri: str) -> Line:
        """By which a call to ``uri`` leaves: on the terms of the peer at that address."""
        host = _host_of(uri)
        peer = self._peers.of(host) or self._peers.of(self._address(host))
        return self._by_srtp[peer.srtp if peer is not None else self._settings.srtp]

    def account_of_admitted(self) -> int | None:
        """The account for the INVITE that passes just now; None = as the stack thinks."""
        admitted = self._door.admitted
        if admitted is None or admitted.peer is None:
            return None
        return int(self._by_srtp.get(admitted.peer.srtp, self.main).getId())

    def _address(self, host: str) -> str:
        """Of a host name; '' if it has none. The stack asks for it too, and waits for the answer as we do here."""
        known, until = self._addresses.get(host, ("", 0.0))
        if time.monotonic() < until:
            return known
        try:
            address = str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0])
        except (OSError, UnicodeError):
            address = ""
        if len(self._addresses) >= _NAMES:
            self._addresses.clear()
        self._addresses[host] = address, time.monotonic() + _NAME_S
        return address

    def _config(self, srtp: Srtp, register: Register | None) -> Any:
        settings = self._settings
        config = pj.AccountConfig()
        config.idUri = settings.caller_id if "<" in settings.caller_id else f"<{settings.caller_id}>"
        config.natConfig.sipOutboundUse = 0
        if any(peer.recorder for peer in settings.peers):
            config.sipConfig.contactParams = ";+sip.srs"  # what we can be (RFC 7866, RFC 3840)
        if settings.proxy:
            config.sipConfig.proxies.append(settings.proxy)
        config.callConfig.timerUse = _OPTIONAL_TIMER if settings.session_expires_s else _NO_TIMER
        config.callConfig.timerMinSESec = 90
        config.callConfig.timerSessExpiresSec = max(90, settings.session_expires_s)
        config.natConfig.contactRewriteUse = 0
        config.natConfig.viaRewriteUse = 0
        config.natConfig.sdpNatRewriteUse = 0
        media = config.mediaConfig
        media.srtpUse = _SRTP[srtp]
        media.srtpSecureSignaling = 0  # whether keys may pass in clear is the engineer's decision: `tls_only`
        media.srtpOpt.keyings.append(_KEYS_IN_SDP)
        rtp = media.transportConfig
        rtp.boundAddress = settings.host
        rtp.publicAddress = settings.public_address
        # pjsua takes the pair that begins at the range's end, too; there the next worker's ports begin.
        rtp.port, rtp.portRange = settings.rtp_port or self._any_rtp_port, settings.rtp_ports - 2
        if settings.register is not None:
            _be_known_as(config, settings.register)
        if register is not None:
            _register(config, register)
        return config


def peers_of(settings: Settings) -> Peers:
    """Whose calls are read: the configured peers, and the registrar where none of them is it."""
    peers = Peers(settings.peers)
    if settings.register is None:
        return peers
    address = registrar_address(settings.register.registrar)
    if peers.of(address) is not None:
        return peers
    return Peers([*settings.peers, Peer(name="registrar", networks=(address,), srtp=settings.srtp)])


def registrar_address(registrar: str) -> str:
    """The IP address that a registrar's calls will come from. ``ConfigError`` if its name is unknown."""
    host = _host_of(registrar)
    try:
        return str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0])
    except OSError:
        raise ConfigError(f"sip.register.registrar: no address is known for '{host}'; check the name") from None


def _be_known_as(config: Any, register: Register) -> None:
    host = register.registrar.removeprefix("sips:").removeprefix("sip:").partition(";")[0]
    config.idUri = f"<sip:{register.user}@{host}>"
    credentials = pj.AuthCredInfo("digest", "*", register.auth_user, 0, register.password)
    config.sipConfig.authCreds.append(credentials)


def _register(config: Any, register: Register) -> None:
    config.regConfig.registrarUri = register.registrar
    config.regConfig.timeoutSec = register.expires_s
    config.regConfig.retryIntervalSec = config.regConfig.firstRetryIntervalSec = 5
    config.regConfig.dropCallsOnFail = False


def _host_of(uri: str) -> str:
    """The host of a SIP address, alone."""
    rest = uri.removeprefix("sips:").removeprefix("sip:").rpartition("@")[2].partition(";")[0]
    return rest[1:].partition("]")[0] if rest.startswith("[") else rest.partition(":")[0]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
