"""Streams become calls here: two streams that name one call are its two voices. Keeps count of all there are."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

from core import metrics
from core.errors import Refused
from core.log import get_logger
from telephony.forks.call import ForkCall, Source
from telephony.forks.said import Dialect, Opened

log = get_logger("telephony.forks")

LOG_S: Final = 10.0
"""One kind of refusal is written into the log so often at most; metrics count all."""


class Joining:
    """Every running forked call by its key. ``came`` is called with each new one."""

    def __init__(self, came: Callable[[ForkCall], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.draining = False
        self._came = came
        self._calls: dict[tuple[Dialect, str], ForkCall] = {}
        self._logged: dict[str, float] = {}

    @property
    def calls(self) -> list[ForkCall]:
        """Those that run."""
        return list(self._calls.values())

    def attach(self, source: Source, dialect: Dialect, opened: Opened, address: str) -> ForkCall:
        """The call that the stream belongs to, perhaps a new one. ``Refused`` says why not."""
        key = (dialect, opened.call or f"alone {secrets.token_hex(8)}")
        call = self._calls.get(key)
        if call is not None and not call.over:
            call.attach(source, opened)
            return call
        if self.draining:
            raise Refused("this node takes no new calls", code="closed")
        call = ForkCall(secrets.token_hex(8), opened, f"{dialect} {address}", self.clock)
        call.attach(source, opened)
        self._calls[key] = call
        self._came(call)
        log.info("fork.call", call_id=call.call_id, dialect=dialect, address=address)
        return call

    def tick(self) -> None:
        """About every 100 ms: pauses become silence, calls that are over are forgotten."""
        for key, call in list(self._calls.items()):
            if call.over:
                del self._calls[key]
            else:
                call.tick()

    def refused(self, reason: str, address: str, advice: str = "") -> None:
        """Count a stream that was not taken, or not any longer, and write it down now and then."""
        metrics.FORKS_REFUSED.labels(reason=reason).inc()
        at = self.clock()
        if at - self._logged.get(reason, -LOG_S) >= LOG_S:
            self._logged[reason] = at
            log.warning("fork.refused", reason=reason, address=address, advice=advice)
