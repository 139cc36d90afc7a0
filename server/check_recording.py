"""What ``minwon check`` says of recordings. Makes nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from core.config import RecordingConfig
from core.home import Home
from server.recording.parts import folder_of

State = Literal["ok", "note"]
_MIB_AN_HOUR: Final = {"opus": 15, "flac": 60}


def recording_findings(config: RecordingConfig, home: Home) -> Iterator[tuple[State, str]]:
    """None of it keeps a node from running."""
    if config.start == "off":
        yield "ok", "calls are not recorded (recording.start is off)"
        return
    folder = folder_of(config, home)
    there = _nearest(folder)
    if not os.access(there, os.W_OK | os.X_OK):
        yield "note", f"{folder} cannot be written: no call is recorded until recording.folder is one that can"
        return
    free_mb = shutil.disk_usage(there).free // 2**20
    if free_mb < config.floor_mb:
        yield (
            "note",
            f"only {free_mb} MB free on the disk of {folder}, under recording.floor_mb ({config.floor_mb}): no call is "
            "recorded until there is room",
        )
    else:
        room = (free_mb - config.floor_mb) // _MIB_AN_HOUR[config.codec]
        yield "ok", f"{config.codec} in {folder}: room for about {room} hours of talk"
    if config.start == "always" and not config.notice:
        yield "note", "recording.notice is off: make sure that the exchange tells callers, the law wants it told"
    if folder.is_relative_to(home.root):
        yield "note", "recordings share a disk with the database: set recording.folder to a disk of its own"
    spools = len(list(folder.glob("spool/*.broken"))) if folder.exists() else 0
    if spools:
        yield "note", f"{spools} spools in {folder / 'spool'} are none: look at them (docs/recording.md)"


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
