"""Submissions on their way to a message centre: paced, never more in the air than its window, landed once.

A part of a message flies at most once at a time. Who waited too long for its answer comes back later for the same
flight instead of sending it again; only a flight whose link broke before its answer has an end that nobody knows.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import msgspec

from channels import smpp_answers as answers
from channels import smpp_pdu as pdu
from channels.smpp_line import Line
from channels.smpp_link import LinkLost
from channels.smpp_pace import Pace
from core import metrics
from core.errors import GatewayFault, NotSent

LIMIT: Final = 10_000
"""Parts of messages whose landing is remembered, so that one that is given again is not sent again."""
_BREATH_S: Final = 0.02
_THROTTLED_S: Final = 60.0
"""So long a centre may say that it is too much before the text goes back to the queue."""


class Landed(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a flight."""

    message_id: str = ""
    """The centre's id, where it took the text."""
    refused: int = 0
    """The command_status, where it never will."""
    lost: bool = False
    """The link broke first: nobody knows."""


class Flight:
    """One part of a message. Its task ends with ``Landed``, or with ``NotSent``."""

    def __init__(self) -> None:
        self.task: asyncio.Task[Landed]
        self.moved = asyncio.Event()
        """It is on the wire, or over."""

    @property
    def on_wire(self) -> bool:
        """Written, and without an answer yet."""
        return self.moved.is_set() and not self.task.done()


class Flights:
    """All of one centre. Keys name a part of a message."""

    def __init__(self, line: Line, pace: Pace, *, window: int, answer_s: float) -> None:
        self._line = line
        self._pace = pace
        self._window = asyncio.Semaphore(window)
        self._gate = asyncio.Lock()
        self._answer_s = answer_s
        self._flights: OrderedDict[tuple[str, int], Flight] = OrderedDict()
        self._landed: OrderedDict[tuple[str, int], Landed] = OrderedDict()

    def was_lost(self, key: tuple[str, int]) -> bool:
        """Its link broke before its answer."""
        flight = self._flights.get(key)
        if flight is None or not flight.task.done() or flight.task.exception() is not None:
            return False
        return flight.task.result().lost

    def known(self, key: tuple[str, int]) -> bool:
        """This part was sent by this process, and what became of it is known or about to be."""
        return key in self._flights or key in self._landed

    async def land(self, key: tuple[str, int], build: Callable[[int], bytes]) -> Landed:
        """Send it, unless it flies or has landed already, and wait for its end.

        Raises ``NotSent`` when it did not leave, ``GatewayFault`` when the answer takes longer than ``answer_s``.
        """
        if (landed := self._landed.get(key)) is not None:
            return landed
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = Flight()
            flight.task = asyncio.create_task(self._fly(flight, build), name="smpp flight")
            flight.task.add_done_callback(lambda _task, flight=flight: flight.moved.set())  # type: ignore[misc]
        landed = await self._end(key, flight)
        if not landed.lost:
            self.note(key, landed)
        return landed

    async def _end(self, key: tuple[str, int], flight: Flight) -> Landed:
        """The pauses of a centre that throttles do not count as waiting for an answer."""
        try:
            while True:
                await flight.moved.wait()
                try:
                    async with asyncio.timeout(self._answer_s):
                        return await asyncio.shield(flight.task)
                except TimeoutError as fault:
                    if flight.on_wire:
                        raise GatewayFault("the message centre does not answer a submission") from fault
        except NotSent:
            self._flights.pop(key, None)
            raise
        except asyncio.CancelledError:
            if not flight.moved.is_set():
                self._cancel(key)
            raise

    def note(self, key: tuple[str, int], landed: Landed) -> None:
        """Its end is known, by its answer or otherwise."""
        self._flights.pop(key, None)
        self._landed[key] = landed
        if len(self._landed) > LIMIT:
            self._landed.popitem(last=False)

    def again(self, key: tuple[str, int]) -> None:
        """What was lost is to be sent again."""
        self._flights.pop(key, None)

    async def close(self, patience_s: float) -> None:
        """What is on the wire may still land; what waits for its turn is given up."""
        on_wire = [flight.task for flight in self._flights.values() if flight.on_wire]
        if on_wire:
            await asyncio.wait(on_wire, timeout=patience_s)
        for key in list(self._flights):
            self._cancel(key)

    def _cancel(self, key: tuple[str, int]) -> None:
        flight = self._flights.pop(key, None)
        if flight is not None and not flight.task.done():
            flight.task.cancel()
        elif flight is not None and not flight.task.cancelled():
            flight.task.exception()  # nobody came for it; that is no bug

    async def _fly(self, flight: Flight, build: Callable[[int], bytes]) -> Landed:
        began = time.monotonic()
        while True:
            async with self._window:
                try:
                    answer = await self._submitted(flight, build)
                except LinkLost:
                    if flight.moved.is_set():
                        metrics.SMPP_SUBMITS.labels(answer="lost").inc()
                        return Landed(lost=True)
                    await asyncio.sleep(_BREATH_S)  # the line learns of it in a moment
                    continue
            what = answers.meaning(answer.status)
            metrics.SMPP_SUBMITS.labels(answer=what).inc()
            if what == "taken":
                self._pace.taken()
                return Landed(message_id=answer.message_id)
            if what == "refused":
                return Landed(refused=answer.status)
            flight.moved.clear()
            if what == "later":
                raise NotSent(f"the message centre cannot take a text now (0x{answer.status:08X})")
            self._pace.throttled(time.monotonic())
            if time.monotonic() - began > _THROTTLED_S:
                raise NotSent("the message centre is throttling: it takes fewer texts than smpp.per_second")

    async def _turn(self) -> None:
        """The pause may grow while it is waited for: the centre throttles."""
        while (pause_s := self._pace.pause_s(time.monotonic())) > 0.0:  # noqa: ASYNC110 - a clock is no event
            await asyncio.sleep(pause_s)

    async def _submitted(self, flight: Flight, build: Callable[[int], bytes]) -> pdu.Answer:
        async with self._gate:
            link = await self._line.ready()
            await self._turn()
            self._pace.left(time.monotonic())
        return await link.request(build, wrote=flight.moved.set)
