"""Files of recordings without a row, and rows without a file: what a crash between the two leaves."""

from __future__ import annotations

import asyncio
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
    files = shelf.folder.rglob(f"*{SUFFIX}")
    latest = time.time() - age_s
    while some := await asyncio.to_thread(lambda: list(islice(files, _AT_ONCE))):
        for file in some:
            if file.stat().st_mtime < latest and await shelf.store.recording(file.name.removesuffix(SUFFIX)) is None:
                yield file


async def rows_without_file(shelf: RecordingShelf) -> AsyncIterator[Recording]:
    """Their sound is lost: a disk that was changed, a file that somebody deleted."""
    before = None
    while some := await shelf.store.newest(before=before, limit=_AT_ONCE):
        for recording in some:
            if not await asyncio.to_thread((shelf.folder / recording.file).exists):
                yield recording
        before = some[-1].started
