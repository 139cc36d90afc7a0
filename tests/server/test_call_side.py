"""The call as its visit sees it: wishes in order, a booking that is answered, nothing after the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ars.model import Contact
from ars.voice import Piece
from core.bus.memory_bus import MemoryBus
from core.events import Event, VisitChanged
from server.call_side import WISHES, BookCallback, CallContact, CallSide, EndCall, FindAgent
from server.line import Line

CONTACT = Contact(name={"ko": "주차관리과", "en": "Parking"}, phone="031-0000-2345")


class Ear:
    def __init__(self) -> None:
        self.did: list[Any] = []

    def speak(self, pieces: Any) -> None:
        self.did.append(pieces)

    async def hush(self) -> None:
        self.did.append("hush")


class Desk:
    """A side, and what comes of it."""

    def __init__(self) -> None:
        self.kept: list[Event] = []
        self.ear = Ear()
        self.typed: list[str] = []
        self.spoken: list[str] = []
        line = Line("c1", self.kept.append, MemoryBus())
        self.side = CallSide(line, self.ear, self._typed, self._speaks)  # type: ignore[arg-type]

    async def _typed(self, text: str) -> None:
        self.typed.append(text)

    async def _speaks(self, language: str) -> None:
        self.spoken.append(language)

    def wishes(self) -> list[Any]:
        return [self.side.wishes.get_nowait() for _ in range(self.side.wishes.qsize())]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_wishes_come_in_order(desk: Desk) -> None:
    await desk.side.find_agent("tax")
    await desk.side.call_contact(CONTACT, "en")
    await desk.side.end()
    assert desk.wishes() == [FindAgent("tax"), CallContact("주차관리과", "031-0000-2345"), EndCall()]


async def test_the_newest_wishes_count(desk: Desk) -> None:
    for number in range(WISHES + 3):
        await desk.side.find_agent(str(number))
    assert [wish.queue for wish in desk.wishes()] == [str(number) for number in range(3, WISHES + 3)]


@pytest.mark.parametrize("answer", [True, False])
async def test_a_booking_waits_for_its_answer(desk: Desk, answer: bool) -> None:
    booking = asyncio.create_task(desk.side.book("0100"))
    wish = await desk.side.wishes.get()
    assert isinstance(wish, BookCallback)
    assert not booking.done()
    wish.booked.set_result(answer)
    assert await booking is answer


async def test_a_booking_that_nobody_takes_is_none(desk: Desk) -> None:
    waiting = asyncio.create_task(desk.side.book("0100"))
    await asyncio.sleep(0)
    desk.side.take_no_more()
    assert await waiting is False
    assert await desk.side.book("0100") is False
    await desk.side.find_agent("")
    assert desk.wishes() == []


async def test_a_booking_that_is_crowded_out_is_none(desk: Desk) -> None:
    booking = asyncio.create_task(desk.side.book("0100"))
    await asyncio.sleep(0)
    for _ in range(WISHES):
        await desk.side.find_agent("")
    assert await booking is False


async def test_after_the_end_only_events_go_on(desk: Desk) -> None:
    await desk.side.speak((Piece(text="a", language="ko"),))
    await desk.side.hush()
    await desk.side.typed("네")
    await desk.side.speaks("en")
    waiting = asyncio.create_task(desk.side.book("0100"))
    await asyncio.sleep(0)
    desk.side.ends()
    assert desk.side.over
    assert await waiting is False, "a visit that waits for ever would tell nothing any more"
    await desk.side.speak(())
    await desk.side.hush()
    await desk.side.typed("아니오")
    await desk.side.end()
    assert desk.ear.did == [(Piece(text="a", language="ko"),), "hush"]
    await desk.side.speaks("vi")
    assert desk.typed == ["네"]
    assert desk.spoken == ["en"]
    assert desk.wishes() == []
    await desk.side.tell(VisitChanged(visit_id="v", state="ended"))
    assert [event.seq for event in desk.kept] == [1]
