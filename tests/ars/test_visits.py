"""All visits of a node: how many, until when, found by what."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest

from ars.links import Expired, Unbound
from ars.page_feed import Due, GoneDue, PageFeed
from ars.visit import EXTENDS, Visit
from ars.visits import UNJOINED, Visits
from core import metrics
from core.errors import Refused
from core.events import VisitChanged
from tests.ars.small import small_menu
from tests.fakes.call_side import FakeCall
from tests.fakes.visit_house import FakeVisitHouse

MENU = small_menu()
GRACE = dt.timedelta(minutes=15)


@pytest.fixture
async def house() -> AsyncIterator[FakeVisitHouse]:
    house = FakeVisitHouse()
    yield house
    if house.all is not None:
        house.all.close()
    await house.settle()


def called(visits: Visits, call_id: str = "c1") -> Visit:
    visit = visits.begin_call(FakeCall(call_id), phase="menu", has_number=True)
    assert visit is not None
    return visit


async def all_of(feed: PageFeed) -> list[Due]:
    async with asyncio.timeout(10):
        return [due async for due in feed]


async def test_pages_without_a_call_leave_room_for_calls(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU, limit=4)
    first = visits.begin_web("ko")
    visits.link(first)
    visits.begin_web("ko")
    with pytest.raises(Refused) as refused:
        visits.begin_web("ko")
    assert refused.value.code == "too_many"
    called(visits, "c1")
    assert visits.join(called(visits, "c2"), visits.code(first))
    visits.begin_web("ko")  # the page that has its call makes room for another


async def test_a_clock_put_forward_takes_no_running_call_its_link(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    visit = called(visits)
    token = visits.link(visit)
    house.clock += dt.timedelta(days=1)
    visits.expire()
    assert isinstance(visits.links.look(token, "", house.clock), Unbound)
    house.clock -= dt.timedelta(days=2)
    visits.expire()
    assert isinstance(visits.links.look(token, "", house.clock), Unbound)
    visits.call_over(visit)
    house.clock += GRACE
    visits.expire()
    assert isinstance(visits.links.look(token, "", house.clock), Expired)


async def test_beyond_the_limit_a_call_has_no_menu_and_the_web_says_so(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU, limit=2)
    called(visits)
    web = visits.begin_web("ko")
    before = metrics.ARS_VISITS_REFUSED._value.get()
    assert visits.begin_call(FakeCall("c2"), phase="menu", has_number=True) is None
    with pytest.raises(Refused) as refused:
        visits.begin_web("ko")
    assert refused.value.code == "too_many"
    assert metrics.ARS_VISITS_REFUSED._value.get() == before + 2
    visits.end(web)
    assert called(visits, "c2") is visits.of_call("c2")


async def test_a_page_without_a_call_ends_after_a_while(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    web = visits.begin_web("mn")
    assert web.state.language == "ko", "a language that the menu has not"
    token = visits.link(web)
    house.clock += UNJOINED - dt.timedelta(seconds=1)
    visits.expire()
    assert visits.get(web.visit_id) is web
    assert isinstance(visits.links.look(token, "", house.clock), Unbound)
    visits.extend(web)
    house.clock += EXTENDS
    visits.expire()
    assert visits.get(web.visit_id) is web
    house.clock += dt.timedelta(seconds=1)
    visits.expire()
    assert visits.get(web.visit_id) is None
    assert isinstance(visits.links.look(token, "", house.clock), Expired)


async def test_a_running_call_never_ends_its_visit(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    visit = called(visits)
    house.clock += dt.timedelta(hours=11)
    visits.extend(visit)
    visits.expire()
    assert visits.of_call("c1") is visit


async def test_after_the_call_the_page_lives_for_the_grace_time(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU, grace_s=GRACE.total_seconds())
    call = FakeCall("c1")
    visit = visits.begin_call(call, phase="menu", has_number=True)
    assert visit is not None
    token = visits.link(visit)
    feed = visit.open_page()
    assert feed is not None
    visits.call_over(visit)
    house.clock += GRACE - dt.timedelta(seconds=1)
    visits.expire()
    assert isinstance(visits.links.look(token, "", house.clock), Unbound)
    house.clock += dt.timedelta(seconds=1)
    visits.expire()
    assert isinstance(visits.links.look(token, "", house.clock), Expired)
    assert (await all_of(feed))[-1] == GoneDue("expired")
    assert visits.of_call("c1") is None
    await house.settle()
    assert call.told(VisitChanged)[-1].state == "ended"


async def test_more_time_after_the_call_is_the_links_too(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU, grace_s=GRACE.total_seconds())
    visit = called(visits)
    token = visits.link(visit)
    visits.call_over(visit)
    visits.extend(visit)
    house.clock += GRACE + dt.timedelta(minutes=5)
    visits.expire()
    assert isinstance(visits.links.look(token, "", house.clock), Unbound)


async def test_a_code_joins_once(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    web = visits.begin_web("ko")
    visits.link(web)
    code = visits.code(web)
    assert web.around.code == code
    first, second = called(visits, "c1"), called(visits, "c2")
    assert not visits.join(first, "000000" if code != "000000" else "000001")
    assert visits.join(first, code)
    assert not visits.join(second, code)
    assert first.ends is None
    assert len(visits) == 2


async def test_only_a_running_call_takes_a_page(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    thief, web, call = visits.begin_web("ko"), visits.begin_web("ko"), called(visits)
    for visit in (thief, web, call):
        visits.link(visit)
    code = visits.code(web)
    assert not visits.join(thief, code)
    visits.call_over(call)
    assert not visits.join(call, code)
    assert visits.get(web.visit_id) is web
    assert visits.join(called(visits, "c2"), code), "a try that was none leaves the code"


async def test_a_call_gives_its_page_to_no_other_call(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    one, other = called(visits, "c1"), called(visits, "c2")
    visits.link(other)
    assert not visits.join(one, visits.code(other))
    assert visits.of_call("c2") is other


async def test_the_end_is_told_to_the_house_once(house: FakeVisitHouse) -> None:
    over: list[Visit] = []
    visits = Visits(house, lambda: MENU, house.visits(MENU).links, limit=10, grace_s=1, ended=over.append)
    visit = called(visits)
    visits.end(visit)
    visits.end(visit)
    assert over == [visit]


async def test_when_the_node_goes_pages_hear_that_it_comes_back_and_links_are_not_over(house: FakeVisitHouse) -> None:
    visits = house.visits(MENU)
    call = FakeCall("c1")
    visit = visits.begin_call(call, phase="menu", has_number=True)
    assert visit is not None
    feed, token = visit.open_page(), visits.link(visit)
    assert feed is not None
    await house.settle()
    told = len(call.told(VisitChanged))
    visits.close()
    visits.close()
    assert (await all_of(feed))[-1] == GoneDue("node")
    assert len(visits) == 0
    assert isinstance(visits.links.look(token, "", house.clock), Unbound)
    visits.call_over(visit)  # the call's own end comes later
    await house.settle()
    assert len(call.told(VisitChanged)) == told


async def test_the_sweep_ends_what_is_over(house: FakeVisitHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ars.visits.SWEEP_S", 0.001)
    visits = house.visits(MENU)
    visits.begin_web("ko")
    house.clock += UNJOINED
    sweeping = asyncio.create_task(visits.sweep())
    async with asyncio.timeout(10):
        while len(visits):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
