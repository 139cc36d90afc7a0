"""Jobs that wait for their moment, of which only a few are served at a time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Iterator

from channels.contract import Message
from core.store.messages import MessageRecord


class Job:
    """A message with its newest record, in one lane or served, never both. Who changes it holds ``served``."""

    __slots__ = ("message", "record", "served")

    def __init__(self, message: Message, record: MessageRecord) -> None:
        self.message = message
        self.record = record
        self.served = asyncio.Lock()


class Lane:
    """Goes by the machine's monotonic clock, so that a jump of the wall clock neither holds up nor hurries anything."""

    def __init__(self, width: int) -> None:
        self._free = width
        self._waiting: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()

    def put(self, job: Job, delay_s: float) -> None:
        """Serve it after so long; of two for the same moment the first given comes first."""
        heapq.heappush(self._waiting, (time.monotonic() + max(0.0, delay_s), next(self._numbers), job))

    def due(self) -> Iterator[Job]:
        """What may be served now, as far as there is room; ``leave`` gives the room back."""
        while self._free and self._waiting and self._waiting[0][0] <= time.monotonic():
            job = heapq.heappop(self._waiting)[2]
            if job.record.next_at is not None:  # else its end was told while it waited here
                self._free -= 1
                yield job

    def leave(self) -> None:
        """One is served."""
        self._free += 1

    def pause_s(self) -> float | None:
        """How long until the next may be served; None when somebody must be served, or something given, first."""
        if not self._free or not self._waiting:
            return None
        return max(0.0, self._waiting[0][0] - time.monotonic())
