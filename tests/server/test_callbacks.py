"""Callbacks: each in its turn, tried again, closed by hand, over a restart; and no agent is ever left 'offered'."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from ars.inputs import BookingStands, Input
from core.bus.memory_bus import MemoryBus
from core.errors import BadInput, Refused, StoreFault
from core.events import CallbackBooked, CallEnded, CallJoined, Party, ScreenShown, VisitChanged, now
from core.home import Home
from core.store.callbacks import CallbackRecord
from server import callbacks as callbacks_file
from server.callbacks import TRIES
from server.line import Line
from tests.ars.small import open_menu
from tests.fakes.bridge import ScriptedCall
from tests.patience import until
from tests.server.ars_stage import MOBILE, ArsStage, Shelf

LONG = dt.timedelta(hours=1)
T0 = now()


class Page:
    """What a booking tells of its visit."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.awaited = False
        self.over = False
        self.visit_id = "of another node"
        self.stands = 0

    def put(self, event: Input) -> bool:
        assert isinstance(event, BookingStands)
        self.stands += 1
        return True

    def booking_over(self) -> None:
        self.over = True

    def set_around(self, **facts: Any) -> None:
        self.positions.append(facts["position"])


class Office(ArsStage):
    """Agents, a bridge and bookings; ``kim`` is away until she is wanted."""

    def __init__(self, home: Home, *, again: dt.timedelta = dt.timedelta(0), agents: str = "kim", **sip: Any) -> None:
        super().__init__(home, *agents.split(), again=again, sip=sip)
        self.shelf = None

    async def __aenter__(self) -> Office:
        await super().__aenter__()
        for agent in self.dispatcher.roster:
            await self.dispatcher.wish(agent.id, "away")
        return self

    async def book(self, number: str, *, minute: int = 0, queue: str = "", page: Page | None = None) -> str:
        """A booking of a caller who waited since that minute, and has hung up."""
        call = self.bridge.ring(Party(number=number))
        self.bridge._new.remove(call)
        call.started = T0 + dt.timedelta(minutes=minute)
        line = Line(call.call_id, self.kept.append, self.bus)
        return await self.callbacks.book(number, call, line, page or Page(), queue)  # type: ignore[arg-type]

    async def state(self, callback_id: str) -> CallbackRecord:
        """As the store has it."""
        return next(r for r in await self.store.callbacks() if r.callback_id == callback_id)

    async def until_state(self, callback_id: str, state: str, tries: int = 0) -> CallbackRecord:
        async with asyncio.timeout(20):
            while (record := await self.state(callback_id)).state != state or record.tries < tries:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return record

    def rung(self) -> list[str]:
        """Numbers that we have called, in order."""
        return [call.caller.number for call in self.bridge.all_calls if call.outgoing]


async def test_when_the_turn_comes_the_citizen_is_called_and_joined(home: Home) -> None:
    async with Office(home) as office:
        page = Page()
        booking = await office.book("010-0000-2222", page=page)
        assert [record.number for record in office.callbacks.open] == ["01000002222"]
        await office.dispatcher.wish("kim", "ready")
        joined = await office.until(CallJoined)
        assert joined.agent_id == "kim"
        assert (await office.state(booking)).state == "calling"
        call = office.bridge.all_calls[-1]
        assert call.reference == booking
        assert office.dispatcher.roster.agent("kim").call_id == call.call_id
        call.party_hangs_up("caller")
        done = await office.until_state(booking, "done")
        assert done.agent_id == "kim"
        await until(lambda: office.states() == {"kim": "ready"})
        assert office.callbacks.open == []
        assert [told.state for told in office.told(CallbackBooked)] == ["booked", "calling"]
        assert (page.positions[0], page.positions[-1]) == (1, 0)
        assert page.over
        assert office.callbacks._stopped == {}
        assert office.callbacks._tell == {}


async def test_bookings_and_waiting_calls_have_one_queue(home: Home) -> None:
    async with Office(home) as office:
        late = await office.book("01000000003", minute=3)
        early = await office.book("01000000001", minute=1)
        await until(lambda: office.callbacks.place(late) == 2)
        assert office.callbacks.place(early) == 1
        order: list[str] = []

        async def nobody(_place: object) -> None: ...

        async def live() -> None:
            agent = await office.dispatcher.next_agent("live", T0 + dt.timedelta(minutes=2), nobody)
            order.append("live")
            await office.dispatcher.withdraw(agent.id)

        waiting = asyncio.create_task(live())
        await until(lambda: office.callbacks.place(late) == 3)
        await office.dispatcher.wish("kim", "ready")
        await office.until(CallJoined)
        assert office.rung() == ["01000000001"]
        assert order == []
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await waiting
        await office.until(CallJoined)
        assert order == ["live"]
        assert office.rung() == ["01000000001", "01000000003"]
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await office.until_state(late, "done")
        await office.until_state(early, "done")


