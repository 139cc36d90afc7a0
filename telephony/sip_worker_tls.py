"""SIP over TLS whose certificate can be renewed while calls run.

pjsip reads the files whenever it pleases (at the first connection after a start, at each connection to the outside), so
it gets copies in memory that have been tried: a broken new certificate on the disk never reaches it. For a good one the
copies are exchanged and the listener is started anew; connections that stand keep what they have.
"""

from __future__ import annotations

import ctypes
import os
import socket
from pathlib import Path
from typing import Any, ClassVar

import pjsua2 as pj

from core.certificate import examine
from core.errors import ConfigError, EnvironmentFault
from telephony.sip_worker_door import UNKNOWN_LAYOUT
from telephony.sip_worker_module import peek
from telephony.wire import Tls

LOOK_EVERY_S = 1.0
_HANDSHAKE_MS = 10_000
"""Who has not finished by then holds a socket for nothing."""
_TLS_1_2, _TLS_1_3 = 1 << 4, 1 << 5  # PJ_SSL_SOCK_PROTO_TLS1_2, _TLS1_3
_NAME = 16
"""Where the name of a ``pjsip_tpfactory`` lies: behind its links."""
_SEARCHED = 1024
"""Bytes of ``pjsip_tpmgr`` in which the list of listeners begins."""


class Credentials:
    """Certificate, key and authorities as pjsip may read them. ``ConfigError`` where they can't be used."""

    def __init__(self, tls: Tls) -> None:
        self._tls = tls
        self._files = (tls.certificate_file, tls.key_file, tls.ca_file)
        self._used = self._looked = self._marks()
        examine(*self._files)
        self._copies = [os.memfd_create("tls", os.MFD_CLOEXEC) for _ in self._files]
        self._copy()

    def refresh(self) -> bool:
        """Whether new ones are in force. Those that can't be used: ``ConfigError``, once, and the old ones stay.

        Files are replaced one after the other: they are taken when two looks saw the same.
        """
        marks, before = self._marks(), self._looked
        self._looked = marks
        if marks == self._used or marks != before:
            return False
        self._used = marks
        if examine(*self._files).state != "valid":
            raise ConfigError(f"the new certificate {self._tls.certificate_file} is expired, or not valid yet")
        self._copy()
        return True

    def config(self) -> Any:
        """For pjsip: TLS 1.2 or newer; the peers' certificates are checked where authorities are named."""
        config = pj.TlsConfig()
        certificate, key, authorities = (f"/proc/self/fd/{copy}" for copy in self._copies)
        config.certFile, config.privKeyFile = certificate, key
        config.CaListFile = authorities if self._tls.ca_file else ""
        config.method = pj.PJSIP_TLSV1_2_METHOD
        config.proto = _TLS_1_2 | _TLS_1_3
        config.verifyServer = bool(self._tls.ca_file)
        config.verifyClient = config.requireClientCert = self._tls.client_certificates
        config.msecTimeout = _HANDSHAKE_MS
        config.enableRenegotiation = False
        return config

    def _copy(self) -> None:
        for copy, name in zip(self._copies, self._files, strict=True):
            content = Path(name).read_bytes() if name else b""
            os.ftruncate(copy, 0)
            os.pwrite(copy, content, 0)

    def _marks(self) -> tuple[tuple[int, int, int], ...]:
        """By which a change of the files is seen."""
        marks = []
        for name in filter(None, self._files):
            try:
                facts = Path(name).stat()
                marks.append((facts.st_mtime_ns, facts.st_size, facts.st_ino))
            except OSError:
                marks.append((0, 0, 0))
        return tuple(marks)


class _HostPort(ctypes.Structure):
    """``pjsip_host_port``."""

    _fields_: ClassVar[Any] = [("host", ctypes.c_char_p), ("length", ctypes.c_ssize_t), ("port", ctypes.c_int)]


class TlsListener:
    """pjsip's listener, found where its manager keeps it: pjsua2 2.15 can't start it anew."""

    def __init__(self, library: ctypes.CDLL, host: str, port: int, public_address: str) -> None:
        library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
        library.pjsip_endpt_get_tpmgr.restype = ctypes.c_void_p
        library.pjsip_endpt_get_tpmgr.argtypes = [ctypes.c_void_p]
        manager = library.pjsip_endpt_get_tpmgr(library.pjsua_get_pjsip_endpt())
        self._restart: Any = library.pjsip_tls_transport_restart
        self._restart.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        self._factory = _listener_in(manager)
        # sockaddr_in, in the room of a pj_sockaddr
        self._local = (
            socket.AF_INET.to_bytes(2, "little") + port.to_bytes(2, "big") + socket.inet_aton(host) + bytes(20)
        )
        public = public_address.encode()
        self._name = _HostPort(public, len(public), 0) if public else None

    def restart(self) -> None:
        """Listen with the new files. ``EnvironmentFault`` if pjsip can't; there is no listener then."""
        name = ctypes.addressof(self._name) if self._name is not None else None
        status = self._restart(self._factory, self._local, name)
        if status:
            raise EnvironmentFault(f"pjsip does not listen for TLS any more (status {status}): restart the node")


def _listener_in(manager: int) -> int:
    head = peek(manager, _SEARCHED)
    for at in range(0, len(head) - 7, 8):
        candidate = int.from_bytes(head[at : at + 8], "little")
        if candidate and peek(candidate + _NAME, 6) == b"tlstp:":
            return candidate
    raise EnvironmentFault(UNKNOWN_LAYOUT)
