"""Nobody else at the same moment: a lock on a folder itself, so that none is left behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits for others, processes and threads, that are alone with it; for work of milliseconds."""
    descriptor = held_folder(folder)
    try:
        yield
    finally:
        os.close(descriptor)


def held_folder(folder: Path, *, wait: bool = True) -> int:
    """A file descriptor that holds the folder's lock until it is closed, or the process gone.

    Raises ``BlockingIOError`` when somebody has it and nobody ``wait``s.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