@pytest.mark.parametrize("result", ["busy", "no_answer", "refused", "unreachable"])
async def test_nobody_answers_three_times_and_it_has_failed(
    home: Home, result: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks_file, "RING_S", 0.02)
    async with Office(home) as office:
        office.bridge.script("sip:01000000001@trunk", result)
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        failed = await office.until_state(booking, "failed")
        assert failed.tries == TRIES == len(office.rung())
        await until(lambda: office.states() == {"kim": "ready"})
        assert office.callbacks.open == []


async def test_after_a_call_in_vain_others_come_first(home: Home) -> None:
    async with Office(home, again=LONG) as office:
        office.bridge.script("sip:01000000001@trunk", "busy")
        first = await office.book("01000000001", minute=1)
        second = await office.book("01000000002", minute=2)
        await office.dispatcher.wish("kim", "ready")
        await office.until(CallJoined)
        assert office.rung() == ["01000000001", "01000000002"]
        waits = await office.until_state(first, "booked", tries=1)
        assert (waits.state, waits.tries, waits.agent_id) == ("booked", 1, "")
        assert waits.next_at is not None
        assert waits.next_at > now() + LONG / 2
        assert office.callbacks.place(first) == 0
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await office.until_state(second, "done")


async def test_no_free_line_is_no_try(home: Home) -> None:
    async with Office(home) as office:
        office.bridge.full = True
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        await asyncio.sleep(0.1)
        record = await office.state(booking)
        assert (record.tries, record.next_at) == (0, None)
        office.bridge.full = False
        await office.until(CallJoined)
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await office.until_state(booking, "done")


@pytest.mark.parametrize("fault", [BadInput("no SIP address"), StoreFault("away")])
async def test_what_cannot_be_called_is_seen_to_by_a_person(home: Home, fault: Exception) -> None:
    async with Office(home) as office:

        async def broken(*_: Any, **__: Any) -> Any:
            raise fault

        office.bridge.call_out = broken  # type: ignore[method-assign]
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        assert (await office.until_state(booking, "failed")).tries == TRIES
        assert office.states() == {"kim": "ready"}


async def test_a_store_that_goes_away_stops_no_callback_and_keeps_no_agent(home: Home) -> None:
    async with Office(home) as office:
        booking = await office.book("01000000001")
        real = office.store.put_callback

        async def away(_record: CallbackRecord) -> None:
            raise StoreFault("the database is away")

        office.store.put_callback = away  # type: ignore[method-assign, assignment]
        await office.dispatcher.wish("kim", "ready")
        await office.until(CallJoined)
        office.store.put_callback = real  # type: ignore[method-assign]
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await office.until_state(booking, "done")
        await until(lambda: office.states() == {"kim": "ready"})


@pytest.mark.parametrize("how", ["done", "cancelled"])
@pytest.mark.parametrize("moment", ["waiting", "pausing", "matched"])
async def test_a_booking_is_closed_by_hand(home: Home, moment: str, how: str) -> None:
    async with Office(home, again=LONG) as office:
        office.bridge.script("sip:01000000001@trunk", "busy")
        booking = await office.book("01000000001")
        if moment == "pausing":
            await office.dispatcher.wish("kim", "ready")
            await office.until_state(booking, "booked", tries=1)
        await until(lambda: office.callbacks.place(booking) == (0 if moment == "pausing" else 1))
        called = len(office.rung())
        close = office.callbacks.done if how == "done" else office.callbacks.cancel
        if moment == "matched":
            await asyncio.gather(close(booking, "kim"), office.dispatcher.wish("kim", "ready"))
        else:
            await close(booking, "kim")
        record = await office.state(booking)
        assert (record.state, record.agent_id) == (how, "kim")
        assert office.callbacks.open == []
        await office.dispatcher.wish("kim", "ready")
        await asyncio.sleep(0.02)
        assert len(office.rung()) == called
        assert office.states() == {"kim": "ready"}
        with pytest.raises(Refused) as refused:
            await close(booking, "kim")
        assert refused.value.code == "no_callback"


