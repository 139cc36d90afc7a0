"""Contacts that ended or changed are counted, a moment later, for ever: statistics write themselves.

The store notes in the transaction of the events which lines are due; here they are taken in small batches, read, and
counted by difference. A node that is killed in between has lost nothing: what was not counted is due still, and what
was counted is counted once. Nodes that share a database share the work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from core import metrics
from core.errors import StoreFault
from core.log import get_logger
from core.store.statistics import Counted, StatisticsStore
from records.statistics.facts import Rules, facts_of
from records.statistics.tally import KINDS

log = get_logger("server.counting")

BATCH: Final = 100
"""Contacts in one transaction: a tenth of a second of the database."""
AGAIN_S: Final = 5.0
"""Pause after the database did not answer."""


async def _nobody(_counted: Counted) -> None:
    """Nobody shows figures."""


class Counter:
    """Runs beside the node's calls."""

    def __init__(
        self,
        statistics: StatisticsStore,
        rules: Rules,
        *,
        every_s: float,
        told: Callable[[Counted], Awaitable[None]] = _nobody,
    ) -> None:
        """``told``: what was counted, for those who show figures."""
        self._statistics = statistics
        self._read = partial(facts_of, rules=rules)
        self._every_s = every_s
        self._told = told
        self._answers = True

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            rest = self._every_s if await self.catch_up() else AGAIN_S
            await asyncio.sleep(rest)

    async def catch_up(self) -> bool:
        """Count all that is due. False: the database did not answer."""
        try:
            while (counted := await self._step()).lines:
                metrics.STATISTICS_COUNTED.inc(len(counted.lines))
                metrics.STATISTICS_LATE.inc(counted.late)
                await self._told(counted)
        except StoreFault as fault:
            metrics.STATISTICS_FAULTS.inc()
            self._note(answers=False, why=str(fault))
            return False
        self._note(answers=True)
        return True

    async def _step(self) -> Counted:
        began = time.monotonic()
        batch = asyncio.create_task(self._statistics.count(self._read, KINDS, limit=BATCH), name="count a batch")
        try:
            counted = await asyncio.shield(batch)
        except asyncio.CancelledError:  # the node stops: a transaction is ended, not torn
            await asyncio.gather(batch, return_exceptions=True)
            raise
        if counted.lines:
            metrics.STATISTICS_SECONDS.observe(time.monotonic() - began)
        return counted

    def _note(self, *, answers: bool, why: str = "") -> None:
        if answers is not self._answers:
            self._answers = answers
            if answers:
                log.info("statistics.go_on")
            else:
                log.error("statistics.wait", why=why)
