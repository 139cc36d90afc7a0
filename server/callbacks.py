"""Callbacks that keep the caller's place: whoever hung up stays in the queue, and is called when the turn comes.

A booking waits in the dispatcher like a call, with the moment at which its caller began to wait. When an agent is free
for it she is offered, the citizen is called, and an ordinary call flow joins the two. Nobody answers: tried again
later, ``TRIES`` times in all. Without ``sip.outbound`` nobody is called by us: bookings are a list for the agents.
Bookings are in the store, so a restarted node goes on with them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

from msgspec.structs import replace

from ars.visit import Visit
from core import metrics
from core.config import SipConfig
from core.errors import MinwonError, Refused
from core.events import CallbackBooked, CallbackState, now
from core.log import get_logger
from core.store.contract import CallbackRecord, Store
from server.dispatcher import Dispatcher, Place
from server.line import Line
from server.outbound import callable_number, outbound_uri, plain
from server.roster import Agent
from telephony.contract import Bridge, Call

log = get_logger("server.callbacks")

MOST: Final = 2000
"""Open bookings; beyond it the caller is asked to wait or to call again."""
TRIES: Final = 3
AGAIN: Final = dt.timedelta(minutes=10)
"""After a call that nobody answered."""
NO_ROOM_S: Final = 10.0
"""While no SIP worker has room for a call."""
RING_S: Final = 40.0
"""How long the citizen's phone may ring."""


class Flows(Protocol):
    """Who runs calls: ``server.calls.LiveCalls``."""

    async def run_out(self, call: Call, agent: Agent) -> bool:
        """Run a call that we make, for an agent who is offered to it. Whether the two have talked."""


