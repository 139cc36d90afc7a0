"""Prompts that were read from files, kept in memory as long as there is room: a rule, no I/O."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from telephony.prompts_folder import Clip

CACHE_BYTES: Final = 16 << 20
"""In one worker: 17 minutes of speech. Beyond it those that were played longest ago go."""


class ClipCache:
    """Clips by path."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._clips: OrderedDict[str, Clip] = OrderedDict()
        self.size = 0
        """Bytes of all clips."""

    def get(self, path: str) -> Clip | None:
        """The clip, which now counts as played last."""
        clip = self._clips.get(path)
        if clip is not None:
            self._clips.move_to_end(path)
        return clip

    def put(self, path: str, clip: Clip) -> None:
        """Keep a clip; one that is larger than the cache is not kept."""
        self.size += len(clip) - len(self._clips.pop(path, b""))
        self._clips[path] = clip
        while self.size > self._limit:
            _, gone = self._clips.popitem(last=False)
            self.size -= len(gone)
