"""A module of pjsip written with ctypes: the door's and the trace's, and what both must know of a received message.

The sizes are those of pjproject 2.9 to 2.17 on 64 bit; whoever relies on them measures first whether they hold.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

Hook = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)

PACKET = 320
"""Where the packet buffer begins in ``pjsip_rx_data``."""
PACKET_SIZES = (2000, 4000, 6000, 8000, 16000, 32000, 64000)
"""Values of PJSIP_MAX_PKT_LEN that are looked for; 4000 is pjproject's own."""
AFTER_PACKET = 16
"""Between packet buffer and source address: ``zero`` and ``len``."""
MSG_BUF = 88
MSG_LEN = 96
"""Behind the source address: where the message's text begins, and its length."""
LONGEST = 65_536


class Module(ctypes.Structure):
    """``struct pjsip_module`` (pjsip/sip_module.h). A hook that is not given is NULL."""

    _fields_: ClassVar[Any] = [
        ("prev", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("name_length", ctypes.c_ssize_t),
        ("id", ctypes.c_int),
        ("priority", ctypes.c_int),
        ("life", ctypes.c_void_p * 4),
        ("on_rx_request", Hook),
        ("on_rx_response", Hook),
        ("on_tx_request", Hook),
        ("on_tx_response", Hook),
        ("on_tsx_state", ctypes.c_void_p),
    ]


def peek(address: int, length: int) -> bytes:
    """Our own memory, without dying where there is none; b'' there."""
    try:
        return os.pread(_memory(), length, address)
    except (OSError, OverflowError):
        return b""


@cache
def _memory() -> int:
    return os.open(Path("/proc/self/mem"), os.O_RDONLY)
