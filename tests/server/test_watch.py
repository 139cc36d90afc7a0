"""The watch over a running node: what happened is counted, what changed is followed."""

from __future__ import annotations

import asyncio

import pytest

from agent_assist.assistant import Assistant
from core import metrics
from core.bus.memory_bus import MemoryBus
from core.events import AlarmRaised, Suggested
from core.home import Home
from core.store.contract import Entry
from core.store.sql_store import open_store
from server import watch
from tests.patience import until


async def test_alarms_and_cards_are_counted() -> None:
    def counted() -> tuple[float | None, float | None]:
        sample = metrics.REGISTRY.get_sample_value
        return (
            sample("minwon_alarms_total", {"code": "no_audio"}),
            sample("minwon_suggestions_total", {"kind": "empty"}),
        )

    before = [value or 0.0 for value in counted()]
    bus = MemoryBus()
    counting = asyncio.create_task(watch.count_events(bus))
    await asyncio.sleep(0)
    await bus.publish(AlarmRaised(call_id="c", seq=1, code="no_audio"))
    await bus.publish(Suggested(call_id="c", seq=2, suggestions=()))
    await bus.close()
    await counting
    assert [value or 0.0 for value in counted()] == [value + 1 for value in before]


async def test_an_import_by_another_process_is_seen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "ENTRIES_PERIOD_S", 0.02)
    store, other = await open_store("", home), await open_store("", home)
    assistant = Assistant()
    await assistant.load([])
    following = asyncio.create_task(watch.follow_entries(store, assistant, 0))
    await other.put_entries([Entry(id="7", title="여권 재발급", keywords=("여권",))])
    await until(lambda: assistant.entry("7") is not None)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assistant.close()
    await store.close()
    await other.close()
