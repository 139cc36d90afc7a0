"""The desk's half of visits: whose call it is, what may be pushed, messages, pictures, callbacks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from agent_assist.desk_visits import Push
from ars.visit import Visit
from core.errors import MinwonError, Refused
from core.events import CallJoined, Party, ScreenShown, now
from core.home import Home
from core.pictures.shelf import Pictures
from core.store.callbacks import CallbackRecord
from core.store.entry import Entry
from server.house_visits import HouseVisits
from tests.fakes.bridge import ScriptedCall
from tests.server.ars_stage import LANDLINE, MOBILE, ArsStage
from tests.server.test_reach import stage_of

ENTRIES = {
    "7": Entry(id="7", title="여권", department="민원과", phone="031-0000-2345"),
    "8": Entry(id="8", title="전화 없음"),
}


class Assistant:
    """Knows entries."""

    def entry(self, entry_id: str) -> Entry | None:
        return ENTRIES.get(entry_id)


def house_of(stage: ArsStage) -> HouseVisits:
    return HouseVisits(
        ars=stage.ars,
        callbacks=stage.callbacks,
        pictures=Pictures(stage.home.root / "uploads", most_mb=10, days=1),
        store=stage.store,
        dispatcher=stage.dispatcher,
        calls=stage.calls,
        assistant=Assistant(),  # type: ignore[arg-type]
        entry_address="https://minwon.example/v/",
    )


async def talking(stage: ArsStage, caller: Party = MOBILE, *, page: bool = True) -> tuple[ScriptedCall, Visit]:
    call = stage.bridge.ring(caller)
    await stage.until(ScreenShown, call)
    call.press("caller", "0")
    await stage.until(CallJoined, call)
    visit = stage.visit(call)
    if page:
        visit.open_page()
    return call, visit


def code_of(caught: pytest.ExceptionInfo[MinwonError]) -> str:
    return caught.value.code


async def test_only_her_own_call_is_hers(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call, _ = await talking(stage)
        house = house_of(stage)
        push = Push(kind="card", id="7")
        for call_id, agent in ((call.call_id, "lee"), ("other", "kim"), ("", "kim")):
            with pytest.raises(Refused):
                house.reach(call_id, agent)
            for asked in (
                house.push(call_id, agent, push),
                house.send_link(call_id, agent),
                house.set_read_typed(call_id, agent, True),
            ):
                with pytest.raises(Refused):
                    await asked
        assert stage.outbox.messages == ()


async def test_what_can_be_done_for_the_caller(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call, visit = await talking(stage)
        house = house_of(stage)
        reach = house.reach(call.call_id, "kim")
        assert (reach.mobile, reach.link, reach.entry) == (True, True, "https://minwon.example/v/")
        assert [(push.kind, push.id) for push in reach.screens] == [
            ("screen", "office"),
            ("screen", "parking"),
            ("screen", "rate"),
            ("place", "hall"),
        ]
        await house.set_read_typed(call.call_id, "kim", True)
        assert house.reach(call.call_id, "kim").read_typed
        stage.ars.visits.end(visit)
        assert house.reach(call.call_id, "kim").screens == ()
        with pytest.raises(Refused) as refused:
            await house.push(call.call_id, "kim", Push(kind="card", id="7"))
        assert code_of(refused) == "no_visit"


@pytest.mark.parametrize(
    ("push", "screen"),
    [
        (Push(kind="card", id="7"), "@card-7"),
        (Push(kind="contact", id="7"), "@contact-7"),
        (Push(kind="screen", id="parking"), "parking"),
        (Push(kind="place", id="hall"), "@place-hall"),
    ],
)
async def test_what_she_pushes_is_in_the_callers_hand(home: Home, push: Push, screen: str) -> None:
    async with stage_of(home, "kim") as stage:
        call, visit = await talking(stage)
        await house_of(stage).push(call.call_id, "kim", push)
        assert visit.state.here.id == screen
        view = visit.view()
        assert bool(view.contact) == (push.kind in ("card", "contact"))
        assert bool(view.place) == (push.kind == "place")
        assert (await stage.until(ScreenShown, call, screen=screen)).cause == "agent"


@pytest.mark.parametrize(
    ("push", "code"),
    [
        (Push(kind="card", id="nothing"), "no_entry"),
        (Push(kind="contact", id="8"), "no_contact"),
        (Push(kind="screen", id="main"), "no_such_screen"),
        (Push(kind="screen", id="../etc"), "no_such_screen"),
        (Push(kind="place", id="moon"), "no_such_place"),
    ],
)
async def test_what_is_not_there_is_not_pushed(home: Home, push: Push, code: str) -> None:
    async with stage_of(home, "kim") as stage:
        call, visit = await talking(stage)
        before = visit.state.here
        with pytest.raises(Refused) as refused:
            await house_of(stage).push(call.call_id, "kim", push)
        assert code_of(refused) == code
        assert visit.state.here == before


async def test_without_a_page_there_is_no_hand(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call, visit = await talking(stage, page=False)
        house = house_of(stage)
        with pytest.raises(Refused) as refused:
            await house.push(call.call_id, "kim", Push(kind="card", id="7"))
        assert code_of(refused) == "no_page"
        await house.push(call.call_id, "kim", Push(kind="screen", id="@join"))
        assert visit.state.here.id == "@join"
        feed = visit.open_page()
        assert feed is not None
        visit.close_page(feed)  # locked in a pocket: it will come back
        await house.push(call.call_id, "kim", Push(kind="card", id="7"))


async def test_links_go_to_mobiles_only(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call, _ = await talking(stage, LANDLINE)
        house = house_of(stage)
        assert not house.reach(call.call_id, "kim").link
        with pytest.raises(Refused) as refused:
            await house.send_link(call.call_id, "kim")
        assert code_of(refused) == "not_a_mobile"


async def test_callbacks_are_listed_in_their_order_and_closed_by_hand(home: Home) -> None:
    async with stage_of(home, sip={"outbound": ""}) as stage:
        stage_now = now()

        def record(name: str, minute: int, state: Any) -> CallbackRecord:
            since = stage_now + dt.timedelta(minutes=minute)
            return CallbackRecord(callback_id=name, number=f"0100000000{minute}", since=since, state=state)

        for kept in (record("b", 2, "booked"), record("a", 1, "calling"), record("old", 0, "done")):
            await stage.store.put_callback(kept)
        await stage.callbacks.resume()
        house = house_of(stage)
        page = await house.callbacks(limit=10, before=None)
        assert [(one.callback_id, one.position) for one in page.open] == [("a", 1), ("b", 2)]
        assert [one.callback_id for one in page.closed] == ["old"]
        await house.callback_done("a", "kim")
        await house.callback_cancel("b", "kim")
        with pytest.raises(Refused):
            await house.callback_done("a", "kim")
        page = await house.callbacks(limit=10, before=None)
        assert page.open == ()
        assert {one.callback_id: one.state for one in page.closed} == {"a": "done", "b": "cancelled", "old": "done"}


async def test_a_picture_that_is_not_there_is_none(home: Home) -> None:
    async with stage_of(home) as stage:
        house = house_of(stage)
        assert await house.photo("../../etc/passwd", preview=False) is None
        assert await house.photo("0" * 32, preview=True) is None
