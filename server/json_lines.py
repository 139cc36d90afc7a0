"""``--json``: a Ready line, then one line per event on stdout and nothing else, for scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

import msgspec

from core.events import Event, to_json

if TYPE_CHECKING:
    from server.demo.screen import Where

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
    def performance(self, where: Where, user: str, password: str) -> Iterator[None]:
        """Calls are accepted."""
        self.ready(where.desk, where.sip, phone=where.phone, stage=where.stage)
        yield

    def ready(self, desk: str, sip: Sequence[str], **more: str) -> None:
        """The first line. ``more``: further addresses, as ``phone``, where the visual ARS begins without a call."""
        self._put(msgspec.json.encode({"type": "Ready", "desk": desk, "sip": list(sip), **more}))

    async def show(self, event: Event) -> None:
        """The event as it is. A slow reader holds up this task, not the node."""
        await asyncio.to_thread(self._put, to_json(event))

    def _put(self, line: bytes) -> None:
        self._out.write(line + b"\n")
        self._out.flush()
