"""One thread writes the spools of all running recordings: a disk that hangs holds up this thread and nothing else.

The event loop hands entries over and never waits. A recording whose entries are not written within ``BEHIND_S`` is
given up ('disk_slow'), so is one that meets a full disk ('disk_full') or another fault of it ('disk_fault'): the call
goes on, what was written until then is kept.
"""

from __future__ import annotations

import asyncio
import errno
import queue
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core import metrics
from core.log import get_logger
from records.recording.spool import SUFFIX, Broken, Entry, SpoolHead, SpoolWriter

log = get_logger("server.recording.writer")

BEHIND: Final = 30
"""Entries of a recording that may wait for the disk: two legs give two a second."""
FREE_EVERY_S: Final = 2.0
"""So often the writer asks how much room is left; on a disk that hangs the event loop must not ask."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSE_S: Final = 5.0


class Spool:
    """One running recording's file, as the event loop sees it."""

    def __init__(self, path: Path, head: SpoolHead, key: bytes, jobs: _Jobs, broke: Callable[[str], None]) -> None:
        self.path = path
        self._head = head
        self._key = key
        self._jobs = jobs
        self._broke = broke
        self._handed = 0  # by the event loop alone
        self._written = 0  # by the thread alone
        self._over = False
        self._file: SpoolWriter | None = None
        self._fault = ""
        self.closed = threading.Event()
        """Nothing more is written."""

    def put(self, entry: Entry) -> None:
        """Hand one over; never waits. Ignored after ``close`` and after a fault."""
        if self._over:
            return
        if self.behind >= BEHIND:
            self._give_up("disk_slow")
            return
        self._handed += 1
        self._jobs.put((self, entry))

    @property
    def behind(self) -> int:
        """Entries that were handed over and are not written yet."""
        return self._handed - self._written

    def close(self) -> None:
        """No more comes. Idempotent."""
        if not self._over:
            self._over = True
            self._jobs.put((self, None))

    def _give_up(self, reason: str) -> None:
        self._over = True
        self._jobs.put((self, Broken(reason)))
        self._jobs.put((self, None))
        self._broke(reason)

    # In the thread.

    def work(self, entry: Entry | None, room: Callable[[], bool], tell: Callable[[Spool, str], None]) -> None:
        """Write it, or close."""
        try:
            if entry is None:
                if self._file is not None:
                    self._file.close()
                return
            if self._fault:
                return
            if not room():
                raise OSError(errno.ENOSPC, "below recording.floor_mb")
            if self._file is None:
                self._file = SpoolWriter(self.path, self._head, self._key)
            self._file.put(entry)
        except OSError as fault:
            self._fault = "disk_full" if fault.errno in _FULL else "disk_fault"
            log.error("recording.not_written", recording=self._head.recording_id, why=fault.strerror)
            self._note_broken()
            tell(self, self._fault)
        finally:
            self._written += 1
            if entry is None:
                self.closed.set()

    def _note_broken(self) -> None:
        """So that whoever finishes it knows; a disk that is full to the last byte may not take even this."""
        if self._file is not None:
            try:
                self._file.put(Broken(self._fault))
            except OSError:
                return

    def told(self, reason: str) -> None:
        """On the event loop: the thread has met a fault."""
        if not self._over:
            self._over = True
            self._jobs.put((self, None))
            self._broke(reason)


_Jobs = queue.SimpleQueue[tuple[Spool | None, Entry | None]]


class Writer:
    """``open`` gives spools; ``start`` and ``close`` are its life."""

    def __init__(
        self,
        folder: Path,
        *,
        floor_bytes: int,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        """``folder`` is there. ``free``: bytes that are left on its disk."""
        self._folder = folder
        self._floor = floor_bytes
        self._free = free
        self._jobs: _Jobs = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked_at = -FREE_EVERY_S
        self.room = True
        """Whether the disk has more than the floor, as the newest look says."""

    def start(self) -> None:
        """On the event loop that will be told of faults."""
        self._loop = asyncio.get_running_loop()
        self._look()
        self._thread.start()

    async def close(self) -> None:
        """Write what was handed over; a disk that hangs is left behind after 5 s."""
        self._jobs.put((None, None))
        await asyncio.to_thread(self._thread.join, _CLOSE_S)

    def open(self, head: SpoolHead, key: bytes, broke: Callable[[str], None]) -> Spool:
        """A new spool; its file comes with its first entry. ``broke`` is told on the event loop, at most once, why it
        ended: 'disk_slow', 'disk_full', 'disk_fault'."""
        return Spool(self._folder / (head.recording_id + SUFFIX), head, key, self._jobs, broke)

    def _look(self) -> bool:
        now = time.monotonic()
        if now - self._asked_at >= FREE_EVERY_S:
            self._asked_at = now
            try:
                free = self._free(self._folder)
            except OSError:
                free = 0
            metrics.RECORDING_DISK_FREE.set(free)
            self.room = free >= self._floor
        return self.room

    def _run(self) -> None:
        while True:
            try:
                spool, entry = self._jobs.get(timeout=FREE_EVERY_S)
            except queue.Empty:
                self._look()
                continue
            if spool is None:
                return
            began = time.monotonic()
            try:
                spool.work(entry, self._look, self._tell)
            except Exception as fault:
                log.exception("recording.writer_fault", error=type(fault).__name__)
                self._tell(spool, "fault")
            metrics.RECORDING_WRITE.observe(time.monotonic() - began)

    def _tell(self, spool: Spool, reason: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(spool.told, reason)
