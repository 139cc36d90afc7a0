"""Text messages on their way: taken at once, handed over, tried again, asked about until they have arrived.

    async with Messenger(gateway, store, told) as messenger:
        messenger.send(composed(...))

``told`` is awaited for each change of a message's state ('queued' first), with the message and what is now true of it.
What has something left to do is in the store, so a node that starts anew goes on with it; only a text with a secret
(a visit's link) is kept without it and cannot be sent again: such a message has failed, and says so.

A message may be handed over twice only if the gateway does not tell us the truth: before a second try the store
knows that there was a first, and ``Gateway.send`` looks whether that one arrived. While the store is away messages are
sent all the same, for a caller waits; what a restart must know is then missing, and counted.

A gateway that tells by itself what became of a message is asked late, and not at all once it has told.

Limits: ``LIMIT`` messages that are not handed over (beyond it 'messages_full'), ``WATCH_LIMIT`` whose delivery is asked
for (beyond it nobody asks), ``SENDERS`` and ``ASKERS`` requests at a time, and ``channels.allowance``.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Self

import msgspec

from channels import progress
from channels.allowance import WINDOW, Allowance
from channels.contract import Gateway, Message, Receipt
from channels.lane import Job, Lane
from channels.ledger import AGAIN_S, Ledger
from core import metrics
from core.errors import MinwonError, NotSent, Refused
from core.events import now
from core.log import get_logger
from core.store.contract import Store
from core.store.messages import MessageRecord

log = get_logger("channels.messenger")

Told = Callable[[Message, Receipt], Awaitable[None]]

LIMIT: Final = 5000
"""A day of Seoul's centre at once; they go out within two minutes or have failed within seven."""
WATCH_LIMIT: Final = 10_000
SENDERS: Final = 16
ASKERS: Final = 2
_REMEMBERED: Final = 20_000
"""Ids of finished messages, so that one given again is known."""
_COUNTED: Final = 3000
"""So many of the earlier node's messages count for the limits of an hour."""


