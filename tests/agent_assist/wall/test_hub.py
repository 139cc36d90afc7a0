"""One picture for all: what walls are told first, at once, once a second; slow ones, late ones, the last one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agent_assist.wall import hub as hubs
from agent_assist.wall.difference import merged
from agent_assist.wall.hub import BEHIND, Hub, Viewer
from core.events import AlertChanged, TranscriptFinal
from server.bench.wall_floor import SUPERVISOR, Floor

WAITS_S = 10.0


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    made = Floor(agents=12, calls=6)
    yield made
    await made.bus.close()


@pytest.fixture
async def hub(floor: Floor) -> AsyncIterator[Hub]:
    made = Hub(floor)
    yield made
    await made.close()


class Page:
    """A browser that keeps the picture."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.messages = aiter(viewer.messages())
        self.picture: Any = {}
        self.pictures = 0

    async def next(self) -> dict[str, Any]:
        """The next message, taken in."""
        async with asyncio.timeout(WAITS_S):
            message: dict[str, Any] = json.loads(await anext(self.messages))
        if message["type"] == "WallPicture":
            self.picture, self.pictures = message["picture"], self.pictures + 1
        elif message["type"] == "WallDifference":
            self.picture = merged(self.picture, message["patch"])
        return message

    async def until(self, true: Any) -> None:
        """Messages until that is so."""
        while not true():
            await self.next()


async def watching(hub: Hub) -> Page:
    page = Page(await hub.watch(SUPERVISOR))
    await page.next()
    return page


async def test_the_whole_house_first_then_what_changes(floor: Floor, hub: Hub) -> None:
    page = await watching(hub)
    assert len(page.picture["agents"]) == 12
    assert len(page.picture["calls"]) == 6
    call = next(key for key, row in page.picture["calls"].items() if row["stage"] == "talking")
    await floor.say(call, TranscriptFinal(speaker="caller", utterance="u", start=0, end=1, text="가로등이 꺼졌어요"))
    await page.until(lambda: page.picture["calls"][call].get("words") == "가로등이 꺼졌어요")


async def test_what_is_urgent_does_not_wait_for_words(floor: Floor, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "TICK_S", 3600.0)
    page = await watching(hub)
    call = next(key for key, row in page.picture["calls"].items() if row["stage"] == "talking")
    await floor.say(call, TranscriptFinal(speaker="caller", utterance="u", start=0, end=1, text="불이 났어요"))
    await floor.say(call, AlertChanged(alert_id="alert-9", kind="emergency", words=("불",)))
    patch = (await page.next())["patch"]
    assert patch["alerts"][f"{call} alert-9"]["kind"] == "emergency"
    await floor.move("boss", "ready")
    assert (await page.next())["patch"]["agents"]["boss"]["state"] == "ready"


async def test_all_walls_get_the_same_bytes_and_a_late_one_fits_in(floor: Floor, hub: Hub) -> None:
    first = await watching(hub)
    second = await watching(hub)
    await floor.move("a1", "ready")
    await first.until(lambda: first.picture["agents"]["a1"].get("state") == "ready")
    await second.until(lambda: second.picture["agents"]["a1"].get("state") == "ready")
    third = await watching(hub)
    assert first.picture == second.picture == third.picture


async def test_a_busy_floor_stays_equal_to_the_hubs_picture(floor: Floor, hub: Hub) -> None:
    page = await watching(hub)
    for _ in range(5):
        await floor.second()
        await asyncio.sleep(0)
    await floor.move("boss", "ready", reason="")
    await page.until(lambda: page.picture["agents"]["boss"].get("state") == "ready")
    fresh = await watching(hub)
    shown = {call: row.get("words") for call, row in fresh.picture["calls"].items()}
    await page.until(lambda: {call: row.get("words") for call, row in page.picture["calls"].items()} == shown)


async def test_a_slow_browser_is_closed_and_others_go_on(floor: Floor, hub: Hub) -> None:
    slow = await hub.watch(SUPERVISOR)
    page = await watching(hub)
    for _ in range(BEHIND + 1):
        slow.put(b"{}")
    assert slow.lagged
    with pytest.raises(StopAsyncIteration):
        await anext(aiter(slow.messages()))
    await floor.move("a1", "ready")
    await page.until(lambda: page.picture["agents"]["a1"].get("state") == "ready")


async def test_when_the_bus_runs_ahead_the_picture_is_drawn_anew(
    floor: Floor, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "LIMIT", 3)
    page = await watching(hub)
    for _ in range(5):  # nobody reads between
        await floor.move("a1", "ready")
    await page.until(lambda: page.pictures == 2)
    assert page.picture["agents"]["a1"]["state"] == "ready"


async def test_care_survives_that_and_is_told_at_once(floor: Floor, hub: Hub) -> None:
    page, other = await watching(hub), await watching(hub)
    key = next(iter(page.picture["alerts"]))
    since = await floor.care(key, SUPERVISOR, True, call="", kind="abuse")
    assert hub.care(key, SUPERVISOR, since)
    await other.until(lambda: other.picture["alerts"][key].get("taken_by") == SUPERVISOR.name)
    for viewer in (page.viewer, other.viewer):
        hub.leave(viewer)
    again = await watching(hub)
    assert again.picture["alerts"][key]["taken_by"] == SUPERVISOR.name
    after_a_restart = await watching(hubs.Hub(floor))
    assert after_a_restart.picture["alerts"][key]["taken_by"] == SUPERVISOR.name
    assert not hub.care("c0 alert-1", SUPERVISOR, since)


async def test_nothing_is_drawn_when_nobody_looks(floor: Floor, hub: Hub) -> None:
    page = await watching(hub)
    hub.leave(page.viewer)
    await asyncio.sleep(0)
    await floor.move("a1", "ready")
    assert hub.picture.agents["a1"].state != "ready"


async def test_a_big_screen_is_told_when_its_numbers_change(floor: Floor, hub: Hub) -> None:
    page = Page(await hub.watch_board())
    before = (await page.next())["agents"]
    await floor.move("boss", "ready")
    after = (await page.next())["agents"]
    assert after["ready"] == before.get("ready", 0) + 1


async def test_a_house_that_breaks_closes_the_walls(floor: Floor, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise RuntimeError("no store")

    monkeypatch.setattr(floor, "queue", broken)
    viewer = await hub.watch(SUPERVISOR)
    assert [message async for message in viewer.messages()] == []
    hub.leave(viewer)
    monkeypatch.undo()
    assert (await watching(hub)).pictures == 1
