"""Where a worker's prompts come from: the shipped ones by name, others from files, which a thread of its own reads.

Reading is a thread's job because a disk may be slow and the SIP thread must not wait for it. Reading as such lets the
GIL go; what holds it is one copy: 60 us in all for 300 KB, 2.5 ms for the longest file (measured), which the voices
between the humans do not notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from core.errors import BadInput
from telephony.clip_cache import ClipCache
from telephony.prompts_folder import Clip, clip_from

WAITING: Final = 64
"""Files that may wait to be read; a prompt beyond it counts as one that cannot be played."""

Take = Callable[[Clip, str], None]
"""Gets the clip, or b'' and why there is none."""


class PromptShelf:
    """Clips by name or path. All methods are for the loop's thread; so are the calls of ``Take``."""

    def __init__(self, named: dict[str, Clip], private: Path, post: Callable[[Callable[[], None]], None]) -> None:
        """What lies in the folder ``private`` is for one hearing and never kept."""
        self._named = named
        self._private = f"{private}/"
        self._post = post
        self._cache = ClipCache()
        self._waiting: dict[str, list[Take]] = {}
        self._to_read: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._read, name="prompts", daemon=True).start()

    def named(self, name: str) -> Clip:
        """A shipped prompt; b'' if there is none of that name."""
        return self._named.get(name, b"")

    def fetch(self, prompt: str, take: Take) -> None:
        """Give a prompt to ``take``: at once if it is in memory, else when it has been read."""
        if not prompt.startswith("/"):
            clip = self._named.get(prompt)
            take(clip or b"", "" if clip is not None else "there is no prompt of that name")
        elif (kept := self._cache.get(prompt)) is not None:
            take(kept, "")
        elif prompt in self._waiting:
            self._waiting[prompt].append(take)
        elif len(self._waiting) >= WAITING:
            take(b"", "too many files wait to be read")
        else:
            self._waiting[prompt] = [take]
            self._to_read.put(prompt)

    def _read(self) -> None:
        """The reading thread."""
        while True:
            path = self._to_read.get()
            clip, why = b"", ""
            try:
                clip = clip_from(Path(path))
            except BadInput as error:
                why = str(error)
            except (OSError, ValueError) as error:  # ValueError: a path that can be none
                why = f"cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}"
            self._post(lambda path=path, clip=clip, why=why: self._was_read(path, clip, why))  # type: ignore[misc]

    def _was_read(self, path: str, clip: Clip, why: str) -> None:
        if not why and not path.startswith(self._private):
            self._cache.put(path, clip)
        for take in self._waiting.pop(path):
            take(clip, why)
