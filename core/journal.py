"""What stands between a killed node and a lost word: an append-only file of events that the store does not have yet.

``keep`` writes one line before the event is shown to anybody. The line is in the kernel's hands when ``keep`` returns,
so it survives kill -9 of the node (not a power cut: there is no fsync; the store's own log guards against that).
Whoever stores the events takes them with ``next_batch`` and gives them up with ``done``. A crash between storing and
``done`` brings the batch a second time: the store keeps each event once.

The file is emptied when all of it is stored, so in normal times it stays small. While the store is away it grows in
segments up to ``limit_bytes``; beyond that, and on a full disk, ``keep`` refuses (``StoreFault``) and counts.
"""

from __future__ import annotations

import errno
import fcntl
import os
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from core import metrics
from core.errors import EnvironmentFault, StoreFault
from core.events import Event, from_json, to_json
from core.log import get_logger
from core.personal import without_personal_numbers

log = get_logger("core.journal")

MIB: Final = 1024 * 1024
_PATTERN: Final = "events-*.jsonl"
_ASIDE: Final = "set-aside.jsonl"
_ASIDE_LIMIT: Final = 16 * MIB


class Batch(msgspec.Struct, frozen=True):
    """Some events in the order in which they were kept."""

    events: tuple[Event, ...]
    broken: tuple[bytes, ...]
    """Lines among them that are no events: of another version, or hit by a disk error."""
    end: int
    """Offset in the oldest file behind the last of them."""


class Journal:
    """One writer and one reader, both on the event loop; one process per folder."""

    def __init__(self, folder: Path, *, limit_bytes: int = 512 * MIB, segment_bytes: int = 4 * MIB) -> None:
        """Raises ``EnvironmentFault`` when another process has this folder, ``StoreFault`` when it can't be used."""
        self._folder = folder
        self._limit = limit_bytes
        self._segment_limit = segment_bytes
        self._lock = _lock(folder)
        # Oldest first; the reader works on the first. The writer's own segment, if open, is the last.
        self._segments = sorted(folder.glob(_PATTERN))
        self._sizes = {path: path.stat().st_size for path in self._segments}
        self._offset = 0
        self._fd = -1
        self.pending = sum(_count_lines(path) for path in self._segments)
        """Events kept and not yet given up."""
        self.refused = 0
        """Events that could not be kept."""

    def keep(self, event: Event) -> None:
        """Append the event; it outlives this process when this returns. Takes a small part of a millisecond.

        Raises ``StoreFault`` when the disk or the journal is full: the event is not kept, the journal stays whole.
        """
        line = to_json(without_personal_numbers(event)) + b"\n"
        try:
            self._append(line)
        except OSError as fault:
            self._refuse()
            raise StoreFault(f"cannot write {self._folder} ({fault.strerror}): free some space on its disk") from fault
        self.pending += 1

    def next_batch(self, limit: int = 200) -> Batch | None:
        """The oldest events, at most ``limit``; None when there are none. The same again until ``done``."""
        while self._segments:
            try:
                batch = self._read(self._segments[0], limit)
            except OSError as fault:
                raise StoreFault(f"cannot read {self._segments[0]} ({fault.strerror}): check its disk") from fault
            if batch.events or batch.broken:
                return batch
            self._offset = batch.end
            if not self._drop_if_read():
                return None
        return None

    def done(self, batch: Batch) -> None:
        """The events of the last ``next_batch`` are stored: forget them. Broken lines are set aside."""
        self._offset = batch.end
        self.pending -= len(batch.events) + len(batch.broken)
        self._drop_if_read()
        for line in batch.broken:
            log.error("journal.broken_line", file=_ASIDE)
            self._set_aside(line)

    def set_aside(self, event: Event) -> None:
        """The store will never take this one: keep it in a file of its own, for a person, out of the others' way."""
        self._set_aside(to_json(without_personal_numbers(event)) + b"\n")

    def close(self) -> None:
        """Let go of the folder; what is pending stays in it. Idempotent."""
        for fd in (self._fd, self._lock):
            if fd >= 0:
                os.close(fd)
        self._fd = self._lock = -1

    def _append(self, line: bytes) -> None:
        if sum(self._sizes.values()) + len(line) > self._limit:
            self._refuse()
            raise StoreFault(
                f"{self._folder} holds {self._limit // MIB} MiB of events that the database has not taken: "
                "bring the database back"
            )
        if self._fd < 0 or self._sizes[self._segments[-1]] >= self._segment_limit:
            self._open_segment()
        segment = self._segments[-1]
        size = self._sizes[segment]
        written = os.write(self._fd, line)
        if written < len(line):
            # The disk filled up in mid-line: take the piece back, the next line must not be glued to it.
            os.ftruncate(self._fd, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._sizes[segment] = size + written

    def _open_segment(self) -> None:
        number = int(self._segments[-1].stem.rpartition("-")[2]) + 1 if self._segments else 1
        segment = self._folder / f"events-{number:08}.jsonl"
        fd = os.open(segment, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = fd
        self._segments.append(segment)
        self._sizes[segment] = 0

    def _read(self, segment: Path, limit: int) -> Batch:
        events: list[Event] = []
        broken: list[bytes] = []
        end = self._offset
        with segment.open("rb") as file:
            file.seek(end)
            for line in islice(file, limit):
                end += len(line)
                if not line.endswith(b"\n"):
                    # Torn by a crash in mid-write: keep() had not returned, so nobody has seen it.
                    log.warning("journal.torn_line", segment=segment.name)
                    continue
                try:
                    events.append(from_json(line))
                except msgspec.DecodeError:
                    broken.append(line)
        return Batch(tuple(events), tuple(broken), end)

    def _drop_if_read(self) -> bool:
        """Delete the oldest segment if all of it was read, or just empty it if the writer is in it. Whether deleted."""
        segment = self._segments[0]
        if self._offset < self._sizes[segment]:
            return False
        self._offset = 0
        if self._fd >= 0 and segment == self._segments[-1]:
            os.ftruncate(self._fd, 0)
            self._sizes[segment] = 0
            return False
        segment.unlink(missing_ok=True)
        self._segments.pop(0)
        del self._sizes[segment]
        return True

    def _set_aside(self, line: bytes) -> None:
        metrics.STORE_REFUSED.inc()
        with (self._folder / _ASIDE).open("ab") as file:
            if file.tell() < _ASIDE_LIMIT:
                file.write(line)

    def _refuse(self) -> None:
        self.refused += 1
        metrics.JOURNAL_REFUSED.inc()


def _lock(folder: Path) -> int:
    # A POSIX lock: it goes with this process, however it ends, and worker processes never inherit it.
    try:
        fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise StoreFault(f"cannot write {folder} ({fault.strerror}): check its rights and its disk") from fault
    try:
        fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(fd)
        raise EnvironmentFault(
            f"another minwon runs with {folder.parent}: stop it, or give this one a MINWON_HOME of its own",
            code="home_in_use",
        ) from fault
    return fd


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(MIB), b""))
