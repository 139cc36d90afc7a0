"""Callbacks that keep the caller's place: whoever hung up stays in the queue, and is called when the turn comes.

A booking waits in the dispatcher like a call, with the moment at which its caller began to wait. When an agent is free
for it she is offered, the citizen is called, and an ordinary call flow joins the two. Nobody answers: tried again
later, ``TRIES`` times in all. No line is free: tried again soon, and that counts for nothing. Without ``sip.outbound``
nobody is called by us: bookings are a list for the agents. Bookings are in the store, so a restarted node goes on with
them; while the store is away they go on from memory.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final, Literal, Protocol

from msgspec.structs import replace

from ars.inputs import BookingStands
from ars.visit import Visit
from core import metrics
from core.config import SipConfig
from core.errors import MinwonError, Refused, StoreFault
from core.events import CallbackBooked, CallbackState, now
from core.log import get_logger
from core.store.callbacks import CallbackRecord
from core.store.contract import Store
from server.dispatcher import Dispatcher, Place
from server.line import Line
from server.outbound import Outbound, callable_number, plain
from server.roster import Agent
from telephony.contract import Bridge, Call

log = get_logger("server.callbacks")

MOST: Final = 2000
"""Open bookings; beyond it the caller is asked to wait or to call again."""
TRIES: Final = 3
Outcome = Literal["talked", "missed", "no_room"]
"""What became of a call: citizen and agent have talked, or one of them did not answer, or there was no line."""
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
        outbound: Outbound | None = None,
        again: dt.timedelta = AGAIN,
        no_room_s: float = NO_ROOM_S,
    ) -> None:
        """``outbound``: the node's limit, which others use too; None = one of its own."""
        self._store = store
        self._dispatcher = dispatcher
        self._bridge = bridge
        self._flows = flows
        self._sip = sip
        self._outbound = outbound or Outbound(sip)
        self._spawn = spawn
        self._again = again
        self._no_room_s = no_room_s
        self._open: dict[str, CallbackRecord] = {}
        self._tell: dict[str, tuple[Line, Visit]] = {}
        self._stopped: dict[str, asyncio.Event] = {}

    async def resume(self, talking: Collection[str] = ()) -> None:
        """Bookings of the node before keep their places. ``talking``: those whose call was joined and goes on."""
        for record in await self._store.open_callbacks():
            if record.callback_id in talking:
                await self._change(replace(record, state="done"))
            else:
                self._take(replace(record, state="booked"))

    async def book(self, number: str, call: Call, line: Line, visit: Visit, queue: str) -> str:
        """Keep the caller's place; the booking's id. ``Refused``: a number that may not be called, booked already, or
        too many. ``StoreFault``: it could not be kept, so nothing is promised."""
        digits = plain(number)
        if not callable_number(self._sip, digits):
            raise Refused("this number may not be called: see sip.outbound_numbers", code="not_callable")
        if len(self._open) >= MOST:
            raise Refused("too many callbacks are booked: wait, or call again later", code="callbacks_full")
        if any(record.number == digits for record in self._open.values()):
            raise Refused("this number is booked already", code="booked_already")
        record = CallbackRecord(
            callback_id=secrets.token_hex(8), number=digits, call_id=call.call_id, queue=queue, since=call.started
        )
        self._open[record.callback_id] = record  # from now on the number is booked, while the store is waited for
        try:
            await self._store.put_callback(record)
        except BaseException:
            del self._open[record.callback_id]
            raise
        self._tell[record.callback_id] = (line, visit)
        visit.awaited = bool(self._sip.outbound)
        log.info("callback.booked", call_id=call.call_id, callback=record.callback_id)
        place = self._dispatcher.place(call.call_id)  # she waits still, and her place is what she books
        self._take(record)
        await self._say(record, place.position if place else self._position(record))
        return record.callback_id

    def visit(self, callback_id: str) -> Visit | None:
        """See ``server.reach.Books``."""
        told = self._tell.get(callback_id)
        return told[1] if told is not None else None

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
        stopped = self._stopped.get(callback_id)
        if record is None or stopped is None or record.state != "booked":
            raise Refused("this callback is not open any more", code="no_callback")
        log.info("callback.closed", callback=callback_id, state=state, agent=agent_id)
        stopped.set()
        await self._change(replace(record, state=state, agent_id=agent_id))

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
        finally:
            for task in (stopped, serving):
                task.cancel()
            await asyncio.gather(stopped, serving, return_exceptions=True)

    async def _call_until_reached(self, callback_id: str) -> None:
        while self._waits(callback_id):
            record = self._open[callback_id]
            if record.next_at is not None:
                due = min(record.next_at - now(), self._again)  # no longer, for the clock may have been put back
                await asyncio.sleep(max(0.0, due.total_seconds()))
            agent = await self._dispatcher.next_agent(
                _waiter(callback_id),
                record.since,
                lambda place: self._moved(callback_id, place),
                queue=record.queue,
            )
            if not self._waits(callback_id):  # closed by hand in this very moment
                await self._dispatcher.withdraw(agent.id)
                return
            calling = replace(record, state="calling", agent_id=agent.id)
            outcome = await self._call_out(calling, agent)
            after = self._after(calling, outcome)
            await self._change(after)
            if outcome == "missed" and after.state == "booked" and (visit := self.visit(callback_id)) is not None:
                visit.put(BookingStands())
            if outcome == "no_room":
                await asyncio.sleep(self._no_room_s)

    def _waits(self, callback_id: str) -> bool:
        record = self._open.get(callback_id)
        return record is not None and record.state == "booked"

    def _after(self, record: CallbackRecord, outcome: Outcome) -> CallbackRecord:
        """What a call makes of the booking."""
        match outcome:
            case "talked":
                return replace(record, state="done")
            case "no_room":
                return replace(record, state="booked", agent_id="")
            case "missed":
                tries = record.tries + 1
                state: CallbackState = "failed" if tries >= TRIES else "booked"
                return replace(record, state=state, tries=tries, next_at=now() + self._again, agent_id="")

    async def _call_out(self, record: CallbackRecord, agent: Agent) -> Outcome:
        """Call the citizen for this agent. Whatever comes of it, she does not stay 'offered'."""
        offered_to = _waiter(record.callback_id)
        try:
            await self._change(record)
            try:
                uri = self._outbound.uri(record.number)
            except Refused as refusal:
                if refusal.code != "too_many_calls":
                    raise
                log.warning("callback.too_many_calls", callback=record.callback_id)
                return "no_room"
            try:
                call = await self._bridge.call_out(uri, reference=record.callback_id, ring_timeout_s=RING_S)
            except Refused as refusal:
                log.warning("callback.no_room", callback=record.callback_id, code=refusal.code)
                return "no_room"
            offered_to = call.call_id
            await self._dispatcher.offered_call(agent.id, call.call_id)
            return "talked" if await self._flows.run_out(call, agent) else "missed"
        except MinwonError as fault:  # no way out any more, or none that is an address: a person has to see to it
            log.error("callback.not_called", callback=record.callback_id, code=fault.code, why=str(fault))
            return "missed"
        finally:
            await asyncio.shield(self._dispatcher.give_back(agent.id, offered_to))

    async def _moved(self, callback_id: str, place: Place) -> None:
        if (visit := self.visit(callback_id)) is not None:
            visit.set_around(position=place.position, expect_s=place.expect_s)

    async def _change(self, record: CallbackRecord) -> None:
        """Keep it, tell it; a closed one is forgotten here and stays in the store."""
        self._open[record.callback_id] = record
        try:
            await self._store.put_callback(record)
        except StoreFault as fault:  # a restarted node may call once more; nobody is forgotten
            log.error("callback.not_kept", callback=record.callback_id, state=record.state, why=str(fault))
        metrics.CALLBACKS.labels(state=record.state).inc()
        await self._say(record, self._position(record))
        if record.state in ("done", "failed", "cancelled"):
            if (visit := self.visit(record.callback_id)) is not None:
                visit.booking_over()
            for known in (self._open, self._tell, self._stopped):
                known.pop(record.callback_id, None)
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
