"""Lasting events on their way to the store: journal first, database soon after.

``keep`` is called by a call's line before the event is shown to anybody; from then on it is safe from kill -9. A task
moves what the journal holds into the store, in small batches, within a few hundredths of a second. While the store
is away events wait in the journal, and the store is tried again after 0.1 s, 0.2 s, ... 5 s. What the journal still
holds when a node starts is stored before the node is ready.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final, Self

from core import metrics
from core.errors import BadInput, StoreFault
from core.events import Event
from core.journal import Batch, Journal
from core.log import get_logger
from core.store.contract import Store

log = get_logger("server.recorder")

GATHER_S: Final = 0.05
"""So long events are gathered before they are written together."""
BATCH: Final = 200
"""At most so many events in one transaction."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0
_CLOSE_S: Final = 5.0


class Recorder:
    """``async with recorder``: what an earlier node left behind is stored, and the task runs."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._store_answers = True
        self._something = asyncio.Event()
        self._hurry = asyncio.Event()
        self._flushes: list[asyncio.Future[bool]] = []
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        metrics.STORE_HEALTHY.set(1)
        if self.pending:
            log.info("recorder.replays", events=self.pending)
            await self._move()
        self._task = asyncio.create_task(self._run(), name="recorder")
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._task is not None, "not entered"
        self._closing = True
        self._hurry.set()
        self._something.set()
        _done, late = await asyncio.wait([self._task], timeout=_CLOSE_S)
        for task in late:
            task.cancel()
            await asyncio.wait([task])
        if self.pending:
            log.warning("recorder.left_in_journal", events=self.pending)
        self._journal.close()
        if not self._task.cancelled():
            self._task.result()  # raises if it ended by a bug, which must not go unseen

    @property
    def healthy(self) -> bool:
        """The last write reached the store, and the task lives."""
        return self._store_answers and self._task is not None and not self._task.done()

    @property
    def pending(self) -> int:
        """Events in the journal that the store does not have yet."""
        return self._journal.pending

    def keep(self, event: Event) -> None:
        """Make a call's lasting event safe from a killed node; others are passed over.

        Raises ``StoreFault`` when it cannot be kept: the disk or the journal is full.
        """
        if event.LASTING and event.call_id:
            self._journal.keep(event)
            metrics.STORE_PENDING_EVENTS.set(self.pending)
            self._something.set()

    async def flush(self, deadline_s: float) -> bool:
        """Store now what is pending. Whether all of it is stored.

        Gives up when the store does not answer, and at the deadline: the journal keeps the rest, the task goes on.
        """
        if not self.pending:
            return True
        flushed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._flushes.append(flushed)
        self._hurry.set()
        self._something.set()
        await asyncio.wait([flushed], timeout=deadline_s)
        return flushed.done() and flushed.result()

    async def _run(self) -> None:
        """Move what comes, until closing. The only one who writes, so nothing overtakes and nothing is cut off."""
        pause = GATHER_S
        while not self._closing:
            await self._something.wait()
            await self._rest(pause)
            self._something.clear()
            self._hurry.clear()
            waiting, self._flushes = self._flushes, []
            moved = await self._move()
            for flushed in waiting:
                flushed.set_result(moved)
            if moved:
                pause = GATHER_S
            else:
                pause = min(max(pause * 2, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
                self._something.set()

    async def _rest(self, pause_s: float) -> None:
        """Let events gather, or the store recover, unless somebody is in a hurry."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._hurry.wait()

    async def _move(self) -> bool:
        """Everything from the journal to the store; False when the store does not answer."""
        try:
            while (batch := self._journal.next_batch(BATCH)) is not None:
                await self._write(batch)
                self._journal.done(batch)
                metrics.STORE_EVENTS.inc(len(batch.events))
                metrics.STORE_PENDING_EVENTS.set(self.pending)
                self._note(answers=True)
        except StoreFault as fault:
            metrics.STORE_FAULTS.inc()
            self._note(answers=False, why=str(fault))
            return False
        return True

    async def _write(self, batch: Batch) -> None:
        try:
            await self._store.append(batch.events)
        except BadInput:
            # One of them can never be stored. It must not hold up the others: find it, and set it aside.
            for event in [event for event in batch.events if not await self._stored_alone(event)]:
                log.error("recorder.set_aside", call_id=event.call_id, seq=event.seq, type=type(event).__name__)
                self._journal.set_aside(event)

    async def _stored_alone(self, event: Event) -> bool:
        try:
            await self._store.append([event])
        except BadInput:
            return False
        return True

    def _note(self, *, answers: bool, why: str = "") -> None:
        metrics.STORE_HEALTHY.set(answers)
        if answers is not self._store_answers:
            self._store_answers = answers
            if answers:
                log.info("recorder.store_is_back", waiting=self.pending)
            else:
                log.error("recorder.store_is_away", why=why, waiting=self.pending)
