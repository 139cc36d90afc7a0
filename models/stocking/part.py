"""An archive on its way: a file that grows over tries, and is held by one process at a time.

``.arriving/NAME.part`` on the shelf; who writes it holds its lock (``flock``: it goes with the process, whatever
happens to that). ``NAME.part.json`` beside it tells what the server called this version, and who is at work.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from models.stocking.telling import Notice, Tell

ARRIVING: Final = ".arriving"
"""The shelf's folder for what is on its way."""
_LOOK_S: Final = 0.2


class _Note(msgspec.Struct, frozen=True):
    url: str = ""
    validator: str = ""
    pid: int = 0
    since: str = ""


class Part:
    """Made by :func:`held`."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self.file = file
        self._note_file = file.with_suffix(".part.json")
        self._descriptor = descriptor

    @property
    def size(self) -> int:
        """Bytes that have come."""
        return os.fstat(self._descriptor).st_size

    def validator(self, url: str) -> str:
        """What the server called the version that we have a part of; '' = nobody knows, or it is from elsewhere."""
        note = _note(self._note_file)
        return note.validator if note.url == url else ""

    def note(self, url: str, validator: str) -> None:
        """Remember where it comes from, and that we are at it."""
        note = _Note(url, validator, os.getpid(), time.strftime("%H:%M:%S"))
        self._note_file.write_bytes(msgspec.json.encode(note))

    def claim(self) -> None:
        """Let others know that we are at it."""
        known = _note(self._note_file)
        self.note(known.url, known.validator)

    def close(self) -> None:
        """Let go of it; nothing stays of one that is empty."""
        if not self.size:
            self._note_file.unlink(missing_ok=True)
            self.file.unlink(missing_ok=True)
        os.close(self._descriptor)

    def begin(self, offset: int) -> None:
        """What comes next goes there; what is behind it is dropped."""
        os.ftruncate(self._descriptor, offset)
        os.lseek(self._descriptor, offset, os.SEEK_SET)

    def add(self, data: bytes) -> None:
        """It came."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def forget(self) -> None:
        """It is of no use any more, or on the shelf."""
        self.begin(0)


@contextlib.contextmanager
def held(shelf: Path, name: str, tell: Tell) -> Iterator[Part]:
    """The part of that archive, ours alone. Waits while another process has it, and says which. ``OSError`` of disk."""
    folder = shelf / ARRIVING
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.part"
    part = Part(file, _locked(file, name, tell))
    try:
        part.claim()
        yield part
    finally:
        part.close()
        with contextlib.suppress(OSError):  # not empty: other archives are on their way
            folder.rmdir()


def _locked(file: Path, name: str, tell: Tell) -> int:
    said = False
    while True:
        file.parent.mkdir(exist_ok=True)
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # who came before us took the empty folder away
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who had it may have removed it since we opened it: then we hold a lock that means nothing.
            if file.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        except BlockingIOError:
            if not said:
                who = _note(file.with_suffix(".part.json"))
                tell(Notice(says=f"process {who.pid} is fetching {name} (since {who.since}); waiting for it"))
                said = True
            time.sleep(_LOOK_S)
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _note(file: Path) -> _Note:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Note)
    except (OSError, msgspec.DecodeError):
        return _Note()
