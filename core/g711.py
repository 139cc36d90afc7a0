"""G.711, both laws, as tables (ITU-T G.711, tables 1a and 2a): one byte is one sample of 8 kHz."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
Law = Literal["ulaw", "alaw"]

_CODES: Final = np.arange(256)
_BIAS: Final = 0x84
"""mu-law's offset of 33 at 14 bits, here at 16."""
_ALTERNATE_BITS: Final = 0x55
_SIGN: Final = 0x80


def _ulaw_levels() -> Samples:
    inverted = ~_CODES & 0xFF
    segment, step = inverted >> 4 & 0x07, inverted & 0x0F
    level = (((step << 3) + _BIAS) << segment) - _BIAS
    return np.where(inverted & _SIGN, -level, level).astype(np.int16)


def _alaw_levels() -> Samples:
    plain = _CODES ^ _ALTERNATE_BITS
    segment, step = plain >> 4 & 0x07, plain & 0x0F
    level = np.where(segment == 0, (step << 4) + 8, ((step << 4) + 0x108) << np.maximum(segment - 1, 0))
    return np.where(plain & _SIGN, level, -level).astype(np.int16)


_LEVELS: Final[dict[Law, Samples]] = {"ulaw": _ulaw_levels(), "alaw": _alaw_levels()}
"""What each code means, at 16 bits."""


def _codes_by_level(law: Law) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Codes in the order of their levels, and the edges between them."""
    order = np.argsort(_LEVELS[law], kind="stable")
    levels = _LEVELS[law][order].astype(np.int32)
    return order.astype(np.uint8), (levels[:-1] + levels[1:] + 1) // 2


_NEAREST: Final = {law: _codes_by_level(law) for law in _LEVELS}


def decode(law: Law, data: bytes) -> Samples:
    """The samples that these bytes stand for."""
    return _LEVELS[law][np.frombuffer(data, np.uint8)]


def encode(law: Law, samples: Samples) -> bytes:
    """The code that is nearest to each sample."""
    codes, edges = _NEAREST[law]
    return codes[np.searchsorted(edges, samples.astype(np.int32), side="right")].tobytes()


def round_trip(samples: Samples, law: Law = "alaw") -> Samples:
    """The samples as the other side of a telephone line hears them."""
    return decode(law, encode(law, samples))
