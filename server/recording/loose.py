"""Files of recordings without a row, and rows without a file: what a crash between the two leaves."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from typing import Final

from core.store.recordings import Recording
from server.recording.shelf import SUFFIX, RecordingShelf

SETTLED_S: Final = 86_400.0
"""A younger file may just be being finished."""
_AT_ONCE: Final = 200


async def files_without_row(shelf: RecordingShelf, age_s: float = SETTLED_S) -> AsyncIterator[Path]:
    """Nobody can open them: their key went with the row."""
    latest = time.time() - age_s
    settled = (file for file in shelf.folder.rglob(f"*{SUFFIX}") if _written(file) < latest)
    while some := await asyncio.to_thread(lambda: list(islice(settled, _AT_ONCE))):
        kept = await shelf.store.kept([file.name.removesuffix(SUFFIX) for file in some])
        for file in some:
            if file.name.removesuffix(SUFFIX) not in kept:
                yield file


async def rows_without_file(shelf: RecordingShelf) -> AsyncIterator[Recording]:
    """Their sound is lost: a disk that was changed, a file that somebody deleted."""
    before = None
    while some := await shelf.store.newest(before=before, limit=_AT_ONCE):
        for recording in some:
            if not await asyncio.to_thread((shelf.folder / recording.file).exists):
                yield recording
        before = some[-1].started


def _written(file: Path) -> float:
    """When; of one that was deleted meanwhile, never."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf
