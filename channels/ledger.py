"""The newest record of each message on its way into the store, which may be away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Final

from core import metrics
from core.errors import BadInput, StoreFault
from core.log import get_logger
from core.store.contract import Store
from core.store.messages import MessageRecord

log = get_logger("channels.ledger")

LIMIT: Final = 10_000
"""Records that wait for the store; of more the oldest is given up, and counted."""
BATCH: Final = 200
AGAIN_S: Final = 5.0
"""While the store is away it is tried so often, and by one at a time: nobody who sends waits for it."""


class Ledger:
    """``keep`` returns when the record is in the store, or at once while the store is away."""

    def __init__(self, store: Store, *, limit: int = LIMIT, again_s: float = AGAIN_S) -> None:
        self._store = store
        self._limit = limit
        self._again_s = again_s
        self._unsaved: dict[str, MessageRecord] = {}
        self._lock = asyncio.Lock()
        self._away_until = 0.0

    @property
    def unsaved(self) -> int:
        """Records that the store does not have yet."""
        return len(self._unsaved)

    def pause_s(self) -> float | None:
        """How long until ``retry`` should be called; None when nothing waits, or somebody is at it."""
        if not self._unsaved or self._lock.locked():
            return None
        return max(0.0, self._away_until - time.monotonic())

    async def keep(self, record: MessageRecord) -> None:
        """Replace the message's record."""
        self._unsaved[record.message_id] = record
        while len(self._unsaved) > self._limit:
            del self._unsaved[next(iter(self._unsaved))]
            metrics.MESSAGES_UNSAVED.inc()
        await self.retry()

    async def retry(self) -> None:
        """Store what waits, unless the store was away a moment ago."""
        if time.monotonic() < self._away_until:
            return
        async with self._lock:
            for waiting in batched(list(self._unsaved.values())):
                if not await self._stored(waiting):
                    self._away_until = time.monotonic() + self._again_s
                    return
                for record in waiting:
                    if self._unsaved.get(record.message_id) is record:
                        del self._unsaved[record.message_id]

    async def _stored(self, records: Sequence[MessageRecord]) -> bool:
        """False when the store is away; what it will never take is given up, and counted."""
        try:
            await self._store.put_message(*records)
        except StoreFault as fault:
            log.error("ledger.store_is_away", why=str(fault), waiting=len(self._unsaved))
            return False
        except BadInput as fault:
            if len(records) > 1:  # one of them: each for itself, so that it takes no other with it
                return all([await self._stored([record]) for record in records])
            metrics.MESSAGES_UNSAVED.inc()
            log.error("ledger.unstorable", message_id=records[0].message_id, why=str(fault))
        return True


def batched(records: Sequence[MessageRecord]) -> Iterator[Sequence[MessageRecord]]:
    """What goes into one transaction: what waits for one goes together in the next, so that many are not slower."""
    for first in range(0, len(records), BATCH):
        yield records[first : first + BATCH]
