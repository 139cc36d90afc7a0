"""pjsua2 set up for one worker: endpoint, transports, codecs, and our identities towards the exchange."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from core.audio import FRAME_MS, RATE
from telephony.door import Door
from telephony.open_files import legs_within, raise_open_files
from telephony.sip_worker_leg import LegWatcher, callback
from telephony.sip_worker_lines import Came, Line, Lines, Recorded, peers_of
from telephony.sip_worker_memory import native, quieten
from telephony.sip_worker_tls import Credentials, TlsListener
from telephony.sip_worker_transports import Transports
from telephony.wire import Settings

_TRANSACTION_MS = 10_000
"""How long a peer may be mute before a request to it counts as lost (RFC 3261 says 32 s; a caller is waiting)."""
_SAID_AGAIN_S, _HOSTS = 60.0, 64
"""What is wrong with a host's certificate is said so often, of so many hosts."""


class Counting(pj.LogWriter):  # type: ignore[misc]
    """pjsip's log, of which we want only the number of messages it could not read: its lines quote whole messages."""

    def __init__(self) -> None:
        super().__init__()
        self.bad_messages = 0

    @callback
    def write(self, entry: Any) -> None:
        if any(mark in entry.msg for mark in ("Dropping", "Error processing")):
            self.bad_messages += 1


class _Endpoint(pj.Endpoint):  # type: ignore[misc]
    """Asks which of our accounts an INVITE is for, and says whose certificate was not believed."""

    def __init__(self, distrusted: Callable[[str, str], None]) -> None:
        self.choose: Callable[[], int | None] = lambda: None
        self._distrusted = distrusted
        self._said: dict[str, float] = {}
        """Hosts of which that was said, and when."""
        super().__init__()

    @callback
    def onSelectAccount(self, prm: Any) -> None:
        chosen = self.choose()
        if chosen is not None:
            prm.accountIndex = chosen

    @callback
    def onTransportState(self, prm: Any) -> None:
        facts = prm.tlsInfo
        if prm.state != pj.PJSIP_TP_STATE_DISCONNECTED or facts.isEmpty() or not facts.verifyStatus:
            return
        host, now = facts.remoteAddr.rpartition(":")[0], time.monotonic()
        if now - self._said.get(host, -_SAID_AGAIN_S) < _SAID_AGAIN_S:
            return
        if len(self._said) >= _HOSTS:
            self._said.clear()
        self._said[host] = now
        self._distrusted(facts.remoteAddr, "; ".join(facts.verifyMsgs))


class Phone:
    """The stack: endpoint, transports, codecs. ``line`` comes with ``open``."""

    def __init__(self, settings: Settings, distrusted: Callable[[str, str], None] = lambda _peer, _why: None) -> None:
        """``distrusted`` is called with host:port and reason of a peer whose certificate was not believed."""
        self._settings = settings
        self._lines: Lines | None = None
        tls = settings.tls if "tls" in settings.transports else None
        self._credentials = Credentials(tls) if tls is not None else None
        self._listener: TlsListener | None = None
        self.peers = peers_of(settings)
        """Whose calls are read."""
        self.log = Counting()
        self.endpoint = _Endpoint(distrusted)
        self.address = ""
        """host:port of the SIP socket."""
        self.tls_address = ""
        """host:port of the TLS socket, '' = none."""
        quieten()
        self.endpoint.libCreate()
        self.endpoint.libInit(self._endpoint_config())
        self._limit_transactions()
        legs = int(_library().pjsua_call_get_max_count())
        # A leg needs a port for RTP and one for RTCP, and their sockets are open files.
        self.max_legs = min(legs, settings.rtp_ports // 2, legs_within(raise_open_files(legs)))
        self.build = f"pjproject {self.endpoint.libVersion().full}"

    def open(self, watcher: LegWatcher, came: Came, recorded: Recorded, door: Door) -> Transports:
        """Bind the SIP ports, start media and make the accounts. ``PortTaken`` if somebody has a port."""
        settings = self._settings
        transports = Transports(self.endpoint, settings, self._credentials)
        if transports.tls_port:
            self.tls_address = f"{settings.host}:{transports.tls_port}"
            self._listener = TlsListener(_library(), settings.host, transports.tls_port, settings.public_address)
        self.address = f"{settings.host}:{transports.port}" if transports.port else self.tls_address
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            name = codec.codecId.partition("/")[0]
            wanted = self._settings.codecs
            priority = 255 - wanted.index(name) if name in wanted else 0
            self.endpoint.codecSetPriority(codec.codecId, priority)
        lines = self._lines = Lines(settings, self.peers, watcher, came, recorded, door)
        self.endpoint.choose = lines.account_of_admitted
        return transports

    @property
    def line(self) -> Line | None:
        """The identity that registers; None before ``open``."""
        return None if self._lines is None else self._lines.main

    def line_for(self, uri: str) -> Line | None:
        """By which a call to ``uri`` leaves: voices are encrypted as agreed with the peer there."""
        return None if self._lines is None else self._lines.to(uri)

    def renew_certificate(self) -> bool:
        """Take new TLS files where they have changed; True if so. Running calls and connections are not touched.

        ``ConfigError`` once for files that can't be used: the old ones stay. ``EnvironmentFault`` if TLS is lost.
        """
        if self._credentials is None or self._listener is None or not self._credentials.refresh():
            return False
        self._listener.restart()
        return True

    def legs_in_use(self) -> int:
        """Slots that are taken. More than the legs that live: one that we hung up is reported as over at once, but
        keeps its slot until the peer has answered."""
        return int(_library().pjsua_call_get_count())

    def poll(self, milliseconds: int) -> None:
        """Let the stack work. What it throws for malformed input is counted, not passed on."""
        try:
            self.endpoint.libHandleEvents(milliseconds)
        except pj.Error:
            self.log.bad_messages += 1

    def unregister(self, within_s: float) -> None:
        """Tell the exchange that we go, so that it sends no more calls."""
        line = self.line
        if line is None or not line.registered:
            return
        line.setRegistration(False)
        end = time.monotonic() + within_s
        while line.registered and time.monotonic() < end:
            self.poll(20)

    def _endpoint_config(self) -> Any:
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.maxCalls = 512
        config.uaConfig.userAgent = "minwon"
        config.logConfig.level = 2
        config.logConfig.consoleLevel = 2  # the writer gets no more than the console would
        config.logConfig.msgLogging = 0
        config.logConfig.writer = self.log
        media = config.medConfig
        media.clockRate = media.sndClockRate = RATE
        media.audioFramePtime = FRAME_MS
        media.ecTailLen = 0
        media.noVad = True
        media.maxMediaPorts = 2048
        return config

    def _limit_transactions(self) -> None:
        set_timers = _library().pjsip_tsx_set_timers
        set_timers.argtypes = [ctypes.c_uint] * 4
        set_timers(0, 0, 0, _TRANSACTION_MS)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(native.__file__)
