"""Reaches below pjsua2's Python face, each with its reason. Only for SIP worker processes.

- Frames: ``bytes(frame.buf)`` walks a SWIG vector item by item (147 us for 20 ms of audio) on the thread that carries
  the voices; copying the vector's memory takes 1.3 us.
- Dead calls: pjsua reuses call slots. A ``Call`` object whose call is over "comes to life" when its slot is taken
  again, and deleting it then hangs up the new caller. Writing -1 (``PJSUA_INVALID_ID``) over its slot disarms it.
- The log: ``libCreate`` already writes at full volume, before any configuration can tell it not to.
"""

from __future__ import annotations

import ctypes
import importlib
from typing import Any, cast

import pjsua2

from telephony.sip_build import Kind

native: Any = importlib.import_module("pjsua2._pjsua2" if hasattr(pjsua2, "__path__") else "_pjsua2")

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


def call_slot(call: Any) -> ctypes.c_int:
    """The slot number inside a ``pj.Call``. Equals ``call.getId()`` as long as the layout is what we believe."""
    return ctypes.c_int.from_address(int(call.this) + _CALL_ID_OFFSET)


def disarm(call: Any) -> None:
    """Make a ``pj.Call`` whose call is over harmless, once and for all."""
    call_slot(call).value = -1


def quieten() -> None:
    """Errors only, from the first line on. Call before ``Endpoint.libCreate``."""
    ctypes.CDLL(native.__file__).pj_log_set_level(1)
