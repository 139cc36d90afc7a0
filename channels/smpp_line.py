"""Keeps us bound to a message centre: connects again whenever the connection breaks, less and less often.

One link for both ways (bind_transceiver), or one for each (bind_transmitter and bind_receiver) where the centre wants
that; two stand and fall together.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Final

from channels.smpp_link import Heard, Link, Settings, numbers, open_link
from core import metrics
from core.errors import GatewayFault, NotSent
from core.log import get_logger

log = get_logger("channels.smpp")

FIRST_S: Final = 0.5
"""Pause after the first failure; each further one is twice as long."""
LONGEST_S: Final = 30.0
PATIENCE_S: Final = 10.0
"""A break that is shorter is waited for; after it a text is told at once that there is no way."""


class Line:
    """``run`` is a task of its owner's."""

    def __init__(self, settings: Settings, heard: Heard, *, pair: bool, pace: float = 1.0) -> None:
        """``pair``: a link for each way. ``pace``: all pauses times this, for tests."""
        self._settings = settings
        self._heard = heard
        self._sequences = numbers()
        self._pair = pair
        self._pace = pace
        self._links: tuple[Link, ...] = ()
        self._bound = asyncio.Event()
        self._since = time.monotonic()
        self._why = "the message centre has not let us in yet"
        self.binds = 0
        """How often it has let us in; the number of the connection that stands."""

    @property
    def bound_s(self) -> float:
        """How long we have been bound; 0 when we are not."""
        return time.monotonic() - self._since if self._bound.is_set() else 0.0

    async def ready(self) -> Link:
        """The link to send by. Raises ``NotSent`` when there is none and a short break is over."""
        while not self._bound.is_set():
            left_s = PATIENCE_S * self._pace - (time.monotonic() - self._since)
            try:
                async with asyncio.timeout(max(0.0, left_s)):
                    await self._bound.wait()
            except TimeoutError as fault:
                raise NotSent(self._why) from fault
        return self._links[-1]

    async def run(self) -> None:
        """Until cancelled."""
        failed = 0
        try:
            while True:
                try:
                    await self._bind()
                    failed = 0
                    await self._over()
                except GatewayFault as fault:
                    metrics.SMPP_BINDS.labels(result="refused").inc()
                    self._why = str(fault)
                    log.warning("smpp.not_bound", why=self._why, failed=failed + 1)
                finally:
                    await self._drop()
                await asyncio.sleep(pause_s(failed, random.random()) * self._pace)
                failed += 1
        finally:
            await self._drop()

    async def _bind(self) -> None:
        """The receiver first: receipts of what is sent must have somewhere to go."""
        for mode in ("receiver", "transmitter") if self._pair else ("transceiver",):
            self._links += (await open_link(self._settings, mode, self._heard, self._sequences),)
        metrics.SMPP_BINDS.labels(result="ok").inc()
        metrics.SMPP_BOUND.set(1)
        self._since = time.monotonic()
        self.binds += 1
        self._bound.set()
        log.info("smpp.bound", links=len(self._links))

    async def _over(self) -> None:
        """Until one of the links has broken."""
        ends = [asyncio.ensure_future(link.over()) for link in self._links]
        try:
            done, _running = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in done:
                end.result()
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _drop(self) -> None:
        if self._bound.is_set():
            self._bound.clear()
            self._since = time.monotonic()
            self._why = "the connection to the message centre broke a moment ago"
        metrics.SMPP_BOUND.set(0)
        links, self._links = self._links, ()
        for link in links:
            await link.close()


def pause_s(failed: int, luck: float) -> float:
    """Before the next try, after so many failures in a row; ``luck`` (0..1) spreads nodes that lost the same centre."""
    return float(min(FIRST_S * 2 ** min(failed, 10), LONGEST_S) * (0.5 + luck / 2))
