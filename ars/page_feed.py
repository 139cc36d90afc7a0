"""What one open page still has to be told. Nothing piles up: screens and status lines are whole, the newest counts.

The page's transport iterates over it and draws what is due; captions alone are a line of many, one an utterance and at
most ``CAPTIONS`` of them, the oldest dropped and counted (the page asks for all of them when it comes back).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Literal

import msgspec

from core import metrics
from core.events import Speaker

CAPTIONS: Final = 100
"""Caption lines that may wait for a slow phone."""

Gone = Literal["expired", "moved", "node"]
"""Why a page is over: its time, another page took its place, or the node goes down (it comes back by itself)."""


class ScreenDue(msgspec.Struct, frozen=True):
    """Draw the screen anew."""


class StatusDue(msgspec.Struct, frozen=True):
    """Draw the status line anew."""


class CaptionLine(msgspec.Struct, frozen=True, kw_only=True):
    """Words of the call, as far as they are known."""

    utterance: str
    """A later line of the same utterance replaces it."""
    speaker: Speaker
    text: str
    """'' takes the line back."""
    final: bool = True


class GoneDue(msgspec.Struct, frozen=True):
    """Nothing more will come."""

    reason: Gone


Due = ScreenDue | StatusDue | CaptionLine | GoneDue


class PageFeed:
    """One page's share of a visit. ``async for due in feed``; ends after ``GoneDue`` or ``close``."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._screen = True
        self._status = True
        self._captions: dict[str, CaptionLine] = {}
        """By utterance, the one that changed last at the end."""
        self._gone: Gone | None = None
        self._closed = False

    def screen(self) -> None:
        """The screen has changed."""
        self._screen = True
        self._wake.set()

    def status(self) -> None:
        """The status line has changed."""
        self._status = True
        self._wake.set()

    def caption(self, line: CaptionLine) -> None:
        """Something was said."""
        self._captions.pop(line.utterance, None)  # what nobody has read yet is out of date
        if len(self._captions) >= CAPTIONS:
            del self._captions[next(iter(self._captions))]
            metrics.ARS_CAPTIONS_DROPPED.inc()
        self._captions[line.utterance] = line
        self._wake.set()

    def gone(self, reason: Gone) -> None:
        """The visit is over for this page."""
        self._gone = reason
        self._wake.set()

    def close(self) -> None:
        """The page has left."""
        self._closed = True
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[Due]:
        while not self._closed:
            self._wake.clear()
            if self._screen:
                self._screen = False
                yield ScreenDue()
            if self._status:
                self._status = False
                yield StatusDue()
            while self._captions:
                yield self._captions.pop(next(iter(self._captions)))
            if self._gone is not None:
                yield GoneDue(self._gone)
                return
            if not (self._screen or self._status or self._captions or self._gone):
                await self._wake.wait()
