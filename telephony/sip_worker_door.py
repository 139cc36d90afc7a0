"""Puts the door before the stack: a pjsip module, written with ctypes, that sees every message first.

pjsua2 has no such hook: it answers 486 by itself when its slots are full, answers strangers, and some messages abort
it. pjsip calls modules in the order of their priority; ours stands between the transport layer (8) and the
transaction layer (16). All is looked up in the extension itself, so it fits the wheel and a tuned build.

The address and text of a message lie in ``pjsip_rx_data`` behind a packet buffer whose size is a build option, so
their place is measured at start with a message to ourselves. Another layout than expected is refused.
"""

from __future__ import annotations

import ctypes
import socket
import time
from collections.abc import Callable
from typing import Any

from core.errors import EnvironmentFault
from telephony.believable import is_unbelievable
from telephony.door import DROP, PASS, Door, KeyHandler, ReferHandler
from telephony.request import request_from
from telephony.sip_worker_headers import ListedHeaders
from telephony.sip_worker_module import (
    AFTER_PACKET,
    LONGEST,
    MSG_BUF,
    MSG_LEN,
    PACKET,
    PACKET_SIZES,
    Hook,
    Module,
    peek,
)
from telephony.sip_worker_siprec import Smoother

UNKNOWN_LAYOUT = "this pjsua2 has another inner layout than we know; install the version of setup.cfg"
_PRIORITY = 12
_MSG = 104
"""Behind the source address, after the message's text and length: what was made of it."""
_TRANSPORT = 8
"""Where ``pjsip_rx_data`` points to its transport, whose name comes first in it."""
_TRANSPORTS = {b"udp": "udp", b"tcp": "tcp", b"tls": "tls"}
"""By how that name begins: 'udp0x55..', 'tcps0x..', 'tlss0x..'. A Via can lie, a socket cannot."""


class DoorModule:
    """Asks ``Door`` about every request and does what it says. Made after ``libInit``, on the SIP thread."""

    def __init__(self, native: Any, door: Door, pressed: KeyHandler, referred: ReferHandler) -> None:
        library = ctypes.CDLL(native.__file__)
        self._door = door
        self._pressed = pressed
        self._referred = referred
        self._respond: Any = library.pjsip_endpt_respond_stateless
        self._respond.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 3]
        library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
        self._endpoint = library.pjsua_get_pjsip_endpt()
        self._headers = ListedHeaders(library)
        self._smoother = Smoother(library)
        self._address = 0
        """Offset of the source address in ``pjsip_rx_data``; 0 = not measured yet."""
        self._probe = b""
        self._module = Module(
            name=b"mod-minwon-door",
            name_length=15,
            id=-1,
            priority=_PRIORITY,
            on_rx_request=Hook(self._on_request),
            on_rx_response=Hook(self._on_response),
        )
        library.pjsip_endpt_register_module.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        if library.pjsip_endpt_register_module(self._endpoint, ctypes.addressof(self._module)):
            raise EnvironmentFault("pjsip refuses our door module; use the pjsua2 version of setup.cfg")

    def measure(self, host: str, port: int, transport: str, poll: Callable[[int], None]) -> None:
        """Learn the layout from one OPTIONS to ourselves. ``EnvironmentFault`` if this build has another."""
        here = "127.0.0.1" if host == "0.0.0.0" else host
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, kind) as sender:
            sender.bind((here, 0))
            sender.connect((here, port))
            address, own_port = sender.getsockname()
            self._probe = socket.AF_INET.to_bytes(2, "little") + own_port.to_bytes(2, "big") + socket.inet_aton(address)
            via = f"{address}:{own_port}"
            sender.send(
                f"OPTIONS sip:door@{here}:{port} SIP/2.0\r\n"
                f"Via: SIP/2.0/{transport.upper()} {via};branch=z9hG4bKdoor\r\n"
                f"From: <sip:door@{via}>;tag=door\r\nTo: <sip:door@{here}:{port}>\r\nCall-ID: door@{via}\r\n"
                "CSeq: 1 OPTIONS\r\nMax-Forwards: 1\r\nContent-Length: 0\r\n\r\n".encode()
            )
            for _ in range(100):
                poll(20)
                if self._address:
                    return
        raise EnvironmentFault(UNKNOWN_LAYOUT)

    def _on_request(self, rdata: int) -> int:
        if not self._address:
            self._find_address(rdata)
            return 1
        request = request_from(self._message(rdata))
        verdict = self._door.verdict(request, self._source(rdata), _transport(rdata), time.time())
        if verdict.key:
            self._pressed(request.first("call-id"), verdict.key)
        if verdict.referral is not None:
            self._referred(request.first("call-id"), verdict.referral)
        if verdict.status == PASS:
            self._smoother.smooth(self._parsed(rdata), request)
            return 0
        if verdict.status != DROP and request.method != "ACK":
            after = (("Retry-After", str(verdict.retry_after_s)),) if verdict.retry_after_s else ()
            with self._headers.listed(rdata, (*after, *verdict.headers)) as headers:
                self._respond(self._endpoint, rdata, verdict.status, None, headers, None)
        return 1

    def _on_response(self, rdata: int) -> int:
        if self._address and is_unbelievable(request_from(self._message(rdata))):
            self._door.bad_messages += 1
            return 1
        return 0

    def _source(self, rdata: int) -> str:
        address = rdata + self._address
        family = ctypes.c_uint16.from_address(address).value
        if family == socket.AF_INET:
            return socket.inet_ntop(socket.AF_INET, ctypes.string_at(address + 4, 4))
        return socket.inet_ntop(socket.AF_INET6, ctypes.string_at(address + 8, 16))

    def _message(self, rdata: int) -> bytes:
        start = ctypes.c_void_p.from_address(rdata + self._address + MSG_BUF).value
        length = ctypes.c_int.from_address(rdata + self._address + MSG_LEN).value
        return ctypes.string_at(start, length) if start and 0 < length <= LONGEST else b""

    def _parsed(self, rdata: int) -> int:
        """Address of the ``pjsip_msg``."""
        return ctypes.c_void_p.from_address(rdata + self._address + _MSG).value or 0

    def _find_address(self, rdata: int) -> None:
        for size in PACKET_SIZES:
            offset = PACKET + size + AFTER_PACKET
            if peek(rdata + offset, len(self._probe)) == self._probe:
                self._address = offset
                if b"Call-ID: door@" not in self._message(rdata) or not _has_transport(rdata):
                    self._address = 0
                return


def _transport(rdata: int) -> str:
    """'udp', 'tcp' or 'tls'; '' where the name is another."""
    return _TRANSPORTS.get(ctypes.string_at(ctypes.c_void_p.from_address(rdata + _TRANSPORT).value or 0, 3), "")


def _has_transport(rdata: int) -> bool:
    """Whether ``_transport`` would find what it looks for."""
    return peek(int.from_bytes(peek(rdata + _TRANSPORT, 8), "little"), 3) in _TRANSPORTS
