"""Unpacking what a stranger packed: zip, tar, tar.gz, tar.bz2, tar.xz.

Only plain files and folders are written, below one folder, never twice; links, devices and names that lead elsewhere
are refused. What matters against bombs is counted while it is written, not read from headers, which lie.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, NamedTuple

from core.errors import ModelFault
from models.stocking.entry_names import UnsafeEntry, place_of
from models.stocking.formats import HEAD, Packing, packing_of, page_title
from models.stocking.telling import Progress, Tell, nobody

LARGEST: Final = 20 << 30
"""Bytes of an unpacked model; the largest that anybody publishes have 5 GB."""
RATIO: Final = 100
"""An archive may grow by so much. Weights hardly shrink at all, word lists to a tenth."""
ALWAYS: Final = 64 << 20
"""Bytes that any archive may grow to."""
MOST: Final = 10_000
"""Entries of an archive; models have tens."""

_AT_ONCE: Final = 1 << 20
"""Bytes; no header of a tar is longer either, but Python would read one of any size into memory."""
_BROKEN: Final = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, ValueError, OverflowError, RuntimeError),
)
"""What Python's readers raise on archives that are cut off, scrambled, or packed in ways that they do not know."""
_OPENERS: Final[Mapping[str, Callable[..., Any]]] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}


class _Entry(NamedTuple):
    place: PurePosixPath | None
    """None: nothing to write."""
    content: Callable[[], IO[bytes] | None] | None
    """None: a folder."""


def unpack(archive: Path, into: Path, *, tell: Tell = nobody, called: str = "") -> None:
    """Unpack it into an empty folder; messages name it as it is ``called``, '' = as its file.

    Raises ``ModelFault`` in one line when it is broken, unsafe, too large or no archive at all; ``OSError`` of the disk
    as it is. What was written until then stays: the caller throws the folder away.
    """
    called = called or archive.name
    with archive.open("rb") as packed:
        head = packed.read(HEAD)
        packed.seek(0)
        packing = packing_of(head)
        if packing is None:
            raise ModelFault(_what_else(called, head))
        size = max(1, os.fstat(packed.fileno()).st_size)
        limit = max(ALWAYS, min(LARGEST, size * RATIO))
        try:
            with ExitStack() as stack:
                zipped = packing == "zip"
                entries = _zip_entries(packed, stack) if zipped else _tar_entries(packed, packing, stack, limit)
                what = f"unpacking {called}"
                _write(entries, into, limit, lambda: tell(Progress(what=what, done=packed.tell(), total=size)))
        except UnsafeEntry as fault:
            raise ModelFault(f"{called} is not unpacked: {fault}") from fault
        except _BROKEN as fault:
            raise ModelFault(f"{called} is broken ({fault or 'it ends too early'}); bring it again") from fault
        except OSError as fault:
            if fault.errno in (None, errno.EINVAL):  # of decompressors and places before the beginning, not of the disk
                raise ModelFault(f"{called} is broken ({fault}); bring it again") from fault
            raise


def _what_else(called: str, head: bytes) -> str:
    title = page_title(head)
    if title is not None:
        return f"{called} is a web page{f' ({title})' if title else ''}, not an archive; bring the archive itself"
    what = "is empty" if not head else "is no zip, tar.gz, tar.bz2 or tar.xz"
    return f"{called} {what}; bring the archive as its makers publish it"


def _zip_entries(packed: IO[bytes], stack: ExitStack) -> Iterator[_Entry]:
    opened = stack.enter_context(zipfile.ZipFile(packed))
    for info in opened.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise UnsafeEntry(f"{info.filename!r} is a link or a device")
        if info.flag_bits & 1:
            raise UnsafeEntry(f"{info.filename!r} is encrypted")
        yield _Entry(place_of(info.filename), None if info.is_dir() else partial(opened.open, info))


def _tar_entries(packed: IO[bytes], packing: Packing, stack: ExitStack, limit: int) -> Iterator[_Entry]:
    opener = _OPENERS.get(packing)
    plain = packed if opener is None else stack.enter_context(opener(packed))
    tar = stack.enter_context(tarfile.TarFile(fileobj=_Frugal(plain, limit + MOST * 2 * tarfile.BLOCKSIZE)))
    for info in tar:
        if not (info.isreg() or info.isdir()):
            raise UnsafeEntry(f"{info.name!r} is a link or a device")
        yield _Entry(place_of(info.name), None if info.isdir() else partial(tar.extractfile, info))


class _Frugal(io.RawIOBase):
    """A plain tar that is not read by the gigabyte, neither into memory nor on the way to something behind."""

    def __init__(self, plain: IO[bytes], longest: int) -> None:
        self._plain = plain
        self._longest = longest

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _AT_ONCE:
            raise UnsafeEntry(f"a header of {size} bytes is a bomb")
        return self._plain.read(size)

    def seek(self, to: int, whence: int = os.SEEK_SET) -> int:
        if to > self._longest:
            raise UnsafeEntry(f"it grows beyond {self._longest >> 20} MB: a bomb")
        return self._plain.seek(to, whence)

    def tell(self) -> int:
        return self._plain.tell()


def _write(entries: Iterator[_Entry], into: Path, limit: int, tell: Callable[[], None]) -> None:
    left = limit
    for number, (place, content) in enumerate(entries, start=1):
        if number > MOST:
            raise UnsafeEntry(f"it has more than {MOST} entries")
        if place is None:
            continue
        target = into / place
        try:
            if content is None:
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            file = target.open("xb")
        except (FileExistsError, NotADirectoryError) as fault:
            raise UnsafeEntry(f"{str(place)!r} comes twice") from fault
        with file, content() or io.BytesIO() as source:
            while block := source.read(_AT_ONCE):
                left -= len(block)
                if left < 0:
                    raise UnsafeEntry(f"it grows beyond {limit >> 20} MB, {RATIO} times its own size: a bomb")
                file.write(block)
                tell()
            file.flush()
            os.fsync(file.fileno())
    if left == limit:
        raise UnsafeEntry("it holds nothing")
