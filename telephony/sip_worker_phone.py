"""pjsua2 set up for one worker: endpoint, transports, codecs, and our identity towards the exchange."""

from __future__ import annotations

import ctypes
import errno
import random
import socket
import time
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from core.audio import FRAME_MS, RATE
from core.errors import ConfigError, EnvironmentFault, PortTaken
from telephony.open_files import legs_within, raise_open_files
from telephony.request import Request, request_from
from telephony.sip_worker_leg import Leg, LegWatcher, callback
from telephony.sip_worker_memory import native, quieten
from telephony.wire import Register, Settings

_PJ_ERRNO = 120_000
_TRANSACTION_MS = 10_000
"""How long a peer may be mute before a request to it counts as lost (RFC 3261 says 32 s; a caller is waiting)."""
_ANY_PORT_TRIES = 20
_TRANSPORTS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP}
_OPTIONAL_TIMER, _NO_TIMER = 1, 0


class Line(pj.Account):  # type: ignore[misc]
    """Our identity towards the exchange."""

    def __init__(self, watcher: LegWatcher, came: Callable[[Leg, Request, str], None]) -> None:
        self._watcher = watcher
        self._came = came
        self.registered: bool | None = None
        super().__init__()

    @callback
    def onIncomingCall(self, prm: Any) -> None:
        request = request_from(_utf8(prm.rdata.wholeMsg))
        self._came(Leg(self._watcher, self, prm.callId), request, prm.rdata.srcAddress)

    @callback
    def onRegState(self, prm: Any) -> None:
        self.registered = prm.code // 100 == 2 and prm.expiration > 0


class Counting(pj.LogWriter):  # type: ignore[misc]
    """pjsip's log, of which we want only the number of messages it could not read: its lines quote whole messages."""

    def __init__(self) -> None:
        super().__init__()
        self.bad_messages = 0

    @callback
    def write(self, entry: Any) -> None:
        if any(mark in entry.msg for mark in ("Dropping", "Error processing")):
            self.bad_messages += 1


class Phone:
    """The stack: endpoint, transports, codecs. ``line`` comes with ``open``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.log = Counting()
        self.endpoint = pj.Endpoint()
        self.line: Line | None = None
        self.address = ""
        """host:port of the SIP socket."""
        quieten()
        self.endpoint.libCreate()
        self.endpoint.libInit(self._endpoint_config())
        self._limit_transactions()
        legs = int(_library().pjsua_call_get_max_count())
        # A leg needs a port for RTP and one for RTCP, and their sockets are open files.
        self.max_legs = min(legs, settings.rtp_ports // 2, legs_within(raise_open_files(legs)))
        self.build = f"pjproject {self.endpoint.libVersion().full}"

    def open(self, watcher: LegWatcher, came: Callable[[Leg, Request, str], None]) -> None:
        """Bind the SIP port, start media and make the account. ``PortTaken`` if somebody has the port."""
        port = self._bind()
        self.address = f"{self._settings.host}:{port}"
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            name = codec.codecId.partition("/")[0]
            wanted = self._settings.codecs
            priority = 255 - wanted.index(name) if name in wanted else 0
            self.endpoint.codecSetPriority(codec.codecId, priority)
        self.line = Line(watcher, came)
        self.line.create(self._account_config(port), True)

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
        if self.line is None or not self.line.registered:
            return
        self.line.setRegistration(False)
        end = time.monotonic() + within_s
        while self.line.registered and time.monotonic() < end:
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

    def _bind(self) -> int:
        settings = self._settings
        for _ in range(_ANY_PORT_TRIES):
            made: list[int] = []
            port = settings.port
            try:
                port = port or _free_port(settings.host)
                for name in settings.transports:
                    made.append(self.endpoint.transportCreate(_TRANSPORTS[name], self._transport_config(port)))
            except pj.Error as error:
                for transport in made:
                    self.endpoint.transportClose(transport)
                if error.status != _PJ_ERRNO + errno.EADDRINUSE:
                    raise _no_listening(settings.host, port, error.reason) from None
            except OSError as error:
                raise _no_listening(settings.host, port, error.strerror) from None
            else:
                return port
            if settings.port:
                break
        raise PortTaken(
            f"port {settings.port} of {settings.host} is taken by another program; "
            "set sip.port to a free one, or to 0 for any"
        )

    def _transport_config(self, port: int) -> Any:
        config = pj.TransportConfig()
        config.port = port
        config.boundAddress = self._settings.host
        config.publicAddress = self._settings.public_address
        return config

    def _account_config(self, port: int) -> Any:
        settings = self._settings
        config = pj.AccountConfig()
        config.idUri = settings.caller_id if "<" in settings.caller_id else f"<{settings.caller_id}>"
        config.natConfig.sipOutboundUse = 0
        if settings.proxy:
            config.sipConfig.proxies.append(settings.proxy)
        config.callConfig.timerUse = _OPTIONAL_TIMER if settings.session_expires_s else _NO_TIMER
        config.callConfig.timerMinSESec = 90
        config.callConfig.timerSessExpiresSec = max(90, settings.session_expires_s)
        config.natConfig.contactRewriteUse = 0
        config.natConfig.viaRewriteUse = 0
        config.natConfig.sdpNatRewriteUse = 0
        rtp = config.mediaConfig.transportConfig
        rtp.boundAddress = settings.host
        rtp.publicAddress = settings.public_address
        # pjsua takes the pair that begins at the range's end, too; there the next worker's ports begin.
        rtp.port, rtp.portRange = settings.rtp_port or _any_rtp_ports(settings.rtp_ports), settings.rtp_ports - 2
        if settings.register is not None:
            _set_registration(config, settings.register)
        return config

    def _limit_transactions(self) -> None:
        set_timers = _library().pjsip_tsx_set_timers
        set_timers.argtypes = [ctypes.c_uint] * 4
        set_timers(0, 0, 0, _TRANSACTION_MS)


def _set_registration(config: Any, register: Register) -> None:
    host = register.registrar.removeprefix("sip:").removeprefix("sips:").partition(";")[0]
    config.idUri = f"<sip:{register.user}@{host}>"
    config.regConfig.registrarUri = register.registrar
    config.regConfig.timeoutSec = register.expires_s
    config.regConfig.retryIntervalSec = config.regConfig.firstRetryIntervalSec = 5
    config.regConfig.dropCallsOnFail = False
    credentials = pj.AuthCredInfo("digest", "*", register.auth_user, 0, register.password)
    config.sipConfig.authCreds.append(credentials)


def registrar_address(registrar: str) -> str:
    """The IP address that a registrar's calls will come from. ``ConfigError`` if its name is unknown."""
    host = registrar.removeprefix("sip:").removeprefix("sips:").partition(";")[0].partition(":")[0]
    try:
        return str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0])
    except OSError:
        raise ConfigError(f"sip.register.registrar: no address is known for '{host}'; check the name") from None


def _no_listening(host: str, port: int, reason: str | None) -> EnvironmentFault:
    return EnvironmentFault(f"cannot listen for SIP on {host}:{port} ({reason}); check sip.host and sip.port")


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _any_rtp_ports(ports: int) -> int:
    """A block somewhere between the ephemeral ports; pjmedia skips the taken ones in it."""
    return random.randrange(20_000, 32_000 - ports, 2)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(native.__file__)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