class Messenger:
    """One for each node."""

    def __init__(
        self,
        gateway: Gateway,
        store: Store,
        told: Told,
        *,
        allowance: Allowance | None = None,
        limit: int = LIMIT,
        watch_limit: int = WATCH_LIMIT,
        at_once: int = SENDERS,
        close_s: float = 5.0,
        pace: float = 1.0,
    ) -> None:
        """``at_once``: so many are handed over side by side. ``close_s``: so long what is on the wire may take at the
        end. ``pace``: all pauses times this, for tests."""
        self._gateway = gateway
        self._store = store
        self._told = told
        self._allowance = allowance or Allowance()
        self._limit = limit
        self._watch_limit = watch_limit
        self._close_s = close_s
        self._pace = pace
        self._senders = Lane(at_once)
        self._askers = Lane(ASKERS)
        self._jobs: dict[str, Job] = {}
        self._queued: set[str] = set()
        self._new: list[Job] = []
        self._by_reference: dict[str, Job] = {}
        self._finished: OrderedDict[str, None] = OrderedDict()
        self._ledger = Ledger(store, again_s=AGAIN_S * pace)
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """What an earlier node left unfinished is taken up. Raises ``StoreFault`` when the store cannot tell."""
        try:
            left = await self._left()
            await self._gateway.open(self._heard, list(self._by_reference))
        except BaseException:
            await self._gateway.close()
            raise
        self._task = asyncio.create_task(self._run(left), name="messenger")
        return self

    async def _left(self) -> list[Job]:
        """What an earlier node had not finished; what it sent lately counts for the limits."""
        start = now()
        for record in reversed(await self._store.messages(limit=_COUNTED)):
            if record.at > start - WINDOW:
                self._allowance.note_hour(record.to, record.at)
        midnight = start.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        self._allowance.day.seed(await self._store.texting.tallies(midnight), start)
        left = [Job(_message(record), record) for record in await self._store.pending_messages()]
        self._jobs.update({job.record.message_id: job for job in left})
        self._queued.update(job.record.message_id for job in left if job.record.state == "queued")
        self._by_reference.update((job.record.reference, job) for job in left if job.record.reference)
        if left:
            log.info("messenger.resumes", messages=len(left))
        return left

    async def __aexit__(self, *exc: object) -> None:
        """Take no more, let what is on the wire end, close the gateway. What waits goes on with the next node."""
        assert self._task is not None, "not entered"
        self._closing = True
        self._wake.set()
        _done, late = await asyncio.wait([self._task], timeout=self._close_s)
        for task in late:
            task.cancel()
            await asyncio.wait([task])
        await self._gateway.close()
        if self._ledger.unsaved:
            metrics.MESSAGES_UNSAVED.inc(self._ledger.unsaved)
            log.error("messenger.unsaved", messages=self._ledger.unsaved)
        if self.pending:
            log.warning("messenger.left_in_store", messages=self.pending)
        if not self._task.cancelled():
            self._task.result()  # raises if it ended by a bug, which must not go unseen

    @property
    def healthy(self) -> bool:
        """The task lives."""
        return self._task is not None and not self._task.done()

    @property
    def pending(self) -> int:
        """Messages that are not handed over yet."""
        return len(self._queued)

    @property
    def _underway(self) -> int:
        return len(self._jobs) - len(self._queued)

    def send(self, message: Message) -> None:
        """Take a message; the same ``message_id`` again does nothing.

        Raises ``Refused`` with a code: 'messages_full', 'messages_number' (too many to this number), 'messages_total',
        'messages_closed'.
        """
        if message.message_id in self._jobs or message.message_id in self._finished:
            return
        try:
            self.check(message)
        except Refused as refusal:
            metrics.MESSAGES_REFUSED.labels(reason=refusal.code).inc()
            log.warning("messenger.refused", call_id=message.call_id, reason=refusal.code)
            raise
        self._allowance.note(message.to, now(), message.by)
        job = self._jobs[message.message_id] = Job(message, progress.queued(message))
        self._queued.add(message.message_id)
        self._new.append(job)
        self._count()
        self._wake.set()

    def check(self, message: Message) -> None:
        """Raise ``Refused`` as :meth:`send` would now."""
        if self._closing or not self.healthy:
            raise Refused("the node takes no more messages: it is closing", code="messages_closed")
        if self.pending >= self._limit:
            raise Refused(
                f"{self._limit} messages wait for the gateway: look whether it answers, tell the caller by voice",
                code="messages_full",
            )
        self._allowance.check(message.to, now(), message.by)

    async def _run(self, left: list[Job]) -> None:
        """Start what is due, until closing; then wait for what is on the wire."""
        async with asyncio.TaskGroup() as group:
            for job in left:
                async with job.served:
                    if job.record.next_at is not None:  # else the gateway has told its end already
                        await self._settle(job, progress.resumed(job.record, now()))
            while not self._closing:
                self._wake.clear()
                self._welcome_all(group)
                if self._ledger.pause_s() == 0.0:
                    group.create_task(self._save_again())
                for lane in (self._senders, self._askers):
                    for job in lane.due():
                        group.create_task(self._serve(lane, job))
                await self._rest()
            self._welcome_all(group)  # so that the next node finds them

    def _welcome_all(self, group: asyncio.TaskGroup) -> None:
        for job in self._new:
            group.create_task(self._welcome(job))
        self._new.clear()

    async def _welcome(self, job: Job) -> None:
        await self._ledger.keep(job.record)
        await self._tell(job, job.record.state)
        self._senders.put(job, 0.0)
        self._wake.set()

    async def _rest(self) -> None:
        """Until something is due, was given, or has ended."""
        pauses = (self._senders.pause_s(), self._askers.pause_s(), self._ledger.pause_s())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min((pause for pause in pauses if pause is not None), default=None)):
                await self._wake.wait()

    async def _save_again(self) -> None:
        await self._ledger.retry()
        self._wake.set()

    async def _serve(self, lane: Lane, job: Job) -> None:
        try:
            async with job.served:
                if job.record.next_at is not None:  # else the gateway told its end while this waited for its turn
                    await self._settle(job, await self._step(job))
        finally:
            lane.leave()
            self._wake.set()

    async def _step(self, job: Job) -> MessageRecord:
        """One request to the gateway, and what it makes of the record."""
        try:
            if job.record.state == "queued":
                receipt = await self._hand_over(job)
            else:
                receipt = await self._gateway.delivery(job.message, job.record.reference)
        except MinwonError as fault:
            metrics.MESSAGES_RETRIES.inc()
            log.warning("messenger.fault", code=fault.code, why=str(fault), **_names(job))
            return progress.faulted(job.record, now(), random.random(), first_s=self._first_s)
        return progress.received(job.record, receipt, now(), first_s=self._first_s)

    @property
    def _first_s(self) -> float:
        return progress.FIRST_QUESTION_TOLD_S if self._gateway.tells else progress.FIRST_QUESTION_S

    async def _heard(self, reference: str, receipt: Receipt) -> None:
        """The gateway tells what has become of a message. Of one that is served just now it is heard afterwards."""
        job = self._by_reference.get(reference)
        if job is None:
            metrics.MESSAGES_UNCLAIMED.inc()
            return
        async with job.served:
            if job.record.next_at is not None and job.record.state == "sent":
                await self._settle(job, progress.received(job.record, receipt, now(), first_s=self._first_s))
        self._wake.set()

    async def _hand_over(self, job: Job) -> Receipt:
        tried = job.record.tried
        job.record = progress.begun(job.record, now())
        await self._ledger.keep(job.record)
        try:
            receipt = await self._gateway.send(job.message, tried=tried)
        except NotSent:
            job.record = msgspec.structs.replace(job.record, tried=tried)
            raise
        if receipt.state == "sent" and receipt.reference:
            self._by_reference[receipt.reference] = job  # before anybody else runs: its end may be told at once
        return receipt

    async def _settle(self, job: Job, record: MessageRecord) -> None:
        """The record has become this: keep it, tell it, see when the next step is due."""
        if record.state != "queued":
            self._queued.discard(record.message_id)
        if record.state == "sent" and record.next_at is not None and self._underway > self._watch_limit:
            record = progress.unwatched(record)
        before, job.record = job.record, record
        if record != before:
            await self._ledger.keep(record)
        if record.next_at is None:
            del self._jobs[record.message_id]
            self._by_reference.pop(record.reference, None)
            self._finished[record.message_id] = None
            if len(self._finished) > _REMEMBERED:
                self._finished.popitem(last=False)
        else:
            lane = self._senders if record.state == "queued" else self._askers
            lane.put(job, (record.next_at - now()).total_seconds() * self._pace)
        self._count()
        if (before.state, before.reason) != (record.state, record.reason):
            log.info("messenger.state", state=record.state, tries=record.tries, **_names(job))
            await self._tell(job, record.state if record.state != before.state else "unreported")

    async def _tell(self, job: Job, counted: str) -> None:
        record = job.record
        metrics.MESSAGES.labels(state=counted).inc()
        try:
            await self._told(job.message, Receipt(state=record.state, reference=record.reference, reason=record.reason))
        except MinwonError as fault:
            log.error("messenger.untold", code=fault.code, why=str(fault), **_names(job))

    def _count(self) -> None:
        metrics.MESSAGES_PENDING.set(self.pending)
        metrics.MESSAGES_UNDERWAY.set(self._underway)


def _message(record: MessageRecord) -> Message:
    """What can be made of a record: the text as it was kept."""
    return Message(
        message_id=record.message_id,
        to=record.to,
        text=record.text,
        kind=record.kind,
        call_id=record.call_id,
        by=record.by,
        sender=record.sender,
        entry_id=record.entry_id,
        purpose=record.purpose,
        subject=record.subject,
        at=record.at,
    )


def _names(job: Job) -> dict[str, str]:
    return {"message_id": job.record.message_id, "call_id": job.record.call_id}
