"""The folder of prompts that were made once: WAV files named by what is in them, and not more of them than fit.

A file's modification time is when it was last asked for; it says which go first, over restarts too.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault
from core.spoken import Samples, wav_bytes, write_wav

CACHE_BYTES: Final = 256 << 20
"""4.5 hours of speech; beyond it the prompts that were asked for longest ago are deleted."""
_LEFT: Final = 0.9
"""Share of the limit that is left after deleting, so that it is not done for each file."""
_DRAFT_S: Final = 3600.0
"""A draft that is older was left by a node that died."""


class PromptCache:
    """Blocks on the disk: ``add`` is for a thread of its own. One node uses the folder."""

    def __init__(self, folder: Path, limit_bytes: int = CACHE_BYTES) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._size = -1
        """Bytes in the folder; -1 = not counted yet."""

    def find(self, name: str) -> Path | None:
        """The file of that name, now asked for."""
        path = self._folder / f"{name}.wav"
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def add(self, name: str, sound: Samples) -> Path:
        """Write a file. ``EnvironmentFault`` when the disk is full or the folder cannot be written."""
        path = self._folder / f"{name}.wav"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._count()
            write_wav(path, sound)
        except OSError as error:
            raise EnvironmentFault(
                f"prompts can't be kept in {self._folder} ({error.strerror}): make room there, or let this user write"
            ) from error
        self._size += len(wav_bytes(sound))
        if self._size > self._limit:
            self._delete_oldest(spare=path)
        return path

    def _count(self) -> None:
        if self._size >= 0:
            return
        self._size = 0
        for entry in self._folder.iterdir():
            about = entry.stat()
            if entry.suffix == ".draft" and time.time() - about.st_mtime > _DRAFT_S:
                entry.unlink(missing_ok=True)
            else:
                self._size += about.st_size

    def _delete_oldest(self, spare: Path) -> None:
        files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.glob("*.wav"))
        self._size = sum(size for _, size, _ in files)
        for _, size, path in files:
            if self._size <= self._limit * _LEFT:
                return
            if path != spare:
                with contextlib.suppress(OSError):
                    path.unlink()
                    self._size -= size
