"""Smooths what a recording client sends before the stack reads it: we do what it asks for ourselves.

- ``Require: siprec`` (RFC 7866). The wheel does not know the option and answers 420. The tuned build does,
  but then refuses bodies that are not exactly as it expects, and dies of a re-INVITE whose SDP has a line without label
  (pjproject 2.17, pjsua_media.c: ``label_attr->value`` of no attribute). Without the option both take a recording
  session as the call of several streams that it is.
- A body of metadata alone (RFC 7866 section 9: an update of metadata needs no SDP), which both refuse with 488 or
  415. Without it the request is an UPDATE or re-INVITE without offer, which they answer rightly, session timer and all.

On the SIP thread, in the door's module, between transport and transaction layer. Nothing is touched that does not look
as pjproject 2.15 to 2.17 lay it out.
"""

from __future__ import annotations

import ctypes
from typing import Any, ClassVar

from core.errors import BadInput
from telephony.request import Request
from telephony.siprec.metadata_xml import TYPES
from telephony.siprec.multipart import parts

_MOST = 32
"""PJSIP_GENERIC_ARRAY_MAX_COUNT."""
_BODY = 104
"""Where ``pjsip_msg`` points to its body."""


class _Text(ctypes.Structure):
    """``pj_str_t``."""

    _fields_: ClassVar[Any] = [("at", ctypes.c_void_p), ("length", ctypes.c_ssize_t)]

    def value(self) -> bytes:
        """Its bytes in lower case; b'' for what cannot be a token."""
        return ctypes.string_at(self.at, self.length).lower() if self.at and 0 < self.length < 100 else b""


class _ArrayHeader(ctypes.Structure):
    """``pjsip_generic_array_hdr`` (pjsip/sip_msg.h)."""

    _fields_: ClassVar[Any] = [
        ("prev", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
        ("type", ctypes.c_int),
        ("name", _Text),
        ("short_name", _Text),
        ("methods", ctypes.c_void_p),
        ("count", ctypes.c_uint),
        ("values", _Text * _MOST),
    ]


class Smoother:
    """For the messages of one endpoint."""

    def __init__(self, library: Any) -> None:
        self._find: Any = library.pjsip_msg_find_hdr_by_name
        self._find.restype = ctypes.c_void_p
        self._find.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        self._name = ctypes.create_string_buffer(b"Require")
        self._require = _Text(ctypes.addressof(self._name), 7)

    def smooth(self, message: int, request: Request) -> None:
        """``message``: address of the ``pjsip_msg`` that was parsed from ``request``."""
        if requires_siprec(request):
            self._forget(message, b"siprec")
        if request.in_dialog and request.method in ("INVITE", "UPDATE") and is_metadata_alone(request):
            _take_body_off(message)

    def _forget(self, message: int, option: bytes) -> None:
        """pjsip puts the values of several Require headers into one."""
        found = self._find(message, ctypes.addressof(self._require), None)
        if not found:
            return
        header = _ArrayHeader.from_address(found)
        if header.name.value() != b"require" or not 0 < header.count <= _MOST:
            return
        kept = [(value.at, value.length) for value in header.values[: header.count] if value.value() != option]
        for place, (at, length) in enumerate(kept):
            header.values[place].at, header.values[place].length = at, length
        header.count = len(kept)


def requires_siprec(request: Request) -> bool:
    """Whether the sender insists on a recording session."""
    values = ",".join(request.all("require")).lower()
    return "siprec" in (value.strip() for value in values.split(","))


def is_metadata_alone(request: Request) -> bool:
    """Whether the body is recording metadata without an SDP."""
    if "rs-metadata" not in request.body + request.first("content-type"):
        return False
    try:
        types = {part.type for part in parts(request.first("content-type"), request.body)}
    except BadInput:
        return False
    return bool(types) and "application/sdp" not in types and any(each in types for each in TYPES)


def _take_body_off(message: int) -> None:
    pointer = ctypes.c_void_p.from_address(message + _BODY)
    if pointer.value and _Text.from_address(pointer.value).value() in (b"application", b"multipart"):
        pointer.value = None
