"""The disk's own troubles in words: full, read-only, not ours."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import ModelFault

RESERVE: Final = 200 << 20
"""Bytes that stay free: the database and the spool need some."""

_RIGHTS: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextlib.contextmanager
def told(shelf: Path) -> Iterator[None]:
    """Turns every ``OSError`` of the disk into a ``ModelFault`` that says what to do."""
    try:
        yield
    except OSError as fault:
        where = fault.filename or shelf
        if fault.errno in _FULL:
            raise ModelFault(f"no space is left at {shelf}: make room, or set MINWON_HOME to another disk") from fault
        if fault.errno in _RIGHTS:
            raise ModelFault(f"{where}: {fault.strerror}; let this user read and write there") from fault
        raise ModelFault(f"{where}: {fault.strerror or fault}; nothing was changed on the shelf") from fault


def check_room(folder: Path, wanted: int) -> None:
    """Raises ``ModelFault`` when the disk can't take so many bytes more."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < wanted + RESERVE:
        raise ModelFault(
            f"{folder} has {free / 1e6:.0f} MB free; about {(wanted + RESERVE) / 1e6:.0f} MB are needed: make room, "
            "or set MINWON_HOME to another disk"
        )
