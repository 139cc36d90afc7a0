"""The second gateway: a message centre (SMSC) of the city or its carrier, over SMPP 3.4.

What happens when the connection breaks between a submission and its answer, or this node dies there: SMPP has no key
by which a centre knows a text that is sent again, and its query_sm wants the id that was in the answer. But a receipt
names whom it was for and brings back our own reference (or the first words), and a centre delivers the receipts that
wait as soon as we are bound again. So what is in doubt waits for ``settle_s`` after the bind; found by a receipt, it is
not sent again. If none comes, ``in_doubt`` says which evil is chosen, and it is counted: 'again' = the citizen may get
it twice, 'never' = she may not get it, and the agent reads that.

Receipts are acknowledged when the messenger has taken them up, texts when ``on_text`` has: what a crash loses in
between the centre brings again. A receipt of what we have no answer for yet is therefore not acknowledged before its
message is known, if it can be of one that is on its way (``smpp_held``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from channels import smpp_answers as answers
from channels import smpp_pdu as pdu
from channels.contract import Message, OnText, Receipt, Told
from channels.reasons import in_words
from channels.smpp_book import Book, ids_of, reference_of
from channels.smpp_doubts import Doubts
from channels.smpp_flights import Flights, Landed
from channels.smpp_held import Held
from channels.smpp_incoming import Incoming
from channels.smpp_line import Line
from channels.smpp_link import Answering, Settings
from channels.smpp_pace import Pace
from channels.smpp_receipts import Report, report_of, report_of_query
from channels.smpp_terms import Terms, source_of, submissions
from core import metrics
from core.errors import GatewayFault, NotSent
from core.log import get_logger

log = get_logger("channels.smpp")

_CLOSE_S: Final = 2.0
_LOOK_S: Final = 0.2
"""How often receipts are looked for that were held long enough."""
_NO_ID: Final = "@"
"""What stands for the id of a text that the centre took without giving one; behind it our own reference."""


class SmppGateway:
    """See ``channels.contract.Gateway``. Make it on the event loop."""

    name = "smpp"

    def __init__(self, settings: Settings, terms: Terms, on_text: OnText | None = None, *, pace: float = 1.0) -> None:
        """``on_text`` gets the texts that come in. ``pace``: pauses between connections and how long receipts are held
        are multiplied by it, for tests."""
        self.tells = terms.receipts
        self._settings = settings
        self._terms = terms
        self._line = Line(settings, self._came, pair=terms.pair, pace=pace)
        self._flights = Flights(self._line, Pace(terms.per_second), window=terms.window, answer_s=settings.answer_s)
        self._book = Book(terms.receipt_ids)
        self._held = Held(pace=pace)
        self._doubts = Doubts(self._line, self._book, self._held, terms)
        self._incoming = Incoming(terms.form, on_text)
        self._late: asyncio.Queue[tuple[str, Receipt | None, list[Answering]]] = asyncio.Queue()
        """Never more than the messenger hands over at a time."""
        self._told: Told | None = None
        self._task: asyncio.Task[None] | None = None
        self._may_query = True

    async def open(self, told: Told, references: Sequence[str]) -> None:
        """Begin to connect; nobody waits for it."""
        self._told = told
        for reference in references:
            self._book.expects(reference)
        self._held.opened(time.monotonic())
        self._task = asyncio.create_task(self._run(), name="smpp")

    async def send(self, message: Message, *, tried: datetime | None = None) -> Receipt:
        """Submit all parts of it, but for those that the centre has already."""
        self._must_run()
        self._held.flies(message.message_id, message.to, doubtful=tried is not None)
        sent = submissions(message, self._terms)
        unknown = not any(self._flights.known((message.message_id, number)) for number in range(len(sent)))
        landing = [
            self._landed(message, number, each, tried=tried is not None, doubtful=tried is not None and unknown)
            for number, each in enumerate(sent)
        ]
        ends = await asyncio.gather(*landing, return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                # What certainly did not leave is only so if no other part did.
                certain = isinstance(end, NotSent) and not any(isinstance(other, Landed) for other in ends)
                if certain and tried is None:
                    self._held.landed(message.message_id)
                elif not certain:
                    self._held.doubted(message.message_id)
                if isinstance(end, NotSent) and not certain:
                    raise GatewayFault(str(end)) from end
                raise end
        self._held.landed(message.message_id)
        return self._receipt([end for end in ends if isinstance(end, Landed)])

    async def delivery(self, message: Message, reference: str) -> Receipt:
        """Ask for those parts of it whose end is not known."""
        self._must_run()
        if (receipt := self._book.expects(reference)) is not None:
            return receipt
        for message_id in self._book.waits(reference):
            if not self._may_query or message_id.startswith(_NO_ID):
                continue
            if (report := await self._asked(message, message_id)) is None:
                continue
            if (receipt := self._book.answered(report)) is not None:
                return receipt
        return Receipt(state="sent", reference=reference)

    async def close(self) -> None:
        """Let land what is on the wire, say goodbye. Idempotent."""
        await self._flights.close(_CLOSE_S)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._line.run(), name="smpp line")
            group.create_task(self._incoming.run(), name="smpp incoming")
            group.create_task(self._tell_late(), name="smpp late")
            group.create_task(self._let_go(), name="smpp held")

    async def _tell_late(self) -> None:
        """Ends that came before their messages were known: told when these are, so that a crash in between leaves
        either a receipt that comes again or a record that says 'sent'."""
        assert self._told is not None
        while True:
            reference, end, acknowledge = await self._late.get()
            if end is not None:
                await self._told(reference, end)
            for answering in acknowledge:
                answering(pdu.ROK)

    async def _let_go(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            for answering in self._held.overdue(time.monotonic()):
                answering(pdu.ROK)
                self._doubts.news()

    def _must_run(self) -> None:
        if self._task is None:
            raise NotSent("the message gateway is not open")
        if self._task.done():
            if not self._task.cancelled():
                self._task.result()  # raises the bug that ended it
            raise NotSent("the message gateway is closed: the node is stopping")

    async def _landed(
        self, message: Message, number: int, submission: pdu.Submit, *, tried: bool, doubtful: bool
    ) -> Landed:
        """The end of one part. A flight that was lost stays known, so that the next try looks for it first."""
        key = message.message_id, number
        if doubtful or self._flights.was_lost(key):
            if (found := await self._doubts.settled(message, submission)) is not None:
                self._flights.note(key, found)
                return found
            self._flights.again(key)
        elif tried and (found := self._doubts.found(message, submission)) is not None:
            self._flights.note(key, found)  # its receipt came, its answer did not
            return found
        end = await self._flights.land(key, lambda sequence: pdu.submit(submission, sequence))
        if end.lost:
            raise GatewayFault("the connection to the message centre broke before it answered")
        if not end.message_id and not end.refused:
            # An answer without an id: its receipt may have come meanwhile, or will be known by our own reference.
            found = self._doubts.found(message, submission)
            end = found or Landed(message_id=f"{_NO_ID}{submission.user_reference:04x}")
            self._flights.note(key, end)
        return end

    def _receipt(self, ends: Sequence[Landed]) -> Receipt:
        if any(end.lost for end in ends):
            return Receipt(state="failed", reason=in_words("in_doubt"))
        refused = next((end.refused for end in ends if end.refused), 0)
        if refused:
            return Receipt(state="failed", reason=answers.reason(refused))
        reference = reference_of(tuple(end.message_id for end in ends))
        end = self._book.expects(reference, self._line.binds)
        acknowledge = self._held.claimed(ids_of(reference))
        if end is not None or acknowledge:
            self._late.put_nowait((reference, end, acknowledge))
        return Receipt(state="sent", reference=reference)

    async def _asked(self, message: Message, message_id: str) -> Report | None:
        """query_sm; None when the centre does not know, or does not say."""
        link = await self._line.ready()
        source = source_of(message, self._terms)
        try:
            async with asyncio.timeout(self._settings.answer_s):
                answer = await link.request(lambda sequence: pdu.query(message_id, source, sequence))
        except TimeoutError as fault:
            raise GatewayFault("the message centre does not answer a question") from fault
        if answer.status == pdu.RINVCMDID:
            log.warning("smpp.no_query_sm")
            self._may_query = False
        return report_of_query(answer, message_id) if answer.status == pdu.ROK else None

    async def _came(self, deliver: pdu.Deliver, answering: Answering) -> None:
        """A receipt or a text."""
        report = report_of(deliver)
        if report is None:
            answering(await self._incoming.take(deliver, time.monotonic() - self._line.bound_s))
            return
        if report.user_reference is not None:
            nameless = f"{_NO_ID}{report.user_reference:04x}"
            if not report.message_id or self._book.knows(nameless):
                report = msgspec.structs.replace(report, message_id=nameless)
        if not report.message_id:
            metrics.SMPP_ODD.labels(what="receipt").inc()
            answering(pdu.ROK)
            return
        dropped = self._book.dropped
        kind, receipt = self._book.heard(report, self._line.binds)
        metrics.SMPP_RECEIPTS.labels(kind=kind).inc()
        metrics.SMPP_RECEIPTS.labels(kind="dropped").inc(self._book.dropped - dropped)
        if kind != "known":
            self._doubts.news()
        unknown = self._book.unknown(report)
        if unknown and self._held.hold(self._book.key(report), report.number, answering, time.monotonic()):
            return
        if receipt is not None and self._told is not None:
            await self._told(receipt.reference, receipt)
        answering(pdu.ROK)
