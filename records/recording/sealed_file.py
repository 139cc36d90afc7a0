"""The finished file on disk: a header in clear, then chunks of 64 KiB, sealed (``sealed_stream``).

Any part is read without the rest (:class:`SealedReader`), so that a player may jump. The writer takes what an audio
encoder writes: one that goes back to its header when all is known (FLAC) finds it, for the first chunk is sealed last.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import BinaryIO, Final, Self

import msgspec

from core.errors import BadInput
from records.recording.sealed_stream import PREFIX_BYTES, TAG_BYTES, Stream

MAGIC: Final = b"MINWONR1"
CHUNK: Final = 64 * 1024
_SEALED: Final = CHUNK + TAG_BYTES
_LENGTH_BYTES: Final = 2


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself in clear, authenticated with every chunk."""

    recording_id: str
    """Whose file it is."""
    content: str
    """Media type of what is inside: 'audio/ogg; codecs=opus'."""
    prefix: bytes
    """Of the nonces."""


def head_of(recording_id: str, content: str) -> tuple[Header, bytes]:
    """A new header, and as it stands in the file."""
    header = Header(recording_id=recording_id, content=content, prefix=os.urandom(PREFIX_BYTES))
    body = msgspec.msgpack.encode(header)
    return header, MAGIC + len(body).to_bytes(_LENGTH_BYTES, "big") + body


def read_head(file: BinaryIO) -> tuple[Header, bytes]:
    """The header at the beginning of a file. ``BadInput`` for what is none."""
    start = file.read(len(MAGIC) + _LENGTH_BYTES)
    body = file.read(int.from_bytes(start[len(MAGIC) :], "big")) if start.startswith(MAGIC) else b""
    try:
        return msgspec.msgpack.decode(body, type=Header), start + body
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("this is no recording of minwon", code="sealed") from None


class SealedWriter:
    """A file-like object for an encoder; ``close`` seals the rest. Not closed, the file is no recording."""

    def __init__(self, path: Path, key: bytes, recording_id: str, content: str) -> None:
        self._file = path.open("wb")
        os.fchmod(self._file.fileno(), 0o600)
        header, head = head_of(recording_id, content)
        self._stream = Stream(key, header.prefix, head)
        self._file.write(head)
        self._begin = len(head)
        self._first = bytearray()
        self._tail = bytearray()
        """Of the chunk that is being filled, when it is not the first."""
        self._chunks = 0
        """Sealed behind the first."""
        self._size = 0
        self._at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, fault: type[BaseException] | None, *exc: object) -> None:
        if fault is None:
            self.close()
        else:
            self._file.close()

    def write(self, data: bytes) -> int:
        """At the end, or within the first chunk."""
        data = bytes(data)
        count = len(data)
        if self._at < min(self._size, CHUNK):
            over = data[: CHUNK - self._at]
            self._first[self._at : self._at + len(over)] = over
            self._at += len(over)
            self._size = max(self._size, self._at)
            data = data[len(over) :]
        if data:
            if self._at != self._size:
                raise io.UnsupportedOperation("only the beginning is written again")
            self._append(data)
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """See ``io.IOBase``."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """See ``io.IOBase``."""
        return self._at

    def read(self, count: int = -1) -> bytes:
        """Of the first chunk alone: encoders look there whether they may go back."""
        data = bytes(self._first[self._at : self._at + count] if count >= 0 else self._first[self._at :])
        self._at += len(data)
        return data

    def flush(self) -> None:
        """Nothing: chunks are written when they are full."""

    def close(self) -> None:
        """Seal what is left, and the first chunk. The file is on disk when this returns."""
        if self._chunks or self._tail:
            self._put(self._chunks + 1, bytes(self._tail), last=True)
        self._put(0, bytes(self._first), last=not (self._chunks or self._tail))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _append(self, data: bytes) -> None:
        self._size += len(data)
        self._at = self._size
        if room := CHUNK - len(self._first):
            self._first += data[:room]
            data = data[room:]
        self._tail += data
        while len(self._tail) > CHUNK:  # a full one may be the last: it waits for the next byte
            self._chunks += 1
            self._put(self._chunks, bytes(self._tail[:CHUNK]), last=False)
            del self._tail[:CHUNK]

    def _put(self, number: int, data: bytes, *, last: bool) -> None:
        self._file.seek(self._begin + number * _SEALED)
        self._file.write(self._stream.seal(number, data, last=last))


class SealedReader:
    """Reads any part. Opening it opens the last chunk too: a file that was cut off is noticed at once."""

    def __init__(self, path: Path, key: bytes, recording_id: str) -> None:
        """``OSError`` when it cannot be read, ``BadInput`` ('sealed') when it is not that recording's whole file."""
        self._file = path.open("rb")
        try:
            self.header, head = read_head(self._file)
            if self.header.recording_id != recording_id:
                raise BadInput("this is another recording's file", code="sealed")
            self._begin = len(head)
            self._stream = Stream(key, self.header.prefix, head)
            sealed = os.fstat(self._file.fileno()).st_size - self._begin
            self._last = max(0, sealed - 1) // _SEALED
            self.size = sealed - (self._last + 1) * TAG_BYTES
            """Bytes inside."""
            self._number, self._chunk = -1, b""
            self._open(self._last)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def close(self) -> None:
        """No more is read. Idempotent."""
        self._file.close()

    def read(self, start: int, count: int) -> bytes:
        """``count`` bytes from ``start`` on, fewer at the end."""
        stop = min(start + count, self.size)
        parts = []
        while start < stop:
            number, offset = divmod(start, CHUNK)
            part = self._open(number)[offset : offset + stop - start]
            parts.append(part)
            start += len(part)
        return b"".join(parts)

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(self._begin + number * _SEALED)
            sealed = self._file.read(_SEALED)
            self._chunk = self._stream.open(number, sealed, last=number == self._last)
            self._number = number
        return self._chunk


class SealedPart:
    """The first bytes of a sealed file as a file that decoders read."""

    def __init__(self, reader: SealedReader, size: int) -> None:
        self._reader = reader
        self._size = size
        self._at = 0

    def read(self, count: int = -1) -> bytes:
        """See ``io.IOBase``."""
        rest = max(0, self._size - self._at)
        data = self._reader.read(self._at, rest if count < 0 else min(count, rest))
        self._at += len(data)
        return data

    def write(self, data: bytes) -> int:
        """It is only read."""
        raise io.UnsupportedOperation("a finished recording is not written")

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """See ``io.IOBase``."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """See ``io.IOBase``."""
        return self._at
