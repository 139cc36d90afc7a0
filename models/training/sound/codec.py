"""Speech codecs as round trips of 8 kHz audio: G.711 always, mobile ones where their Debian libraries are installed.

AMR narrow band (3GPP TS 26.071) is what a mobile telephone sounds like in a landline network, at eight bit rates:
``libopencore-amrnb0``. GSM full rate (ETSI EN 300 961) is older and cheap: ``libgsm1``. Both are loaded by ctypes; what
is not there is left out.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, partial
from typing import Final

import numpy as np
import numpy.typing as npt

from core import g711
from models.training.sound.packets import PACKET, Samples

Lost = npt.NDArray[np.bool_]
RoundTrip = Callable[[Samples, Lost], Samples]
"""(samples, which packets of 20 ms get lost) -> what is heard. A codec that conceals losses by itself does so."""

_AMR_MODES: Final = range(8)
"""4.75 to 12.2 kbit/s."""
_AMR_DELAY: Final = 40
"""Samples that its encoder looks ahead: taken off again, for the labels' sake."""
_GSM_BYTES: Final = 33
_NO_DATA: Final = 0x7C
"""An AMR frame of type 15, quality bit set: nothing came."""


def mobile() -> dict[str, RoundTrip]:
    """The mobile codecs of this machine by name: 'amr-0' (4.75 kbit/s) .. 'amr-7' (12.2 kbit/s), 'gsm'."""
    found: dict[str, RoundTrip] = {}
    if _library("libopencore-amrnb.so.0") is not None:
        found |= {f"amr-{mode}": partial(amr, mode=mode) for mode in _AMR_MODES}
    if _library("libgsm.so.1") is not None:
        found["gsm"] = gsm
    return found


def missing() -> tuple[str, ...]:
    """Debian packages that would add a codec."""
    wanted = {"libopencore-amrnb0": "libopencore-amrnb.so.0", "libgsm1": "libgsm.so.1"}
    return tuple(package for package, name in wanted.items() if _library(name) is None)


def pcmu(samples: Samples) -> Samples:
    """G.711 mu-law."""
    return g711.round_trip(samples, "ulaw")


def pcma(samples: Samples) -> Samples:
    """G.711 A-law."""
    return g711.round_trip(samples, "alaw")


def amr(samples: Samples, lost: Lost, *, mode: int) -> Samples:
    """AMR narrow band; a lost frame is concealed by its own decoder (3GPP TS 26.091)."""
    library = _library("libopencore-amrnb.so.0")
    assert library is not None
    encoder = ctypes.c_void_p(library.Encoder_Interface_init(0))
    decoder = ctypes.c_void_p(library.Decoder_Interface_init())
    frames = _framed(samples, _AMR_DELAY)
    heard = np.zeros_like(frames)
    packed = ctypes.create_string_buffer(64)
    nothing = ctypes.create_string_buffer(bytes([_NO_DATA]), 64)
    try:
        for at, frame in enumerate(frames):
            library.Encoder_Interface_Encode(encoder, mode, frame.ctypes.data_as(_SHORTS), packed, 0)
            gone = at < len(lost) and bool(lost[at])
            data = nothing if gone else packed
            library.Decoder_Interface_Decode(decoder, data, heard[at].ctypes.data_as(_SHORTS), int(gone))
    finally:
        library.Encoder_Interface_exit(encoder)
        library.Decoder_Interface_exit(decoder)
    return heard.reshape(-1)[_AMR_DELAY : _AMR_DELAY + len(samples)]


def gsm(samples: Samples, lost: Lost) -> Samples:
    """GSM full rate; in place of a lost frame the one before is decoded again (GSM 06.11)."""
    library = _library("libgsm.so.1")
    assert library is not None
    encoder, decoder = ctypes.c_void_p(library.gsm_create()), ctypes.c_void_p(library.gsm_create())
    frames = _framed(samples, 0)
    heard = np.zeros_like(frames)
    packed, fresh = (ctypes.create_string_buffer(_GSM_BYTES) for _ in range(2))
    try:
        for at, frame in enumerate(frames):
            library.gsm_encode(encoder, frame.ctypes.data_as(_SHORTS), fresh)
            if at == 0 or not (at < len(lost) and lost[at]):
                packed.raw = fresh.raw
            library.gsm_decode(decoder, packed, heard[at].ctypes.data_as(_SHORTS))
    finally:
        library.gsm_destroy(encoder)
        library.gsm_destroy(decoder)
    return heard.reshape(-1)[: len(samples)]


_SHORTS = ctypes.POINTER(ctypes.c_short)


def _framed(samples: Samples, spare: int) -> npt.NDArray[np.int16]:
    """(frames, 160), ``spare`` samples of silence at least behind the last one."""
    count = -(-(len(samples) + spare) // PACKET)
    return np.pad(samples, (0, count * PACKET - len(samples))).reshape(count, PACKET)


@cache
def _library(name: str) -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    for create in ("Encoder_Interface_init", "Decoder_Interface_init", "gsm_create"):
        if hasattr(library, create):
            getattr(library, create).restype = ctypes.c_void_p
    return library
