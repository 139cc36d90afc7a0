"""The outermost structure of protobuf messages, without the protobuf package: enough to read what a model file says of
itself. Format: https://protobuf.dev/programming-guides/encoding/."""

from __future__ import annotations

import mmap
from collections.abc import Iterator


class NoMessage(Exception):
    """The bytes are no message, or cut off."""


def fields(data: bytes | mmap.mmap, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of the content of every field of the message in ``data[at:end]``. Raises ``NoMessage``."""
    while at < end:
        key, at = _varint(data, at, end)
        start = at
        match key & 7:
            case 0:  # varint
                _, at = _varint(data, at, end)
            case 1:
                at += 8
            case 2:  # bytes, text, a message
                size, start = _varint(data, at, end)
                at = start + size
            case 5:
                at += 4
            case _:
                raise NoMessage
        if at > end:
            raise NoMessage
        yield key >> 3, start, at


def _varint(data: bytes | mmap.mmap, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
    raise NoMessage