async def test_a_booking_that_is_being_called_cannot_be_closed(home: Home) -> None:
    async with Office(home) as office:
        office.bridge.script("sip:01000000001@trunk", "no_answer")
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        await office.until_state(booking, "calling")
        with pytest.raises(Refused):
            await office.callbacks.cancel(booking, "kim")
        assert office.states() == {"kim": "offered"}


async def test_when_the_agent_misses_it_another_one_is_rung(home: Home) -> None:
    async with Office(home, agents="kim lee") as office:
        office.bridge.script("sip:kim", "no_answer")
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        await until(lambda: office.states()["kim"] == "offered")
        await office.dispatcher.wish("lee", "ready")
        joined = await office.until(CallJoined)
        assert joined.agent_id == "lee"
        assert office.states()["kim"] == "away"
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await office.until_state(booking, "done")


async def test_when_no_agent_answers_the_citizen_hears_so_and_is_called_again(home: Home) -> None:
    async with Office(home, again=LONG) as office:
        office.bridge.script("sip:kim", "busy")
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        assert (await office.until(CallEnded)).reason == "no_agent"
        assert "play closing" in office.bridge.all_calls[-1].done
        await office.until_state(booking, "booked", tries=1)
        assert office.states() == {"kim": "away"}


async def test_the_node_goes_while_a_citizen_is_rung(home: Home) -> None:
    async with Office(home) as office:
        office.bridge.script("sip:01000000001@trunk", "no_answer")
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        await office.until_state(booking, "calling")
        call = office.bridge.all_calls[-1]
        await until(lambda: office.dispatcher.roster.agent("kim").call_id == call.call_id)
        await office.end_side_tasks()
        assert call.ended.is_set()
        assert office.states() == {"kim": "ready"}
        assert office.calls.flow(call.call_id) is None
    async with Office(home) as later:  # the next node goes on with it
        await later.callbacks.resume()
        assert [record.state for record in later.callbacks.open] == ["booked"]
        await later.dispatcher.wish("kim", "ready")
        await later.until(CallJoined)
        later.bridge.all_calls[-1].party_hangs_up("caller")
        await later.until_state(booking, "done")


async def test_a_clock_that_was_put_back_holds_up_no_callback(home: Home) -> None:
    async with Office(home) as office:
        ahead = CallbackRecord(
            callback_id="b1", number="01000000001", call_id="c1", since=now(), tries=1, next_at=now() + LONG
        )
        await office.store.put_callback(ahead)
        await office.callbacks.resume()
        await office.dispatcher.wish("kim", "ready")
        await office.until(CallJoined)
        office.bridge.all_calls[-1].party_hangs_up("caller")
        await office.until_state("b1", "done")


async def test_who_talks_while_the_node_changes_is_not_called_again(home: Home) -> None:
    async with Office(home) as office:
        booking = await office.book("01000000001")
        await office.dispatcher.wish("kim", "ready")
        await office.until(CallJoined)
        assert office.calls.references == {booking}
        kept = await office.until_state(booking, "calling")
    async with Office(home) as later:
        await later.store.put_callback(kept)  # as a killed node leaves it
        await later.callbacks.resume([booking])
        assert later.callbacks.open == []
        assert (await later.state(booking)).state == "done"


async def test_without_a_way_out_bookings_are_a_list(home: Home) -> None:
    async with Office(home, outbound="") as office:
        second = await office.book("01000000002", minute=2)
        first = await office.book("01000000001", minute=1)
        await office.dispatcher.wish("kim", "ready")
        await asyncio.sleep(0.02)
        assert [record.callback_id for record in office.callbacks.open] == [first, second]
        assert office.states() == {"kim": "ready"}
        await office.callbacks.done(first, "kim")
        assert [record.callback_id for record in office.callbacks.open] == [second]


@pytest.mark.parametrize("number", ["0601234567", "001-555-0100", "+15550100", "112", "abc"])
async def test_numbers_that_cost_are_not_booked(home: Home, number: str) -> None:
    async with Office(home) as office:
        with pytest.raises(Refused) as refused:
            await office.book(number)
        assert refused.value.code == "not_callable"
        assert await office.store.callbacks() == []


async def test_a_number_is_booked_once_also_by_two_at_a_time(home: Home) -> None:
    async with Office(home) as office:
        results = await asyncio.gather(office.book("01000000001"), office.book("010-0000-0001"), return_exceptions=True)
        assert [type(result) for result in results] == [str, Refused]
        assert len(office.callbacks.open) == 1


async def test_bookings_are_limited(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks_file, "MOST", 1)
    async with Office(home) as office:
        await office.book("01000000001")
        with pytest.raises(Refused) as refused:
            await office.book("01000000002")
        assert refused.value.code == "callbacks_full"


