"""One who watches a node: what he wants, and what waits for him, bounded."""

from __future__ import annotations

import asyncio
from collections import deque

from server.exchange.ladder import Seen
from server.exchange.watch_messages import NEXT, Ask, Gap, Sip, Told, to_line

LIMIT = 4000
"""Lines that may wait for a watcher; the oldest is dropped, and he is told how many."""


class Guest:
    """A watcher. ``tell`` never waits; ``write_until`` is his own task."""

    def __init__(self, ask: Ask, task: asyncio.Task[None], running: frozenset[str]) -> None:
        self.ask = ask
        self.task = task
        self.call = "" if ask.call == NEXT else ask.call
        """The one call that he wants; '' = all, or not there yet."""
        self._running = running
        self._lines: deque[bytes] = deque()
        self._more = asyncio.Event()
        self._dropped = 0
        self.messages = 0
        """SIP messages that he was told."""

    def tell_sip(self, seen: Seen, dropped: int) -> None:
        """A message, if it is of what he wants. ``dropped``: lost before it, in the worker."""
        self._dropped += dropped
        if self.ask.call:
            if not self.call and seen.call and seen.call not in self._running:
                self.call = seen.call
            if not self.call or seen.call != self.call:
                return
        self.messages += 1
        self.tell(Sip(seen=seen))

    def tell(self, told: Told) -> None:
        """Put a line into his queue."""
        if len(self._lines) >= LIMIT:
            self._lines.popleft()
            self._dropped += 1
        self._lines.append(to_line(told))
        self._more.set()

    async def write_until(self, leaves: asyncio.Task[bytes], writer: asyncio.StreamWriter) -> None:
        """Send the queue on until he leaves. ``ConnectionError`` when he is gone."""
        while not leaves.done():
            while self._lines:
                if self._dropped:
                    dropped, self._dropped = self._dropped, 0
                    writer.write(to_line(Gap(dropped=dropped)))
                writer.write(self._lines.popleft())
                await writer.drain()
            self._more.clear()
            more = asyncio.create_task(self._more.wait())
            try:
                await asyncio.wait({more, leaves}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                more.cancel()
