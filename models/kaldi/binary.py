"""The tokens of Kaldi's binary files (kaldi/src/base/io-funcs.h): numbers after a byte that tells their size, names
followed by a space, vectors and matrices of float32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import ModelFault

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


class Reader:
    """Takes what the functions above wrote off the front of a file. Every surprise is a ``ModelFault`` that names
    ``what``."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data = data
        self._at = 0
        self._what = what

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        if count < 0 or self._at + count > len(self._data):
            raise self._fault("it ends too early")
        self._at += count
        return self._data[self._at - count : self._at]

    def line(self) -> str:
        """Text up to the end of the line."""
        end = self._data.find(b"\n", self._at)
        if end < 0:
            raise self._fault("it ends too early")
        return (self.take(end + 1 - self._at)[:-1]).decode(errors="replace")

    def token(self) -> str:
        """The next name."""
        end = self._data.find(b" ", self._at)
        if end < 0 or end - self._at > 200:
            raise self._fault("a name was expected")
        return (self.take(end + 1 - self._at)[:-1]).decode(errors="replace")

    def expect(self, *names: str) -> None:
        """The next names must be these."""
        for name in names:
            found = self.token()
            if found != name:
                raise self._fault(f"{name} was expected, not {found[:40]!r}")

    def int32(self) -> int:
        """The next signed number."""
        value: int = struct.unpack("<i", self._sized(4))[0]
        return value

    def float32(self) -> float:
        """The next number of four bytes."""
        value: float = struct.unpack("<f", self._sized(4))[0]
        return value

    def float64(self) -> float:
        """The next number of eight bytes."""
        value: float = struct.unpack("<d", self._sized(8))[0]
        return value

    def int32s(self) -> list[int]:
        """The next vector of integers."""
        return [int(value) for value in np.frombuffer(self.take(4 * self.int32()), "<i4")]

    def vector(self) -> Floats:
        """The next float vector."""
        self.expect("FV")
        return np.frombuffer(self.take(4 * self.int32()), "<f4").astype(np.float32)

    def matrix(self) -> Floats:
        """The next float matrix."""
        self.expect("FM")
        rows, columns = self.int32(), self.int32()
        return np.frombuffer(self.take(4 * rows * columns), "<f4").astype(np.float32).reshape(rows, columns)

    def _sized(self, size: int) -> bytes:
        if self.take(1)[0] != size:
            raise self._fault(f"a number of {size} bytes was expected")
        return self.take(size)

    def _fault(self, why: str) -> ModelFault:
        return ModelFault(f"{self._what} can't be read at byte {self._at}: {why}; it was not written by this product")
