"""Where a message lies in pjsip's structures, read out of memory that we lay out ourselves. (The real thing, on both
builds: tests/sip/test_watching.py.)"""

from __future__ import annotations

import ctypes
import socket
import struct
from collections import deque
from functools import partial

import pytest

from telephony.sip_worker_module import PACKET_SIZES
from telephony.sip_worker_trace import LIMIT, Trace, _Received, _Sent

TEXT = b"SIP/2.0 200 OK\r\nCall-ID: a\r\n\r\n"
INVITE = b"INVITE sip:120@m SIP/2.0\r\nCall-ID: a\r\n\r\n"


def address(host: str, port: int) -> bytes:
    return socket.AF_INET.to_bytes(2, "little") + port.to_bytes(2, "big") + socket.inet_aton(host) + bytes(20)


def rdata(packet_size: int, text: bytes, *, start: int | None = None) -> ctypes.Array[ctypes.c_char]:
    """``pjsip_rx_data`` of a build with that packet size."""
    offset = 320 + packet_size + 16
    # As large as the largest build's: that one is looked for too, and what lies behind is whatever was there before.
    memory = ctypes.create_string_buffer(320 + max(PACKET_SIZES) + 16 + 128)
    here = ctypes.addressof(memory)
    memory[320 : 320 + len(text)] = text
    memory[offset : offset + 28] = address("10.0.0.5", 5060)
    struct.pack_into("<Qi", memory, offset + 88, here + 320 if start is None else start, len(text))
    return memory


@pytest.mark.parametrize("packet_size", [4000, 16000])
def test_received(packet_size: int) -> None:
    memory = rdata(packet_size, INVITE)
    received = _Received()
    assert received.read(ctypes.addressof(memory)) == (INVITE, "10.0.0.5:5060")
    assert received.read(ctypes.addressof(memory)) == (INVITE, "10.0.0.5:5060")


@pytest.mark.parametrize("start", [0, 8, 1 << 47])
def test_unknown_layout_gives_nothing(start: int) -> None:
    memory = rdata(4000, INVITE, start=start)
    assert _Received().read(ctypes.addressof(memory)) == (b"", "")


def test_sent() -> None:
    text = ctypes.create_string_buffer(TEXT + bytes(100))
    memory = ctypes.create_string_buffer(3000)
    start = ctypes.addressof(text)
    struct.pack_into("<QQQ", memory, 424, start, start + len(TEXT), start + len(TEXT) + 100)
    memory[1000 : 1000 + 28] = address("10.0.0.30", 5070)
    memory[1032 : 1032 + 9] = b"10.0.0.30"
    sent = _Sent()
    for _ in range(2):
        assert sent.read(ctypes.addressof(memory)) == (TEXT, "10.0.0.30:5070")


def test_nothing_printed_yet() -> None:
    memory = ctypes.create_string_buffer(3000)
    assert _Sent().read(ctypes.addressof(memory)) == (b"", "")


def test_bounded_and_counted() -> None:
    trace = Trace.__new__(Trace)  # without a stack below it
    trace._seen, trace.dropped = deque(), 0
    for number in range(LIMIT + 5):
        trace._keep(True, partial(_read, TEXT, str(number)))
    assert (trace.dropped, trace.fetch(1)[0].peer, len(trace.fetch())) == (5, "5", LIMIT - 1)
    trace._keep(True, partial(_read, b"", ""))
    trace._keep(True, _broken)
    assert (trace.dropped, trace.fetch()) == (7, [])


def _read(text: bytes, peer: str) -> tuple[bytes, str]:
    return text, peer


def _broken() -> tuple[bytes, str]:
    raise ValueError