class Callbacks:
    """One for the node. ``resume`` takes up what an earlier node left open."""

    def __init__(
        self,
        store: Store,
        dispatcher: Dispatcher,
        bridge: Bridge,
        flows: Flows,
        sip: SipConfig,
        spawn: Callable[[Coroutine[Any, Any, None], str], object],
        *,
        again: dt.timedelta = AGAIN,
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._bridge = bridge
        self._flows = flows
        self._sip = sip
        self._spawn = spawn
        self._again = again
        self._open: dict[str, CallbackRecord] = {}
        self._queues: dict[str, str] = {}
        self._tell: dict[str, tuple[Line, Visit]] = {}
        self._stopped: dict[str, asyncio.Event] = {}

    async def resume(self) -> None:
        """Bookings of the node before keep their places."""
        for record in await self._store.open_callbacks():
            self._take(replace(record, state="booked"))

    async def book(self, number: str, call: Call, line: Line, visit: Visit, queue: str) -> None:
        """Keep the caller's place. ``Refused``: a number that may not be called, booked already, or too many."""
        digits = plain(number)
        if not callable_number(self._sip, digits):
            raise Refused("this number may not be called: see sip.outbound_numbers", code="not_callable")
        if len(self._open) >= MOST:
            raise Refused("too many callbacks are booked: wait, or call again later", code="callbacks_full")
        if any(record.number == digits for record in self._open.values()):
            raise Refused("this number is booked already", code="booked_already")
        record = CallbackRecord(
            callback_id=secrets.token_hex(8), number=digits, call_id=call.call_id, since=call.started
        )
        await self._store.put_callback(record)
        self._queues[record.callback_id] = queue
        self._tell[record.callback_id] = (line, visit)
        log.info("callback.booked", call_id=call.call_id, callback=record.callback_id)
        self._take(record)
        await self._say(record, self._position(record))

    @property
    def open(self) -> list[CallbackRecord]:
        """Booked or being called, in the order of their places."""
        return sorted(self._open.values(), key=lambda record: record.since)

    def place(self, callback_id: str) -> int:
        """Its place among all who wait, 1 = next; 0 = it does not wait just now."""
        place = self._dispatcher.place(_waiter(callback_id))
        return place.position if place else 0

    async def done(self, callback_id: str, agent_id: str) -> None:
        """An agent has called the number herself. ``Refused`` ('no_callback') when it is not open."""
        await self._close_by_hand(callback_id, "done", agent_id)

    async def cancel(self, callback_id: str, agent_id: str) -> None:
        """It is no longer wanted. ``Refused`` ('no_callback') when it is not open."""
        await self._close_by_hand(callback_id, "cancelled", agent_id)

    async def _close_by_hand(self, callback_id: str, state: CallbackState, agent_id: str) -> None:
        record = self._open.get(callback_id)
        if record is None or record.state != "booked":
            raise Refused("this callback is not open any more", code="no_callback")
        log.info("callback.closed", callback=callback_id, state=state, agent=agent_id)
        await self._change(replace(record, state=state, agent_id=agent_id))
        self._stopped[callback_id].set()

    def _take(self, record: CallbackRecord) -> None:
        self._open[record.callback_id] = record
        self._stopped[record.callback_id] = asyncio.Event()
        metrics.CALLBACKS_OPEN.set(len(self._open))
        if self._sip.outbound:
            self._spawn(self._serve(record.callback_id), f"callback {record.callback_id}")

    async def _serve(self, callback_id: str) -> None:
        """Until the citizen has been reached, or will not be, or somebody closed the booking."""
        stopped = asyncio.create_task(self._stopped[callback_id].wait())
        serving = asyncio.create_task(self._call_until_reached(callback_id))
        try:
            await asyncio.wait({stopped, serving}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        except MinwonError as fault:
            log.error("callback.failed", callback=callback_id, why=str(fault))
        finally:
            for task in (stopped, serving):
                task.cancel()
            await asyncio.gather(stopped, serving, return_exceptions=True)

    async def _call_until_reached(self, callback_id: str) -> None:
        while (record := self._open.get(callback_id)) is not None:
            if record.next_at is not None:
                await asyncio.sleep(max(0.0, (record.next_at - now()).total_seconds()))
            queue = self._queues.get(callback_id, "")
            agent = await self._dispatcher.next_agent(
                _waiter(callback_id), record.since, lambda place: self._moved(callback_id, place), queue=queue
            )
            await self._change(replace(self._open[callback_id], state="calling", agent_id=agent.id))
            if await self._call_out(self._open[callback_id], agent):
                await self._change(replace(self._open[callback_id], state="done"))
                return
            record = self._open[callback_id]
            tries = record.tries + 1
            state: CallbackState = "failed" if tries >= TRIES else "booked"
            await self._change(replace(record, state=state, tries=tries, next_at=now() + self._again, agent_id=""))

    async def _call_out(self, record: CallbackRecord, agent: Agent) -> bool:
        """Whether citizen and agent have talked."""
        try:
            uri = outbound_uri(self._sip, record.number)
            call = await self._bridge.call_out(uri, reference=record.callback_id, ring_timeout_s=RING_S)
        except MinwonError as fault:
            log.warning("callback.no_room", callback=record.callback_id, code=fault.code)
            await self._dispatcher.withdraw(agent.id)
            await asyncio.sleep(NO_ROOM_S)
            return False
        await self._dispatcher.offered_call(agent.id, call.call_id)
        talked = await self._flows.run_out(call, agent)
        await self._dispatcher.give_back(agent.id, call.call_id)
        return talked

    async def _moved(self, callback_id: str, place: Place) -> None:
        told = self._tell.get(callback_id)
        if told is not None:
            told[1].set_around(position=place.position, expect_s=place.expect_s)

    async def _change(self, record: CallbackRecord) -> None:
        """Keep it, tell it; a closed one is forgotten here and stays in the store."""
        self._open[record.callback_id] = record
        await self._store.put_callback(record)
        metrics.CALLBACKS.labels(state=record.state).inc()
        await self._say(record, self._position(record))
        if record.state in ("done", "failed", "cancelled"):
            self._open.pop(record.callback_id, None)
            self._queues.pop(record.callback_id, None)
            self._tell.pop(record.callback_id, None)
            metrics.CALLBACKS_OPEN.set(len(self._open))

    def _position(self, record: CallbackRecord) -> int:
        return self.place(record.callback_id) or 1 + sum(other.since < record.since for other in self._open.values())

    async def _say(self, record: CallbackRecord, position: int) -> None:
        told = self._tell.get(record.callback_id)
        if told is None:
            return
        line, visit = told
        await line.say(
            CallbackBooked(
                callback_id=record.callback_id,
                number=record.number,
                position=position if record.state == "booked" else 0,
                state=record.state,
            )
        )
        visit.set_around(position=position if record.state == "booked" else 0)


def _waiter(callback_id: str) -> str:
    return f"callback-{callback_id}"
