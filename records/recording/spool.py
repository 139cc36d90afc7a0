"""The spool: what is recorded while a call runs, encrypted from the first frame on, appended as it comes.

A file header with the wrapped data key, then entries, each sealed for its place. Nothing marks an end: whatever a
killed node or a full disk has left is read up to the first entry that is not whole.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from core.errors import BadInput
from core.events import Speaker
from core.store.recordings import SilenceCause, StartCause
from records.recording.sealed_stream import PREFIX_BYTES, TAG_BYTES, Stream

MAGIC: Final = b"MINWONS1"
SUFFIX: Final = ".spool"
_LONGEST: Final = 1 << 20
"""Bytes of an entry; a longer one is a broken file."""
_LENGTH: Final = struct.Struct(">I")


class SpoolHead(msgspec.Struct, frozen=True, kw_only=True):
    """Whose spool it is; in clear."""

    recording_id: str
    call_id: str
    began: datetime
    """When the call began, the zero of all slots."""
    why: StartCause
    """What started it."""
    by: str
    """Who started it, '' = a rule."""
    wrapped_key: bytes
    """The data key, sealed by a master key."""
    prefix: bytes
    """Of the nonces."""


class Sound(msgspec.Struct, frozen=True, tag="s"):
    """A piece of one leg without gaps."""

    speaker: Speaker
    slot: int
    """Number of its first frame: audio time / 20 ms."""
    pcm: bytes
    """8 kHz, mono, s16le."""


class Quiet(msgspec.Struct, frozen=True, tag="q"):
    """Both legs shall be silent there; most of it was not even kept."""

    why: SilenceCause
    start: int
    """Slot."""
    end: int
    """Slot."""


class Broken(msgspec.Struct, frozen=True, tag="b"):
    """It was stopped before the call was over."""

    reason: str


Entry = Sound | Quiet | Broken


def new_head(
    *, recording_id: str, call_id: str, began: datetime, why: StartCause, by: str, wrapped_key: bytes
) -> SpoolHead:
    """With a prefix of its own."""
    return SpoolHead(
        recording_id=recording_id,
        call_id=call_id,
        began=began,
        why=why,
        by=by,
        wrapped_key=wrapped_key,
        prefix=os.urandom(PREFIX_BYTES),
    )


class SpoolWriter:
    """Appends; used by the writer's thread alone. Raises ``OSError``."""

    def __init__(self, path: Path, head: SpoolHead, key: bytes) -> None:
        body = msgspec.msgpack.encode(head)
        start = MAGIC + _LENGTH.pack(len(body)) + body
        # Unbuffered: what was written is in the kernel's hands and outlives a killed node.
        self._file = path.open("xb", buffering=0)
        os.fchmod(self._file.fileno(), 0o600)
        self._stream = Stream(key, head.prefix, start)
        self._number = 0
        self._whole = 0
        self._write(start)

    def put(self, entry: Entry) -> None:
        """One more."""
        sealed = self._stream.seal(self._number, msgspec.msgpack.encode(entry), last=False)
        self._number += 1
        self._write(_LENGTH.pack(len(sealed)) + sealed)

    def close(self) -> None:
        """No more comes."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        """All of it or nothing: a piece of an entry on a full disk is taken back, so that a later one may follow."""
        try:
            written = self._file.write(data)
            while written < len(data):
                written += self._file.write(data[written:])
        except OSError:
            self._file.truncate(self._whole)
            self._file.seek(self._whole)
            raise
        self._whole += len(data)


def read_spool_head(path: Path) -> SpoolHead:
    """``BadInput`` for what is no spool."""
    with path.open("rb") as file:
        return _head(file)[0]


def read_spool(path: Path, unwrap: Callable[[SpoolHead], bytes]) -> Iterator[Entry]:
    """Its entries in the order in which they were put, up to the first that is not whole or not the one that was put.

    ``unwrap`` gives the data key back. ``BadInput`` for what is no spool.
    """
    with path.open("rb") as file:
        head, start = _head(file)
        stream = Stream(unwrap(head), head.prefix, start)
        number = 0
        while len(length := file.read(_LENGTH.size)) == _LENGTH.size:
            (size,) = _LENGTH.unpack(length)
            sealed = file.read(size) if TAG_BYTES <= size <= _LONGEST else b""
            # No number is used twice, so the one that a full disk has not taken is missing.
            for after in (number + 1, number + 2):
                try:
                    plain = stream.open(after - 1, sealed, last=False)
                    break
                except BadInput:
                    continue
            else:
                return
            yield msgspec.msgpack.decode(plain, type=Entry)
            number = after


def _head(file: BinaryIO) -> tuple[SpoolHead, bytes]:
    start = file.read(len(MAGIC) + _LENGTH.size)
    body = b""
    if start.startswith(MAGIC) and len(start) == len(MAGIC) + _LENGTH.size:
        body = file.read(min(_LENGTH.unpack(start[len(MAGIC) :])[0], _LONGEST))
    try:
        return msgspec.msgpack.decode(body, type=SpoolHead), start + body
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("this is no spool of a recording", code="sealed") from None
