"""``--json``: a Ready line, then one line per event on stdout and nothing else, for scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

import msgspec

from core.events import Event, to_json

LIMIT: Final = 10_000
"""Events that may wait for a slow reader; beyond it the oldest go, for the calls must not wait for a pipe."""


class JsonLines:
    """Writes the lines. A reader that went away raises ``BrokenPipeError``. Also a ``Screen`` of the demo."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    @contextmanager
    def step(self, korean: str, english: str) -> Iterator[None]:
        """Scripts wait for ``Ready``."""
        yield

    @contextmanager
    def performance(self, desk: str, sip: Sequence[str], user: str, password: str) -> Iterator[None]:
        """Calls are accepted."""
        self.ready(desk, sip)
        yield

    def ready(self, desk: str, sip: Sequence[str]) -> None:
        """The first line."""
        self._put(msgspec.json.encode({"type": "Ready", "desk": desk, "sip": list(sip)}))

    async def show(self, event: Event) -> None:
        """The event as it is. A slow reader holds up this task, not the node."""
        await asyncio.to_thread(self._put, to_json(event))

    def _put(self, line: bytes) -> None:
        self._out.write(line + b"\n")
        self._out.flush()
