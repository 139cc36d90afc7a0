"""The tokens of Kaldi's binary files (kaldi/src/base/io-funcs.h): numbers after a byte that tells their size, names
followed by a space, vectors and matrices of float32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

BINARY: Final = b"\0B"
"""How every binary file of Kaldi begins."""

Floats = npt.NDArray[np.float32]


def token(name: str) -> bytes:
    """A name in the stream."""
    return name.encode() + b" "


def int32(value: int) -> bytes:
    """A signed number."""
    return b"\x04" + struct.pack("<i", value)


def float32(value: float) -> bytes:
    """A number of four bytes."""
    return b"\x04" + struct.pack("<f", value)


def float64(value: float) -> bytes:
    """A number of eight bytes."""
    return b"\x08" + struct.pack("<d", value)


def int32s(values: Iterable[int]) -> bytes:
    """A vector of integers."""
    data = np.fromiter(values, "<i4")
    return int32(data.size) + data.tobytes()


def vector(values: npt.ArrayLike) -> bytes:
    """A float vector."""
    data = np.asarray(values, "<f4")
    return token("FV") + int32(data.size) + data.tobytes()


def matrix(values: npt.ArrayLike) -> bytes:
    """A float matrix, row by row."""
    data = np.ascontiguousarray(values, "<f4")
    return token("FM") + int32(data.shape[0]) + int32(data.shape[1]) + data.tobytes()
