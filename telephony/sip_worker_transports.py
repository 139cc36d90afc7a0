"""The SIP ports of a worker: UDP and TCP on one number, TLS on its own."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pjsua2 as pj

from core.errors import EnvironmentFault, PortTaken
from telephony.sip_worker_tls import Credentials
from telephony.wire import Settings

_PJ_ERRNO = 120_000
_ANY_PORT_TRIES = 20
_PLAIN = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP}


class Transports:
    """Bound when made. ``PortTaken`` if somebody has a port."""

    def __init__(self, endpoint: Any, settings: Settings, credentials: Credentials | None) -> None:
        self._endpoint = endpoint
        self._settings = settings
        names = [name for name in settings.transports if name != "tls"]
        self.port = self._bind_plain(names) if names else 0
        """Of UDP and TCP; 0 = neither."""
        self.tls_port = self._bind_tls(credentials) if credentials is not None else 0
        """0 = none."""

    @contextmanager
    def for_probe(self) -> Iterator[tuple[str, int, str]]:
        """A port to which we can send a message to ourselves: host, port, transport."""
        settings = self._settings
        plain = [name for name in settings.transports if name != "tls"]
        if plain:
            yield settings.host, self.port, plain[0]
            return
        port = _free_port("127.0.0.1", socket.SOCK_DGRAM)
        config = self._config(port)
        config.boundAddress, config.publicAddress = "127.0.0.1", ""
        transport = self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, config)
        try:
            yield "127.0.0.1", port, "udp"
        finally:
            self._endpoint.transportClose(transport)

    def _bind_plain(self, names: Sequence[str]) -> int:
        settings = self._settings
        for _ in range(_ANY_PORT_TRIES):
            made: list[int] = []
            port = settings.port
            try:
                port = port or _free_port(settings.host, socket.SOCK_STREAM)
                for name in names:
                    made.append(self._endpoint.transportCreate(_PLAIN[name], self._config(port)))
            except pj.Error as error:
                for transport in made:
                    self._endpoint.transportClose(transport)
                if error.status != _PJ_ERRNO + errno.EADDRINUSE:
                    raise _no_listening(settings.host, port, error.reason) from None
            except OSError as error:
                raise _no_listening(settings.host, port, error.strerror) from None
            else:
                return port
            if settings.port:
                break
        raise _taken(settings.host, settings.port, "sip.port")

    def _bind_tls(self, credentials: Credentials) -> int:
        settings = self._settings
        port = settings.tls.port if settings.tls is not None else 0
        config = self._config(port)
        config.tlsConfig = credentials.config()
        try:
            transport = self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, config)
        except pj.Error as error:
            if error.status == _PJ_ERRNO + errno.EADDRINUSE:
                raise _taken(settings.host, port, "sip.tls.port") from None
            raise _no_listening(settings.host, port, error.reason) from None
        return int(self._endpoint.transportGetInfo(transport).localAddress.rpartition(":")[2])

    def _config(self, port: int) -> Any:
        config = pj.TransportConfig()
        config.port = port
        config.boundAddress = self._settings.host
        config.publicAddress = self._settings.public_address
        return config


def _taken(host: str, port: int, key: str) -> PortTaken:
    return PortTaken(f"port {port} of {host} is taken by another program; set {key} to a free one, or to 0 for any")


def _no_listening(host: str, port: int, reason: str | None) -> EnvironmentFault:
    return EnvironmentFault(f"cannot listen for SIP on {host}:{port} ({reason}); check sip.host and sip.port")


def _free_port(host: str, kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