async def test_what_the_store_does_not_take_is_not_promised(home: Home) -> None:
    async with Office(home) as office:
        real = office.store.put_callback

        async def away(_record: CallbackRecord) -> None:
            raise StoreFault("the database is away")

        office.store.put_callback = away  # type: ignore[method-assign, assignment]
        with pytest.raises(StoreFault):
            await office.book("01000000001")
        assert office.callbacks.open == []
        office.store.put_callback = real  # type: ignore[method-assign]
        await office.book("01000000001")


async def test_a_booking_has_the_place_of_its_caller_among_all_who_wait(home: Home) -> None:
    async with Office(home) as office:

        async def nobody(_place: object) -> None: ...

        waits = [
            asyncio.create_task(office.dispatcher.next_agent(name, T0 + dt.timedelta(minutes=minute), nobody))
            for minute, name in ((1, "a"), (2, "b"), (9, "c"))
        ]
        await until(lambda: office.dispatcher.queue().waiting == 3)
        call = office.bridge.ring(Party(number="01000000001"))
        office.bridge._new.remove(call)
        call.started = T0 + dt.timedelta(minutes=5)
        waits.append(asyncio.create_task(office.dispatcher.next_agent(call.call_id, call.started, nobody)))
        await until(lambda: office.dispatcher.queue().waiting == 4)
        page = Page()
        await office.callbacks.book("01000000001", call, Line("c", office.kept.append, MemoryBus()), page, "")  # type: ignore[arg-type]
        assert page.positions[-1] == 3
        for task in waits:
            task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


# The page on which it was booked.


async def booked_on_a_page(office: Office) -> ScriptedCall:
    """A caller with a page who has booked a callback and hung up."""
    office.shelf = Shelf(open_menu())
    office.ars._shelf = office.shelf  # type: ignore[assignment]
    call = office.bridge.ring(MOBILE)
    await office.until(ScreenShown, call, screen="main")
    visit = office.visit(call)
    assert visit.open_page() is not None
    call.press("caller", "0")
    await office.until(ScreenShown, call, screen="@wait")
    call.press("caller", "1")
    await office.until(ScreenShown, call, screen="@callback")
    visit.submit(visit.state.number, {"number": MOBILE.number})
    await office.until(CallEnded)
    await office.over(call)
    return call


async def test_the_page_belongs_to_the_call_that_was_booked_on_it(home: Home) -> None:
    async with Office(home) as office:
        call = await booked_on_a_page(office)
        visit = office.visit(call)
        assert visit.state.here.id == "@booked"
        assert visit.ends is not None
        assert visit.ends - office.ars.now() > LONG, "it lives until she is called"
        await office.dispatcher.wish("kim", "ready")
        joined = await office.until(CallJoined)
        called = office.bridge.all_calls[-1]
        assert joined.call_id == called.call_id != call.call_id
        assert office.visit(called) is visit
        assert office.ars.visits.of_call(call.call_id) is None
        assert (visit.state.here.id, visit.ends) == ("@talk", None)
        told = [event.state for event in office.told(VisitChanged) if event.call_id == called.call_id]
        assert told == ["begun", "opened"]
        called.party_hangs_up("caller")
        await office.over(called)
        await until(lambda: not visit.awaited)
        assert visit.state.here.id == "@over"
        assert visit.ends is not None
        assert visit.ends - office.ars.now() < LONG


async def test_a_page_whose_callback_was_not_answered_says_that_it_will_be_tried_again(home: Home) -> None:
    async with Office(home, again=LONG) as office:
        call = await booked_on_a_page(office)
        visit = office.visit(call)
        office.bridge.script(f"sip:{MOBILE.number}@trunk", "busy")
        await office.dispatcher.wish("kim", "ready")
        await until(lambda: visit.state.notice == "call_missed")
        assert visit.state.here.id == "@booked"
        assert visit.awaited
        (booking,) = office.callbacks.open
        await office.callbacks.cancel(booking.callback_id, "kim")
        assert visit.state.here.id == "@over"


async def test_a_page_that_ended_before_the_callback_leaves_an_ordinary_call(home: Home) -> None:
    async with Office(home) as office:
        call = await booked_on_a_page(office)
        office.ars.visits.end(office.visit(call))
        await office.dispatcher.wish("kim", "ready")
        await office.until(CallJoined)
        called = office.bridge.all_calls[-1]
        assert office.flow(called).menu is None
        called.party_hangs_up("caller")
        await office.over(called)
