"""Texts of which nobody knows whether the message centre has them: found by their receipts, or one evil is chosen."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

from channels import smpp_pdu as pdu
from channels.contract import Message
from channels.smpp_book import Book
from channels.smpp_flights import Landed
from channels.smpp_held import Held
from channels.smpp_line import Line
from channels.smpp_terms import Terms
from core import metrics
from core.log import get_logger

log = get_logger("channels.smpp")

_PATIENT: Final = 6
"""So many times ``settle_s`` a text in doubt waits at most, while receipts of earlier connections still come."""


class Doubts:
    """One for a gateway."""

    def __init__(self, line: Line, book: Book, held: Held, terms: Terms) -> None:
        self._line = line
        self._book = book
        self._held = held
        self._terms = terms
        self._came = asyncio.Event()
        self._came_at = float("-inf")

    def news(self) -> None:
        """A receipt came of what an earlier connection handed over, or of what nobody knows yet: the centre has not
        caught up, and more may come."""
        self._came_at = time.monotonic()
        self._came.set()
        self._came = asyncio.Event()

    def found(self, message: Message, submission: pdu.Submit) -> Landed | None:
        """A part whose receipt came without an answer."""
        report = self._book.found(message.to, submission.user_reference, submission.payload or submission.body)
        if report is None:
            return None
        metrics.MESSAGES_IN_DOUBT.labels(chosen="found").inc()
        return Landed(message_id=report.message_id)

    async def settled(self, message: Message, submission: pdu.Submit) -> Landed | None:
        """What has become of a part in doubt; None = it is to be sent again. ``NotSent`` while there is no way."""
        while True:
            await self._line.ready()
            if (found := self.found(message, submission)) is not None:
                return found
            if not self._terms.receipts or (left_s := self._left_s()) <= 0.0:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._came.wait()
        metrics.MESSAGES_IN_DOUBT.labels(chosen=self._terms.in_doubt).inc()
        log.warning("smpp.in_doubt", message_id=message.message_id, chosen=self._terms.in_doubt)
        return Landed(lost=True) if self._terms.in_doubt == "never" else None

    def _left_s(self) -> float:
        """How long receipts of what is in doubt may still come: a centre may bring what has piled up one by one."""
        settle_s, bound_s = self._terms.settle_s, self._line.bound_s
        if bound_s >= _PATIENT * settle_s:
            return 0.0
        if self._held:  # a centre that waits for our acknowledgement may be unable to bring another
            return settle_s
        return settle_s - min(bound_s, time.monotonic() - self._came_at)
