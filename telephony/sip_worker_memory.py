"""Reaches below pjsua2's Python face, each with its reason. Only for SIP worker processes.

- Frames: ``bytes(frame.buf)`` walks a SWIG vector item by item (147 us for 20 ms of audio) on the thread that carries
  the voices; copying the vector's memory takes 1.3 us.
- Dead calls: pjsua reuses call slots. A ``Call`` object whose call is over "comes to life" when its slot is taken
  again, and deleting it then hangs up the new caller. Writing -1 (``PJSUA_INVALID_ID``) over its slot disarms it.
- Re-ordered packets: pjsua2 copies the number of lost ones into that field (``RtcpStreamStat::fromPj``, 2.15 and 2.17).
- Threads of C: each callback on one makes a Python thread state, and throws it away with its stack's memory (mmap,
  munmap). At 10,000 callbacks a second that was a third of all CPU; a thread that is kept known costs nothing.
- The log: ``libCreate`` already writes at full volume, before any configuration can tell it not to.
"""

from __future__ import annotations

import ctypes
import importlib
import struct
from threading import get_ident
from typing import Any, cast

import pjsua2

from telephony.sip_build import Kind

native: Any = importlib.import_module("pjsua2._pjsua2" if hasattr(pjsua2, "__path__") else "_pjsua2")

_library = ctypes.CDLL(native.__file__)
_SOON = 100
"""Packets that may come between two looks."""
_CALL_ID_OFFSET = 16
"""Where ``int id`` lies in a C++ ``pj::Call`` seen from its SWIG director: behind two pointers."""


def loaded_kind() -> Kind:
    """Which build this process has: the wheel is a package, our own a single module."""
    return "wheel" if hasattr(pjsua2, "__path__") else "tuned"


def frame_bytes(frame: Any) -> bytes:
    """A copy of a ``MediaFrame``'s samples; b'' where nothing came."""
    if not frame.size:
        return b""
    vector = int(native.MediaFrame_buf_get(frame).this)
    return ctypes.string_at(cast("int", ctypes.c_void_p.from_address(vector).value), frame.size)


def fill_frame(frame: Any, pcm: bytes) -> None:
    """Write samples into a ``MediaFrame`` that was asked for."""
    vector = native.MediaFrame_buf_get(frame)
    vector.resize(len(pcm))
    ctypes.memmove(cast("int", ctypes.c_void_p.from_address(int(vector.this)).value), pcm, len(pcm))
    frame.type = pjsua2.PJMEDIA_FRAME_TYPE_AUDIO
    frame.size = len(pcm)


_STATISTICS = ctypes.create_string_buffer(16384)
"""Room for a ``pjsua_stream_stat``: two streams' counters, then more that differs between builds."""
_CAME = struct.Struct("=6I")
_CAME_OFFSET = 156
"""Where pkt, bytes, discard, loss, reorder, dup of the received stream lie: behind ``start`` (16 bytes), the sent
stream's counters (120) and the received one's ``update`` and ``update_cnt`` (20)."""


def reordered(call_id: int, media: int, packets: int) -> int:
    """Packets that came out of order on a call's stream; ``packets`` = those that came, to see that the layout is what
    we believe; 0 where it is not."""
    if _library.pjsua_call_get_stream_stat(call_id, media, _STATISTICS):
        return 0
    counted, _, _, _, out_of_order, _ = _CAME.unpack_from(_STATISTICS, _CAME_OFFSET)
    return int(out_of_order) if 0 <= counted - packets <= _SOON else 0


_known: set[int] = set()


def keep_thread_known() -> None:
    """Call in a callback: Python remembers this thread of C from now on. Cheap when it does already."""
    if get_ident() not in _known:
        _known.add(get_ident())
        ctypes.pythonapi.PyGILState_Ensure()  # never released: the state's counter does not come to 0 any more


def call_slot(call: Any) -> ctypes.c_int:
    """The slot number inside a ``pj.Call``. Equals ``call.getId()`` as long as the layout is what we believe."""
    return ctypes.c_int.from_address(int(call.this) + _CALL_ID_OFFSET)


def disarm(call: Any) -> None:
    """Make a ``pj.Call`` whose call is over harmless, once and for all."""
    call_slot(call).value = -1


def quieten() -> None:
    """Errors only, from the first line on. Call before ``Endpoint.libCreate``."""
    _library.pj_log_set_level(1)
