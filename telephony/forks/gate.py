"""Who may connect at all: strangers are closed the moment they are accepted, without a byte, before TLS."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import Any, Final

from core.errors import EnvironmentFault, PortTaken

BACKLOG: Final = 128


class Gate(socket.socket):
    """A listening socket for ``loop.create_server(sock=...)`` that lets in whom ``admits`` admits."""

    admits: Callable[[str], bool]

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection; ``ConnectionAbortedError``, which asyncio passes over, for one that may not be."""
        connection, address = super().accept()
        if self.admits(address[0]):
            return connection, address
        connection.close()
        raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))


def listen(host: str, port: int, key: str, admits: Callable[[str], bool]) -> Gate:
    """A bound socket. ``PortTaken`` and ``EnvironmentFault`` name the setting ``key``."""
    gate = Gate(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    gate.admits = admits
    try:
        gate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        gate.bind((host, port))
        gate.listen(BACKLOG)
    except OSError as fault:
        gate.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken(f"tcp {host}:{port} is taken: stop who holds it, or set {key}") from fault
        raise EnvironmentFault(f"can't listen on {host}:{port} ({fault.strerror}): check forks.host") from fault
    gate.setblocking(False)
    return gate


def address_of(listening: socket.socket) -> str:
    """'host:port' of a bound socket."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
