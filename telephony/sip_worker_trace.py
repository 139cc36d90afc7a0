"""Reads along: a pjsip module, written with ctypes, that copies every SIP message as it goes over the wire.

It is in the stack only while somebody watches, so that it costs nothing else. It stands before the transport layer
(priority 8): what comes in is seen before anything else touches it, what goes out after it was printed.

Where a message's text lies in ``pjsip_rx_data`` and ``pjsip_tx_data`` depends on build options. The places are found
at the first message of each kind, by what must be there, and checked again with every message: a build with another
layout gives no trace and no crash.
"""

from __future__ import annotations

import ctypes
import re
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from core.errors import EnvironmentFault
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

LIMIT = 500
"""Messages that may wait to be fetched; the oldest is dropped and counted."""
_PRIORITY = 6
"""Before the transport layer (8) and pjsua's own logger (7); of what is sent it is told last."""
_START = re.compile(rb"(?:SIP/2\.0 [1-6][0-9]{2}|[A-Z]{3,10} [a-z]+:)")

# pjsip_tx_data: `buf` is three pointers (start, cur, end), the destination an address with its text behind it.
_TX_SEARCHED = 2048
_POINTER = 8
_NAME_AFTER_ADDRESS = 32
"""``dst_addr`` (28 bytes), ``dst_addr_len`` (4), then ``dst_name``."""


class Seen(msgspec.Struct, frozen=True):
    """A message as it was on the wire."""

    at: float
    """Seconds since 1970."""
    sent: bool
    peer: str
    """host:port of the other side; '' = unknown."""
    text: bytes


class Trace:
    """Off at first. Used on the SIP thread only, and not from inside a callback of pjsip."""

    def __init__(self, native: Any) -> None:
        self._library = ctypes.CDLL(native.__file__)
        self._library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
        for name in ("pjsip_endpt_register_module", "pjsip_endpt_unregister_module"):
            getattr(self._library, name).argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self._seen: deque[Seen] = deque()
        self._received, self._sent = _Received(), _Sent()
        heard, said = Hook(self._heard), Hook(self._said)
        self._module = Module(
            name=b"mod-minwon-trace",
            name_length=16,
            id=-1,
            priority=_PRIORITY,
            on_rx_request=heard,
            on_rx_response=heard,
            on_tx_request=said,
            on_tx_response=said,
        )
        self._on = False
        self.dropped = 0
        """Messages that nobody fetched in time, or that could not be read."""

    def switch(self, on: bool) -> None:
        """Begin or end. ``EnvironmentFault`` if pjsip does not take the module."""
        if on == self._on:
            return
        endpoint, module = self._library.pjsua_get_pjsip_endpt(), ctypes.addressof(self._module)
        if on and self._library.pjsip_endpt_register_module(endpoint, module):
            raise EnvironmentFault("pjsip refuses the module that reads along; use the pjsua2 version of setup.cfg")
        if not on:
            self._library.pjsip_endpt_unregister_module(endpoint, module)
            self._seen.clear()
        self._on = on

    def fetch(self, most: int = LIMIT) -> list[Seen]:
        """What was seen since the last time, oldest first, at most so many."""
        return [self._seen.popleft() for _ in range(min(most, len(self._seen)))]

    def _heard(self, rdata: int) -> int:
        return self._keep(False, lambda: self._received.read(rdata))

    def _said(self, tdata: int) -> int:
        return self._keep(True, lambda: self._sent.read(tdata))

    def _keep(self, sent: bool, read: Callable[[], tuple[bytes, str]]) -> int:
        try:
            text, peer = read()
            if not text or len(self._seen) >= LIMIT:
                self.dropped += 1
            if text:
                while len(self._seen) >= LIMIT:
                    self._seen.popleft()
                self._seen.append(Seen(time.time(), sent, peer, text))
        except Exception:  # nothing may go back to C, and a call matters more than a look at it
            self.dropped += 1
        return 0


class _Received:
    """Reads ``pjsip_rx_data``."""

    def __init__(self) -> None:
        self._address = 0
        """Offset of the source address; 0 = not found yet."""

    def read(self, rdata: int) -> tuple[bytes, str]:
        """Text and source; b'' where the layout is unknown."""
        for offset in (self._address,) if self._address else _offsets():
            text = self._text(rdata, offset)
            if text:
                self._address = offset
                return text, _host_port(peek(rdata + offset, 28))
        return b"", ""

    @staticmethod
    def _text(rdata: int, offset: int) -> bytes:
        place = peek(rdata + offset + MSG_BUF, MSG_LEN - MSG_BUF + 4)
        start = int.from_bytes(place[:_POINTER], "little")
        length = int.from_bytes(place[_POINTER:], "little")
        inside = rdata + PACKET <= start < rdata + offset
        return _message(start, length) if inside and 0 < length <= LONGEST else b""


class _Sent:
    """Reads ``pjsip_tx_data``."""

    def __init__(self) -> None:
        self._buffer = 0
        """Offset of ``buf``; 0 = not found yet."""
        self._address = 0

    def read(self, tdata: int) -> tuple[bytes, str]:
        """Text and destination; b'' where the layout is unknown."""
        memory = peek(tdata, _TX_SEARCHED)
        places = (self._buffer,) if self._buffer else range(_POINTER, len(memory) - 3 * _POINTER, _POINTER)
        for offset in places:
            text = _printed(memory, offset)
            if text:
                self._buffer = offset
                return text, self._peer(memory)
        return b"", ""

    def _peer(self, memory: bytes) -> str:
        last = len(memory) - _NAME_AFTER_ADDRESS - 46
        for offset in (self._address,) if self._address else range(self._buffer + 3 * _POINTER, last, 4):
            address = _host_port(memory[offset : offset + 28])
            name = memory[offset + _NAME_AFTER_ADDRESS : offset + _NAME_AFTER_ADDRESS + 46].partition(b"\0")[0]
            if address and name and address.rpartition(":")[0].strip("[]").encode() == name:
                self._address = offset
                return address
        return ""


def _offsets() -> tuple[int, ...]:
    return tuple(PACKET + size + AFTER_PACKET for size in PACKET_SIZES)


def _printed(memory: bytes, offset: int) -> bytes:
    """The text of ``pjsip_buffer`` at this place of a tx_data, b'' if there is none."""
    start, now, end = (
        int.from_bytes(memory[at : at + _POINTER], "little") for at in range(offset, offset + 3 * _POINTER, _POINTER)
    )
    return _message(start, now - start) if 0 < start < now <= end and end - start <= LONGEST else b""


def _message(start: int, length: int) -> bytes:
    text = peek(start, length)
    return text if _START.match(text) else b""


def _host_port(address: bytes) -> str:
    """``pj_sockaddr`` in words; '' if it is none."""
    family = int.from_bytes(address[:2], "little")
    port = int.from_bytes(address[2:4], "big")
    if family == socket.AF_INET and len(address) >= 8:
        return f"{socket.inet_ntop(socket.AF_INET, address[4:8])}:{port}"
    if family == socket.AF_INET6 and len(address) >= 24:
        return f"[{socket.inet_ntop(socket.AF_INET6, address[8:24])}]:{port}"
    return ""
