"""The worker's one thread of decisions: jobs from callbacks and sockets, timers, the stack's events between them."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable
from itertools import count

Job = Callable[[], None]
POLL_MS = 10
LIMIT = 50_000
"""Jobs that may wait. Legs and sockets are few and bounded themselves, so this many mean that the thread hangs."""


class Timer:
    """A job for later; ``cancel()`` is idempotent."""

    def __init__(self, job: Job) -> None:
        self.job: Job | None = job

    def cancel(self) -> None:
        """Forget the job."""
        self.job = None


class Loop:
    """Runs jobs in the order they came. ``post`` is for every thread, the rest for the loop's own."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed
        self._jobs: deque[Job] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._running = True
        self.dropped = 0

    def post(self, job: Job) -> None:
        """Run ``job`` soon. Never waits; over the limit it is dropped and counted."""
        if len(self._jobs) >= LIMIT:
            self.dropped += 1
        else:
            self._jobs.append(job)

    def later(self, delay_s: float, job: Job) -> Timer:
        """Run ``job`` after ``delay_s``."""
        timer = Timer(job)
        heapq.heappush(self._timers, (time.monotonic() + delay_s, next(self._order), timer))
        return timer

    def every(self, period_s: float, job: Job) -> None:
        """Run ``job`` again and again."""

        def again() -> None:
            self.later(period_s, again)
            job()

        self.later(period_s, again)

    def stop(self) -> None:
        """Leave ``run`` after the present job."""
        self._running = False

    def run(self, poll: Callable[[int], None]) -> None:
        """``poll(milliseconds)`` lets the stack work; jobs and timers in between. A job that fails ends nothing."""
        while self._running:
            self._guarded(lambda: poll(POLL_MS))
            while self._jobs and self._running:
                self._guarded(self._jobs.popleft())
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now and self._running:
                job = heapq.heappop(self._timers)[2].job
                if job is not None:
                    self._guarded(job)

    def _guarded(self, job: Job) -> None:
        try:
            job()
        except Exception as error:  # a broken message must not end the voices of others
            self._failed(error)
